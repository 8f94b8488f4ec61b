import ADBC
import Values

/// What is taken in of one column of a log: its rows, and of texts the distinct ones. One thread at a time uses it.
final class ColumnIntake: @unchecked Sendable {
  private let field: Field
  /// Nothing once the column is finished.
  private var spool: ColumnSpool?
  private let texts: TextIntake
  private let path: String

  /// - Parameter path: of files to come, to which the names of the parts are added.
  init(_ field: Field, path: String) throws(StoreError) {
    self.field = field
    self.path = path
    spool = try ColumnSpool(field, path: path)
    texts = TextIntake(path: path)
  }

  /// How many codes the column's texts have.
  var textCount: Int { texts.count }

  /// About how many bytes of memory its texts take.
  var heldBytes: Int { texts.heldBytes }

  /// Takes in the column at a position of a result.
  func append(_ position: Int, of batch: ResultBatch) throws {
    try spool?.append(try texts.column(position, of: batch), count: batch.count)
  }

  /// Has the texts that came so far put on the disk.
  ///
  /// - Parameter threads: how many may be at work at once.
  func spillTexts(threads: Int) throws(StoreError) { try texts.spill(threads: threads) }

  /// Brings in order the texts of a column that has some, of which no more come.
  func mergeTexts() throws(StoreError) -> MergedTexts? { field.type == .text ? try texts.finish() : nil }

  /// The rows that were taken in.
  var taken: ColumnSpool {
    guard let spool else { preconditionFailure("a column is finished once, and last") }
    return spool
  }

  /// Writes the column's texts, in order.
  func write(_ merged: MergedTexts?) throws(StoreError) -> WrittenTexts? {
    try merged.map { (merged) throws(StoreError) in try merged.written(to: path) }
  }

  /// Writes the column's files of the given rows in the given order; what was taken in is let go.
  func finish(_ rows: [UInt32], _ texts: WrittenTexts?) throws(StoreError) -> StoreManifest.Column {
    defer { spool = nil }
    return try taken.finish(rows, texts)
  }
}
