import Planning

/// Finds the longest match of each entity of a batch where no two of its rows that matter have one time, and nothing
/// but order, window and exclusions counts: with such rows there is one way to go on, and what cannot go on is passed
/// over without a look at its time.
///
/// For each length one match is kept, the one that starts last. A row matters where it makes a match that starts later
/// than the one of the next length. Entities whose rows' order is not known are left to `FunnelWalk`.
struct FunnelSweep<Word: FixedWidthInteger & UnsignedInteger> {
  private let rules: FunnelRules
  private let stepCount: Int
  /// For each exclusion the lengths of the matches that it ends; of length `n` bit `n`.
  private let ended: [UInt64]

  /// - Parameter rules: which `canSweep`.
  init(_ rules: FunnelRules) {
    self.rules = rules
    stepCount = rules.stepCount
    ended = rules.exclusions.map { rule in
      (rule.after + 1...rule.before).reduce(0) { $0 | 1 << UInt64($1) }
    }
  }

  /// - Parameters:
  ///   - words: for each row the steps that it satisfies, and behind their bits the exclusions.
  ///   - entityStarts: where each entity's rows start, and after the last one the number of rows.
  /// - Returns: rows that matter of entities that are not decided, ascending, and their times.
  func run(
    _ words: [Word], _ times: RowTimes, entityStarts: [Int], into found: inout FunnelFindings
  ) -> (rows: [Int32], times: [Int64]) {
    var left: [Int32] = []
    var timesLeft: [Int64] = []
    words.withUnsafeBufferPointer { words in
      // Those that get no further than the first step are told by their steps alone, and their times are not read.
      let entities = entitiesToWalk(words, entityStarts, into: &found)
      if entities.isEmpty { return }
      withUnsafeTemporaryAllocation(of: Int64.self, capacity: words.count) { known in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: (stepCount + 1) * stepCount) { rows in
          withUnsafeTemporaryAllocation(of: Int64.self, capacity: stepCount + 2) { starting in
            guard let known = known.baseAddress, let rows = rows.baseAddress,
              let starting = starting.baseAddress
            else { return }
            for entity in entities {
              times.read(entityStarts[Int(entity)]..<entityStarts[Int(entity) + 1], into: known)
            }
            let times = UnsafePointer(known)
            for entity in entities {
              let range = entityStarts[Int(entity)]..<entityStarts[Int(entity) + 1]
              let level = walk(words, times, range, rows, starting)
              if level == 0 {
                take(words, times, range, into: &left)
              } else {
                found.append(rows + stepCount * stepCount, level, times)
              }
            }
            timesLeft = left.map { times[Int($0)] }
          }
        }
      }
    }
    return (left, timesLeft)
  }

  /// The entities with rows of the first two steps; those with the first alone have been found.
  private func entitiesToWalk(
    _ words: UnsafeBufferPointer<Word>, _ entityStarts: [Int], into found: inout FunnelFindings
  ) -> [Int32] {
    var foundCount = 0
    let entities = [Int32](unsafeUninitializedCapacity: entityStarts.count) { entities, count in
      let (needsRows, canGoOn) = (found.needsRows, UInt8(stepCount > 1 ? 1 : 0))
      for entity in 0..<max(0, entityStarts.count - 1) {
        let range = entityStarts[entity]..<entityStarts[entity &+ 1]
        let all = UInt8(truncatingIfNeeded: FunnelSweep.union(words, range))
        // What an entity has cannot be foretold, so nothing branches on it.
        let goesOn = all & all >> 1 & canGoOn
        let ends = all & 1 & ~goesOn
        entities[count] = Int32(truncatingIfNeeded: entity)
        count &+= Int(goesOn)
        foundCount &+= Int(ends)
        if needsRows, ends != 0 { found.append(firstEntry(words, range)) }
      }
    }
    if found.needsRows { foundCount = 0 }
    found.append(ofFirstStep: foundCount)
    return entities
  }

  /// All that any row satisfies.
  @inline(__always)
  private static func union(_ words: UnsafeBufferPointer<Word>, _ range: Range<Int>) -> Word {
    var all: Word = 0
    var row = range.lowerBound
    if MemoryLayout<Word>.size == 1 {
      // Eight rows at once, the last with those of the next entity.
      let bytes = UnsafeRawBufferPointer(words)
      var eight: UInt64 = 0
      while row < range.upperBound, row &+ 8 <= words.count {
        let next = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: row, as: UInt64.self))
        let rest = range.upperBound &- row
        eight |= rest >= 8 ? next : next & ((1 &<< UInt64(truncatingIfNeeded: rest &* 8)) &- 1)
        row &+= 8
      }
      eight |= eight >> 32
      eight |= eight >> 16
      all = Word(truncatingIfNeeded: eight | eight >> 8)
    }
    while row < range.upperBound {
      all |= words[row]
      row &+= 1
    }
    return all
  }

  /// The first row from one on that satisfies something of a mask; `end` where there is none.
  @inline(__always)
  private static func next(
    _ words: UnsafeBufferPointer<Word>, from first: Int, to end: Int, _ mask: UInt64
  ) -> Int {
    var row = first
    if MemoryLayout<Word>.size == 1 {
      let bytes = UnsafeRawBufferPointer(words)
      let wanted = (mask & 0xff) &* 0x0101_0101_0101_0101
      while row < end, row &+ 8 <= words.count {
        let eight = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: row, as: UInt64.self))
        if eight & wanted != 0 { return min(end, row &+ (eight & wanted).trailingZeroBitCount >> 3) }
        row &+= 8
      }
    }
    while row < end, words[row] & Word(truncatingIfNeeded: mask) == 0 { row &+= 1 }
    return min(row, end)
  }

  private func firstEntry(_ words: UnsafeBufferPointer<Word>, _ range: Range<Int>) -> Int32 {
    Int32(truncatingIfNeeded: range.first { words[$0] & 1 != 0 } ?? range.lowerBound)
  }

  // MARK: One entity

  /// The length of the entity's longest match, whose rows follow the `stepCount` matches of `rows`; 0 where rows of one
  /// time leave it open.
  ///
  /// - Parameters:
  ///   - rows: for each length a match, in a row of `stepCount`.
  ///   - starting: for each length when its match starts.
  @inline(__always)
  private func walk(
    _ words: UnsafeBufferPointer<Word>, _ times: UnsafePointer<Int64>, _ range: Range<Int>,
    _ rows: UnsafeMutablePointer<Int32>, _ starting: UnsafeMutablePointer<Int64>
  ) -> Int {
    let stepCount = stepCount
    let best = rows + stepCount * stepCount
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
      let row = FunnelSweep.next(words, from: next, to: range.upperBound, open | begins | exclusions)
      if row == range.upperBound { return level }
      next = row &+ 1
      let word = UInt64(truncatingIfNeeded: words[row])
      if word & exclusions != 0 {
        // Whether a row goes on with what it ends is not for here.
        if word & lengths & ~1 & rules.allSteps != 0 { return 0 }
        let removed = lengths & lengthsEnded(by: word >> UInt64(stepCount))
        if removed != 0 {
          if isTied(words, times, row, range) { return 0 }
          // A later entry may take the place of this one.
          if lengths & 2 != 0, !isEntryKnown { set(words, times, entry..<row, range, rows, starting) }
          lengths &= ~removed
          open = openLengths(lengths, starting)
          if removed & 2 != 0, rules.entry == .best { begins = 1 }
        }
      }
      var usable = word & open
      if usable != 0 {
        let time = times[row]
        var isAlone = false
        repeat {
          // The longest first: the row is one step of each match.
          let step = 63 &- usable.leadingZeroBitCount
          usable &= ~(1 &<< UInt64(step))
          if step == 1 {
            if !isEntryKnown { set(words, times, entry..<row, range, rows, starting) }
            isEntryKnown = true
            if rules.entry == .best { begins = 1 }
          }
          open &= ~(1 &<< UInt64(step))
          guard rules.allows(time, from: starting[step]) else { continue }
          if !isAlone, isTied(words, times, row, range) { return 0 }
          isAlone = true
          let longer = rows + step &* stepCount
          for index in 0..<step { longer[index] = (longer - stepCount)[index] }
          longer[step] = Int32(truncatingIfNeeded: row)
          starting[step &+ 1] = starting[step]
          lengths |= 2 &<< UInt64(step)
          if step &+ 1 > level {
            level = step &+ 1
            for index in 0..<level { best[index] = longer[index] }
            if level == stepCount { return level }
          }
          if lengths &>> UInt64(step &+ 2) & 1 == 0 || starting[step &+ 1] > starting[step &+ 2] {
            open |= 2 &<< UInt64(step)
          }
        } while usable != 0
      }
      if word & begins == 0 { continue }
      // Rows of the first step alone that follow are not looked at one by one: what else this row is must not wait.
      if word == 1 ? isTiedToOthers(words, times, row, range) : isTied(words, times, row, range) { return 0 }
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

  private func openLengths(_ lengths: UInt64, _ starting: UnsafeMutablePointer<Int64>) -> UInt64 {
    var open: UInt64 = 0
    for length in 1..<stepCount where lengths >> UInt64(length) & 1 == 1 {
      if lengths >> UInt64(length + 1) & 1 == 0 || starting[length] > starting[length + 1] {
        open |= 1 << UInt64(length)
      }
    }
    return open
  }

  /// Makes the match of one step: of the last entry among some rows, or where the first alone counts of that, and of
  /// rows of its time the first.
  @inline(__always)
  private func set(
    _ words: UnsafeBufferPointer<Word>, _ times: UnsafePointer<Int64>, _ entries: Range<Int>,
    _ range: Range<Int>, _ rows: UnsafeMutablePointer<Int32>, _ starting: UnsafeMutablePointer<Int64>
  ) {
    var entry = entries.lowerBound
    if rules.entry == .best {
      entry = entries.upperBound &- 1
      while words[entry] & 1 == 0 { entry &-= 1 }
    }
    let time = times[entry]
    var first = entry
    var row = entry &- 1
    while row >= range.lowerBound, times[row] == time {
      if words[row] & 1 != 0 { first = row }
      row &-= 1
    }
    rows[0] = Int32(truncatingIfNeeded: first)
    starting[1] = time
  }

  /// Whether another row that matters has a row's time.
  @inline(__always)
  private func isTied(
    _ words: UnsafeBufferPointer<Word>, _ times: UnsafePointer<Int64>, _ row: Int, _ range: Range<Int>
  ) -> Bool {
    let time = times[row]
    var other = row &- 1
    while other >= range.lowerBound, times[other] == time {
      if words[other] != 0 { return true }
      other &-= 1
    }
    other = row &+ 1
    while other < range.upperBound, times[other] == time {
      if words[other] != 0 { return true }
      other &+= 1
    }
    return false
  }

  /// Whether the row that matters before one of the first step has its time, and is more than that.
  @inline(__always)
  private func isTiedToOthers(
    _ words: UnsafeBufferPointer<Word>, _ times: UnsafePointer<Int64>, _ row: Int, _ range: Range<Int>
  ) -> Bool {
    var other = row &- 1
    while other >= range.lowerBound, words[other] == 0 { other &-= 1 }
    return other >= range.lowerBound && words[other] != 1 && times[other] == times[row]
  }

  // MARK: Entities that are left

  /// Takes the rows that an entity's match may need. Of times that only rows of the first step have, each can be left
  /// out that is followed by another such time, or by none, and is not the first.
  private func take(
    _ words: UnsafeBufferPointer<Word>, _ times: UnsafePointer<Int64>, _ range: Range<Int>,
    into rows: inout [Int32]
  ) {
    var row = Int(firstEntry(words, range))
    let time = times[row]
    while row > range.lowerBound, times[row - 1] == time { row -= 1 }
    var isFirst = true
    // Where the rows of a time begin of which it is not known yet whether they can be left out.
    var pending: Int?
    while row < range.upperBound {
      let time = times[row]
      let start = rows.count
      var isPlain = true
      while row < range.upperBound, times[row] == time {
        if words[row] != 0 {
          rows.append(Int32(truncatingIfNeeded: row))
          if words[row] != 1 { isPlain = false }
        }
        row += 1
      }
      if rows.count == start { continue }
      if isPlain, let begin = pending { rows.removeSubrange(begin..<start) }
      pending = isPlain && !isFirst ? pending ?? start : nil
      isFirst = false
    }
    if let begin = pending { rows.removeSubrange(begin...) }
  }
}

extension FunnelRules {
  /// Whether a funnel's matches can be found by a sweep where rows have times of their own.
  var canSweep: Bool { order == .given && immediateSteps == 0 }
}
