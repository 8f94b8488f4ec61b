import Values

/// Reads values from texts. Blanks at both ends do not count; what is not wholly a value gives nothing.
enum Reading {
  static func integer(_ text: String) -> Int64? { Int64(trimmed(text)) }

  /// Decimal, with an exponent if need be; also NaN and infinity, as `ValueFormatter.machine` writes them.
  static func double(_ text: String) -> Double? {
    let text = trimmed(text)
    switch text.lowercased() {
    case "nan": return .nan
    case "infinity", "inf", "+infinity", "+inf": return .infinity
    case "-infinity", "-inf": return -.infinity
    default: break
    }
    guard text.utf8.allSatisfy({ isDigit($0) || "+-.eE".utf8.contains($0) }) else { return nil }
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  static func boolean(_ text: String) -> Bool? {
    switch trimmed(text).lowercased() {
    case "true", "t", "yes", "1": true
    case "false", "f", "no", "0": false
    default: nil
    }
  }

  /// `2026-03-01`, in days since 1970.
  static func date(_ text: String) -> Int64? {
    var cursor = Cursor(trimmed(text))
    guard let day = date(&cursor), cursor.isAtEnd else { return nil }
    return day
  }

  /// `2026-03-01 12:30`, with `T` for the blank, seconds and their decimals if need be; `Z` or an offset such
  /// as `+02:00` at the end, else local time in the zone. A date alone is its start. In microseconds since
  /// 1970.
  static func timestamp(_ text: String, in zone: TimeZoneRules) -> Int64? {
    var cursor = Cursor(trimmed(text))
    guard let day = date(&cursor) else { return nil }
    guard !cursor.isAtEnd else { return zone.startOfDay(day) }
    guard cursor.skip("T") || cursor.skip("t") || cursor.skip(" "), let clock = clock(&cursor) else {
      return nil
    }
    let local = day * Calendar.microsecondsPerDay + clock
    let time: Int64
    if cursor.isAtEnd {
      time = zone.timestamp(local: local)
    } else {
      guard let offset = offset(&cursor), cursor.isAtEnd else { return nil }
      time = local - offset
    }
    return CalendarRange.times.contains(time) ? time : nil
  }

  /// `1 day 2 hours`, `30 minutes` or ISO 8601's `P1DT2H`, in microseconds.
  static func duration(_ text: String) -> Int64? {
    let text = trimmed(text).lowercased()
    var cursor = Cursor(text)
    let isNegative = cursor.skip("-")
    let microseconds: Double?
    if cursor.skip("p") {
      microseconds = isoDuration(&cursor)
    } else {
      microseconds = wordyDuration(&cursor)
    }
    guard let microseconds, cursor.isAtEnd else { return nil }
    return Int64(exactly: (isNegative ? -microseconds : microseconds).rounded())
  }

  // MARK: Parts

  private static func date(_ cursor: inout Cursor) -> Int64? {
    guard let year = cursor.digits(4), cursor.skip("-"), let month = cursor.digits(2), cursor.skip("-"),
      let day = cursor.digits(2)
    else { return nil }
    return self.day(year: year, month: month, day: day)
  }

  /// The day of a date that the calendar has, within the years 1 to 9999.
  static func day(year: Int64, month: Int64, day: Int64) -> Int64? {
    guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
    let number = Calendar.day(year: year, month: month, day: day)
    return Calendar.date(number).day == day ? number : nil
  }

  private static func clock(_ cursor: inout Cursor) -> Int64? {
    guard let hour = cursor.digits(2), hour < 24, cursor.skip(":"), let minute = cursor.digits(2), minute < 60
    else { return nil }
    var microseconds = (hour * 60 + minute) * 60 * Calendar.microsecondsPerSecond
    guard cursor.skip(":") else { return microseconds }
    guard let second = cursor.digits(2), second < 60 else { return nil }
    microseconds += second * Calendar.microsecondsPerSecond
    if cursor.skip(".") || cursor.skip(",") {
      guard let fraction = cursor.fraction() else { return nil }
      microseconds += fraction
    }
    return microseconds
  }

  private static func offset(_ cursor: inout Cursor) -> Int64? {
    if cursor.skip("Z") || cursor.skip("z") { return 0 }
    _ = cursor.skip(" ")
    let sign: Int64
    if cursor.skip("+") { sign = 1 } else if cursor.skip("-") { sign = -1 } else { return nil }
    guard let hours = cursor.digits(2), hours < 24 else { return nil }
    _ = cursor.skip(":")
    let minutes = cursor.isAtEnd ? 0 : cursor.digits(2)
    guard let minutes, minutes < 60 else { return nil }
    return sign * (hours * 60 + minutes) * 60 * Calendar.microsecondsPerSecond
  }

  private static let wordyUnits: [String: Double] = {
    var units: [String: Double] = [
      "s": 1e6, "min": 6e7, "h": 3.6e9, "d": 8.64e10, "ms": 1e3, "µs": 1, "us": 1,
    ]
    for (word, length) in [
      ("microsecond", 1.0), ("millisecond", 1e3), ("second", 1e6), ("minute", 6e7), ("hour", 3.6e9),
      ("day", 8.64e10), ("week", 6.048e11),
    ] {
      units[word] = length
      units[word + "s"] = length
    }
    return units
  }()

  private static func wordyDuration(_ cursor: inout Cursor) -> Double? {
    var total: Double?
    while !cursor.isAtEnd {
      guard let amount = cursor.number() else { return nil }
      cursor.skipBlanks()
      guard let unit = wordyUnits[cursor.word()] else { return nil }
      total = (total ?? 0) + amount * unit
      cursor.skipBlanks()
    }
    return total
  }

  private static func isoDuration(_ cursor: inout Cursor) -> Double? {
    var total: Double?
    var isClock = false
    repeat {
      if !isClock, cursor.skip("t") { isClock = true }
      guard let amount = cursor.number() else { return nil }
      let unit: Double
      switch (isClock, cursor.letter()) {
      case (false, "w"): unit = 6.048e11
      case (false, "d"): unit = 8.64e10
      case (true, "h"): unit = 3.6e9
      case (true, "m"): unit = 6e7
      case (true, "s"): unit = 1e6
      default: return nil
      }
      total = (total ?? 0) + amount * unit
    } while !cursor.isAtEnd
    return total
  }

  private static func trimmed(_ text: String) -> String {
    var rest = text.utf8[...]
    while let first = rest.first, isBlank(first) { rest.removeFirst() }
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return String(Substring(rest))
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  /// A place in a text's bytes.
  private struct Cursor {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { place == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
      guard place < bytes.count, UInt32(bytes[place]) == character.value else { return false }
      place += 1
      return true
    }

    mutating func skipBlanks() { while place < bytes.count, isBlank(bytes[place]) { place += 1 } }

    /// Exactly so many digits.
    mutating func digits(_ count: Int) -> Int64? {
      guard place + count <= bytes.count, bytes[place..<place + count].allSatisfy(isDigit) else { return nil }
      defer { place += count }
      return bytes[place..<place + count].reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    /// Decimals of a second as microseconds; those beyond the sixth are cut off.
    mutating func fraction() -> Int64? {
      let start = place
      var value: Int64 = 0
      while place < bytes.count, isDigit(bytes[place]) {
        if place - start < 6 { value = value * 10 + Int64(bytes[place] - 48) }
        place += 1
      }
      guard place > start else { return nil }
      for _ in (place - start)..<max(6, place - start) { value *= 10 }
      return value
    }

    mutating func number() -> Double? {
      let start = place
      while place < bytes.count, isDigit(bytes[place]) || bytes[place] == UInt8(ascii: ".") { place += 1 }
      return Double(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    mutating func letter() -> Unicode.Scalar? {
      guard place < bytes.count else { return nil }
      defer { place += 1 }
      return Unicode.Scalar(bytes[place])
    }

    mutating func word() -> String {
      let start = place
      while place < bytes.count, !isBlank(bytes[place]), !isDigit(bytes[place]) { place += 1 }
      return String(decoding: bytes[start..<place], as: UTF8.self)
    }
  }
}
