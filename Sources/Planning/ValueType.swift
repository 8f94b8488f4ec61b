import Values

/// What kind of value a name of a document is bound to, as far as is known before anything is run.
public enum ValueType: Hashable, Sendable {
  /// A plain value; the type is missing for an untyped null.
  case scalar(ScalarType?, Display)
  case column(ScalarType, Display)
  case table(Schema, Table.Kind)
  case record([Field])
  case figure

  /// What a plain value is of, or each value of a column, which stands for one where it has one.
  var plainType: ScalarType? {
    switch self {
    case .scalar(let type, _): type
    case .column(let type, _): type
    case .table, .record, .figure: nil
    }
  }

  /// The kind in words, for messages.
  public var noun: String {
    switch self {
    case .scalar(let type, _): type.map { "\($0.article) \($0.rawValue)" } ?? "null"
    case .column(let type, _): "a column of type \(type.rawValue)"
    case .table: "a table"
    case .record: "a record"
    case .figure: "a figure"
    }
  }
}
