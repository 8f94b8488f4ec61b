import Values

/// Rows of a result whose texts are codes into interners that the reader keeps.
public struct CodedBatch: Sendable {
  /// How many rows.
  public let count: Int
  /// One for each field of the result, in order.
  public let columns: [CodedColumn]
}

/// A column of a coded batch.
public struct CodedColumn: Sendable {
  /// The values by how they are held.
  public enum Values: Sendable {
    /// 0 or 1.
    case booleans([UInt8])
    /// Integers, and what lies behind timestamps, dates and durations.
    case integers([Int64])
    case doubles([Double])
    /// Codes of the column's interner; 0 where there is no value.
    case codes([UInt32])
  }

  /// One for each row; whatever lies where there is no value means nothing.
  public var values: Values
  /// One byte a row, 1 where there is a value; nothing when no value is null.
  public var validity: [UInt8]?

  /// A column of values, some of which may be null.
  public init(values: Values, validity: [UInt8]? = nil) {
    self.values = values
    self.validity = validity
  }

  /// A column without any value.
  public init(nulls count: Int, of type: ScalarType) {
    switch type {
    case .boolean: values = .booleans([UInt8](repeating: 0, count: count))
    case .double: values = .doubles([Double](repeating: 0, count: count))
    case .text: values = .codes([UInt32](repeating: 0, count: count))
    case .integer, .timestamp, .date, .duration: values = .integers([Int64](repeating: 0, count: count))
    }
    validity = count == 0 ? nil : [UInt8](repeating: 0, count: count)
  }

  /// The values of a column, whose codes are those of its dictionary.
  public init(_ column: Column) {
    validity = column.validity
    values =
      switch column.values {
      case .booleans(let booleans): .booleans(booleans)
      case .integers(let integers): .integers(integers)
      case .doubles(let doubles): .doubles(doubles)
      case .texts(let codes, _): .codes(codes)
      }
  }

  /// Adds the rows of another column of the same type to the `count` rows that are here.
  mutating func append(_ other: CodedColumn, after count: Int) {
    var added = 0
    switch (values, other.values) {
    case (.booleans(var here), .booleans(let more)):
      values = .booleans([])
      here += more
      added = more.count
      values = .booleans(here)
    case (.integers(var here), .integers(let more)):
      values = .integers([])
      here += more
      added = more.count
      values = .integers(here)
    case (.doubles(var here), .doubles(let more)):
      values = .doubles([])
      here += more
      added = more.count
      values = .doubles(here)
    case (.codes(var here), .codes(let more)):
      values = .codes([])
      here += more
      added = more.count
      values = .codes(here)
    default: preconditionFailure("columns of one result have one type")
    }
    if let more = other.validity {
      var here = validity ?? [UInt8](repeating: 1, count: count)
      validity = nil
      here += more
      validity = here
    } else if validity != nil {
      validity?.append(contentsOf: repeatElement(1, count: added))
    }
  }

  func column(of type: ScalarType, dictionary: () -> TextDictionary) -> Column {
    switch values {
    case .booleans(let values): .booleans(values, validity: validity)
    case .integers(let values): .integers(values, as: type, validity: validity)
    case .doubles(let values): .doubles(values, validity: validity)
    case .codes(let codes): .texts(codes, dictionary(), validity: validity)
    }
  }
}
