import Planning
import TestSupport
import Testing

@testable import Engine

/// The matcher against one that tries all assignments of rows to steps, on thousands of small entities with
/// ties, overlapping steps and every rule.
struct FunnelOracleTests {
  @Test func stepsInOrder() {
    var dice = Dice(1)
    for _ in 0..<12_000 {
      let entity = SmallEntity(&dice, order: .given)
      var match = FunnelMatch()
      var matcher = FunnelMatcher(entity.rules)
      let list = entity.list
      matcher.match(list, 0..<list.count, into: &match)
      let expected = entity.bestMatch()
      #expect(match == expected, "\(entity)")
      if match != expected { return }
    }
  }

  /// A sieve finds the same matches, and leaves entities with rows of one time, or of other values, or under rules that
  /// it does not know; of their rows those of the first step that cannot matter are left out, and the match is the same.
  @Test(arguments: [1, 7], [FunnelPlan.Order.given, .any])
  func sieves(timesFromEachOther: Int64, _ order: FunnelPlan.Order) {
    var dice = Dice(5)
    var (found, leftOut, left, shared) = (0, 0, 0, 0)
    for _ in 0..<20_000 {
      var entity = SmallEntity(&dice, order: order)
      if timesFromEachOther > 1 { entity.separateTimes(&dice) }
      var (match, list) = entity.sieved()
      if list.count > 0 {
        var matcher = FunnelMatcher(entity.rules)
        matcher.match(list, 0..<list.count, into: &match)
        left += 1
        leftOut += entity.list.count - list.count
      } else if match.level > 1 {
        found += 1
        if entity.values != nil { shared += 1 }
      }
      let expected = order == .given ? entity.bestMatch() : entity.bestUnorderedMatch()
      // At strictly different times in any order, which of several rows of a time is taken is no matter.
      let isEqual =
        order == .any && entity.rules.ties == .strict ? match.times == expected.times : match == expected
      #expect(isEqual, "\(entity) gives \(match) for \(expected)")
      if !isEqual { return }
    }
    #expect(left > 2000)
    #expect(order == .any || (leftOut > 1000 && found > 700 && shared > 50))
  }

  /// Many rows of one time that are no step are passed over, and many of the first step are looked at once.
  @Test func sweepsOverManyRowsOfOneTime() {
    let rules = FunnelRules(stepCount: 3, within: 10)
    let rowCount = 200_000
    var words = (0..<rowCount).map { UInt8($0 % 2) }
    words[rowCount - 2] = 2
    words[rowCount - 1] = 4
    let times = (0..<rowCount).map { Int64($0 < rowCount - 2 ? 1 : $0) }
    let (match, left) = swept(rules, words, times)
    #expect(left.isEmpty)
    #expect(match.rows == [1])
    let near = (0..<rowCount).map { Int64($0 < rowCount - 2 ? 1 : $0 - rowCount + 4) }
    #expect(swept(rules, words, near).0.rows == [1, Int32(rowCount - 2), Int32(rowCount - 1)])
  }

  /// Of strictly different times, a start at the time of the step that follows is none: an earlier one is kept.
  @Test func startsOfTheTimeOfAnotherStep() {
    let rules = FunnelRules(stepCount: 2, ties: .strict)
    let (words, times): ([UInt8], [Int64]) = ([1, 1, 1, 3], [1, 2, 3, 3])
    let list = leftRows(rules, swept(rules, words, times).1, words, times, nil)
    var match = FunnelMatch()
    var matcher = FunnelMatcher(rules)
    matcher.match(list, 0..<list.count, into: &match)
    #expect(match.times == [2, 3])
  }

  @Test func stepsInAnyOrder() {
    var dice = Dice(2)
    for _ in 0..<8000 {
      let entity = SmallEntity(&dice, order: .any)
      var match = FunnelMatch()
      var matcher = FunnelMatcher(entity.rules)
      let list = entity.list
      matcher.match(list, 0..<list.count, into: &match)
      let expected = entity.bestUnorderedMatch()
      // At strictly different times, which of several rows of a time is taken is no matter.
      let isEqual = entity.rules.ties == .strict ? match.times == expected.times : match == expected
      #expect(isEqual, "\(entity) gives \(match) for \(expected)")
      if !isEqual { return }
    }
  }

  /// Whatever the order of rows of one time, the times of the match are the same.
  @Test func tiedRowsAreUnordered() {
    var dice = Dice(3)
    for _ in 0..<3000 {
      let entity = SmallEntity(&dice, order: dice.chance(30) ? .any : .given)
      guard entity.rules.ties != .seq else { continue }
      var shuffled = entity
      shuffled.shuffleTies(&dice)
      var matcher = FunnelMatcher(entity.rules)
      var match = FunnelMatch()
      matcher.match(entity.list, 0..<entity.list.count, into: &match)
      var other = FunnelMatch()
      matcher.match(shuffled.list, 0..<shuffled.list.count, into: &other)
      #expect(match.times == other.times, "\(entity)")
      if match.times != other.times { return }
    }
  }

  /// With the best entry, the attempt that gets furthest gets as far as the entity; no row is in two attempts
  /// that both convert, and only what has not converted has an end of another kind.
  @Test func attemptsGetAsFarAsTheEntity() {
    var dice = Dice(4)
    for _ in 0..<6000 {
      let entity = SmallEntity(&dice, order: .given, entry: .best)
      var list = entity.list
      var matcher = FunnelMatcher(entity.rules)
      var match = FunnelMatch()
      matcher.match(list, 0..<list.count, into: &match)
      let attempts = matcher.attempts(&list, 0..<list.count, watermark: 6)
      #expect(attempts.map(\.match.level).max() ?? 0 == match.level, "\(entity)")
      var used: [Int32] = []
      for attempt in attempts {
        #expect((attempt.exit == .converted) == (attempt.match.level == entity.rules.stepCount), "\(entity)")
        #expect(entity.isMatch(attempt.match), "\(entity)")
        if attempt.exit == .converted { used += attempt.match.rows }
      }
      #expect(Set(used).count == used.count, "\(entity)")
    }
  }

  /// Many rows of one time are used up one after another, as a few are.
  @Test(arguments: [FunnelPlan.Ties.any, .seq, .strict], [FunnelPlan.Order.given, .any])
  func attemptsAmongManyRowsOfOneTime(_ ties: FunnelPlan.Ties, _ order: FunnelPlan.Order) {
    let rules = FunnelRules(stepCount: 2, within: 10, ties: ties, order: order)
    var matcher = FunnelMatcher(rules)
    let rowCount = 60_000
    let times = (0..<rowCount).map { $0 < rowCount / 2 ? Int64(1) : 2 }
    let isFirst: [UInt64] = (0..<rowCount).map { $0 % 2 == 0 ? 1 : 0 }
    var list = FunnelRows(rules, times: times, steps: isFirst.map { 2 - $0 }, entityStarts: [0, rowCount])
    let attempts = matcher.attempts(&list, 0..<rowCount, watermark: 100)
    let rows = attempts.flatMap(\.match.rows)
    #expect(Set(rows).count == rows.count)
    // Attempts at strictly later steps follow each other in time: the first uses up both times.
    #expect(attempts.count { $0.exit == .converted } == (ties == .strict ? 1 : rowCount / 2))
  }
}

/// The rows and times of the match that a sweep finds for one entity among others, which have all but a first step, and
/// the rows that it leaves: the same ones for words of either width, and however times are stored. The match is as long
/// where no more than its length is asked.
private func swept(
  _ rules: FunnelRules, _ words: [UInt8], _ times: [Int64], values: [UInt32]? = nil
) -> (FunnelMatch, [Int32]) {
  let (narrow, narrowLeft) = sweptWords(rules, words, times, values)
  let (wide, wideLeft) = sweptWords(rules, words.map { UInt64($0) }, times, values)
  #expect(narrow == wide)
  #expect(narrowLeft == wideLeft)
  return (narrow, narrowLeft)
}

private func sweptWords<Word: FixedWidthInteger & UnsignedInteger>(
  _ rules: FunnelRules, _ words: [Word], _ times: [Int64], _ values: [UInt32]?
) -> (FunnelMatch, [Int32]) {
  let other: Word = rules.order == .given ? 0xfe : 0
  let all = [other, other, other] + words + [Word](repeating: other, count: 40)
  let allTimes = [0, 1, 1] + times + (0..<40).map { Int64($0 / 2) }
  let allValues = values.map { [1, 2, 3] + $0 + [UInt32](repeating: 1, count: 40) }
  let starts = [0, 3, 3 + words.count, all.count]
  var matches: [(FunnelMatch, [Int32])] = []
  withEachStorage(of: allTimes) { stored, scale in
    let sieve = FunnelSieve<Word>(rules.scaled(by: scale), .entities)
    var found = FunnelFindings(
      FunnelRequest(breakdown: .first, needsTimes: true), stepCount: rules.stepCount)
    let left = sieve.run(all, stored, values: allValues, entityStarts: starts, into: &found)
    let rows = found.rows.map { $0 - 3 }
    let match = FunnelMatch(rows: rows, times: rows.map { times[Int($0)] })
    #expect(found.spans == zip(match.times.dropFirst(), match.times).map { ($0 - $1) * scale })
    matches.append((match, left.map { $0 - 3 }))
    for needsTimes in [false, true] {
      var counted = FunnelFindings(
        FunnelRequest(breakdown: nil, needsTimes: needsTimes), stepCount: rules.stepCount)
      #expect(
        sieve.run(all, stored, values: allValues, entityStarts: starts, into: &counted) == left)
      let level = counted.levels.first.map { Int($0) } ?? counted.counts.firstIndex(of: 1).map { $0 + 1 }
      #expect(level ?? 0 == match.level)
      #expect(counted.levels.count + counted.counts.reduce(0, +) == (match.level > 0 ? 1 : 0))
      #expect(counted.spans == (needsTimes ? found.spans : []))
    }
  }
  #expect(matches.allSatisfy { $0 == matches[0] })
  return matches[0]
}

/// The rows that a sieve leaves of one entity.
private func leftRows(
  _ rules: FunnelRules, _ left: [Int32], _ words: [UInt8], _ times: [Int64], _ values: [UInt32]?
) -> FunnelRows {
  times.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return FunnelRows() }
    return FunnelRows(
      rules, rows: left, times: RowTimes(base), words: words, values: values, [0, times.count])
  }
}

/// Calls `body` with some times as they may be stored, and what they are multiplied by to be such: as they are, as
/// seconds, and as seconds and parts of them.
private func withEachStorage(of times: [Int64], _ body: (RowTimes, _ scale: Int64) -> Void) {
  times.withUnsafeBufferPointer { values in
    if let values = values.baseAddress { body(RowTimes(values), 1) }
  }
  for scale: Int64 in [1_000_000, 400_000, 1] {
    let seconds = times.map { UInt32($0 * scale / 1_000_000) }
    let parts = times.map { UInt32($0 * scale % 1_000_000) }
    seconds.withUnsafeBufferPointer { seconds in
      parts.withUnsafeBufferPointer { parts in
        guard let seconds = seconds.baseAddress else { return }
        body(RowTimes(seconds, from: 0, microseconds: scale < 1_000_000 ? parts.baseAddress : nil), scale)
      }
    }
  }
}

extension FunnelRules {
  /// The same rules for times that are so many times as far from each other.
  fileprivate func scaled(by scale: Int64) -> FunnelRules {
    FunnelRules(
      stepCount: stepCount, within: within.map { Int64($0) * scale }, ties: ties, entry: entry, order: order,
      exclusions: exclusions, immediateSteps: immediateSteps)
  }
}

/// A random entity, and rules for it.
private struct SmallEntity: CustomStringConvertible {
  let rules: FunnelRules
  var times: [Int64]
  /// For each row the steps and exclusions that it satisfies.
  var steps: [Set<Int>]
  var exclusions: [Set<Int>]
  /// 0 is none.
  var values: [UInt32]?

  init(_ dice: inout Dice, order: FunnelPlan.Order, entry: FunnelPlan.Entry? = nil) {
    let stepCount = 1 + dice.below(4)
    let rowCount = dice.below(8)
    let density = [15, 30, 60][dice.below(3)]
    var exclusions: [FunnelRules.Exclusion] = []
    if stepCount > 1, dice.chance(50) {
      for _ in 0...dice.below(2) {
        let after = order == .any ? 0 : dice.below(stepCount - 1)
        let before = order == .any ? stepCount - 1 : after + 1 + dice.below(stepCount - after - 1)
        exclusions.append(FunnelRules.Exclusion(after: after, before: before))
      }
    }
    rules = FunnelRules(
      stepCount: stepCount, within: dice.chance(60) ? Int64(dice.below(6)) : nil,
      ties: [.any, .any, .seq, .strict][dice.below(4)], entry: entry ?? (dice.chance(30) ? .first : .best),
      order: order, exclusions: exclusions,
      immediateSteps: order == .given && dice.chance(40) ? UInt64(dice.below(16)) & ~1 : 0)
    times = (0..<rowCount).map { _ in Int64(dice.below(7)) }.sorted()
    steps = (0..<rowCount).map { _ in Set((0..<stepCount).filter { _ in dice.chance(density) }) }
    self.exclusions = (0..<rowCount).map { _ in Set(exclusions.indices.filter { _ in dice.chance(20) }) }
    values = dice.chance(30) ? (0..<rowCount).map { _ in UInt32(dice.below(3)) } : nil
  }

  var description: String {
    "\(rules) times \(times) steps \(steps.map { $0.sorted() }) exclusions \(exclusions) "
      + "values \(values ?? [])"
  }

  var list: FunnelRows {
    FunnelRows(
      rules, times: times, steps: bits(steps), exclusions: rules.exclusions.isEmpty ? [] : bits(exclusions),
      entityStarts: [0, times.count], values: values)
  }

  private func bits(_ sets: [Set<Int>]) -> [UInt64] { sets.map { $0.reduce(0) { $0 | 1 << UInt64($1) } } }

  /// The match that a sieve finds, or the rows that it leaves.
  func sieved() -> (FunnelMatch, FunnelRows) {
    var words = zip(bits(steps), bits(exclusions)).map { UInt8($0 | $1 << UInt64(rules.stepCount)) }
    for row in words.indices where !hasValue(row) { words[row] = 0 }
    let (match, left) = EngineTests.swept(rules, words, times, values: values)
    return (match, leftRows(rules, left, words, times, values))
  }

  /// Gives each row a time of its own, in the same order.
  mutating func separateTimes(_ dice: inout Dice) {
    for row in times.indices { times[row] = Int64(row) + times[row] }
  }

  mutating func shuffleTies(_ dice: inout Dice) {
    let keys = times.map { ($0, dice.next()) }
    let order = times.indices.sorted { keys[$0] < keys[$1] }
    steps = order.map { steps[$0] }
    exclusions = order.map { exclusions[$0] }
    values = values.map { values in order.map { values[$0] } }
  }

  private func hasValue(_ row: Int) -> Bool { values.map { $0[row] != 0 } ?? true }
  private func isAlike(_ row: Int, _ other: Int) -> Bool { values.map { $0[row] == $0[other] } ?? true }

  private func isExcluded(_ index: Int, like row: Int, after first: Int64, before last: Int64) -> Bool {
    times.indices.contains {
      exclusions[$0].contains(index) && isAlike($0, row) && first < times[$0] && times[$0] < last
    }
  }

  /// Whether a row may be the next step behind some rows.
  private func follows(_ rows: [Int], _ row: Int) -> Bool {
    let step = rows.count
    guard hasValue(row), steps[row].contains(step), !rows.contains(row) else { return false }
    guard let first = rows.first, let previous = rows.last else {
      let entries = times.indices.filter { hasValue($0) && steps[$0].contains(0) }.map { times[$0] }
      return rules.entry == .best || times[row] == entries.min()
    }
    guard isAlike(first, row), times[previous] <= times[row] else { return false }
    if rules.ties == .seq, previous >= row { return false }
    if rules.ties == .strict, times[previous] == times[row] { return false }
    if let within = rules.within, times[row] - times[first] > Int64(within) { return false }
    let between = times.filter { times[previous] < $0 && $0 < times[row] }
    if rules.immediateSteps >> UInt64(step) & 1 == 1, !between.isEmpty { return false }
    return !rules.exclusions.enumerated().contains { index, rule in
      rule.after < step && step <= rule.before
        && isExcluded(index, like: row, after: times[rows[rule.after]], before: times[row])
    }
  }

  private func match(_ rows: [Int]) -> FunnelMatch {
    FunnelMatch(rows: rows.map { Int32($0) }, times: rows.map { times[$0] })
  }

  func isMatch(_ match: FunnelMatch) -> Bool {
    let rows = match.rows.map { Int($0) }
    return rows.indices.allSatisfy { follows(Array(rows[..<$0]), rows[$0]) }
  }

  /// The order in which matches stand for an entity, as one list of numbers, greatest first.
  private func rank(_ match: FunnelMatch) -> [Int64] {
    guard let first = match.times.first, let last = match.times.last else { return [0] }
    return [Int64(match.level), -last, first] + match.times.map { -$0 } + match.rows.map { -Int64($0) }
  }

  func bestMatch() -> FunnelMatch {
    var best = FunnelMatch()
    func extend(_ rows: [Int]) {
      let found = match(rows)
      if rank(best).lexicographicallyPrecedes(rank(found)) { best = found }
      if rows.count == rules.stepCount { return }
      for row in times.indices where follows(rows, row) { extend(rows + [row]) }
    }
    extend([])
    return best
  }

  func bestUnorderedMatch() -> FunnelMatch {
    var best = FunnelMatch()
    let entries = times.indices.filter { hasValue($0) && !steps[$0].isEmpty }.map { times[$0] }
    func consider(_ rows: [Int]) {
      guard let first = rows.min(), let last = rows.max() else { return }
      if rules.entry == .first, times[first] != entries.min() { return }
      if rules.ties == .strict, Set(rows.map { times[$0] }).count < rows.count { return }
      if let within = rules.within, times[last] - times[first] > Int64(within) { return }
      let isEnded = rules.exclusions.indices.contains {
        isExcluded($0, like: first, after: times[first], before: times[last])
      }
      if isEnded { return }
      let found = match(rows.sorted())
      if rank(best).lexicographicallyPrecedes(rank(found)) { best = found }
    }
    func assign(_ step: Int, _ rows: [Int]) {
      if step == rules.stepCount { return consider(rows) }
      assign(step + 1, rows)
      for row in times.indices where hasValue(row) && steps[row].contains(step) && !rows.contains(row) {
        if let first = rows.first, !isAlike(first, row) { continue }
        assign(step + 1, rows + [row])
      }
    }
    assign(0, [])
    return best
  }
}
