import Values

extension StoredColumn {
  /// A column of a store, mapped from its files.
  init(mapping column: StoreManifest.Column, count: Int, in folder: String) throws(StoreError) {
    let files = MappedFiles()
    func map<Element: BitwiseCopyable>(
      _ part: String, _ type: Element.Type, count: Int
    ) throws(StoreError) -> UnsafePointer<Element> {
      guard let file = column.parts[part], file.bytes == Int64(count * MemoryLayout<Element>.stride) else {
        throw StoreError("the store has no whole '\(part)' of column '\(column.name)'")
      }
      return try files.map("\(folder)/\(file.name)").pointer(to: type)
    }
    func dictionary() throws(StoreError) -> TextDictionary {
      guard let texts = column.texts, let bytes = column.parts["bytes"] else {
        throw StoreError("the store has no texts of column '\(column.name)'")
      }
      return TextDictionary(
        count: texts, offsets: try map("offsets", UInt64.self, count: texts + 1),
        bytes: try map("bytes", UInt8.self, count: Int(bytes.bytes)), isSorted: true, owner: files)
    }
    let encoding: Encoding =
      switch column.encoding {
      case .booleans: .booleans(try map("values", UInt8.self, count: count))
      case .integers8: .integers8(try map("values", Int8.self, count: count))
      case .integers16: .integers16(try map("values", Int16.self, count: count))
      case .integers32: .integers32(try map("values", Int32.self, count: count))
      case .integers64: .integers64(try map("values", Int64.self, count: count))
      case .seconds:
        .seconds(
          try map("values", UInt32.self, count: count), base: column.base ?? 0,
          microseconds: column.parts["microseconds"] == nil
            ? nil : try map("microseconds", UInt32.self, count: count))
      case .doubles: .doubles(try map("values", Double.self, count: count))
      case .codes8: .codes8(try map("values", UInt8.self, count: count), try dictionary())
      case .codes16: .codes16(try map("values", UInt16.self, count: count), try dictionary())
      case .codes32: .codes32(try map("values", UInt32.self, count: count), try dictionary())
      }
    let validity = column.parts["validity"] == nil ? nil : try map("validity", UInt8.self, count: count)
    self.init(type: column.type, encoding: encoding, validity: validity, count: count, owner: files)
  }
}

/// Keeps mapped files as long as anything points into them.
final class MappedFiles {
  private var files: [MappedFile] = []

  func map(_ path: String) throws(StoreError) -> MappedFile {
    let file = try MappedFile(path: path)
    files.append(file)
    return file
  }
}

extension EventLog {
  /// The log in a store's folder, mapped from its files.
  convenience init(mapping manifest: StoreManifest, in folder: String) throws(StoreError) {
    guard let roles = manifest.roles, let entityCount = manifest.entityCount,
      let entities = manifest.entities,
      let offsets = manifest.offsets, offsets.bytes == Int64((entityCount + 1) * MemoryLayout<UInt64>.stride)
    else { throw StoreError("the store in '\(folder)' does not hold a log") }
    let files = MappedFiles()
    var schema: Schema = []
    var columns: [StoredColumn?] = []
    for column in manifest.columns {
      schema.append(Field(column?.name ?? entities.name, column?.type ?? entities.type))
      columns.append(
        try column.map { (column) throws(StoreError) in
          try StoredColumn(mapping: column, count: manifest.rowCount, in: folder)
        })
    }
    let eventColumn = columns[schema.position(of: roles.event) ?? 0]
    self.init(
      schema: schema, roles: roles, rowCount: manifest.rowCount, entityCount: entityCount,
      fingerprint: manifest.fingerprint,
      offsets: try files.map("\(folder)/\(offsets.name)").pointer(to: UInt64.self),
      entities: try StoredColumn(mapping: entities, count: entityCount, in: folder), columns: columns,
      runs: try manifest.runs.map { (runs) throws(StoreError) in
        try EventRuns(mapping: runs, names: eventColumn?.dictionary?.count ?? 0, in: folder)
      }, times: manifest.report.times, owner: files)
  }
}
