import Values

/// Days, times and durations in words.
enum TimeText {
  static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The short name of a month, 1 to 12.
  static func month(_ month: Int64) -> String { months[Int(Calendar.floorModulo(month - 1, 12))] }

  /// A day such as `3 Mar`.
  static func day(_ day: Int64) -> String {
    let date = Calendar.date(day)
    return "\(date.day) \(month(date.month))"
  }

  /// A day such as `3 Mar 2026`.
  static func fullDay(_ day: Int64) -> String { "\(self.day(day)) \(Calendar.date(day).year)" }

  /// The time of the day of local microseconds, such as `06:30`, with seconds where there are some.
  static func clock(_ local: Int64) -> String {
    let second = Calendar.floorModulo(local, Calendar.microsecondsPerDay) / Calendar.microsecondsPerSecond
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = two(second / 3600) + ":" + two(second / 60 % 60)
    return second % 60 == 0 ? clock : clock + ":" + two(second % 60)
  }

  /// A time in a zone: the day, and the time of the day unless it is midnight.
  static func moment(_ timestamp: Int64, _ rules: TimeZoneRules) -> String {
    let local = rules.local(timestamp)
    let day = fullDay(Calendar.floorDivide(local, Calendar.microsecondsPerDay))
    let isMidnight = Calendar.floorModulo(local, Calendar.microsecondsPerDay) == 0
    return isMidnight ? day : "\(day) \(clock(local))"
  }

  /// A duration in the largest unit that it fills, such as `2.5 h`.
  static func duration(_ microseconds: Double) -> String {
    let unit = DurationUnit.filled(by: microseconds.magnitude)
    let number = microseconds / unit.length
    let decimals = number.magnitude >= 100 || number == number.rounded() ? 0 : 1
    return NumberText.fixed(number, decimals: decimals) + "\u{A0}" + unit.rawValue
  }
}

/// What durations are counted in.
enum DurationUnit: String, CaseIterable {
  case days = "d"
  case hours = "h"
  case minutes = "min"
  case seconds = "s"
  case milliseconds = "ms"
  case microseconds = "µs"

  /// Microseconds.
  var length: Double {
    switch self {
    case .days: 86_400_000_000
    case .hours: 3_600_000_000
    case .minutes: 60_000_000
    case .seconds: 1_000_000
    case .milliseconds: 1000
    case .microseconds: 1
    }
  }

  /// The largest unit that a duration in microseconds fills; seconds for none at all.
  static func filled(by microseconds: Double) -> DurationUnit {
    if microseconds == 0 { return .seconds }
    return allCases.first { $0.length <= microseconds } ?? .microseconds
  }
}
