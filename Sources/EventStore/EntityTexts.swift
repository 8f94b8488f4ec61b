import ADBC
import Values

/// A log's entities as texts that order like them: texts are their own, integers have eight bytes.
enum EntityTexts {
  /// The text of an integer.
  static func key(_ integer: Int64) -> UInt64 { (UInt64(bitPattern: integer) ^ 1 << 63).bigEndian }

  private static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64 {
    let key = UnsafeRawBufferPointer(text).loadUnaligned(as: UInt64.self)
    return Int64(bitPattern: UInt64(bigEndian: key) ^ 1 << 63)
  }

  /// The texts of a store's entities.
  ///
  /// - Parameter path: of files that are gone when this returns, to which the names of the parts are added.
  static func texts(of entities: StoredColumn, at path: String) throws(StoreError) -> TextDictionary {
    if let names = entities.dictionary { return names }
    let output = try TextOutput(path: path, .scratch)
    for start in stride(from: 0, to: entities.count, by: 1 << 16) {
      guard case .integers(let integers) = entities.read(start..<min(start + 1 << 16, entities.count)).values
      else { preconditionFailure("an entity is a text or an integer") }
      for integer in integers {
        try withUnsafeBytes(of: key(integer)) { (bytes) throws(StoreError) in
          try output.write(bytes.assumingMemoryBound(to: UInt8.self))
        }
      }
    }
    return try output.mapped()
  }

  /// Writes entities' own values, in the order of their texts, as a column without nulls.
  ///
  /// - Parameter path: of the files, to which the names of the parts are added.
  static func write(
    _ texts: MergedTexts, as field: Field, to path: String
  ) throws(StoreError) -> StoreManifest.Column {
    func writer(_ range: StoreManifest.Range, _ texts: WrittenTexts?, count: Int) -> ColumnWriter {
      ColumnWriter(field: field, path: path, rowCount: count, nulls: 0, range: range, texts: texts)
    }
    if field.type == .text {
      return try writer(.init(), try texts.written(to: path), count: texts.count).write { places in
        CodedColumn(values: .codes(places.map { UInt32($0) }))
      }
    }
    let output = try TextOutput(path: path + "-keys", .scratch)
    try texts.write(to: output)
    let keys = try output.mapped()
    var range = StoreManifest.Range()
    if keys.count > 0 {
      range.observe([integer(keys.utf8(0)), integer(keys.utf8(keys.count - 1))], nil, isTime: false)
    }
    return try writer(range, nil, count: keys.count).write { places in
      CodedColumn(values: .integers(places.map { integer(keys.utf8($0)) }))
    }
  }
}
