import Planning
import Values

/// The rows that can matter to retention, with times within those that periods are counted for.
struct RetentionRows {
  let starts: SpannedRows
  /// One byte a start, 1 where it lies in the range that is looked at; nothing where all of them do.
  let isInRange: [UInt8]?
  /// Those that count.
  let returns: SpannedRows
  /// What tells a start from other rows, the same as for returns; found out where it matters.
  let startRow: (Int) -> Int32
  let returnRow: (Int) -> Int32
}

extension SpannedRows {
  /// Calls `body` with the rows of a batch, or none; a time outside those that periods are counted for becomes the
  /// nearest inside.
  ///
  /// - Parameter bounds: what all times lie in, where that is known.
  static func withinPeriods<Result>(
    _ batch: Batch?, _ time: Node, bounds: ClosedRange<Int64>?, _ body: (SpannedRows) throws -> Result
  ) throws -> Result {
    let (first, last) = (RetentionPeriods.times.lowerBound, RetentionPeriods.times.upperBound)
    if let batch, let bounds, bounds.lowerBound >= first, bounds.upperBound <= last {
      return try SpannedRows.with(batch, time, body)
    }
    let entities = batch?.entityPositions.map { UInt32(bitPattern: $0) } ?? []
    let times = try batch?.column(time).integerValues.map { min(max($0, first), last) } ?? []
    return try with(entities: entities, times: times, body)
  }

  /// Calls `body` with rows of some entities, by distances from a first one.
  static func with<Result>(
    entities: [UInt32], times: [Int64], _ body: (SpannedRows) throws -> Result
  ) rethrows -> Result {
    precondition(entities.count == times.count, "each row has an entity and a time")
    // There is an element to point at where there are no rows.
    return try (entities + [0]).withUnsafeBufferPointer { entities in
      try (times + [0]).withUnsafeBufferPointer { times in
        guard let entity = entities.baseAddress, let time = times.baseAddress else {
          preconditionFailure("arrays of one element have an address")
        }
        let numbers = RowEntities(numbers: entity, first: 0, count: entities.count - 1)
        return try with(PlacedRows(numbers, firstOfBatch: 0, RowTimes(time)), body)
      }
    }
  }
}
