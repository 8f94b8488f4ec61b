import Planning
import Values

/// The calendar periods of a log, numbered from 0: from the one in which the data begins to the one in which it ends.
struct LogPeriods {
  let line: CalendarLine
  let count: Int
  /// The periods from the one in which the range that is looked at begins.
  let shown: Range<Int>
  /// The first so many have ended.
  let endedCount: Int
  /// The local day on which the data begins.
  let firstDay: Int64
  private let firstOrdinal: Int64
  private let timeZone: TimeZoneRules
  private let table: PeriodTable?

  /// No period where there is no data.
  init(_ unit: CalendarUnit, of span: LogSpan?, from: Int64?, timeZone: TimeZoneRules) {
    self.timeZone = timeZone
    let line = CalendarLine(unit)
    self.line = line
    guard let span else {
      (count, shown, endedCount, firstDay, firstOrdinal, table) = (0, 0..<0, 0, 0, 0, nil)
      return
    }
    firstDay = LogPeriods.day(span.first, timeZone)
    let first = line.ordinal(firstDay)
    func number(_ time: Int64) -> Int { Int(LogPeriods.ordinal(time, line, timeZone) - first) }
    firstOrdinal = first
    count = number(span.last) + 1
    endedCount = min(count, number(span.watermark))
    shown = min(count, max(0, from.map(number) ?? 0))..<count
    table = PeriodTable(days: (0...Int64(count)).map { line.firstDay(first + $0) }, timeZone)
  }

  /// For each time the number of the period that it lies in; -1 outside the data.
  func numbers(of times: [Int64]) -> [Int32] {
    times.withUnsafeBufferPointer { times in
      [Int32](unsafeUninitializedCapacity: times.count) { target, initialized in
        for index in 0..<times.count {
          let number = table?.period(of: times[index]) ?? slowNumber(times[index])
          target.initializeElement(at: index, to: Int32(truncatingIfNeeded: number))
        }
        initialized = times.count
      }
    }
  }

  private func slowNumber(_ time: Int64) -> Int {
    let number = number(LogPeriods.day(time, timeZone))
    return (0..<count).contains(number) ? number : -1
  }

  /// The number of the period that a day lies in; below 0 and beyond the count outside the data.
  func number(_ day: Int64) -> Int { Int(line.ordinal(day) - firstOrdinal) }

  /// The first day of a period.
  func firstDay(of period: Int) -> Int64 { line.firstDay(firstOrdinal + Int64(period)) }

  /// The local day of a time; one outside the years 1 to 9999 counts as the nearest inside.
  private static func day(_ time: Int64, _ timeZone: TimeZoneRules) -> Int64 {
    let times = RetentionPeriods.times
    return timeZone.day(min(max(time, times.lowerBound), times.upperBound))
  }

  private static func ordinal(_ time: Int64, _ line: CalendarLine, _ timeZone: TimeZoneRules) -> Int64 {
    line.ordinal(day(time, timeZone))
  }
}
