import Diagnostics
import Functions
import Syntax
import Values

/// Turns a written query into a plan, step by step. A step with a mistake ends the plan, for what follows could not be
/// judged; all mistakes up to there, and those within the step, are reported.
public struct QueryChecker {
  let environment: any Environment
  /// What was found so far, in the order of the steps.
  public internal(set) var diagnostics: [Diagnostic] = []
  /// The event names that the log has seen, for as long as the rows are a log.
  public internal(set) var eventNames: [String] = []
  /// Positions of columns by `relation.column`, for as long as the relations' columns stand.
  var qualified: [String: Int] = [:]

  /// Checks over the names that an environment knows, which also evaluates a query's references to the
  /// document.
  public init(_ environment: any Environment) { self.environment = environment }

  /// The plan of a query, or nothing when it has a mistake.
  public mutating func plan(_ query: Query) -> Plan? {
    var plan: Plan?
    for (index, step) in query.steps.enumerated() {
      if index == 0 {
        guard case .from(let relation) = step.kind else { return nil }
        plan = from(relation)
      } else if let input = plan {
        plan = apply(step, to: input)
      }
      if plan == nil { return nil }
    }
    return plan
  }

  private mutating func apply(_ step: Query.Step, to input: Plan) -> Plan? {
    switch step.kind {
    // A second 'from' was reported when it was read.
    case .error, .from: return nil
    case .filter(let condition): return filter(condition, input)
    case .extend(let items): return extend(items, input)
    case .select(let items, let isDistinct): return select(items, isDistinct: isDistinct, input)
    case .set(let assignments): return set(assignments, input)
    case .drop(let names): return drop(names, input)
    case .rename(let renamings): return rename(renamings, input)
    case .activity(let activity): return self.activity(activity, input, at: step.range)
    case .aggregate(let items, let keys): return aggregate(items, by: keys, input)
    case .attribute(let attribution): return attribute(attribution, input, at: step.range)
    case .order(let keys): return order(keys, input)
    case .limit(let count, let offset): return .limit(input, count: count, offset: offset)
    case .distinct: return .distinct(input)
    case .join(let join): return isConditional(join, input) ? self.join(join, input) : nil
    case .union(let relations, let isDistinct): return union(relations, isDistinct: isDistinct, input)
    case .pivot(let pivot): return self.pivot(pivot, input, at: step.range)
    case .funnel(let funnel): return self.funnel(funnel, input, at: step.range)
    case .lifecycle(let lifecycle): return self.lifecycle(lifecycle, input, at: step.range)
    case .retention(let retention): return self.retention(retention, input, at: step.range)
    case .sessions(let sessions): return self.sessions(sessions, input, at: step.range)
    case .paths(let paths): return self.paths(paths, input, at: step.range)
    }
  }

  mutating func report(
    _ id: String, _ message: String, at range: SourceRange, label: String, notes: [String] = [],
    hints: [String] = []
  ) {
    diagnostics.append(
      Diagnostic(id: id, message, at: range, label: label, notes: notes, hints: hints))
  }

  // MARK: Relations

  private mutating func from(_ name: Query.RelationName) -> Plan? {
    guard let (plan, names) = relation(name) else { return nil }
    eventNames = names
    qualify(plan.schema, by: name.name.name, from: 0)
    if let refused = name.refusedName { qualify(plan.schema, by: refused.name, from: 0) }
    return plan
  }

  /// What a relation's name stands for.
  mutating func relation(_ name: Query.RelationName) -> (Plan, eventNames: [String])? {
    let full = name.alias.map { "\($0.name).\(name.name.name)" } ?? name.name.name
    switch environment.relation(full) {
    case .unknown?: return nil
    case .plan(let plan, let names)?: return (plan, names)
    case nil: break
    }
    if let binding = environment.binding(full) {
      guard let type = binding.type else { return nil }
      report(
        "not-a-relation", "'\(full)' is \(type.noun), and rows come from tables", at: name.range,
        label: type.noun, hints: ["name a query, a data block or a table of the source"])
      return nil
    }
    let known = environment.relationNames.sorted()
    report(
      "no-relation", "no table named '\(full)'", at: name.range, label: "not a table here",
      notes: known.isEmpty || known.count > 24
        ? [] : ["the tables here are \(known.map { "'\($0)'" }.joined(separator: ", "))"],
      hints: full == "events"
        ? ["name a source of events in the front matter: '\(sourceLine)'"]
        : NearestName.of(full, among: known).map { ["did you mean '\($0)'?"] } ?? [])
    return nil
  }

  /// How a source is named, of those that there are.
  private var sourceLine: String {
    let names = environment.sourceNames
    return names.isEmpty ? "source: …" : names.prefix(8).map { "source: \($0)" }.joined(separator: "' or '")
  }

  /// Whether what stands behind a join's `on` may be a condition: a column that both tables have stands behind
  /// `using`.
  private mutating func isConditional(_ join: Query.Join, _ input: Plan) -> Bool {
    guard case .on(let written) = join.condition, case .name(let name) = written.kind,
      let position = input.schema.position(of: name.name), input.schema[position].type != .boolean
    else { return true }
    let type = input.schema[position].type.rawValue
    report(
      "type-mismatch", "a condition is of type boolean, not \(type)", at: written.range,
      label: "of type \(type)", hints: ["write 'using (\(name.name))' for a column that both tables have"])
    return false
  }

  mutating func qualify(_ schema: Schema, by relation: String, from position: Int) {
    for (index, field) in schema.enumerated() {
      qualified["\(relation).\(field.name)".lowercased()] = position + index
    }
  }

  // MARK: Expressions over the rows of a plan

  func rowChecker(_ input: Plan) -> ExpressionChecker {
    ExpressionChecker(
      environment, .rows, scope: Scope(input, eventNames: eventNames, qualified: qualified))
  }

  /// The input with the columns of the windows that a checker met.
  func windowed(_ input: Plan, _ checker: ExpressionChecker) -> Plan {
    checker.windows.isEmpty ? input : .windows(input, checker.windows)
  }

  /// A plan's columns, each under its own name; leaves out what comes after the first `count`.
  func identity(_ schema: Schema, count: Int? = nil) -> [NamedExpr] {
    schema.prefix(count ?? schema.count).enumerated().map { NamedExpr($1, .column($0, $1.type)) }
  }

  /// The field of a checked item: its own name or one that follows from the expression, and its type.
  mutating func field(_ item: Query.NamedExpression, _ checked: Checked) -> Field? {
    guard let name = item.name?.name ?? Naming.name(of: item.expression) else {
      report(
        "needs-name", "a computed column has a name", at: item.expression.range, label: "without a name",
        hints: ["add 'as name'"])
      return nil
    }
    guard let type = checked.type else {
      report(
        "untyped-null", "a column of nulls has no type", at: item.expression.range, label: "null",
        hints: ["give it one: 'cast(null as text)'"])
      return nil
    }
    return Field(name, type, display: checked.display)
  }

  /// Whether all names differ; the first that occurs twice is reported.
  mutating func areDistinct(_ fields: [(Field, SourceRange)]) -> Bool {
    var seen = Set<String>()
    for (field, range) in fields where !seen.insert(field.name.lowercased()).inserted {
      report(
        "duplicate-column", "two columns are named '\(field.name)'", at: range,
        label: "the second of that name",
        hints: ["name it otherwise: 'as name'"])
      return false
    }
    return true
  }

  /// The position of a column by its name, or a diagnostic.
  mutating func position(of name: Identifier, in schema: Schema) -> Int? {
    if let position = schema.position(of: name.name) { return position }
    let columns = schema.map(\.name)
    report(
      "no-column", "no column named '\(name.name)'", at: name.range, label: "not among the columns here",
      notes: ["the columns here are \(columns.sorted().map { "'\($0)'" }.joined(separator: ", "))"],
      hints: NearestName.of(name.name, among: columns).map { ["did you mean '\($0)'?"] } ?? [])
    return nil
  }

  /// Whether the rows are still a log, which event operators need.
  mutating func isLog(_ input: Plan, for operatorName: String, at range: SourceRange) -> Bool {
    if input.log != nil { return true }
    report(
      "not-a-log", "'\(operatorName)' needs the rows of an event log", at: range, label: "no log here",
      notes: [QueryChecker.whatIsALog], hints: ["put this step before the one that ends the log"])
    return false
  }

  /// What makes a log a table like any other.
  static let whatIsALog =
    "rows are a log until 'aggregate', 'order by', 'limit', 'distinct' or 'union', while they have its entity and time"
}
