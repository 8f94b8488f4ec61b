import Planning

/// The rows that are the steps of a match, in the order of time, and their times.
struct FunnelMatch: Equatable {
  /// Row numbers in the batch.
  var rows: [Int32] = []
  var times: [Int64] = []

  /// How many steps were reached.
  var level: Int { rows.count }

  /// Whether this match stands for an entity rather than another: longer; then completed earlier, then
  /// started later, then with earlier steps; of equal times the one with earlier rows.
  func isBetter(than other: FunnelMatch) -> Bool {
    if level != other.level { return level > other.level }
    guard let first = times.first, let otherFirst = other.times.first else { return false }
    if times[level - 1] != other.times[level - 1] { return times[level - 1] < other.times[level - 1] }
    if first != otherFirst { return first > otherFirst }
    if times != other.times { return times.lexicographicallyPrecedes(other.times) }
    return rows.lexicographicallyPrecedes(other.rows)
  }
}

/// Finds an entity's longest match of a funnel, or all its attempts. It keeps its memory from entity to
/// entity.
struct FunnelMatcher {
  let rules: FunnelRules
  private var walk: FunnelWalk
  private var unordered: FunnelUnordered
  /// No match of the entity that is looked at is longer.
  private var reach = 0
  /// The places of the rows that the last run found.
  private(set) var places: [Int] = []

  init(_ rules: FunnelRules) {
    self.rules = rules
    walk = FunnelWalk(rules)
    unordered = FunnelUnordered(rules)
  }

  /// The match that stands for an entity; none of its rows where it has no first step.
  mutating func match(_ list: borrowing FunnelRows, _ entity: Range<Int>, into match: inout FunnelMatch) {
    match.rows.removeAll(keepingCapacity: true)
    match.times.removeAll(keepingCapacity: true)
    guard let entry = entry(list, entity) else { return }
    if entity.count == 1 {
      match.rows.append(list.rows[entry])
      match.times.append(list.times[entry])
      return
    }
    look(at: list, entity)
    if list.values.isEmpty {
      longest(list, entry..<entity.upperBound, into: &match)
      return
    }
    var candidate = FunnelMatch()
    for part in parts(list, entity) {
      let all = 0..<part.count
      if rules.entry == .first {
        // The first entry is the entity's, not each value's.
        guard let own = self.entry(part, all), part.times[own] == list.times[entry] else { continue }
      }
      candidate.rows.removeAll(keepingCapacity: true)
      candidate.times.removeAll(keepingCapacity: true)
      longest(part, all, into: &candidate)
      if candidate.isBetter(than: match) { swap(&candidate, &match) }
    }
  }

  /// Turns to the rows of an entity, or of one value of it.
  mutating func look(at list: borrowing FunnelRows, _ range: Range<Int>) {
    var all: UInt64 = 0
    for place in range { all |= list.steps[place] }
    reach = rules.order == .given ? (~all).trailingZeroBitCount : all.nonzeroBitCount
  }

  /// Whether no match is longer than so many steps.
  func isLongest(_ level: Int) -> Bool { level >= reach }

  /// The first place of the first time at which a match may begin.
  func entry(_ list: borrowing FunnelRows, _ range: Range<Int>) -> Int? {
    let steps = rules.order == .given ? 1 : UInt64.max
    var place = range.lowerBound
    while place < range.upperBound, list.steps[place] & steps == 0 { place += 1 }
    if place == range.upperBound { return nil }
    return list.firstOfGroup(place, range.lowerBound)
  }

  /// The rows of each value that the rows of a match share, in the order of their first rows.
  func parts(_ list: borrowing FunnelRows, _ entity: Range<Int>) -> [FunnelRows] {
    let values = list.values
    let order = entity.sorted { (values[$0], $0) < (values[$1], $1) }
    var parts: [FunnelRows] = []
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
      parts.append(list.part(order[first..<end]))
      first = end
    }
    return parts
  }

  private mutating func longest(
    _ list: borrowing FunnelRows, _ range: Range<Int>, into match: inout FunnelMatch
  ) {
    guard let entry = entry(list, range) else { return }
    let time = list.times[entry]
    let entries = rules.entry == .best ? time ... .max : time...time
    _ = run(list, entry..<range.upperBound, entries: entries, into: &match)
  }

  /// Runs the walk of the rules. Of steps in any order, entries are one time or all.
  mutating func run(
    _ list: borrowing FunnelRows, _ range: Range<Int>, entries: ClosedRange<Int64>,
    into match: inout FunnelMatch
  ) -> FunnelWalk.Ending {
    places.removeAll(keepingCapacity: true)
    let ending: FunnelWalk.Ending
    switch rules.order {
    case .given:
      ending = walk.run(list, range, entries: entries, reach: reach)
      walk.fill(list, range, into: &places)
    case .any:
      let entry = entries.lowerBound == entries.upperBound ? entries.lowerBound : nil
      ending = unordered.run(list, range, entry: entry, reach: reach)
      unordered.fill(list, range, into: &places)
    }
    for place in places {
      match.rows.append(list.rows[place])
      match.times.append(list.times[place])
    }
    return ending
  }
}
