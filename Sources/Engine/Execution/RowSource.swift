import EventStore
import Planning
import Values

/// What a pass reads: a log by its entities, or a table by its rows.
enum RowSource {
  case log(EventLog)
  /// A log, of whose rows only some are looked at.
  case excerpt(LogExcerpt)
  case table(Table)

  /// The log that is read.
  var log: EventLog? {
    switch self {
    case .log(let log): log
    case .excerpt(let excerpt): excerpt.log
    case .table: nil
    }
  }

  /// How many rows are read.
  var rowCount: Int {
    switch self {
    case .log(let log): log.rowCount
    case .excerpt(let excerpt): excerpt.rowCount
    case .table(let table): table.count
    }
  }

  /// What is known of its rows' values of a column.
  func knowledge(ofColumn position: Int) -> StoredColumn.Knowledge {
    if case .excerpt(let excerpt) = self, excerpt.columnsWithValues.contains(position) {
      .haveValues
    } else {
      .nothing
    }
  }

  var types: [ScalarType] {
    switch self {
    case .log(let log): log.schema.map(\.type)
    case .excerpt(let excerpt): excerpt.log.schema.map(\.type)
    case .table(let table): table.schema.map(\.type)
    }
  }

  /// The time up to which an operator over a stream of rows sees data: to the last event, or to where filters, or the
  /// range that is looked at, cut the log off before it.
  func watermark(of stream: Plan, within range: Expr? = nil, in timeZone: TimeZoneRules) -> Int64 {
    let ranges = stream.log.flatMap { range?.timeBound(ofColumn: $0.time, in: timeZone) }
    let ends = [stream.timeBound(in: timeZone).end, ranges?.end].compactMap(\.self)
    return ends.reduce(log?.times?.upperBound ?? .min, min)
  }

  /// The part of time in which an operator over a stream of rows sees data; nothing where there is none.
  func span(of stream: Plan, in timeZone: TimeZoneRules) -> LogSpan? {
    guard let times = log?.times else { return nil }
    let bound = stream.timeBound(in: timeZone)
    let first = max(times.lowerBound, bound.from ?? .min)
    let end = times.upperBound
    // The moment at which filters end the data does not belong to it any more.
    let last = bound.end.map { min(end, max($0, .min + 1) - 1) } ?? end
    guard first <= last else { return nil }
    return LogSpan(
      first: first, last: last, watermark: min(bound.end ?? end, end), secondsFrom: log?.secondsFrom)
  }

  /// Ranges of whole entities, or of rows of a table, that together are everything.
  ///
  /// - Parameter rowsBeside: how many rows there are of which some are looked at, beside those that are read.
  func morsels(_ chunking: Chunking, rowsBeside: Int) -> [Range<Int>] {
    switch self {
    case .log(let log): log.entityRanges(rows: chunking.morselRows)
    case .excerpt(let excerpt): excerpt.morsels(chunking, rowsBeside: rowsBeside)
    case .table(let table):
      stride(from: 0, to: table.count, by: chunking.morselRows).map {
        $0..<min(table.count, $0 + chunking.morselRows)
      }
    }
  }

  /// Calls `body` with each batch of a morsel, in order, until it says stop. Batches have at least one row.
  ///
  /// - Parameter looksBeside: whether rows are looked at that are not read.
  func forEachBatch(
    of morsel: Range<Int>, _ chunking: Chunking, looksBeside: Bool, _ body: (Batch) throws -> Progress
  ) rethrows {
    switch self {
    case .table:
      for first in stride(from: morsel.lowerBound, to: morsel.upperBound, by: chunking.batchRows) {
        let rows = first..<min(first + chunking.batchRows, morsel.upperBound)
        if try body(Batch(self, rows: rows, entities: 0..<0)) == .stop { return }
      }
    case .log(let log):
      var first = morsel.lowerBound
      while first < morsel.upperBound {
        let last = log.end(ofEntitiesFrom: first, to: morsel.upperBound, rows: chunking.batchRows)
        let batch = Batch(
          self, rows: log.rows(ofEntities: first..<last), entities: first..<last)
        if try body(batch) == .stop { return }
        first = last
      }
    case .excerpt(let excerpt):
      try excerpt.forEachBatch(of: morsel, chunking, looksBeside: looksBeside) { entities, rows in
        try body(Batch(self, rows: excerpt.log.rows(ofEntities: entities), entities: entities, excerpt: rows))
      }
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
  /// The base of times that are stored as seconds; nothing where they are not.
  let secondsFrom: Int64?
}

extension EventLog {
  /// The base of times that are stored as seconds; nothing where they are not.
  fileprivate var secondsFrom: Int64? {
    guard case .seconds(_, let base, _) = columns[timePosition]?.rowwise else { return nil }
    return base
  }
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
