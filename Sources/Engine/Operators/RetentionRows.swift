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
  /// What tells the rows of an entity apart: ascending, and the same in all lists.
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

extension RetentionList {
  /// The rows of a batch.
  init(_ batch: Batch, time: Node, bounds: ClosedRange<Int64>?) throws {
    self.init(
      rows: batch.rootPositions ?? (0..<Int32(truncatingIfNeeded: batch.count)).map { $0 },
      entities: batch.entityPositions, times: try batch.column(time).integerValues, bounds: bounds)
  }
}
