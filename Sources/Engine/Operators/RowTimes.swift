import CPrefetch
import EventStore
import Values

/// The times of a batch's rows where they lie: an operator that needs those of few rows reads no others.
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

  /// Times as whole seconds from a base, and the microseconds within the second, that somebody else keeps.
  init(_ seconds: UnsafePointer<UInt32>, from base: Int64, microseconds: UnsafePointer<UInt32>?) {
    self.init(.seconds(seconds, base: base, microseconds: microseconds))
  }

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

  /// A row's time in microseconds.
  @inline(__always)
  subscript(row: Int) -> Int64 {
    switch place {
    case .values(let values): return values[row]
    case .seconds(let seconds, let base, let microseconds):
      let whole = base &+ Int64(seconds[row]) &* Calendar.microsecondsPerSecond
      return microseconds.map { whole &+ Int64($0[row]) } ?? whole
    }
  }

  /// Whether two rows have one time.
  @inline(__always)
  func areEqual(_ row: Int, _ other: Int) -> Bool {
    switch place {
    case .values(let values): return values[row] == values[other]
    case .seconds(let seconds, _, let microseconds):
      return seconds[row] == seconds[other] && microseconds.map { $0[row] == $0[other] } ?? true
    }
  }

  /// Whether a row's time is no more than so many microseconds after that of a row that is no later.
  @inline(__always)
  func isWithin(_ span: UInt64, of start: Int, _ row: Int) -> Bool {
    switch place {
    case .values(let values): return UInt64(bitPattern: values[row] &- values[start]) <= span
    case .seconds(let seconds, _, let microseconds):
      let whole = Int64(seconds[row] &- seconds[start]) &* Calendar.microsecondsPerSecond
      guard let microseconds else { return UInt64(whole) <= span }
      // Where whole seconds tell, parts of them are not read.
      if UInt64(whole &+ Calendar.microsecondsPerSecond) <= span { return true }
      if UInt64(max(0, whole &- Calendar.microsecondsPerSecond)) > span { return false }
      return UInt64(whole &+ Int64(microseconds[row]) &- Int64(microseconds[start])) <= span
    }
  }

  /// Lets the times of a range of rows come near, which are read soon, and waits for nothing; those in the middle of
  /// many come by themselves.
  @inline(__always)
  func fetch(_ range: Range<Int>) {
    let last = range.upperBound &- 1
    for line in 0..<3 { fetch(min(range.lowerBound &+ line &* 16, last)) }
    fetch(last)
  }

  @inline(__always)
  private func fetch(_ row: Int) {
    switch place {
    case .values(let values): prefetch(values + row)
    case .seconds(let seconds, _, _): prefetch(seconds + row)
    }
  }
}
