import Values

/// A time on an axis, with its label and, where it changes, what the labels leave out.
struct TimeTick: Hashable, Sendable {
  /// Microseconds since 1970-01-01 00:00 UTC.
  var timestamp: Int64
  var label: String
  /// The year or the day that this and the following labels lie in, at the first tick and where it changes.
  var context: String?
}

/// The distance of times on an axis, by the calendar.
enum TimeStep: Hashable, Sendable {
  case seconds(Int64)
  case days(Int64)
  case weeks(Int64)
  case months(Int64)
  case years(Int64)

  private static let fixed: [TimeStep] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200].map { .seconds($0) }
    + [.days(1), .days(2), .weeks(1), .weeks(2), .months(1), .months(2), .months(3), .months(6)]
    + [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000].map { .years($0) }

  /// About how long the step is, in microseconds.
  private var length: Double {
    switch self {
    case .seconds(let count): Double(count) * 1e6
    case .days(let count): Double(count) * 86_400e6
    case .weeks(let count): Double(count) * 7 * 86_400e6
    case .months(let count): Double(count) * 30.4 * 86_400e6
    case .years(let count): Double(count) * 365.25 * 86_400e6
    }
  }

  /// The shortest step, not below `shortest`, of which about `limit` cover a span.
  static func fitting(span: Double, limit: Int, shortest: TimeStep = .seconds(1)) -> TimeStep {
    let usable = fixed.filter { $0.length >= shortest.length }
    return usable.first { span / $0.length <= Double(max(1, limit)) } ?? .years(10000)
  }

  /// The next shorter step, not below `shortest`.
  func finer(shortest: TimeStep) -> TimeStep? {
    TimeStep.fixed.last { $0.length < length && $0.length >= shortest.length }
  }

  /// The local times, in microseconds, at which the step's boundaries lie within a range of local times.
  ///
  /// - Parameter weekday: the day that weeks begin on, Monday 1 to Sunday 7.
  func boundaries(from low: Int64, to high: Int64, weekday: Int64) -> [Int64] {
    let perDay = Calendar.microsecondsPerDay
    let firstDay = Calendar.floorDivide(low, perDay)
    var result: [Int64] = []
    func collect(_ local: (Int64) -> Int64) {
      var index: Int64 = 0
      while index < 1000 {
        let time = local(index)
        if time > high { return }
        if time >= low { result.append(time) }
        index += 1
      }
    }
    switch self {
    case .seconds(let count):
      let step = count * Calendar.microsecondsPerSecond
      let start = firstDay * perDay + Calendar.floorDivide(low - firstDay * perDay, step) * step
      collect { start + $0 * step }
    case .days(let count):
      let start = firstDay * perDay < low ? firstDay + 1 : firstDay
      collect { (start + $0 * count) * perDay }
    case .weeks(let count):
      let start = firstDay - Calendar.floorModulo(Calendar.weekday(firstDay) - weekday, 7)
      let aligned = start * perDay < low ? start + 7 : start
      collect { (aligned + $0 * 7 * count) * perDay }
    case .months(let count):
      let date = Calendar.date(firstDay)
      let month = Calendar.floorDivide(date.month - 1, count) * count + 1
      collect { Calendar.day(year: date.year, month: month + $0 * count, day: 1) * perDay }
    case .years(let count):
      let year = Calendar.floorDivide(Calendar.date(firstDay).year, count) * count
      collect { Calendar.day(year: year + $0 * count, month: 1, day: 1) * perDay }
    }
    return result
  }
}

extension TimeTick {
  /// Ticks at calendar boundaries of a zone within a span of time, at most about `limit`.
  static func ticks(
    in range: ClosedRange<Double>, rules: TimeZoneRules, limit: Int, shortest: TimeStep, weekday: Int64
  ) -> [TimeTick] {
    let low = Int64(range.lowerBound)
    let high = Int64(range.upperBound)
    var step = TimeStep.fitting(span: Double(high - low), limit: limit, shortest: shortest)
    var locals = step.boundaries(from: rules.local(low), to: rules.local(high), weekday: weekday)
    // A single time tells no distance.
    while locals.count == 1, let finer = step.finer(shortest: shortest) {
      let next = finer.boundaries(from: rules.local(low), to: rules.local(high), weekday: weekday)
      guard (1...limit + 1).contains(next.count) else { break }
      (step, locals) = (finer, next)
    }
    if locals.isEmpty {
      step = shortest == .days(1) ? .days(1) : .seconds(1)
      locals = [rules.local(low)]
    }
    var ticks: [TimeTick] = []
    var context: String?
    for local in locals {
      let timestamp = rules.timestamp(local: local)
      // A local time that a clock change skips falls on the next one.
      if let last = ticks.last, timestamp <= last.timestamp { continue }
      let (label, belongs) = step.texts(local: rules.local(timestamp))
      ticks.append(TimeTick(timestamp: timestamp, label: label, context: belongs == context ? nil : belongs))
      context = belongs
    }
    return ticks
  }
}

extension TimeStep {
  /// A boundary's label, and the larger unit that it lies in.
  fileprivate func texts(local: Int64) -> (label: String, context: String?) {
    let day = Calendar.floorDivide(local, Calendar.microsecondsPerDay)
    let date = Calendar.date(day)
    switch self {
    case .seconds: return (TimeText.clock(local), TimeText.fullDay(day))
    case .days, .weeks: return (TimeText.day(day), String(date.year))
    case .months: return (TimeText.month(date.month), String(date.year))
    case .years: return (String(date.year), nil)
    }
  }
}
