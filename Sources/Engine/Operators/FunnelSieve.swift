import Planning

/// Decides the entities of a batch for which a look at few of their rows is enough, and finds the rows of the others
/// that their matches may need.
///
/// An entity with rows of no more than one step is told by that. What is left is swept where it can be.
struct FunnelSieve<Word: FixedWidthInteger & UnsignedInteger> {
  private let rules: FunnelRules
  private let counting: FunnelPlan.Counting

  /// An entity whose rows of more than one step may be a match.
  private struct Candidate {
    let number: Int32
    /// How many steps from the first on have a row.
    let reach: Int32

    func rows(_ entityStarts: [Int]) -> Range<Int> {
      entityStarts[Int(number)]..<entityStarts[Int(number) &+ 1]
    }
  }

  /// So many candidates before its turn the times of one are fetched.
  private static var distance: Int { 16 }

  init(_ rules: FunnelRules, _ counting: FunnelPlan.Counting) {
    self.rules = rules
    self.counting = counting
  }

  /// - Parameters:
  ///   - words: for each row the steps that it satisfies, and behind their bits the exclusions.
  ///   - values: for each row the number of the value that the rows of a match share; nothing where they share none.
  ///   - entityStarts: where each entity's rows start, and after the last one the number of rows.
  /// - Returns: rows that matter of entities that are not decided, ascending.
  func run(
    _ words: [Word], _ times: RowTimes, values: [UInt32]?, entityStarts: [Int],
    into found: inout FunnelFindings
  ) -> [Int32] {
    var left: [Int32] = []
    words.withUnsafeBufferPointer { words in
      let rows = SweptRows(words: words, times: times)
      let candidates = candidates(rows, entityStarts, into: &found)
      let sweep = FunnelSweep<Word>(rules)
      let sweeps = rules.canSweep && counting == .entities
      sweep.withMatches { matches in
        for place in candidates.indices {
          // Times lie far from each other.
          let ahead = place &+ FunnelSieve.distance
          if ahead < candidates.count { times.fetch(candidates[ahead].rows(entityStarts)) }
          let range = candidates[place].rows(entityStarts)
          let isMixed = values?.withUnsafeBufferPointer { rows.areMixed(range, $0) } ?? false
          var level = 0
          if sweeps, !isMixed {
            let reach = Int(candidates[place].reach)
            level =
              found.needsMatches
              ? sweep.run(rows, range, reach: reach, .kept, into: matches)
              : sweep.run(rows, range, reach: reach, .measured, into: matches)
          }
          if level > 0 {
            found.append(matches.best, level)
          } else {
            rows.append(range, to: &left, leavingOut: isMixed ? .nothing : dispensable)
          }
        }
      }
    }
    found.measure(times)
    return left
  }

  /// What no match of an entity needs, whose rows may share all matches.
  private var dispensable: SweptRows<Word>.Dispensable {
    if counting == .attempts || rules.order == .any { return .nothing }
    return rules.immediateSteps & 2 == 0 ? .entriesBeforeEntries : .entriesNotFollowed
  }

  /// The entities that may have a match of more than one step, or any where attempts are counted; those that have rows
  /// of one step alone have been found.
  private func candidates(
    _ rows: SweptRows<Word>, _ entityStarts: [Int], into found: inout FunnelFindings
  ) -> [Candidate] {
    var foundCount = 0
    let candidates = [Candidate](unsafeUninitializedCapacity: entityStarts.count) { candidates, count in
      let (needsRows, allSteps) = (found.needsRows, Word(truncatingIfNeeded: rules.allSteps))
      let isOrdered = rules.order == .given
      let entries = isOrdered ? 1 : rules.allSteps
      let alwaysGoesOn: Word = counting == .attempts ? 1 : 0
      for entity in 0..<max(0, entityStarts.count - 1) {
        let range = entityStarts[entity]..<entityStarts[entity &+ 1]
        let all = rows.union(range) & allSteps
        // What an entity has cannot be foretold, so nothing branches on it.
        let begins = isOrdered ? all & 1 : FunnelSieve.one(where: all != 0)
        let goesOn =
          begins & (alwaysGoesOn | (isOrdered ? all >> 1 & 1 : FunnelSieve.one(where: all & (all &- 1) != 0)))
        candidates[count] = Candidate(
          number: Int32(truncatingIfNeeded: entity),
          reach: Int32(truncatingIfNeeded: (~all).trailingZeroBitCount))
        count &+= Int(truncatingIfNeeded: goesOn)
        let ends = begins & ~goesOn
        foundCount &+= Int(truncatingIfNeeded: ends)
        if needsRows, ends != 0 { found.append(Int32(truncatingIfNeeded: rows.next(in: range, entries))) }
      }
    }
    if !found.needsRows { found.append(foundCount, ofLevel: 1) }
    return candidates
  }

  @inline(__always)
  private static func one(where condition: Bool) -> Word {
    Word(truncatingIfNeeded: unsafeBitCast(condition, to: UInt8.self))
  }
}
