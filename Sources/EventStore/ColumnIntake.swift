import ADBC
import Values

/// What is taken in of one column of a log: its rows, and of texts the distinct ones. One thread at a time uses it.
final class ColumnIntake: @unchecked Sendable {
  private let field: Field
  /// Nothing once the column is finished.
  private var spool: ColumnSpool?
  private var interner = TextInterner()
  private var texts: WrittenTexts?
  private let path: String

  /// - Parameter path: of files to come, to which the names of the parts are added.
  init(_ field: Field, path: String) throws(StoreError) {
    self.field = field
    self.path = path
    spool = try ColumnSpool(field, path: path)
  }

  /// How many distinct texts came, until they are written.
  var textCount: Int { interner.count }

  /// Takes in the column at a position of a result.
  func append(_ position: Int, of batch: ResultBatch) throws {
    try spool?.append(try batch.column(position, &interner), count: batch.count)
  }

  /// Takes in a column of a log as if it had come before all else; nothing stands for nulls.
  func append(_ column: StoredColumn?, _ known: StoreManifest.Column?, of log: EventLog) throws(StoreError) {
    if let range = known?.range { spool?.note(range) }
    if let texts = column?.dictionary { interner = TextInterner(texts) }
    for start in stride(from: 0, to: log.rowCount, by: 1 << 16) {
      let rows = start..<min(start + 1 << 16, log.rowCount)
      try spool?.append(
        column.map { CodedColumn($0.read(rows)) } ?? CodedColumn(nulls: rows.count, of: field.type),
        count: rows.count)
    }
  }

  /// Writes the texts of a column that has some, of which no more come, and lets them go.
  func finishTexts() throws(StoreError) {
    guard field.type == .text else { return }
    let names = interner.dictionary()
    interner = TextInterner()
    texts = try SortedTexts(names).write(to: path)
  }

  /// The rows that were taken in.
  var taken: ColumnSpool {
    guard let spool else { preconditionFailure("a column is finished once, and last") }
    return spool
  }

  /// Writes the column's files of the given rows in the given order, once the texts are written; what was taken in is
  /// let go.
  func finish(_ rows: [UInt32]) throws(StoreError) -> StoreManifest.Column {
    defer { (spool, texts) = (nil, nil) }
    return try taken.finish(rows, texts)
  }
}
