/// One walk over an entity's rows, time by time, for the longest match of steps in the order that is given.
///
/// Of all matches of one length that can still go on, the one with the latest start is as good as any other:
/// an exclusion that ends one of them ends them all, since all their steps lie before it. So one match is
/// kept for each length, and beside it the one that ended at the time just before, for a step that must
/// follow immediately.
struct FunnelWalk {
  /// How a walk ended.
  enum Ending: Equatable {
    /// All steps were reached.
    case converted
    /// An exclusion at this time left no match that could go on, nor could another begin.
    case excluded(Int64)
    case unfinished
  }

  private let rules: FunnelRules
  /// Whether there are no exclusions and no immediate steps.
  private let isPlain: Bool
  private var group: FunnelGroup
  private var lasting: FunnelChains
  private var recent: FunnelChains
  /// Matches that end at the time that is looked at: those that can go on, and those that an exclusion at
  /// that very time ends.
  private var open: FunnelChains
  private var ended: FunnelChains
  /// The longest match so far, the first of its length.
  private(set) var best: [Int] = []

  init(_ rules: FunnelRules) {
    self.rules = rules
    isPlain = rules.exclusions.isEmpty && rules.immediateSteps == 0
    group = FunnelGroup(rules)
    lasting = FunnelChains(stepCount: rules.stepCount)
    recent = lasting
    open = lasting
    ended = lasting
  }

  /// Finds the longest match within a range of places whose first step lies within some times; then the one
  /// that is completed first, then the one that starts last, then the one with the earliest steps.
  ///
  /// - Parameter reach: no match is longer.
  mutating func run(
    _ list: borrowing FunnelRows, _ range: Range<Int>, entries: ClosedRange<Int64>, reach: Int
  ) -> Ending {
    lasting.clear()
    recent.clear()
    best.removeAll(keepingCapacity: true)
    var place = range.lowerBound
    while place < range.upperBound {
      let time = list.times[place]
      if time > entries.upperBound, lasting.lengths == 0 || !rules.allows(time, from: entries.upperBound) {
        break
      }
      let end = list.endOfGroup(place, range.upperBound)
      let mayBegin = entries.contains(time)
      let isOver: Bool
      if isPlain, end == place + 1 {
        take(list, one: place, mayBegin: mayBegin)
        isOver = false
      } else {
        isOver = take(list, place..<end, mayBegin: mayBegin)
      }
      if best.count == rules.stepCount { return .converted }
      // No other match can take its place, and there is no exclusion that could be the end.
      if best.count >= reach, rules.exclusions.isEmpty { return .unfinished }
      if isOver, time >= entries.upperBound { return .excluded(time) }
      place = end
    }
    return .unfinished
  }

  /// The places of the rows that are the steps of the best match; of several rows the first.
  mutating func fill(_ list: borrowing FunnelRows, _ range: Range<Int>, into places: inout [Int]) {
    var step = 0
    while step < best.count {
      let place = best[step]
      var next = step + 1
      while next < best.count, best[next] == place { next += 1 }
      group.fill(step..<next, list, place..<list.endOfGroup(place, range.upperBound), into: &places)
      step = next
    }
  }

  /// Takes a row that is alone of its time, where nothing but order and window counts.
  private mutating func take(_ list: borrowing FunnelRows, one place: Int, mayBegin: Bool) {
    // The longest first: the row is one step of each match.
    var usable = list.steps[place] & (lasting.lengths << 1 | (mayBegin ? 1 : 0))
    while usable != 0 {
      let step = 63 - usable.leadingZeroBitCount
      usable &= ~(1 << UInt64(step))
      if step > 0, !rules.allows(list.times[place], from: list.times[lasting.start(step)]) { continue }
      lasting.extend(to: step + 1, at: place)
      if step == best.count { lasting.copy(step + 1, into: &best) }
    }
  }

  /// Takes the rows of one time; true when an exclusion ended the last match that could go on.
  private mutating func take(_ list: borrowing FunnelRows, _ places: Range<Int>, mayBegin: Bool) -> Bool {
    var steps: UInt64 = 0
    for place in places {
      steps |= list.steps[place]
      if steps == rules.allSteps { break }
    }
    // Steps that a match there is could go on with; step 0 begins one.
    var usable = steps & (lasting.lengths << 1 | (mayBegin ? 1 : 0))
    let exclusions = rules.exclusions.isEmpty ? 0 : list.exclusions[places.lowerBound]
    if usable == 0, exclusions == 0 || lasting.lengths == 0 { return false }
    open.clear()
    ended.clear()
    if usable != 0, places.count > 1 { group.look(at: list, places) }
    while usable != 0 {
      let step = usable.trailingZeroBitCount
      usable &= usable - 1
      extend(from: step, list, places, exclusions)
    }
    keepLonger()
    let hadMatches = lasting.lengths != 0
    if exclusions != 0 { lasting.remove(lengths(endedBy: exclusions)) }
    lasting.offer(all: open)
    if rules.immediateSteps != 0 { swap(&recent, &open) }
    return exclusions != 0 && hadMatches && lasting.lengths == 0
  }

  /// Goes on from `step` with as many steps as the rows of one time fill.
  private mutating func extend(
    from step: Int, _ list: borrowing FunnelRows, _ places: Range<Int>, _ exclusions: UInt64
  ) {
    let place = places.lowerBound
    let followsRecent = rules.immediateSteps >> UInt64(step) & 1 == 1
    if step > 0 {
      if followsRecent {
        guard recent.has(step), list.times[recent.last(step)] == list.earlierTimes[place] else { return }
      }
      let start = followsRecent ? recent.start(step) : lasting.start(step)
      guard rules.allows(list.times[place], from: list.times[start]) else { return }
    }
    let reach = places.count == 1 ? step + 1 : group.reach(from: step, list, places)
    for length in (step + 1)..<(reach + 1) {
      switch (exclusions != 0 && isEnded(length, from: step, by: exclusions), followsRecent) {
      case (true, true): ended.offer(length, recent, prefix: step, place: place)
      case (true, false): ended.offer(length, lasting, prefix: step, place: place)
      case (false, true): open.offer(length, recent, prefix: step, place: place)
      case (false, false): open.offer(length, lasting, prefix: step, place: place)
      }
    }
  }

  /// Whether exclusions at a time end a match of that length whose steps from `step` on have that time.
  private func isEnded(_ length: Int, from step: Int, by exclusions: UInt64) -> Bool {
    rules.exclusions.indices.contains { index in
      let rule = rules.exclusions[index]
      return exclusions >> UInt64(index) & 1 == 1 && rule.after < step && rule.after < length
        && length <= rule.before
    }
  }

  /// The lengths of earlier matches that exclusions end.
  private func lengths(endedBy exclusions: UInt64) -> UInt64 {
    var lengths: UInt64 = 0
    for (index, rule) in rules.exclusions.enumerated() where exclusions >> UInt64(index) & 1 == 1 {
      for length in (rule.after + 1)...rule.before { lengths |= 1 << UInt64(length - 1) }
    }
    return lengths
  }

  private mutating func keepLonger() {
    let longest = 64 - (open.lengths | ended.lengths).leadingZeroBitCount
    guard longest > best.count else { return }
    if ended.has(longest) {
      if open.has(longest) { ended.offer(longest, open, prefix: longest, place: 0) }
      ended.copy(longest, into: &best)
    } else {
      open.copy(longest, into: &best)
    }
  }
}
