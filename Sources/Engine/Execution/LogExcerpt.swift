import EventStore
import Values

/// The rows of a log whose events have certain names, as the runs of these names have them.
struct LogExcerpt {
  let log: EventLog
  private let runs: EventRuns
  private let names: [RunPiece]
  /// The columns of which all rows have a value, as far as the log knows of itself.
  let columnsWithValues: Set<Int>

  /// Nothing where the log has no runs.
  init?(_ log: EventLog, names: [ExactText]) {
    guard let runs = log.runs, let dictionary = log.columns[log.eventPosition]?.dictionary else { return nil }
    self.log = log
    self.runs = runs
    let pieces = names.compactMap { dictionary.code(of: $0.string) }.map { code in
      RunPiece(code: UInt32(truncatingIfNeeded: code), places: runs.places(ofCode: code))
    }
    self.names = pieces
    columnsWithValues = Set(
      log.columns.indices.filter { column in
        pieces.allSatisfy { log.valueCount(ofColumn: column, named: Int($0.code)) == $0.places.count }
      })
  }

  /// The codes of the names that the log has.
  var codes: [UInt32] { names.map(\.code) }

  var rowCount: Int { names.reduce(0) { $0 + $1.places.count } }

  /// Whether reading these rows is less work than reading all: several runs have to be put into one order.
  var isWorthIt: Bool { names.count <= 1 || rowCount * 3 <= log.rowCount }

  /// Ranges of entities that together are all, with enough rows each to be worth a partial result, and where there are
  /// enough rows enough of them for several threads.
  ///
  /// - Parameter rowsBeside: how many other rows there are of which some are looked at.
  func morsels(_ chunking: Chunking, rowsBeside: Int) -> [Range<Int>] {
    let enough = min(LogExcerpt.enoughMorsels, 4 * (rowCount + rowsBeside) / chunking.batchRows)
    let count = max(1, enough, rowCount / chunking.morselRows)
    return log.entityRanges(rows: max(chunking.morselRows, log.rowCount / count))
  }

  private static let enoughMorsels = 16

  /// Calls `body` with the rows of each batch of a morsel, in order, until it says stop; batches without rows are left
  /// out.
  ///
  /// - Parameter looksBeside: whether other rows of their entities are looked at.
  func forEachBatch(
    of morsel: Range<Int>, _ chunking: Chunking, looksBeside: Bool,
    _ body: (_ entities: Range<Int>, ExcerptRows) throws -> Progress
  ) rethrows {
    let pieces = pieces(names, ofEntities: morsel)
    let rowCount = pieces.reduce(0) { $0 + $1.places.count }
    if rowCount == 0 { return }
    // So many rows of the log have about as many of the excerpt as a batch should; where that are very many, what is
    // looked at beside them may be as well.
    let rowsForOne = log.rows(ofEntities: morsel).count / rowCount
    let rowsOfLog = looksBeside ? min(rowsForOne, LogExcerpt.mostRowsForOne) : rowsForOne
    var first = morsel.lowerBound
    while first < morsel.upperBound {
      let last = log.end(
        ofEntitiesFrom: first, to: morsel.upperBound, rows: max(1, chunking.batchRows * rowsOfLog))
      let entities = first..<last
      first = last
      let own = self.pieces(pieces, ofEntities: entities)
      if own.isEmpty { continue }
      if try body(entities, rows(own, ofEntities: entities)) == .stop { return }
    }
  }

  private static let mostRowsForOne = 64

  /// The rows of the entities that a batch of the log has rows of; nothing where there are none.
  func rows(ofEntitiesIn batch: Batch) -> ExcerptRows? {
    var own = pieces(names, ofEntities: batch.entities)
    if !batch.hasAllRows {
      own = batch.withEntityNumbers { wanted in
        own.compactMap { $0.narrowed(to: wanted, of: batch.entities, among: runs.entities) }
      }
    }
    return own.isEmpty ? nil : rows(own, ofEntities: batch.entities)
  }

  private func rows(_ pieces: [RunPiece], ofEntities entities: Range<Int>) -> ExcerptRows {
    ExcerptRows(runs, pieces, firstRow: log.offsets[entities.lowerBound], firstEntity: entities.lowerBound)
  }

  /// The parts of pieces that some entities have.
  private func pieces(_ pieces: [RunPiece], ofEntities entities: Range<Int>) -> [RunPiece] {
    pieces.compactMap { piece in
      let places = runs.places(ofEntities: entities, within: piece.places)
      return places.isEmpty ? nil : RunPiece(code: piece.code, places: places)
    }
  }
}
