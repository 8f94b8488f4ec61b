import Planning
import Values

/// Where a database keeps a log or a table that plans read.
public struct SQLTable: Hashable, Sendable {
  /// What stands behind `from`; its names are qualified, so that no name of a statement hides it.
  public let relation: String
  /// For each column of the plan's schema its value: timestamps and durations as microseconds.
  public let columns: [String]
  /// A number that says which place a row has; of a log by entity, time and sequence.
  public let order: String

  /// Texts of SQL over the relation's columns.
  public init(relation: String, columns: [String], order: String) {
    self.relation = relation
    self.columns = columns
    self.order = order
  }
}

extension ScalarType {
  /// What a statement holds values of the type as.
  public var sqlName: String {
    switch self {
    case .boolean: "boolean"
    case .integer, .timestamp, .duration: "bigint"
    case .double: "double"
    case .text: "varchar"
    case .date: "date"
    }
  }
}
