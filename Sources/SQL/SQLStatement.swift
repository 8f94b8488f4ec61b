import Planning
import Values

/// A plan as one statement of SQL, in DuckDB's words.
///
/// Each operator is a relation of its own, named for it. Besides its columns it has one that says which place a row has,
/// so that an order is never what a scan happens to give.
public struct SQLStatement: Sendable {
  /// A `select` whose rows come in the order of the plan, with one column for each of its schema's. Timestamps and
  /// durations are microseconds.
  public let text: String

  /// The statement of a plan.
  ///
  /// - Parameters:
  ///   - events: where the log of a source is.
  ///   - relation: where a table is, by its name.
  ///   - timeZone: what calendar functions follow.
  public init(
    _ plan: Plan, events: (EventsPlan) throws(SQLRefusal) -> SQLTable,
    relation: (String, Schema) throws(SQLRefusal) -> SQLTable, timeZone: TimeZoneRules
  ) throws(SQLRefusal) {
    var tables: [Plan: SQLTable] = [:]
    for leaf in plan.sqlLeaves where tables[leaf] == nil {
      switch leaf {
      case .events(let plan): tables[leaf] = try events(plan)
      case .relation(let name, let schema): tables[leaf] = try relation(name, schema)
      default: break
      }
    }
    var lowering = Lowering(tables: tables, timeZone: timeZone)
    let rows = try lowering.rows(plan)
    let steps = lowering.steps.map { "\($0.name) as (\n  \($0.text)\n)" }.joined(separator: ",\n")
    let with = lowering.steps.contains(where: \.isRecursive) ? "with recursive" : "with"
    text = "\(with) \(steps)\nselect \(rows.list)\nfrom \(rows.name)\norder by \(Lowering.order)"
  }
}

extension Plan {
  /// The logs and tables that the plan reads.
  fileprivate var sqlLeaves: [Plan] {
    switch self {
    case .events, .relation: [self]
    default: inputs.flatMap(\.sqlLeaves)
    }
  }
}
