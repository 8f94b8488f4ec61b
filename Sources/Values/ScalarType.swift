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

  /// A value as it is written in a text, for one who wrote another.
  public var example: String {
    switch self {
    case .boolean: "true"
    case .integer: "12"
    case .double: "1.5"
    case .text: "DE"
    case .timestamp: "2026-03-31 18:30:00"
    case .date: "2026-03-31"
    case .duration: "14 days"
    }
  }

  /// What stands before its name in a sentence.
  public var article: String { self == .integer ? "an" : "a" }
}

/// One plain value, or null. Two are equal where nothing tells them apart: NaN is equal to itself, 0 is not to -0, and
/// texts are by their bytes.
public enum Scalar: Sendable {
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

extension Scalar: Hashable {
  /// Whether nothing tells the two apart.
  public static func == (a: Scalar, b: Scalar) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern
    case (.text(let a), .text(let b)): ExactText(a) == ExactText(b)
    case (.integer(let a), .integer(let b)), (.timestamp(let a), .timestamp(let b)),
      (.date(let a), .date(let b)), (.duration(let a), .duration(let b)):
      a == b
    case (.null, _), (.boolean, _), (.double, _), (.text, _), (.integer, _), (.timestamp, _), (.date, _),
      (.duration, _):
      false
    }
  }

  /// By the type and the bits.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(type)
    switch self {
    case .null: break
    case .boolean(let value): hasher.combine(value)
    case .double(let value): hasher.combine(value.bitPattern)
    case .text(let value): hasher.combine(ExactText(value))
    case .integer(let value), .timestamp(let value), .date(let value), .duration(let value):
      hasher.combine(value)
    }
  }
}
