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
  /// The periods of times that are stored as seconds from this base.
  private let seconds: (base: Int64, table: PeriodTable)?

  /// No period where there is no data.
  init(_ unit: CalendarUnit, of span: LogSpan?, from: Int64?, timeZone: TimeZoneRules) {
    self.timeZone = timeZone
    let line = CalendarLine(unit)
    self.line = line
    guard let span else {
      (count, shown, endedCount, firstDay, firstOrdinal) = (0, 0..<0, 0, 0, 0)
      (table, seconds) = (nil, nil)
      return
    }
    firstDay = LogPeriods.day(span.first, timeZone)
    let first = line.ordinal(firstDay)
    func number(_ time: Int64) -> Int { Int(LogPeriods.ordinal(time, line, timeZone) - first) }
    firstOrdinal = first
    count = number(span.last) + 1
    endedCount = min(count, number(span.watermark))
    shown = min(count, max(0, from.map(number) ?? 0))..<count
    let table = PeriodTable(days: (0...Int64(count)).map { line.firstDay(first + $0) }, timeZone)
    self.table = table
    seconds = span.secondsFrom.flatMap { base in table?.inSeconds(from: base).map { (base, $0) } }
  }

  /// Calls `body` with each row whose time lies in a period and the number of the period, entity by entity and each
  /// one's in the order of the numbers.
  @inline(__always)
  func forEachNumber(of rows: PlacedRows, _ body: (_ row: Int, _ number: Int) -> Void) {
    let count = rows.count
    guard let table else {
      forEachSlowNumber(of: rows, body)
      return
    }
    switch rows.times.place {
    case .values(let values):
      table.withLookUp { table in
        for row in 0..<count {
          if let number = table.period(of: values[row]) { body(row, number) }
        }
      }
    case .seconds(let values, base: seconds?.base, _):
      // Parts of seconds make no difference.
      seconds?.table.withLookUp { table in
        for row in 0..<count {
          if let number = table.period(of: Int64(values[row])) { body(row, number) }
        }
      }
    case .seconds: forEachSlowNumber(of: rows, body)
    }
  }

  private func forEachSlowNumber(of rows: PlacedRows, _ body: (_ row: Int, _ number: Int) -> Void) {
    var first = 0
    while first < rows.count {
      var end = first
      var numbers: [(row: Int, number: Int)] = []
      while end < rows.count, rows.entities[end] == rows.entities[first] {
        let number = number(LogPeriods.day(rows.times[end], timeZone))
        if (0..<count).contains(number) { numbers.append((end, number)) }
        end += 1
      }
      // Clocks that are turned back lead from a day to the one before.
      numbers.sort { ($0.number, $0.row) < ($1.number, $1.row) }
      for (row, number) in numbers { body(row, number) }
      first = end
    }
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
