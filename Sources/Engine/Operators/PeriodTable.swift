import Values

/// Calendar periods that follow each other: the one that a time lies in is looked up.
struct PeriodTable {
  /// The first day of each period, ascending; of the last one only where it begins is known.
  let days: [Int64]
  private let beginnings: [Int64]
  /// Time is cut into stretches of a power of two, none longer than the shortest period: in each begins one period at
  /// most.
  private let stretches: [Stretch]
  private let shift: UInt64

  fileprivate struct Stretch {
    /// When a period begins in it.
    var change = Int64.max
    /// The number of the period before.
    var period = 0
  }

  /// A table of times in microseconds, of two days at least. Nothing where it would be too large, or where a change of
  /// clocks skips a day or turns back one: then where days begin does not say which day it is.
  init?(days: [Int64], _ timeZone: TimeZoneRules) {
    guard days.count <= 1 << 16 else { return nil }
    let beginnings = days.map { timeZone.timestamp(local: $0 * Calendar.microsecondsPerDay) }
    guard let first = beginnings.first, let last = beginnings.last, first < last,
      !timeZone.turnsBackDays(within: first...last)
    else { return nil }
    self.init(days, beginnings)
  }

  private init?(_ days: [Int64], _ beginnings: [Int64]) {
    let (first, last) = (beginnings[0], beginnings[beginnings.count - 1])
    let shortest = zip(beginnings, beginnings.dropFirst()).map { $1 - $0 }.min() ?? 0
    guard shortest > 0 else { return nil }
    let shift = Int64(63 - shortest.leadingZeroBitCount)
    let count = (last - first - 1) >> shift + 1
    guard count <= 4 * days.count else { return nil }
    var stretches = [Stretch](repeating: Stretch(), count: Int(count))
    for beginning in beginnings.dropFirst().dropLast() {
      stretches[Int((beginning - first) >> shift)].change = beginning
    }
    for stretch in stretches.indices.dropFirst() {
      let before = stretches[stretch - 1]
      stretches[stretch].period = before.period + (before.change < .max ? 1 : 0)
    }
    self.days = days
    self.beginnings = beginnings
    self.stretches = stretches
    self.shift = UInt64(shift)
  }

  /// The same periods for times that are stored as seconds from a base, with or without a part of a second; nothing
  /// where a period does not begin with one of these seconds.
  func inSeconds(from base: Int64) -> PeriodTable? {
    let second = Calendar.microsecondsPerSecond
    var seconds: [Int64] = []
    for beginning in beginnings {
      let (distance, isOver) = beginning.subtractingReportingOverflow(base)
      guard !isOver, distance.isMultiple(of: second) else { return nil }
      seconds.append(distance / second)
    }
    return PeriodTable(days, seconds)
  }

  /// The number of the period that a time lies in; nothing where it lies in none of the table.
  @inline(__always) func period(of time: Int64) -> Int? { withLookUp { $0.period(of: time) } }

  /// The first moment of a period; nothing for one that is not in the table.
  @inline(__always) func beginning(of period: Int) -> Int64? {
    beginnings.indices.contains(period) ? beginnings[period] : nil
  }

  /// Calls `body` with the table as it is quickest to use.
  @inline(__always) func withLookUp<Result>(_ body: (LookUp) throws -> Result) rethrows -> Result {
    let first = beginnings[0]
    let length = UInt64(bitPattern: beginnings[beginnings.count &- 1] &- first)
    return try stretches.withUnsafeBufferPointer { stretches in
      try body(LookUp(first: first, length: length, stretches: stretches, shift: shift))
    }
  }

  /// A table while many times are looked up.
  struct LookUp {
    fileprivate let first: Int64
    fileprivate let length: UInt64
    fileprivate let stretches: UnsafeBufferPointer<Stretch>
    fileprivate let shift: UInt64

    /// The number of the period that a time lies in; nothing where it lies in none of the table.
    @inline(__always) func period(of time: Int64) -> Int? {
      // Before the first period it is longer than any.
      let distance = UInt64(bitPattern: time &- first)
      guard distance < length else { return nil }
      let stretch = stretches[Int(truncatingIfNeeded: distance &>> shift)]
      // Whether a period begins within the stretch before the time cannot be foretold, so nothing branches on it.
      return stretch.period &+ Int(unsafeBitCast(stretch.change <= time, to: UInt8.self))
    }
  }
}
