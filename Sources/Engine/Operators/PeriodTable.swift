import Values

/// Calendar periods that follow each other: the one that a time lies in is looked up.
struct PeriodTable {
  /// The first day of each period, ascending; of the last one only where it begins is known.
  let days: [Int64]
  private let beginnings: [Int64]
  /// Time is cut into stretches of a power of two of microseconds, no longer than most periods: for each the period
  /// in which it begins.
  private let periods: [Int32]
  private let shift: UInt64

  /// A table is of two days at least. Nothing where it would be too large, or where a change of clocks turns
  /// back a day: then where days begin does not say which day it is.
  init?(days: [Int64], _ timeZone: TimeZoneRules) {
    guard days.count <= 1 << 16 else { return nil }
    let beginnings = days.map { timeZone.timestamp(local: $0 * Calendar.microsecondsPerDay) }
    guard let first = beginnings.first, let last = beginnings.last, first < last,
      !timeZone.turnsBackDays(within: first...last)
    else { return nil }
    self.days = days
    self.beginnings = beginnings
    let length = UInt64(last - first) / UInt64(days.count - 1)
    shift = UInt64(max(0, 62 - length.leadingZeroBitCount))
    var period = 0
    periods = stride(from: first, to: last, by: 1 << shift).map { time in
      while beginnings[period + 1] <= time { period += 1 }
      return Int32(truncatingIfNeeded: period)
    }
  }

  /// The number of the period that a time lies in; nothing where it lies in none of the table.
  @inline(__always) func period(of time: Int64) -> Int? {
    beginnings.withUnsafeBufferPointer { beginnings in
      guard time >= beginnings[0], time < beginnings[beginnings.count &- 1] else { return nil }
      let stretch = UInt64(bitPattern: time &- beginnings[0]) >> shift
      var period = Int(periods.withUnsafeBufferPointer { $0[Int(truncatingIfNeeded: stretch)] })
      // Whether a period ends within the stretch before the time cannot be foretold, so nothing branches on it.
      period &+= Int(unsafeBitCast(beginnings[period &+ 1] <= time, to: UInt8.self))
      while beginnings[period &+ 1] <= time { period &+= 1 }
      return period
    }
  }

  /// The first moment of a period; nothing for one that is not in the table.
  @inline(__always) func beginning(of period: Int) -> Int64? {
    beginnings.indices.contains(period) ? beginnings[period] : nil
  }
}
