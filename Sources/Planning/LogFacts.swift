import Functions
import Values

/// What is known of the logs that plans read before they are read.
public struct LogFacts {
  /// Whether a source's log is read more quickly by the runs of some names than as a whole.
  public var isReadByNames: (_ source: String, _ names: Set<ExactText>) -> Bool
  /// The names of the events that have a value of a source's column.
  public var namesWithValues: (_ source: String, _ column: Int) -> EventNames

  /// Logs are read by names, and any event may have any value, unless said otherwise.
  public init(
    isReadByNames: @escaping (_ source: String, _ names: Set<ExactText>) -> Bool = { _, _ in true },
    namesWithValues: @escaping (_ source: String, _ column: Int) -> EventNames = { _, _ in .all }
  ) {
    self.isReadByNames = isReadByNames
    self.namesWithValues = namesWithValues
  }
}

extension Plan {
  /// The names of the events of whose rows a condition over this plan's columns can be true.
  func eventNames(where condition: Expr, _ facts: LogFacts) -> EventNames {
    switch condition {
    case .call("and", overload: _, let sides, _):
      sides.reduce(.all) { $0.intersection(eventNames(where: $1, facts)) }
    case .call("or", overload: _, let sides, _): .union(of: sides.map { eventNames(where: $0, facts) })
    case .call("is not null", overload: _, let operands, _):
      eventNames(withValuesOf: Set(operands.flatMap(\.columnsOfValue)), facts)
    case .column, .literal, .call, .conditional, .coalesce, .isIn:
      condition.eventNames(at: log?.event)
        .intersection(eventNames(withValuesOf: condition.columnsOfValue, facts))
    }
  }

  /// The names of the events whose rows can change the result of an aggregate over this plan's rows.
  func eventNames(of call: AggregateCall, _ facts: LogFacts) -> EventNames {
    var conditions = call.filter.map { [$0] } ?? []
    if call.function == "count_if" { conditions += call.arguments }
    return conditions.reduce(.all) { $0.intersection(eventNames(where: $1, facts)) }
  }

  /// The names of the events whose rows have values in all of some columns.
  private func eventNames(withValuesOf columns: Set<Int>, _ facts: LogFacts) -> EventNames {
    switch self {
    case .events(let events):
      return columns.reduce(.all) { $0.intersection(facts.namesWithValues(events.source, $1)) }
    case .filter(let input, _): return input.eventNames(withValuesOf: columns, facts)
    case .extend(let input, let added):
      let own = input.schema.count
      let needed = columns.map { $0 < own ? [$0] : added[$0 - own].expression.columnsOfValue }
      return input.eventNames(withValuesOf: Set(needed.joined()), facts)
    case .project(let input, let projected):
      let needed = columns.map { projected[$0].expression.columnsOfValue }
      return input.eventNames(withValuesOf: Set(needed.joined()), facts)
    case .windows(let input, _): return input.eventNames(withValuesOf: columns, among: input, facts)
    case .sessions(let sessions):
      return sessions.input.eventNames(withValuesOf: columns, among: sessions.input, facts)
    case .join(let join) where join.kind != .right && join.kind != .full:
      let needed = Set(columns.flatMap { join.output[$0].expression.columnsOfValue })
      return join.left.eventNames(withValuesOf: needed, among: join.left, facts)
    case .join, .relation, .activity, .aggregate, .attribute, .sort, .limit, .distinct, .union, .funnel,
      .lifecycle, .paths, .retention:
      return .all
    }
  }

  /// The same for those of the columns that an input has, which are the first.
  private func eventNames(withValuesOf columns: Set<Int>, among input: Plan, _ facts: LogFacts) -> EventNames
  {
    eventNames(withValuesOf: columns.filter { $0 < input.schema.count }, facts)
  }
}

extension Expr {
  /// Columns that have a value wherever the expression has one.
  fileprivate var columnsOfValue: Set<Int> {
    switch self {
    case .column(let position, _): [position]
    case .literal, .conditional: []
    case .isIn(let operand, _, orNull: _): operand.columnsOfValue
    case .coalesce(let choices, _): Expr.shared(choices.map(\.columnsOfValue))
    case .call("and", overload: _, let sides, _), .call("or", overload: _, let sides, _):
      Expr.shared(sides.map(\.columnsOfValue))
    case .call(let name, _, let arguments, _):
      Catalogue.scalar(name)?.takesNull == false ? Set(arguments.flatMap(\.columnsOfValue)) : []
    }
  }

  private static func shared(_ sets: [Set<Int>]) -> Set<Int> {
    sets.dropFirst().reduce(sets.first ?? []) { $0.intersection($1) }
  }
}
