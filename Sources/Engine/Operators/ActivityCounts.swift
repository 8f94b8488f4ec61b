import Values

/// How many entities are active in each period and window, for each group.
struct ActivityCounts: PeriodCounts {
  static let grouping = PeriodGrouping.rows

  private let days: ActivityDays
  private let hasWindow: Bool
  private let periodCount: Int
  /// For each group and period the entities with a row in it.
  private(set) var active: [Int64] = []
  /// For each group and period, and for what is after the last one, who enters the window and who leaves it.
  private var changes: [Change] = []
  /// For each group what is known of the entity that was last met in it.
  private var latest: [Latest] = []

  private struct Change {
    /// The entities that the window has and the one before has not.
    var entering: Int64 = 0
    /// Those that it has not and the one before has.
    var leaving: Int64 = 0
  }

  private struct Latest {
    var entity = -1
    var period: Int32 = -1
    /// The first period whose window does not count the entity yet.
    var uncounted: Int32 = 0
  }

  init(_ days: ActivityDays) {
    self.days = days
    hasWindow = days.hasWindow
    periodCount = days.periodCount
  }

  func bytes(groups: Int) -> Int {
    let changes = hasWindow ? (periodCount + 1) * MemoryLayout<Change>.size : 0
    return groups * (periodCount * 8 + changes + MemoryLayout<Latest>.size)
  }

  mutating func grow(to groups: Int) {
    guard groups > latest.count else { return }
    let added = groups - latest.count
    latest.append(contentsOf: repeatElement(Latest(), count: added))
    active.append(contentsOf: repeatElement(0, count: added * periodCount))
    if hasWindow { changes.append(contentsOf: repeatElement(Change(), count: added * (periodCount + 1))) }
  }

  mutating func take(_ rows: PlacedRows, groups: [UInt32]?) {
    let (entities, firstEntity) = (rows.entities, rows.firstEntity)
    active.withUnsafeMutableBufferPointer { active in
      changes.withUnsafeMutableBufferPointer { changes in
        days.all.withUnsafeBufferPointer { all in
          let counters = Counters(
            active: active, changes: changes, days: all, hasWindow: hasWindow, periodCount: periodCount)
          if let groups {
            precondition(groups.count == rows.count, "each row has a group")
            latest.withUnsafeMutableBufferPointer { latest in
              days.days.forEachNumber(of: rows) { row, day in
                let group = Int(groups[row])
                counters.count(firstEntity &+ Int(entities[row]), day, group: group, &latest[group])
              }
            }
          } else {
            var only = latest[0]
            days.days.forEachNumber(of: rows) { row, day in
              counters.count(firstEntity &+ Int(entities[row]), day, group: 0, &only)
            }
            latest[0] = only
          }
        }
      }
    }
  }

  /// Where rows are counted.
  private struct Counters {
    let active: UnsafeMutableBufferPointer<Int64>
    let changes: UnsafeMutableBufferPointer<Change>
    let days: UnsafeBufferPointer<ActivityDays.Day>
    let hasWindow: Bool
    let periodCount: Int

    /// Whose row it is and what is new about it cannot be foretold, so nothing branches on it.
    @inline(__always)
    func count(_ entity: Int, _ day: Int, group: Int, _ latest: inout Latest) {
      let (period, end) = (days[day].period, days[day].windowEnd)
      let isKnown = unsafeBitCast(latest.entity == entity, to: UInt8.self)
      let isCounted = isKnown & unsafeBitCast(latest.period == period, to: UInt8.self)
      active[group &* periodCount &+ Int(period)] &+= Int64(isCounted ^ 1)
      if hasWindow {
        // Windows hold the day whose last day is no earlier, and no more than the window's length later.
        let start = max(period, latest.uncounted & (0 &- Int32(isKnown)))
        let isAdded = Int64(unsafeBitCast(start < end, to: UInt8.self))
        let first = group &* (periodCount &+ 1)
        changes[first &+ Int(start)].entering &+= isAdded
        changes[first &+ Int(end)].leaving &+= isAdded
      }
      // Later days have no earlier ends.
      latest = Latest(entity: entity, period: period, uncounted: end)
    }
  }

  mutating func merge(_ later: ActivityCounts, mapping: [UInt32]) {
    for (group, target) in mapping.enumerated() {
      for period in 0..<periodCount {
        active[Int(target) * periodCount + period] += later.active[group * periodCount + period]
      }
      guard hasWindow else { continue }
      for period in 0...periodCount {
        let change = later.changes[group * (periodCount + 1) + period]
        changes[Int(target) * (periodCount + 1) + period].entering += change.entering
        changes[Int(target) * (periodCount + 1) + period].leaving += change.leaving
      }
    }
  }

  /// For each period of a group the entities in its window.
  func inWindow(_ group: Int) -> [Int64] {
    let base = group * (periodCount + 1)
    var sum: Int64 = 0
    return (0..<periodCount).map { period in
      sum += changes[base + period].entering - changes[base + period].leaving
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
  let hasWindow: Bool
  let all: [Day]

  /// A day of a log.
  struct Day {
    /// The period that it lies in.
    let period: Int32
    /// The first of the later periods whose window does not hold it. Where a window is shorter than a period, that may
    /// be the day's own period.
    let windowEnd: Int32
  }

  init(_ days: LogPeriods, in periods: LogPeriods, windowDays: Int64?) {
    self.days = days
    periodCount = periods.count
    hasWindow = windowDays != nil
    all = (0..<days.count).map { number in
      let day = days.firstDay(of: number)
      let windowEnd = min(periods.number(day + (windowDays ?? 0)), periods.count)
      return Day(
        period: Int32(truncatingIfNeeded: periods.number(day)),
        windowEnd: Int32(truncatingIfNeeded: windowEnd))
    }
  }
}
