import EventStore
import Planning
import Values

/// What a pass reads: a log by its entities, or a table by its rows.
enum RowSource {
  case log(EventLog)
  case table(Table)

  var types: [ScalarType] {
    switch self {
    case .log(let log): log.schema.map(\.type)
    case .table(let table): table.schema.map(\.type)
    }
  }

  var rowCount: Int {
    switch self {
    case .log(let log): log.rowCount
    case .table(let table): table.count
    }
  }

  /// The time up to which an operator over a stream of rows sees data: to the last event, or to where filters, or the
  /// range that is looked at, cut the log off before it.
  func watermark(of stream: Plan, within range: Expr? = nil, in timeZone: TimeZoneRules) -> Int64 {
    let ranges = stream.log.flatMap { range?.timeBound(ofColumn: $0.time, in: timeZone) }
    return [stream.timeBound(in: timeZone).end, ranges?.end].compactMap(\.self).reduce(lastTime, min)
  }

  /// The part of time in which an operator over a stream of rows sees data; nothing where there is none.
  func span(of stream: Plan, in timeZone: TimeZoneRules) -> LogSpan? {
    guard case .log(let log) = self, log.rowCount > 0 else { return nil }
    let bound = stream.timeBound(in: timeZone)
    let first = max(times(ofRows: \.lowerBound).min() ?? .max, bound.from ?? .min)
    let end = lastTime
    // The moment at which filters end the data does not belong to it any more.
    let last = bound.end.map { min(end, max($0, .min + 1) - 1) } ?? end
    guard first <= last else { return nil }
    return LogSpan(first: first, last: last, watermark: min(bound.end ?? end, end))
  }

  /// The time of the last event.
  private var lastTime: Int64 { times { $0.upperBound - 1 }.max() ?? .min }

  /// The least and the greatest of the times of some rows, one of each entity.
  private func times(ofRows row: (Range<Int>) -> Int) -> [Int64] {
    guard case .log(let log) = self, let times = log.columns[log.timePosition] else { return [] }
    // An entity's rows are in the order of time.
    return log.entityRanges(rows: Int(Int32.max) / 2).flatMap { entities in
      let base = log.rows(ofEntity: entities.lowerBound).lowerBound
      let rows = entities.map { Int32(truncatingIfNeeded: row(log.rows(ofEntity: $0)) - base) }
      let values = times.read(rows, from: base).integerValues
      return [values.min(), values.max()].compactMap(\.self)
    }
  }

  /// Ranges of whole entities, or of rows of a table, that together are everything.
  func morsels(_ chunking: Chunking) -> [Range<Int>] {
    switch self {
    case .log(let log): log.entityRanges(rows: chunking.morselRows)
    case .table(let table):
      stride(from: 0, to: table.count, by: chunking.morselRows).map {
        $0..<min(table.count, $0 + chunking.morselRows)
      }
    }
  }

  /// Calls `body` with each batch of a morsel, in order, until it says stop.
  func forEachBatch(
    of morsel: Range<Int>, _ chunking: Chunking, _ body: (Batch) throws -> Progress
  ) rethrows {
    var first = morsel.lowerBound
    while first < morsel.upperBound {
      let last = end(ofBatchFrom: first, within: morsel, rows: chunking.batchRows)
      switch self {
      case .log(let log):
        let rows = Int(log.offsets[first])..<Int(log.offsets[last])
        if try body(Batch(self, rows: rows, entities: first..<last)) == .stop { return }
      case .table:
        if try body(Batch(self, rows: first..<last, entities: 0..<0)) == .stop { return }
      }
      first = last
    }
  }

  private func end(ofBatchFrom first: Int, within morsel: Range<Int>, rows: Int) -> Int {
    switch self {
    case .table: return min(first + rows, morsel.upperBound)
    case .log(let log):
      let goal = log.offsets[first] + UInt64(rows)
      // The last entity whose end does not pass the goal, at least one entity.
      var low = first + 1
      var high = morsel.upperBound + 1
      while high - low > 1 {
        let middle = (low + high) / 2
        if log.offsets[middle] <= goal { low = middle } else { high = middle }
      }
      return low
    }
  }
}

/// The part of time in which there is data, in microseconds.
struct LogSpan {
  /// When the data begins.
  let first: Int64
  /// The last moment that can have a row.
  let last: Int64
  /// The time up to which what happened is known.
  let watermark: Int64
}

/// Whether more is wanted.
enum Progress { case proceed, stop }

/// How the rows of a source are divided. Part of what a result is: the order of floating-point sums follows
/// from it.
struct Chunking: Sendable {
  /// About so many rows are one turn of a worker.
  var morselRows = 262_144
  /// About so many rows go through the operators together.
  var batchRows = 16_384
}
