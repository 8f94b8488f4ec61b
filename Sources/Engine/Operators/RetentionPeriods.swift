import Planning
import Values

/// The periods that follow a start: calendar ones, counted from the one that the start lies in, or spans from
/// the very start. Each ends where the next begins.
struct RetentionPeriods {
  private let unit: RetentionPlan.Unit
  private let mode: RetentionPlan.Mode
  private let timeZone: TimeZoneRules

  init(unit: RetentionPlan.Unit, mode: RetentionPlan.Mode, timeZone: TimeZoneRules) {
    self.unit = unit
    self.mode = mode
    self.timeZone = timeZone
  }

  /// The times that periods are counted for, the years 1 to 9999: one that lies outside counts as the nearest
  /// inside.
  static let times: ClosedRange<Int64> = {
    let first = Calendar.day(year: 1, month: 1, day: 2)
    let last = Calendar.day(year: 9999, month: 12, day: 31)
    return (first * Calendar.microsecondsPerDay)...(last * Calendar.microsecondsPerDay - 1)
  }()

  /// The calendar period in which a start lies: its first local day, or the time at which its hour begins.
  func cohort(_ start: Int64) -> Int64 {
    unit == .hour ? startOfHour(start) : firstDay(timeZone.day(start))
  }

  /// The number of the period that a time lies in; negative before the first.
  func period(of time: Int64, from start: Int64) -> Int64 {
    switch (unit, mode) {
    case (.hour, .calendar): return Calendar.floorDivide(time - startOfHour(start), RetentionPeriods.hour)
    case (_, .calendar): return line.ordinal(timeZone.day(time)) - line.ordinal(timeZone.day(start))
    case (.hour, .rolling), (.day, .rolling), (.week, .rolling):
      return Calendar.floorDivide(time - start, span)
    case (.month, .rolling), (.quarter, .rolling), (.year, .rolling):
      var period = line.ordinal(timeZone.day(time)) - line.ordinal(timeZone.day(start))
      while beginning(of: period, from: start) > time { period -= 1 }
      while beginning(of: period + 1, from: start) <= time { period += 1 }
      return period
    }
  }

  /// The first moment of a period.
  func beginning(of period: Int64, from start: Int64) -> Int64 {
    switch (unit, mode) {
    case (.hour, .calendar): return startOfHour(start) + period * RetentionPeriods.hour
    case (_, .calendar):
      return timeZone.timestamp(local: day(cohort(start), plus: period) * Calendar.microsecondsPerDay)
    case (.hour, .rolling), (.day, .rolling), (.week, .rolling): return start + period * span
    case (.month, .rolling), (.quarter, .rolling), (.year, .rolling):
      // The local time of a start need not be that of one moment alone.
      if period == 0 { return start }
      let local = timeZone.local(start)
      let day = Calendar.floorDivide(local, Calendar.microsecondsPerDay)
      let clock = Calendar.floorModulo(local, Calendar.microsecondsPerDay)
      return timeZone.timestamp(local: self.day(day, plus: period) * Calendar.microsecondsPerDay + clock)
    }
  }

  private static let hour = 3600 * Calendar.microsecondsPerSecond

  /// The length of a unit that always has the same.
  private var span: Int64 {
    switch unit {
    case .hour: RetentionPeriods.hour
    case .day: Calendar.microsecondsPerDay
    case .week: 7 * Calendar.microsecondsPerDay
    case .month, .quarter, .year: preconditionFailure("\(unit.rawValue)s are not of one length")
    }
  }

  private func startOfHour(_ time: Int64) -> Int64 {
    time - Calendar.floorModulo(timeZone.local(time), RetentionPeriods.hour)
  }

  /// The calendar periods of the unit; those of hours begin within days.
  private var line: CalendarLine {
    switch unit {
    case .hour, .day: .days
    case .week: .weeks
    case .month, .quarter, .year: .months(months)
    }
  }

  /// The first day of the calendar period that a day lies in.
  private func firstDay(_ day: Int64) -> Int64 { line.firstDay(line.ordinal(day)) }

  /// The day so many units later; one that the month does not have becomes the month's last.
  private func day(_ day: Int64, plus count: Int64) -> Int64 {
    switch unit {
    case .hour, .day: return day + count
    case .week: return day + 7 * count
    case .month, .quarter, .year:
      let date = Calendar.date(day)
      let month = date.month + count * months
      let first = Calendar.day(year: date.year, month: month, day: 1)
      let next = Calendar.day(year: date.year, month: month + 1, day: 1)
      return min(first + date.day - 1, next - 1)
    }
  }

  private var months: Int64 {
    switch unit {
    case .month: 1
    case .quarter: 3
    case .year: 12
    case .hour, .day, .week: preconditionFailure("\(unit.rawValue)s are not made of months")
    }
  }
}
