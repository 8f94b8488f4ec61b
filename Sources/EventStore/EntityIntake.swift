import ADBC
import Values

/// What is taken in of a log's entities: the distinct ones, and each row's. One thread at a time uses it.
final class EntityIntake: @unchecked Sendable {
  private let field: Field
  private let folder: String
  private var interner = TextInterner()
  /// Codes of the interner.
  let spool: ColumnSpool

  init(_ field: Field, in folder: String) throws(StoreError) {
    self.field = field
    self.folder = folder
    spool = try ColumnSpool(Field(field.name, .text), path: "\(folder)/row-entities")
  }

  /// Takes in the column at a position of a result.
  func append(_ position: Int, of batch: ResultBatch) throws {
    let codes = codes(try batch.column(position, &interner))
    try spool.append(CodedColumn(values: .codes(codes)), count: batch.count)
  }

  /// Takes in the entities of a log as if they had come before all else.
  func append(_ log: EventLog) throws(StoreError) {
    if let texts = log.entities.dictionary {
      interner = TextInterner(texts)
    } else {
      for start in stride(from: 0, to: log.entityCount, by: 1 << 16) {
        _ = codes(CodedColumn(log.entities.read(start..<min(start + 1 << 16, log.entityCount))))
      }
    }
    for entities in log.entityRanges(rows: 1 << 16) {
      var owners: [UInt32] = []
      owners.reserveCapacity(log.rows(ofEntities: entities).count)
      for entity in entities {
        owners.append(contentsOf: repeatElement(UInt32(entity), count: log.rows(ofEntity: entity).count))
      }
      try spool.append(CodedColumn(values: .codes(owners)), count: owners.count)
    }
  }

  /// Codes of entities; integers have texts too, which order as they do.
  private func codes(_ column: CodedColumn) -> [UInt32] {
    switch column.values {
    case .codes(let codes): return codes
    case .integers(let integers):
      return integers.map { integer in
        withUnsafeBytes(of: EntityKey(integer).bytes) { bytes in
          interner.code(for: bytes.assumingMemoryBound(to: UInt8.self))
        }
      }
    case .booleans, .doubles: preconditionFailure("an entity is a text or an integer")
    }
  }

  /// Each row's entity as a code of four bytes.
  func owners() throws(StoreError) -> SpoolFile.Contents { try spool.contents(width: .four).values }

  /// The distinct entities by code, of which no more come; they are the caller's now.
  func takeNames() -> TextDictionary {
    defer { interner = TextInterner() }
    return interner.dictionary()
  }

  /// Writes the entities' own values in their order.
  func finish(_ names: TextDictionary, _ sorted: SortedTexts) throws(StoreError) -> StoreManifest.Column {
    let path = "\(folder)/entities"
    let spool = try ColumnSpool(field, path: path)
    let count = names.count
    if field.type == .text {
      try spool.append(CodedColumn(values: .codes((0..<count).map { UInt32($0) })), count: count)
      return try spool.finish(sorted.order, try sorted.write(to: path))
    }
    let integers = (0..<count).map { EntityKey(names.utf8($0)).integer }
    try spool.append(CodedColumn(values: .integers(integers)), count: count)
    return try spool.finish(sorted.order, nil)
  }
}

/// An integer as eight bytes that order like it.
private struct EntityKey {
  let bytes: UInt64

  init(_ integer: Int64) { bytes = (UInt64(bitPattern: integer) ^ 1 << 63).bigEndian }

  init(_ text: UnsafeBufferPointer<UInt8>) {
    bytes = UnsafeRawBufferPointer(text).loadUnaligned(as: UInt64.self)
  }

  var integer: Int64 { Int64(bitPattern: UInt64(bigEndian: bytes) ^ 1 << 63) }
}
