import ADBC
import Values

/// What is taken in of a log's entities: the distinct ones, and each row's. One thread at a time uses it.
final class EntityIntake: @unchecked Sendable {
  private let field: Field
  private let path: String
  private let texts: TextIntake
  /// Codes of the texts.
  private let spool: ColumnSpool

  init(_ field: Field, in folder: String) throws(StoreError) {
    self.field = field
    path = "\(folder)/entities"
    spool = try ColumnSpool(Field(field.name, .text), path: "\(folder)/row-entities")
    texts = TextIntake(path: path)
  }

  /// About how many bytes of memory the distinct entities take.
  var heldBytes: Int { texts.heldBytes }

  /// Takes in the column at a position of a result.
  func append(_ position: Int, of batch: ResultBatch) throws {
    let codes: [UInt32]
    switch try texts.column(position, of: batch).values {
    case .codes(let found): codes = found
    // Integers have texts too, which order as they do.
    case .integers(let integers):
      codes = integers.map { integer in
        withUnsafeBytes(of: EntityTexts.key(integer)) { bytes in
          texts.code(for: bytes.assumingMemoryBound(to: UInt8.self))
        }
      }
    case .booleans, .doubles: preconditionFailure("an entity is a text or an integer")
    }
    try spool.append(CodedColumn(values: .codes(codes)), count: batch.count)
  }

  /// Has the entities that came so far put on the disk.
  ///
  /// - Parameter threads: how many may be at work at once.
  func spillTexts(threads: Int) throws(StoreError) { try texts.spill(threads: threads) }

  /// Each row's entity as a code of four bytes.
  func owners() throws(StoreError) -> SpoolFile.Contents { try spool.contents(width: .four).values }

  /// Brings in order the distinct entities, of which no more come.
  func mergeTexts() throws(StoreError) -> MergedTexts { try texts.finish() }

  /// Writes the entities' own values in their order.
  func finish(_ merged: MergedTexts) throws(StoreError) -> StoreManifest.Column {
    try EntityTexts.write(merged, as: field, to: path)
  }
}
