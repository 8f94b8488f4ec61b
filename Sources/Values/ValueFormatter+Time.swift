extension ValueFormatter {
  static func date(_ day: Int64, _ display: Display) -> String {
    guard case .date(let pattern) = display, let date = CivilTime(day: day) else { return isoDate(day) }
    return date.text(pattern)
  }

  static func timestamp(_ time: Int64, _ display: Display, _ zone: TimeZoneRules) -> String {
    let civil = CivilTime(timestamp: local(time, zone))
    if case .date(let pattern) = display { return civil.text(pattern) }
    if civil.isMidnight { return civil.date }
    return "\(civil.date) \(civil.clock)"
  }

  /// The local time of a timestamp; UTC where local time would lie outside the range of timestamps.
  private static func local(_ time: Int64, _ zone: TimeZoneRules) -> Int64 {
    let reach = 2 * Calendar.microsecondsPerDay
    return time > .min + reach && time < .max - reach ? zone.local(time) : time
  }

  /// A date as ISO 8601; a day beyond all calendars as its number.
  static func isoDate(_ day: Int64) -> String { CivilTime(day: day)?.date ?? "day \(day)" }

  static func isoTimestamp(_ time: Int64) -> String {
    let civil = CivilTime(timestamp: time)
    return "\(civil.date)T\(padded(civil.hour)):\(padded(civil.minute)):\(civil.secondText)Z"
  }

  static func padded(_ value: Int64, to width: Int = 2) -> String {
    let text = String(value.magnitude)
    return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - text.count)) + text
  }

  /// Microseconds as a fraction of a second, without zeros at the end: `.25`, or nothing.
  static func fraction(_ microseconds: Int64) -> String {
    guard microseconds > 0 else { return "" }
    var digits = padded(microseconds, to: 6)
    while digits.hasSuffix("0") { digits.removeLast() }
    return "." + digits
  }
}

// MARK: Durations

extension ValueFormatter {
  private static let units: [(name: String, microseconds: UInt64)] = [
    ("day", 86_400_000_000), ("h", 3_600_000_000), ("min", 60_000_000),
  ]

  /// The two largest units that matter, rounded to the smaller: `14 days`, `1 h 30 min`, `1.5 s`, `250 ms`.
  static func duration(_ time: Int64) -> String {
    let sign = time < 0 ? minus : ""
    var rest = time.magnitude
    guard rest >= 60_000_000 else { return sign + seconds(rest) }
    let first = units.firstIndex { rest >= $0.microseconds } ?? units.count - 1
    let step = first + 1 < units.count ? units[first + 1].microseconds : 1_000_000
    rest = (rest + step / 2) / step * step
    var parts: [String] = []
    for unit in units {
      let count = rest / unit.microseconds
      rest %= unit.microseconds
      guard count > 0 else { continue }
      let amount = DecimalDigits(Int64(count)).text(grouping: .thousands)
      parts.append("\(amount) \(unit.name)\(unit.name == "day" && count != 1 ? "s" : "")")
    }
    if rest > 0 { parts.append("\(rest / 1_000_000) s") }
    return sign + parts.joined(separator: " ")
  }

  /// Less than a minute, to four significant digits.
  private static func seconds(_ microseconds: UInt64) -> String {
    let digits = DecimalDigits(Int64(microseconds)).rounded(significant: 4)
    if microseconds >= 1_000_000 || microseconds == 0 {
      let seconds = digits.scaled(byPowerOfTen: -6).text(grouping: .none)
      return seconds == "60" ? "1 min" : "\(seconds) s"
    }
    if microseconds >= 1000 { return "\(digits.scaled(byPowerOfTen: -3).text(grouping: .none)) ms" }
    return "\(microseconds) µs"
  }

  /// An exact ISO 8601 duration, such as `P14D` or `PT1H30M`; a day is 24 hours.
  static func isoDuration(_ time: Int64) -> String {
    guard time != 0 else { return "PT0S" }
    var rest = time.magnitude
    var parts: [String] = []
    for (unit, letter) in zip(units, ["D", "H", "M"]) {
      let count = rest / unit.microseconds
      rest %= unit.microseconds
      parts.append(count > 0 ? "\(count)\(letter)" : "")
    }
    let seconds = rest > 0 ? "\(rest / 1_000_000)\(fraction(Int64(rest % 1_000_000)))S" : ""
    let clock = parts[1] + parts[2] + seconds
    return (time < 0 ? "-" : "") + "P" + parts[0] + (clock.isEmpty ? "" : "T" + clock)
  }
}

// MARK: Dates by pattern

/// A moment taken apart by the calendar.
private struct CivilTime {
  let day: Int64
  let year: Int64
  let month: Int64
  let dayOfMonth: Int64
  var hour: Int64 = 0
  var minute: Int64 = 0
  var second: Int64 = 0
  var microsecond: Int64 = 0

  /// The start of a day; nothing for days millions of years away, on which the arithmetic would overflow.
  init?(day: Int64) {
    guard day.magnitude < 1_000_000_000_000 else { return nil }
    self.init(nearDay: day)
  }

  init(timestamp: Int64) {
    self.init(nearDay: Calendar.floorDivide(timestamp, Calendar.microsecondsPerDay))
    // Not `floorModulo`, whose product would overflow near the ends of the range.
    let remainder = timestamp % Calendar.microsecondsPerDay
    let time = remainder < 0 ? remainder + Calendar.microsecondsPerDay : remainder
    microsecond = time % 1_000_000
    second = time / 1_000_000 % 60
    minute = time / 60_000_000 % 60
    hour = time / 3_600_000_000
  }

  private init(nearDay day: Int64) {
    self.day = day
    (year, month, dayOfMonth) = Calendar.date(day)
  }

  var isMidnight: Bool { hour == 0 && minute == 0 && second == 0 && microsecond == 0 }

  var date: String {
    let years = ValueFormatter.padded(year, to: 4)
    return
      "\(year > 9999 ? "+" : "")\(years)-\(ValueFormatter.padded(month))-\(ValueFormatter.padded(dayOfMonth))"
  }

  var secondText: String { ValueFormatter.padded(second) + ValueFormatter.fraction(microsecond) }

  /// The time of day, without seconds where they are zero.
  var clock: String {
    let hourAndMinute = "\(ValueFormatter.padded(hour)):\(ValueFormatter.padded(minute))"
    return second == 0 && microsecond == 0 ? hourAndMinute : "\(hourAndMinute):\(secondText)"
  }

  /// The moment by a pattern; what is no field of the pattern stands for itself.
  func text(_ pattern: String) -> String {
    var rest = Substring(pattern)
    var text = ""
    while let next = rest.first {
      if let field = CivilTime.fields.first(where: { rest.hasPrefix($0.pattern) }) {
        text += field.write(self)
        rest.removeFirst(field.pattern.count)
      } else {
        text.append(next)
        rest.removeFirst()
      }
    }
    return text
  }

  private typealias PatternField = (pattern: String, write: @Sendable (CivilTime) -> String)

  /// The fields, a longer one before one that it starts with.
  private static let fields: [PatternField] = [
    ("yyyy", { ValueFormatter.padded($0.year, to: 4) }),
    ("MMMM", { months[Int($0.month) - 1] }),
    ("MMM", { String(months[Int($0.month) - 1].prefix(3)) }),
    ("MM", { ValueFormatter.padded($0.month) }),
    ("M", { String($0.month) }),
    ("EEEE", { weekdays[Int(Calendar.weekday($0.day)) - 1] }),
    ("EEE", { String(weekdays[Int(Calendar.weekday($0.day)) - 1].prefix(3)) }),
    ("dd", { ValueFormatter.padded($0.dayOfMonth) }),
    ("d", { String($0.dayOfMonth) }),
    ("HH", { ValueFormatter.padded($0.hour) }),
    ("H", { String($0.hour) }),
    ("mm", { ValueFormatter.padded($0.minute) }),
    ("ss", { ValueFormatter.padded($0.second) }),
  ]

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November",
    "December",
  ]
  private static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]
}
