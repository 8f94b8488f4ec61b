import Values

/// Writes values as UTF-8 without making strings of them.
enum PlainText {
  /// The value of a row: a text as it is, a time as ISO 8601, a number in digits.
  static func append(_ column: Column, _ row: Int, to utf8: inout [UInt8]) {
    if column.isNull(row) { return }
    switch column.values {
    case .texts(let codes, let dictionary): utf8.append(contentsOf: dictionary.utf8(Int(codes[row])))
    case .booleans(let values): utf8.append(contentsOf: values[row] != 0 ? "true".utf8 : "false".utf8)
    case .doubles(let values): utf8.append(contentsOf: "\(values[row])".utf8)
    case .integers(let values):
      switch column.type {
      case .timestamp: append(time: values[row], to: &utf8)
      case .date: append(day: values[row], to: &utf8)
      default: append(values[row], to: &utf8)
      }
    }
  }

  /// An integer in decimal digits, with at least so many of them.
  static func append(_ value: Int64, digits: Int = 1, to utf8: inout [UInt8]) {
    if value < 0 { utf8.append(UInt8(ascii: "-")) }
    let start = utf8.count
    var rest = value.magnitude
    while rest > 0 || utf8.count - start < digits {
      utf8.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    }
    utf8[start...].reverse()
  }

  /// A day since 1970-01-01 as `2026-03-01`.
  static func append(day: Int64, to utf8: inout [UInt8]) {
    let date = Calendar.date(day)
    append(date.year, digits: 4, to: &utf8)
    utf8.append(UInt8(ascii: "-"))
    append(date.month, digits: 2, to: &utf8)
    utf8.append(UInt8(ascii: "-"))
    append(date.day, digits: 2, to: &utf8)
  }

  /// A time in microseconds as `2026-03-01T10:00:00Z`, with a fraction where it has one.
  static func append(time: Int64, to utf8: inout [UInt8]) {
    let day = Calendar.floorDivide(time, Calendar.microsecondsPerDay)
    append(day: day, to: &utf8)
    let ofDay = Calendar.floorModulo(time, Calendar.microsecondsPerDay)
    let seconds = ofDay / Calendar.microsecondsPerSecond
    let parts: [(String, Int64)] = [("T", seconds / 3600), (":", seconds / 60 % 60), (":", seconds % 60)]
    for (separator, value) in parts {
      utf8.append(contentsOf: separator.utf8)
      append(value, digits: 2, to: &utf8)
    }
    let fraction = ofDay % Calendar.microsecondsPerSecond
    if fraction != 0 {
      utf8.append(UInt8(ascii: "."))
      append(fraction, digits: 6, to: &utf8)
    }
    utf8.append(UInt8(ascii: "Z"))
  }
}
