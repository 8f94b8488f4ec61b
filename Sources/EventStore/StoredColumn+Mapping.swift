import Values

extension StoredColumn {
  /// A column of a store, mapped from its files.
  init(mapping column: StoreManifest.Column, count: Int, in folder: String) throws(StoreError) {
    let files = MappedFiles(column.parts, of: "column '\(column.name)'", in: folder)
    let rowCount = count
    var count = rowCount
    var nulls = Nulls.nowhere
    if column.parts["presence"] != nil {
      let presence = Presence(
        try files.map("presence", UInt64.self, count: Presence.wordCount(rows: rowCount)))
      count -= column.nulls
      guard presence.place(of: rowCount) == count else {
        throw StoreError("the store has no whole 'presence' of column '\(column.name)'")
      }
      nulls = .leftOut(presence)
    } else if column.parts["validity"] != nil {
      nulls = .marked(try files.map("validity", UInt8.self, count: rowCount))
    }
    func dictionary() throws(StoreError) -> TextDictionary {
      guard let texts = column.texts, let bytes = column.parts["bytes"] else {
        throw StoreError("the store has no texts of column '\(column.name)'")
      }
      return TextDictionary(
        count: texts, offsets: try files.map("offsets", UInt64.self, count: texts + 1),
        bytes: try files.map("bytes", UInt8.self, count: Int(bytes.bytes)), isSorted: true, owner: files)
    }
    guard let stored = column.encoding else {
      throw StoreError("the store has no files of column '\(column.name)'")
    }
    let encoding: Encoding =
      switch stored {
      case .booleans: .booleans(try files.map("values", UInt8.self, count: count))
      case .integers8: .integers8(try files.map("values", Int8.self, count: count))
      case .integers16: .integers16(try files.map("values", Int16.self, count: count))
      case .integers32: .integers32(try files.map("values", Int32.self, count: count))
      case .integers64: .integers64(try files.map("values", Int64.self, count: count))
      case .seconds:
        .seconds(
          try files.map("values", UInt32.self, count: count), base: column.base ?? 0,
          microseconds: column.parts["microseconds"] == nil
            ? nil : try files.map("microseconds", UInt32.self, count: count))
      case .doubles: .doubles(try files.map("values", Double.self, count: count))
      case .codes8: .codes8(try files.map("values", UInt8.self, count: count), try dictionary())
      case .codes16: .codes16(try files.map("values", UInt16.self, count: count), try dictionary())
      case .codes32: .codes32(try files.map("values", UInt32.self, count: count), try dictionary())
      }
    self.init(type: column.type, encoding: encoding, nulls: nulls, count: rowCount, owner: files)
  }
}

/// Maps the files of one part of a store, and keeps them as long as anything points into them.
final class MappedFiles {
  private let parts: [String: StoreManifest.File]
  /// Whose files they are, for messages.
  private let whole: String
  private let folder: String
  private var files: [MappedFile] = []

  init(_ parts: [String: StoreManifest.File], of whole: String, in folder: String) {
    self.parts = parts
    self.whole = whole
    self.folder = folder
  }

  /// The elements of a part, of which there must be so many.
  func map<Element: BitwiseCopyable>(
    _ part: String, _ type: Element.Type, count: Int
  ) throws(StoreError) -> UnsafePointer<Element> {
    guard let file = parts[part], file.bytes == Int64(count * MemoryLayout<Element>.stride) else {
      throw StoreError("the store has no whole '\(part)' of \(whole)")
    }
    let mapped = try MappedFile(path: "\(folder)/\(file.name)")
    files.append(mapped)
    return mapped.pointer(to: type)
  }
}
