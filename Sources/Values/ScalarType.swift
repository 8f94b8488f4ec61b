/// The types of plain values. A value of every type may also be null.
public enum ScalarType: String, Hashable, Sendable, Codable, CaseIterable {
  case boolean
  /// 64-bit, signed.
  case integer
  /// IEEE 754, 64-bit.
  case double
  case text
  /// Microseconds since 1970-01-01 00:00 UTC.
  case timestamp
  /// Days since 1970-01-01.
  case date
  /// Microseconds; a day is 24 hours.
  case duration

  /// Whether values are held as 64-bit integers.
  public var isIntegral: Bool {
    switch self {
    case .integer, .timestamp, .date, .duration: true
    case .boolean, .double, .text: false
    }
  }
}

/// One plain value, or null.
public enum Scalar: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case double(Double)
  case text(String)
  /// Microseconds since 1970-01-01 00:00 UTC.
  case timestamp(Int64)
  /// Days since 1970-01-01.
  case date(Int64)
  /// Microseconds.
  case duration(Int64)

  /// The type, or nothing for null.
  public var type: ScalarType? {
    switch self {
    case .null: nil
    case .boolean: .boolean
    case .integer: .integer
    case .double: .double
    case .text: .text
    case .timestamp: .timestamp
    case .date: .date
    case .duration: .duration
    }
  }

  /// The value as a number, where it is an integer, a double or a boolean.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .double(let value): value
    case .boolean(let value): value ? 1 : 0
    case .null, .text, .timestamp, .date, .duration: nil
    }
  }

  /// The 64-bit integer behind an integer, timestamp, date or duration.
  public var integral: Int64? {
    switch self {
    case .integer(let value), .timestamp(let value), .date(let value), .duration(let value): value
    case .null, .boolean, .double, .text: nil
    }
  }

  /// A value of an integral type from the 64-bit integer behind it; null for the other types.
  public init(integral value: Int64, as type: ScalarType) {
    switch type {
    case .integer: self = .integer(value)
    case .timestamp: self = .timestamp(value)
    case .date: self = .date(value)
    case .duration: self = .duration(value)
    case .boolean, .double, .text: self = .null
    }
  }
}
