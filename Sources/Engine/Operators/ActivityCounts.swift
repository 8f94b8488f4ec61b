import Values

/// How many entities are active in each period and window, for each group.
struct ActivityCounts: PeriodCounts {
  static let grouping = PeriodGrouping.rows

  private let days: ActivityDays
  private let hasWindow: Bool
  private let periodCount: Int
  /// For each group and period the entities with a row in it.
  private(set) var active: [Int64] = []
  /// For each group and period how many more entities its window has than the one before it, and after the last
  /// period how many fewer: all of them.
  private var changes: [Int64] = []
  /// For each group what is known of the entity that was last met in it.
  private var latest: [Latest] = []

  private struct Latest {
    var entity = -1
    var period: Int32 = -1
    /// The first period whose window does not count the entity yet.
    var uncounted: Int32 = 0
  }

  init(_ days: ActivityDays) {
    self.days = days
    hasWindow = !days.windowEnds.isEmpty
    periodCount = days.periodCount
  }

  func bytes(groups: Int) -> Int { groups * ((2 * periodCount + 1) * 8 + MemoryLayout<Latest>.size) }

  mutating func grow(to groups: Int) {
    guard groups > latest.count else { return }
    let added = groups - latest.count
    latest.append(contentsOf: repeatElement(Latest(), count: added))
    active.append(contentsOf: repeatElement(0, count: added * periodCount))
    if hasWindow { changes.append(contentsOf: repeatElement(0, count: added * (periodCount + 1))) }
  }

  mutating func take(times: [Int64], entities: [Int32], firstEntity: Int, groups: [UInt32]?) {
    let numbers = days.days.numbers(of: times)
    if let groups {
      groups.withUnsafeBufferPointer { groups in count(numbers, entities, firstEntity) { Int(groups[$0]) } }
    } else {
      count(numbers, entities, firstEntity) { _ in 0 }
    }
  }

  @inline(__always)
  private mutating func count(
    _ numbers: [Int32], _ entities: [Int32], _ firstEntity: Int, group: (Int) -> Int
  ) {
    precondition(numbers.count == entities.count, "each row has a time and an entity")
    let (periodCount, hasWindow) = (periodCount, hasWindow)
    active.withUnsafeMutableBufferPointer { active in
      changes.withUnsafeMutableBufferPointer { changes in
        latest.withUnsafeMutableBufferPointer { latest in
          numbers.withUnsafeBufferPointer { numbers in
            days.periods.withUnsafeBufferPointer { periods in
              days.windowEnds.withUnsafeBufferPointer { windowEnds in
                for row in 0..<numbers.count where numbers[row] >= 0 {
                  let group = group(row)
                  let entity = firstEntity &+ Int(entities[row])
                  let period = periods[Int(numbers[row])]
                  // Whose row it is and what is new about it cannot be foretold, so nothing branches on it.
                  let isKnown = latest[group].entity == entity
                  let isCounted = isKnown ? latest[group].period == period : false
                  active[group &* periodCount &+ Int(period)] &+= isCounted ? 0 : 1
                  latest[group].entity = entity
                  latest[group].period = period
                  guard hasWindow else { continue }
                  // Windows hold the day whose last day is no earlier, and no more than the window's length later.
                  let uncounted = isKnown ? latest[group].uncounted : 0
                  let (start, end) = (max(period, uncounted), windowEnds[Int(numbers[row])])
                  let base = group &* (periodCount &+ 1)
                  let added: Int64 = start < end ? 1 : 0
                  changes[base &+ Int(start)] &+= added
                  changes[base &+ Int(end)] &-= added
                  latest[group].uncounted = max(uncounted, end)
                }
              }
            }
          }
        }
      }
    }
  }

  mutating func merge(_ later: ActivityCounts, mapping: [UInt32]) {
    for (group, target) in mapping.enumerated() {
      for period in 0..<periodCount {
        active[Int(target) * periodCount + period] += later.active[group * periodCount + period]
      }
      guard hasWindow else { continue }
      for period in 0...periodCount {
        changes[Int(target) * (periodCount + 1) + period] += later.changes[group * (periodCount + 1) + period]
      }
    }
  }

  /// For each period of a group the entities in its window.
  func inWindow(_ group: Int) -> [Int64] {
    let base = group * (periodCount + 1)
    var sum: Int64 = 0
    return (0..<periodCount).map { period in
      sum += changes[base + period]
      return sum
    }
  }
}

/// What a row on each day of a log counts for.
struct ActivityDays {
  /// The days of the log.
  let days: LogPeriods
  /// How many periods the log has.
  let periodCount: Int
  /// The period that each day lies in.
  let periods: [Int32]
  /// For each day the first of the later periods whose window does not hold it; nothing without windows. Where a
  /// window is shorter than a period, that may be the day's own period.
  let windowEnds: [Int32]

  init(_ days: LogPeriods, in periods: LogPeriods, windowDays: Int64?) {
    self.days = days
    periodCount = periods.count
    let all = (0..<days.count).map { days.firstDay(of: $0) }
    self.periods = all.map { Int32(truncatingIfNeeded: periods.number($0)) }
    windowEnds =
      windowDays.map { windowDays in
        all.map { Int32(truncatingIfNeeded: min(periods.number($0 + windowDays), periods.count)) }
      } ?? []
  }
}
