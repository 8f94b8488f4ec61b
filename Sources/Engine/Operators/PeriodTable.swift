import Values

/// Calendar periods that follow each other: the one that a time lies in is found by a guess and a look.
struct PeriodTable {
  /// The first day of each period, ascending; of the last one only where it begins is known.
  let days: [Int64]
  private let beginnings: [Int64]
  /// How many periods a microsecond is, about.
  private let rate: Double

  /// A table is of two days at least. Nothing where it would be too large, or where a change of clocks turns
  /// back a day: then where days begin does not say which day it is.
  init?(days: [Int64], _ timeZone: TimeZoneRules) {
    guard days.count <= 1 << 16 else { return nil }
    beginnings = days.map { timeZone.timestamp(local: $0 * Calendar.microsecondsPerDay) }
    self.days = days
    guard let first = beginnings.first, let last = beginnings.last, first < last,
      !timeZone.turnsBackDays(within: first...last)
    else { return nil }
    rate = Double(days.count - 1) / Double(last - first)
  }

  /// The number of the period that a time lies in; nothing where it lies in none of the table.
  @inline(__always) func period(of time: Int64) -> Int? {
    beginnings.withUnsafeBufferPointer { beginnings in
      let last = beginnings.count &- 1
      guard time >= beginnings[0], time < beginnings[last] else { return nil }
      var period = min(Int(Double(time &- beginnings[0]) * rate), last &- 1)
      while beginnings[period] > time { period &-= 1 }
      while beginnings[period &+ 1] <= time { period &+= 1 }
      return period
    }
  }

  /// The first moment of a period; nothing for one that is not in the table.
  @inline(__always) func beginning(of period: Int) -> Int64? {
    beginnings.indices.contains(period) ? beginnings[period] : nil
  }
}
