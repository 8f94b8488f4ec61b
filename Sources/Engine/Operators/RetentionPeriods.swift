import Planning
import Values

/// The periods that follow a start: calendar ones, counted from the one that the start lies in, or spans from
/// the very start. Each ends where the next begins.
struct RetentionPeriods {
  private let unit: RetentionPlan.Unit
  private let mode: RetentionPlan.Mode
  private let timeZone: TimeZoneRules
  /// The calendar periods of most times, where that is what periods are.
  private var table: PeriodTable?
  /// The length of periods that begin with the start and all have the same.
  private let length: Int64?

  /// - Parameter times: where most times lie, for which periods are found more quickly.
  init(
    unit: RetentionPlan.Unit, mode: RetentionPlan.Mode, timeZone: TimeZoneRules,
    mostly times: ClosedRange<Int64>? = nil
  ) {
    self.unit = unit
    self.mode = mode
    self.timeZone = timeZone
    length = mode == .rolling ? RetentionPeriods.length(unit) : nil
    guard let times, mode == .calendar, unit != .hour, times.lowerBound > RetentionPeriods.times.lowerBound,
      times.upperBound < RetentionPeriods.times.upperBound
    else { return }
    var day = firstDay(timeZone.day(times.lowerBound))
    var days: [Int64] = []
    // One more, for where the last period of a time ends.
    while days.count < 2 || days[days.count - 2] <= timeZone.day(times.upperBound) {
      days.append(day)
      day = self.day(day, plus: 1)
    }
    table = PeriodTable(days: days, timeZone)
  }

  /// The times that periods are counted for, the years 1 to 9999: one that lies outside counts as the nearest
  /// inside.
  static let times: ClosedRange<Int64> = {
    let first = Calendar.day(year: 1, month: 1, day: 2)
    let last = Calendar.day(year: 9999, month: 12, day: 31)
    return (first * Calendar.microsecondsPerDay)...(last * Calendar.microsecondsPerDay - 1)
  }()

  /// A start, and where it lies in the table.
  struct Origin {
    let start: Int64
    fileprivate let place: Int?
  }

  func origin(_ start: Int64) -> Origin { Origin(start: start, place: table?.period(of: start)) }

  /// The calendar period in which a start lies: its first local day, or the time at which its hour begins.
  func cohort(_ origin: Origin) -> Int64 {
    if let table, let place = origin.place { return table.days[place] }
    return slowCohort(origin.start)
  }

  private func slowCohort(_ start: Int64) -> Int64 {
    unit == .hour ? startOfHour(start) : firstDay(timeZone.day(start))
  }

  /// The number of the period that a time lies in; negative before the first.
  @inline(__always) func period(of time: Int64, from origin: Origin) -> Int64 {
    if let length { return Calendar.floorDivide(time &- origin.start, length) }
    if let table, let first = origin.place, let last = table.period(of: time) { return Int64(last &- first) }
    return slowPeriod(of: time, from: origin.start)
  }

  /// The same, of a time whose place in the table is known.
  @inline(__always) func period(of time: Origin, from origin: Origin) -> Int64 {
    if let first = origin.place, let last = time.place { return Int64(last &- first) }
    return period(of: time.start, from: origin)
  }

  private func slowPeriod(of time: Int64, from start: Int64) -> Int64 {
    switch (unit, mode) {
    case (.hour, .calendar): return Calendar.floorDivide(time - startOfHour(start), RetentionPeriods.hour)
    case (_, .calendar): return line.ordinal(timeZone.day(time)) - line.ordinal(timeZone.day(start))
    case (_, .rolling):
      var period = line.ordinal(timeZone.day(time)) - line.ordinal(timeZone.day(start))
      while slowBeginning(of: period, from: start) > time { period -= 1 }
      while slowBeginning(of: period + 1, from: start) <= time { period += 1 }
      return period
    }
  }

  /// The first moment of a period.
  @inline(__always) func beginning(of period: Int64, from origin: Origin) -> Int64 {
    if let length { return origin.start &+ period &* length }
    if let table, let first = origin.place, let beginning = table.beginning(of: first &+ Int(period)) {
      return beginning
    }
    return slowBeginning(of: period, from: origin.start)
  }

  private func slowBeginning(of period: Int64, from start: Int64) -> Int64 {
    switch (unit, mode) {
    case (.hour, .calendar): return startOfHour(start) + period * RetentionPeriods.hour
    case (_, .calendar):
      return timeZone.timestamp(local: day(slowCohort(start), plus: period) * Calendar.microsecondsPerDay)
    case (_, .rolling):
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
  private static func length(_ unit: RetentionPlan.Unit) -> Int64? {
    switch unit {
    case .hour: hour
    case .day: Calendar.microsecondsPerDay
    case .week: 7 * Calendar.microsecondsPerDay
    case .month, .quarter, .year: nil
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
