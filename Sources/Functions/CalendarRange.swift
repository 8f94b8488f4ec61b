import Values

/// The moments that functions compute with: the years 1 to 9999, as in SQL.
enum CalendarRange {
  static let days = Calendar.day(year: 1, month: 1, day: 1)...Calendar.day(year: 9999, month: 12, day: 31)

  /// A day narrower than `days` at both ends, so that no time zone leaves the range.
  static let times = firstTime...lastTime
  private static let firstTime = (days.lowerBound + 1) * Calendar.microsecondsPerDay
  private static let lastTime = days.upperBound * Calendar.microsecondsPerDay - 1

  static func error(_ expression: String) -> EvaluationError {
    EvaluationError("\(expression) lies outside the years 1 to 9999")
  }

  /// A time within the range: one that lies outside it, which only data can hold, counts as the nearest
  /// inside.
  @inline(__always) static func clamped(time: Int64) -> Int64 {
    min(max(time, times.lowerBound), times.upperBound)
  }

  @inline(__always) static func clamped(day: Int64) -> Int64 {
    min(max(day, days.lowerBound), days.upperBound)
  }
}

extension TimeZoneRules {
  /// The first moment of a local day.
  func startOfDay(_ day: Int64) -> Int64 {
    timestamp(local: CalendarRange.clamped(day: day) * Calendar.microsecondsPerDay)
  }
}
