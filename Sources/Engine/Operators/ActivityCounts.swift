import Values

/// How many entities are active in each period and window, for each group.
struct ActivityCounts {
  private let periods: LogPeriods
  private let windowDays: Int64?
  /// For each group and period the entities with a row in it.
  private(set) var active: [Int64] = []
  /// For each group and period how many more entities its window has than the one before it, and after the last
  /// period how many fewer: all of them.
  private(set) var changes: [Int64] = []
  /// For each group what is known of the entity that was last met in it.
  private var latest: [Latest] = []
  private var entityCount = 0

  private struct Latest {
    var entity = 0
    var day = Int64.min
    var period = -1
    /// The first period whose window does not count the entity yet.
    var uncounted = 0
  }

  init(_ periods: LogPeriods, windowDays: Int64?) {
    self.periods = periods
    self.windowDays = windowDays
  }

  /// The bytes that so many groups take.
  func bytes(groups: Int) -> Int { groups * ((2 * periods.count + 1) * 8 + MemoryLayout<Latest>.size) }

  /// Makes room for groups.
  mutating func grow(to groups: Int) {
    guard groups > latest.count else { return }
    let added = groups - latest.count
    latest.append(contentsOf: repeatElement(Latest(), count: added))
    active.append(contentsOf: repeatElement(0, count: added * periods.count))
    if windowDays != nil {
      changes.append(contentsOf: repeatElement(0, count: added * (periods.count + 1)))
    }
  }

  /// Takes the rows of whole entities, each entity's in the order of time.
  mutating func take(times: [Int64], entityStarts: [Int], groups: [UInt32]) {
    for (first, end) in zip(entityStarts, entityStarts.dropFirst()) {
      entityCount += 1
      for row in first..<end { take(periods.day(times[row]), group: Int(groups[row])) }
    }
  }

  @inline(__always) private mutating func take(_ day: Int64, group: Int) {
    if latest[group].entity != entityCount { latest[group] = Latest(entity: entityCount) }
    if latest[group].day == day { return }
    latest[group].day = day
    let period = periods.number(day)
    guard (0..<periods.count).contains(period) else { return }
    if latest[group].period != period {
      latest[group].period = period
      active[group * periods.count + period] += 1
    }
    guard let windowDays else { return }
    // Windows hold the day whose last day is no earlier, and no more than the window's length later.
    let start = max(period, latest[group].uncounted)
    let end = min(periods.number(day + windowDays), periods.count)
    guard start < end else { return }
    let base = group * (periods.count + 1)
    changes[base + start] += 1
    changes[base + end] -= 1
    latest[group].uncounted = end
  }

  /// Takes in the counts of other entities: their group `i` is this one's `mapping[i]`.
  mutating func merge(_ later: ActivityCounts, mapping: [UInt32]) {
    let count = periods.count
    for (group, target) in mapping.enumerated() {
      for period in 0..<count { active[Int(target) * count + period] += later.active[group * count + period] }
      if windowDays == nil { continue }
      for period in 0...count {
        changes[Int(target) * (count + 1) + period] += later.changes[group * (count + 1) + period]
      }
    }
  }

  /// For each period of a group the entities in its window.
  func inWindow(_ group: Int) -> [Int64] {
    let base = group * (periods.count + 1)
    var sum: Int64 = 0
    return (0..<periods.count).map { period in
      sum += changes[base + period]
      return sum
    }
  }
}
