/// Rows in the order of entities and, within one, of times, where these lie.
struct PlacedRows {
  let count: Int
  /// For each row a number of its entity, ascending.
  let entities: UnsafePointer<UInt32>
  /// What makes such a number that of the entity in its log.
  let firstEntity: Int
  /// What makes it the entity's distance from the first one of the batch, modulo 2^32.
  let shift: UInt32
  let times: RowTimes

  /// Calls `body` with the rows of a batch, which has at least one.
  static func with<Result>(
    _ batch: Batch, _ time: Node, _ body: (PlacedRows) throws -> Result
  ) throws -> Result {
    try batch.withEntityNumbers { entities in
      try RowTimes.with(batch, time) { times in
        try body(PlacedRows(entities, firstOfBatch: batch.entities.lowerBound, times))
      }
    }
  }

  init(_ entities: RowEntities, firstOfBatch: Int, _ times: RowTimes) {
    count = entities.count
    self.entities = entities.numbers
    firstEntity = entities.first
    shift = UInt32(truncatingIfNeeded: entities.first - firstOfBatch)
    self.times = times
  }
}

/// Rows in spans of entities, where their times lie.
struct SpannedRows {
  /// By ascending entities, with an end.
  let spans: UnsafeBufferPointer<EntitySpan>
  /// Of each place of a span.
  let times: RowTimes

  /// The places of an entity's rows.
  @inline(__always) func places(_ span: Int) -> Range<Int> {
    let first = Int(spans[span].place)
    return first..<first &+ Int(spans[span &+ 1].row &- spans[span].row)
  }

  /// Which of all rows lies at a place of a span.
  @inline(__always) func row(_ place: Int, _ span: Int) -> Int {
    place &- Int(spans[span].place) &+ Int(spans[span].row)
  }

  /// Behind all places.
  var end: Int { spans.last.map { Int($0.place) } ?? 0 }

  /// Calls `body` with the rows of a batch, which has at least one.
  static func with<Result>(
    _ batch: Batch, _ time: Node, _ body: (SpannedRows) throws -> Result
  ) throws -> Result {
    if let (spans, stored, first) = batch.storedSpans(time), let times = RowTimes(stored, from: first) {
      return try spans.withUnsafeBufferPointer { try body(SpannedRows(spans: $0, times: times)) }
    }
    return try PlacedRows.with(batch, time) { try with($0, body) }
  }

  /// Calls `body` with rows that lie one after another.
  static func with<Result>(_ rows: PlacedRows, _ body: (SpannedRows) throws -> Result) rethrows -> Result {
    let spans = EntitySpan.all(rows.entities, count: rows.count, shift: rows.shift)
    return try spans.withUnsafeBufferPointer { try body(SpannedRows(spans: $0, times: rows.times)) }
  }
}
