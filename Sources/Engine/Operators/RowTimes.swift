import EventStore
import Planning

/// The times of a batch's rows where they lie: an operator that needs those of few entities reads no others.
struct RowTimes {
  /// How times lie in memory, one element a row.
  enum Place {
    case values(UnsafePointer<Int64>)
    case seconds(UnsafePointer<UInt32>, base: Int64, microseconds: UnsafePointer<UInt32>?)
  }

  let place: Place

  private init(_ place: Place) { self.place = place }

  /// Times that somebody else keeps.
  init(_ values: UnsafePointer<Int64>) { self.init(.values(values)) }

  /// Calls `body` with the times of a batch, which has at least one row.
  static func with<Result>(_ batch: Batch, _ time: Node, _ body: (RowTimes) throws -> Result) throws -> Result
  {
    if let (stored, first) = batch.storedTimes(time), let times = RowTimes(stored, from: first) {
      return try body(times)
    }
    return try batch.column(time).integerValues.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { preconditionFailure("a batch has at least one row") }
      return try body(RowTimes(values))
    }
  }

  /// The times of a log from a row on; nothing where they lie in fewer bytes than seconds do.
  init?(_ stored: StoredColumn, from first: Int) {
    switch stored.rowwise {
    case .seconds(let seconds, let base, let microseconds):
      self.init(.seconds(seconds + first, base: base, microseconds: microseconds.map { $0 + first }))
    case .integers64(let values): self.init(values + first)
    default: return nil
    }
  }

  /// When a row's event happened.
  @inline(__always)
  func time(_ row: Int) -> Int64 {
    switch place {
    case .values(let values): values[row]
    case .seconds(let seconds, let base, let microseconds):
      base &+ Int64(seconds[row]) &* 1_000_000 &+ (microseconds.map { Int64($0[row]) } ?? 0)
    }
  }

  /// Calls the one that fits of two that do the same.
  ///
  /// - Parameter count: how many times there are.
  @inline(__always)
  func ordered<Result>(
    count: Int, microseconds: (MicrosecondOrder) throws -> Result, seconds: (SecondOrder) throws -> Result
  ) rethrows -> Result {
    switch place {
    case .values(let times): try microseconds(MicrosecondOrder(times: times))
    case .seconds(let times, let base, let parts):
      try seconds(SecondOrder(seconds: times, base: base, microseconds: parts, count: count))
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
