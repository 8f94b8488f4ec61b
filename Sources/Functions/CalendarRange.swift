import Values

/// The moments that functions compute with: the years 1 to 9999, as in SQL.
enum CalendarRange {
  /// Plain numbers, since each row is compared with them: 0001-01-01 and 9999-12-31.
  static var days: ClosedRange<Int64> { -719_162...2_932_896 }

  /// The same in UTC. In a time zone the first and the last day of it may be those beside the range.
  static var times: ClosedRange<Int64> {
    (days.lowerBound * Calendar.microsecondsPerDay)...((days.upperBound + 1) * Calendar.microsecondsPerDay - 1)
  }

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
