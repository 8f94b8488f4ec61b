import Values

/// The rows that can matter to retention.
struct RetentionRows {
  let starts: RetentionList
  /// One byte a start, 1 where it lies in the range that is looked at; nothing where all of them do.
  let isInRange: [UInt8]?
  /// Those that count.
  let returns: RetentionList
}

/// Rows of one kind, in the order of entity, time and sequence.
struct RetentionList {
  /// What tells rows apart: equal for a row that is in two lists, and ascending.
  let rows: [Int32]
  /// The distances of the rows' entities from the first one.
  let entities: [Int32]
  /// Times within `RetentionPeriods.times`.
  let times: [Int64]

  var count: Int { rows.count }

  /// - Parameter bounds: what all times lie in, where that is known.
  init(rows: [Int32], entities: [Int32], times: [Int64], bounds: ClosedRange<Int64>? = nil) {
    self.rows = rows
    self.entities = entities
    let (first, last) = (RetentionPeriods.times.lowerBound, RetentionPeriods.times.upperBound)
    let isInside = bounds.map { $0.lowerBound >= first && $0.upperBound <= last } ?? false
    self.times = isInside ? times : times.map { min(max($0, first), last) }
  }

  /// Whether there is a row at a place, and it is an entity's.
  @inline(__always) func has(_ entity: Int32, at place: Int) -> Bool {
    place < count && entities[place] == entity
  }

  /// The first place from one on whose entity is not before another.
  @inline(__always) func first(from place: Int, ofEntity entity: Int32) -> Int {
    first(from: place) { entities[$0] >= entity }
  }

  /// The first place from one on, which is an entity's, that is none of its rows before a time: one of its later rows,
  /// or the end of them.
  @inline(__always) func first(from place: Int, ofEntity entity: Int32, notBefore time: Int64) -> Int {
    first(from: place) { times[$0] >= time || entities[$0] != entity }
  }

  /// The end of an entity's rows, one of which is at a place or would be.
  @inline(__always) func end(from place: Int, ofEntity entity: Int32) -> Int {
    first(from: place) { entities[$0] != entity }
  }

  /// The first place from one on for which something holds, as it does for all places behind.
  @inline(__always) private func first(from place: Int, where isReached: (Int) -> Bool) -> Int {
    var low = place
    // Nearby first: what is sought is mostly near.
    let near = min(place &+ 8, count)
    while low < near {
      if isReached(low) { return low }
      low &+= 1
    }
    var step = 8
    while low &+ step < count, !isReached(low &+ step) {
      low &+= step &+ 1
      step &*= 2
    }
    var high = min(low &+ step, count)
    while low < high {
      let middle = (low &+ high) / 2
      if isReached(middle) { high = middle } else { low = middle &+ 1 }
    }
    return low
  }
}

extension CompiledRetention {
  /// The rows of a batch that matter; nothing where no entity starts.
  func rows(_ batch: Batch) throws -> RetentionRows? {
    let range = try batch.mask(of: range)
    var isStart = Truth(try batch.value(start), count: batch.count).isTrue
    // Who was first knows all of history.
    if let range, matcher.cohort != .firstEver { isStart = zipped(isStart, range) { $0 & $1 } }
    guard let starts = try list(batch, RowChoice(mask: isStart)) else { return nil }
    var isReturn = Truth(try batch.value(comeback), count: batch.count).isTrue
    if let range { isReturn = zipped(isReturn, range) { $0 & $1 } }
    let isInRange = matcher.cohort == .firstEver ? range?.gathered(starts.rows) : nil
    let none = RetentionList(rows: [], entities: [], times: [])
    return RetentionRows(
      starts: starts, isInRange: isInRange, returns: try list(batch, RowChoice(mask: isReturn)) ?? none)
  }

  private func list(_ batch: Batch, _ choice: RowChoice) throws -> RetentionList? {
    let rows: [Int32]
    switch choice {
    case .none: return nil
    case .all: rows = (0..<Int32(truncatingIfNeeded: batch.count)).map { $0 }
    case .some(let some): rows = some
    }
    return RetentionList(
      rows: rows, entities: batch.entityPositions.gathered(rows),
      times: try Batch(batch, at: rows).column(time).integerValues, bounds: times)
  }
}
