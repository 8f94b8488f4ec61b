import Planning

/// The rows that can matter to a funnel: those that satisfy a step or an exclusion, in the order of entity,
/// time and sequence. All arrays have one element a row, or are empty where the funnel does not ask for them.
struct FunnelRows {
  /// Row numbers in the batch, ascending.
  var rows: [Int32] = []
  var times: [Int64] = []
  /// Bit `s` is set where the row satisfies step `s`.
  var steps: [UInt64] = []
  /// Bit `e` is set where a row of the entity and time, and of the value that a match shares, satisfies
  /// exclusion `e`.
  var exclusions: [UInt64] = []
  /// The last time of the entity's rows before the row's own, of whatever rows; `Int64.min` where there is
  /// none.
  var earlierTimes: [Int64] = []
  /// Numbers of the values that all rows of a match share.
  var values: [UInt32] = []

  var count: Int { rows.count }

  /// The first place after `place` whose time differs, up to `end`.
  @inline(__always) func endOfGroup(_ place: Int, _ end: Int) -> Int {
    let time = times[place]
    // Attempts come to a large group often.
    return firstPlace(from: place &+ 1, to: end) { times[$0] != time }
  }

  /// The first place with the time of `place`, from `start` on.
  @inline(__always) func firstOfGroup(_ place: Int, _ start: Int) -> Int {
    let time = times[place]
    var first = place
    while first > start, times[first &- 1] == time { first &-= 1 }
    return first
  }

  /// The rows at some places, without their values.
  func part(_ places: ArraySlice<Int>) -> FunnelRows {
    var part = FunnelRows()
    part.rows = places.map { rows[$0] }
    part.times = places.map { times[$0] }
    part.steps = places.map { steps[$0] }
    if !earlierTimes.isEmpty { part.earlierTimes = places.map { earlierTimes[$0] } }
    if !exclusions.isEmpty {
      part.exclusions = places.map { exclusions[$0] }
      part.shareExclusions(0..<part.count)
    }
    return part
  }

  /// Gives each row of an entity the exclusions of all rows of its time.
  private mutating func shareExclusions(_ entity: Range<Int>) {
    var place = entity.lowerBound
    while place < entity.upperBound {
      let end = endOfGroup(place, entity.upperBound)
      if end > place + 1 {
        let all = exclusions[place..<end].reduce(0, |)
        for tied in place..<end { exclusions[tied] = all }
      }
      place = end
    }
  }
}

extension FunnelRows {
  /// Picks rows out of a batch.
  ///
  /// - Parameters:
  ///   - times: of all rows of the batch.
  ///   - steps: for each row of the batch the bits of the steps that it satisfies.
  ///   - exclusions: the same, or nothing where there are no exclusions.
  ///   - entityStarts: where each entity's rows start, and after the last one the number of rows.
  ///   - values: for each row the number of the value that the rows of a match share, and 0 where there is
  ///     none.
  init(
    _ rules: FunnelRules, times: [Int64], steps: [UInt64], exclusions: [UInt64] = [], entityStarts: [Int],
    values: [UInt32]? = nil
  ) {
    for row in steps.indices where (steps[row] | (exclusions.isEmpty ? 0 : exclusions[row])) != 0 {
      if let values, values[row] == 0 { continue }
      rows.append(Int32(truncatingIfNeeded: row))
    }
    self.times = times.gathered(rows)
    self.steps = steps.gathered(rows)
    if let values { self.values = values.gathered(rows) }
    if rules.immediateSteps != 0 {
      earlierTimes = times.withUnsafeBufferPointer { times in
        times.baseAddress.map { FunnelRows.earlierTimes(rows, RowTimes($0), entityStarts) } ?? []
      }
    }
    guard !exclusions.isEmpty else { return }
    self.exclusions = exclusions.gathered(rows)
    // Rows that share a value are told from others when they are parted.
    if values == nil { forEachEntity(entityStarts) { $0.shareExclusions($1) } }
  }

  /// Takes rows of a batch, ascending.
  ///
  /// - Parameters:
  ///   - times: of all rows of the batch.
  ///   - words: for each row of the batch the bits of steps, and behind them those of exclusions.
  ///   - values: for each row the number of the value that the rows of a match share, where there is such.
  init<Word: FixedWidthInteger & UnsignedInteger>(
    _ rules: FunnelRules, rows: [Int32], times: RowTimes, words: [Word], values: [UInt32]?,
    _ entityStarts: [Int]
  ) {
    self.rows = rows
    self.times = rows.map { times[Int($0)] }
    steps = rows.map { UInt64(truncatingIfNeeded: words[Int($0)]) & rules.allSteps }
    if let values { self.values = values.gathered(rows) }
    if rules.immediateSteps != 0 { earlierTimes = FunnelRows.earlierTimes(rows, times, entityStarts) }
    if rules.exclusions.isEmpty { return }
    exclusions = rows.map { UInt64(words[Int($0)]) >> UInt64(rules.stepCount) }
    // Rows that share a value are told from others when they are parted.
    if values == nil { forEachEntity(entityStarts) { $0.shareExclusions($1) } }
  }

  /// Calls `body` with the places of each entity's rows; entities without rows are left out.
  @inline(__always)
  mutating func forEachEntity(_ entityStarts: [Int], _ body: (inout FunnelRows, Range<Int>) -> Void) {
    var first = 0
    for end in entityStarts.dropFirst() where first < count && Int(rows[first]) < end {
      var last = first + 1
      while last < count, Int(rows[last]) < end { last += 1 }
      body(&self, first..<last)
      first = last
    }
  }

  /// For some rows, ascending, the last time of the entity's rows before their own.
  private static func earlierTimes(_ rows: [Int32], _ times: RowTimes, _ entityStarts: [Int]) -> [Int64] {
    var earlier: [Int64] = []
    earlier.reserveCapacity(rows.count)
    var entity = 0
    var before = -1
    for row in rows.lazy.map({ Int($0) }) {
      while entityStarts[entity + 1] <= row { entity += 1 }
      let start = entityStarts[entity]
      var other = row - 1
      // Rows of one time are passed over once: what they come after is known of the one before.
      while other >= start, other != before, times.areEqual(other, row) { other -= 1 }
      if other < start {
        earlier.append(.min)
      } else if times.areEqual(other, row), let known = earlier.last {
        earlier.append(known)
      } else {
        earlier.append(times[other])
      }
      before = row
    }
    return earlier
  }
}
