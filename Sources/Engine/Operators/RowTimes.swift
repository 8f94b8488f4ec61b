import EventStore

/// The times of a batch's rows where they lie: an operator that needs those of few entities reads no others.
struct RowTimes {
  private enum Place {
    case values(UnsafePointer<Int64>)
    case seconds(UnsafePointer<UInt32>, base: Int64, microseconds: UnsafePointer<UInt32>?)
  }

  private let place: Place

  private init(_ place: Place) { self.place = place }

  /// Times that somebody else keeps.
  init(_ values: UnsafePointer<Int64>) { self.init(.values(values)) }

  /// Calls `body` with the times of a batch, which has at least one row.
  static func with<Result>(_ batch: Batch, _ time: Node, _ body: (RowTimes) throws -> Result) throws -> Result
  {
    let first = batch.rows.lowerBound
    switch batch.stored(time)?.rowwise {
    case .seconds(let seconds, let base, let microseconds):
      return try body(
        RowTimes(.seconds(seconds + first, base: base, microseconds: microseconds.map { $0 + first })))
    case .integers64(let values): return try body(RowTimes(values + first))
    default:
      return try batch.column(time).integerValues.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { preconditionFailure("a batch has at least one row") }
        return try body(RowTimes(values))
      }
    }
  }

  /// Writes the times of some rows to the same places elsewhere.
  @inline(__always)
  func read(_ rows: Range<Int>, into target: UnsafeMutablePointer<Int64>) {
    switch place {
    case .values(let values):
      for row in rows { target[row] = values[row] }
    case .seconds(let seconds, let base, let microseconds):
      if let microseconds {
        for row in rows { target[row] = base &+ Int64(seconds[row]) &* 1_000_000 &+ Int64(microseconds[row]) }
      } else {
        for row in rows { target[row] = base &+ Int64(seconds[row]) &* 1_000_000 }
      }
    }
  }
}
