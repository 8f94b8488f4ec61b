import ADBC
import Values

/// What is taken in of a log's entities: the distinct ones, and each row's. One thread at a time uses it.
final class EntityIntake: @unchecked Sendable {
  private let field: Field
  private let path: String
  private let texts: TextIntake
  /// Codes of the texts.
  private let spool: ColumnSpool

  /// - Parameter earlier: the log whose rows come before all that are taken in.
  init(_ field: Field, behind earlier: EventLog?, in folder: String) throws(StoreError) {
    self.field = field
    path = "\(folder)/entities"
    spool = try ColumnSpool(Field(field.name, .text), path: "\(folder)/row-entities")
    texts = TextIntake(path: path)
    if let entities = earlier?.entities {
      if let names = entities.dictionary {
        texts.append(names)
      } else {
        texts.append(try EntityKey.texts(of: entities, at: path))
      }
    }
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
        withUnsafeBytes(of: EntityKey(integer).bytes) { bytes in
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

  /// Each row's entity as a code of four bytes; those of an earlier log are not among the rows.
  func owners() throws(StoreError) -> SpoolFile.Contents { try spool.contents(width: .four).values }

  /// Brings in order the distinct entities, of which no more come.
  func mergeTexts() throws(StoreError) -> MergedTexts { try texts.finish() }

  /// Writes the entities' own values in their order.
  func finish(_ merged: MergedTexts) throws(StoreError) -> StoreManifest.Column {
    let values = try ColumnSpool(field, path: path)
    let places = (0..<merged.count).map { UInt32($0) }
    if field.type == .text {
      try values.append(CodedColumn(values: .codes(places)), count: places.count)
      return try values.finish(places, try merged.written(to: path, ranks: places))
    }
    let output = try TextOutput(path: path + "-keys", .scratch)
    try merged.write(to: output)
    let keys = try output.mapped()
    for start in stride(from: 0, to: keys.count, by: 1 << 16) {
      let integers = (start..<min(start + 1 << 16, keys.count)).map { EntityKey(keys.utf8($0)).integer }
      try values.append(CodedColumn(values: .integers(integers)), count: integers.count)
    }
    return try values.finish(places, nil)
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

  /// The texts of a store's entities, which are integers.
  static func texts(of entities: StoredColumn, at path: String) throws(StoreError) -> TextDictionary {
    let output = try TextOutput(path: path + "-earlier", .scratch)
    for start in stride(from: 0, to: entities.count, by: 1 << 16) {
      guard case .integers(let integers) = entities.read(start..<min(start + 1 << 16, entities.count)).values
      else { preconditionFailure("an entity is a text or an integer") }
      for integer in integers {
        try withUnsafeBytes(of: EntityKey(integer).bytes) { (bytes) throws(StoreError) in
          try output.write(bytes.assumingMemoryBound(to: UInt8.self))
        }
      }
    }
    return try output.mapped()
  }
}
