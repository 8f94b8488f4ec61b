import Planning

/// Finds the longest match of an entity no two of whose rows that matter have one time, where nothing but order, window
/// and exclusions counts: with such rows there is one way to go on, and what cannot go on is passed over without a look
/// at its time.
///
/// For each length one match is kept, the one that starts last. A row matters where it makes a match that starts later
/// than the one of the next length. Entities whose rows' order is not known are left to `FunnelWalk`.
struct FunnelSweep<Word: FixedWidthInteger & UnsignedInteger> {
  private let rules: FunnelRules
  private let stepCount: Int
  /// For each exclusion the lengths of the matches that it ends; of length `n` bit `n`.
  private let ended: [UInt64]
  /// All of these.
  private let endable: UInt64

  /// Memory for the matches of an entity.
  struct Matches {
    /// The rows of the best match, where they are kept.
    let best: UnsafeMutablePointer<Int32>
    /// For each length the rows of a match, in a row of as many as there are steps.
    fileprivate let rows: UnsafeMutablePointer<Int32>
    /// For each length the first row of its match, and of rows of that time that may be.
    fileprivate let starts: UnsafeMutablePointer<Int32>
  }

  /// - Parameter rules: which `canSweep`.
  init(_ rules: FunnelRules) {
    self.rules = rules
    stepCount = rules.stepCount
    ended = rules.exclusions.map { rule in
      (rule.after + 1...rule.before).reduce(0) { $0 | 1 << UInt64($1) }
    }
    endable = ended.reduce(0, |)
  }

  /// Lends memory for matches.
  func withMatches(_ body: (Matches) -> Void) {
    let matchesSize = stepCount * stepCount
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: matchesSize + 2 * stepCount + 2) { memory in
      guard let rows = memory.baseAddress else { preconditionFailure("there is memory for the matches") }
      let best = rows + matchesSize
      body(Matches(best: best, rows: rows, starts: best + stepCount))
    }
  }

  /// What is to be known of a match.
  enum Knowledge {
    /// How long it is.
    case measured
    /// Its rows as well.
    case kept
  }

  /// The length of the entity's longest match; 0 where rows of one time leave it open.
  ///
  /// - Parameter reach: no match is longer.
  @inline(__always)
  func run(
    _ swept: SweptRows<Word>, _ range: Range<Int>, reach: Int, _ knowledge: Knowledge, into matches: Matches
  ) -> Int {
    let (stepCount, words, best, starts) = (stepCount, swept.words, matches.best, matches.starts)
    let exclusions: UInt64 = ended.isEmpty ? 0 : .max << UInt64(stepCount)
    var level = 0
    // Of length `n` bit `n`: that there is a match, and that it would make a later one of the next length.
    var lengths: UInt64 = 0
    var open: UInt64 = 0
    // A row of the first step from which a match can go on; which later one it is is looked up once it matters.
    var entry = 0
    var isEntryKnown = true
    // Whether a row of the first step can begin a match that is not begun anyway.
    var begins: UInt64 = 1
    var next = range.lowerBound
    while true {
      let awaited = open | begins | (lengths & endable == 0 ? 0 : exclusions)
      let row = swept.next(in: next..<range.upperBound, awaited)
      if row == range.upperBound { return level }
      next = row &+ 1
      let word = UInt64(truncatingIfNeeded: words[row])
      if word & exclusions != 0 {
        // Whether a row goes on with what it ends is not for here.
        if word & lengths & ~1 & rules.allSteps != 0 { return 0 }
        let removed = lengths & lengthsEnded(by: word >> UInt64(stepCount))
        if removed != 0 {
          if swept.isTied(row, range) { return 0 }
          // A later entry may take the place of this one.
          if lengths & 2 != 0, !isEntryKnown { setEntry(swept, entry..<row, range, matches) }
          lengths &= ~removed
          open = openLengths(lengths, starts)
          if removed & 2 != 0, rules.entry == .best { begins = 1 }
        }
      }
      var usable = word & open
      if usable != 0 {
        var isAlone = false
        repeat {
          // The longest first: the row is one step of each match.
          let step = 63 &- usable.leadingZeroBitCount
          usable &= ~(1 &<< UInt64(step))
          if step == 1 {
            if !isEntryKnown { setEntry(swept, entry..<row, range, matches) }
            isEntryKnown = true
            if rules.entry == .best { begins = 1 }
          }
          open &= ~(1 &<< UInt64(step))
          if let within = rules.within,
            !swept.times.isWithin(within, of: Int(starts[step]), row)
          {
            continue
          }
          if !isAlone, swept.isTied(row, range) { return 0 }
          isAlone = true
          starts[step &+ 1] = starts[step]
          lengths |= 2 &<< UInt64(step)
          if knowledge == .kept {
            let longer = matches.rows + step &* stepCount
            for index in 0..<step { longer[index] = (longer - stepCount)[index] }
            longer[step] = Int32(truncatingIfNeeded: row)
            if step &+ 1 > level {
              for index in 0...step { best[index] = longer[index] }
            }
          }
          if step &+ 1 > level {
            level = step &+ 1
            if level == reach { return level }
          }
          if lengths &>> UInt64(step &+ 2) & 1 == 0 || starts[step &+ 1] > starts[step &+ 2] {
            open |= 2 &<< UInt64(step)
          }
        } while usable != 0
      }
      if word & begins == 0 { continue }
      // Rows of the first step alone that follow are not looked at one by one: what else this row is must not wait.
      if word == 1 ? swept.isTiedToOthers(row, range) : swept.isTied(row, range) { return 0 }
      if level == 0 {
        level = 1
        best[0] = Int32(truncatingIfNeeded: row)
      }
      entry = row
      isEntryKnown = false
      lengths |= 2
      open |= 2
      begins = 0
    }
  }

  private func lengthsEnded(by exclusions: UInt64) -> UInt64 {
    var lengths: UInt64 = 0
    for (index, ends) in ended.enumerated() where exclusions >> UInt64(index) & 1 == 1 { lengths |= ends }
    return lengths
  }

  private func openLengths(_ lengths: UInt64, _ starts: UnsafeMutablePointer<Int32>) -> UInt64 {
    var open: UInt64 = 0
    for length in 1..<stepCount where lengths >> UInt64(length) & 1 == 1 {
      if lengths >> UInt64(length + 1) & 1 == 0 || starts[length] > starts[length + 1] {
        open |= 1 << UInt64(length)
      }
    }
    return open
  }

  /// Makes the match of one step: of the last entry among some rows, or where the first alone counts of that, and of
  /// rows of its time the first.
  @inline(__always)
  private func setEntry(
    _ swept: SweptRows<Word>, _ entries: Range<Int>, _ range: Range<Int>, _ matches: Matches
  ) {
    var entry = entries.lowerBound
    if rules.entry == .best {
      entry = entries.upperBound &- 1
      while swept.words[entry] & 1 == 0 { entry &-= 1 }
    }
    let first = Int32(truncatingIfNeeded: swept.firstEntry(asLateAs: entry, range))
    matches.rows[0] = first
    matches.starts[1] = first
  }
}

extension FunnelRules {
  /// Whether a funnel's matches can be found by a sweep where rows have times of their own.
  var canSweep: Bool { order == .given && immediateSteps == 0 }
}
