/// Rows in the order of entities and, within one, of times.
struct TimedRows {
  /// The entities' distances from the first one of a batch.
  let entities: [Int32]
  let times: [Int64]

  init(entities: [Int32], times: [Int64]) {
    precondition(entities.count == times.count, "each row has an entity and a time")
    self.entities = entities
    self.times = times
  }

  /// The rows of a batch.
  init(_ batch: Batch, time: Node) throws {
    self.init(entities: batch.entityPositions, times: try batch.column(time).integerValues)
  }
}
