import EventStore
import Foundation
import Values

/// Results of queries by the hash of all that they depend on. It can be deleted at any time.
struct ResultCache: Sendable {
  let workFolder: URL
  private var folder: URL { workFolder.appending(path: "results", directoryHint: .isDirectory) }

  /// The table under a key; nothing when there is none or it cannot be read.
  func table(_ key: String) -> Table? {
    guard let data = try? Data(contentsOf: file(key)) else { return nil }
    return TableCoding.decode(Array(data))
  }

  /// Keeps a table under a key. A cache that cannot be written is none: the result does not depend on it.
  func store(_ table: Table, _ key: String) {
    WorkFolder.make(workFolder)
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try? Data(TableCoding.encode(table)).write(to: file(key), options: .atomic)
  }

  private func file(_ key: String) -> URL { folder.appending(path: key + ".table") }
}

/// A table as bytes and back, bit for bit. A checksum at the end tells a damaged one.
enum TableCoding {
  private static let magic = Array("throughline table 1\n".utf8)

  private struct Header: Codable {
    var schema: Schema
    var kind: Table.Kind
    var count: Int
    var hasValidity: [Bool]
    var dictionaries: [[String]?]
  }

  static func encode(_ table: Table) -> [UInt8] {
    var codes: [[UInt32]?] = []
    var dictionaries: [[String]?] = []
    for column in table.columns {
      guard case .texts(let given, let dictionary) = column.values else {
        codes.append(nil)
        dictionaries.append(nil)
        continue
      }
      // Only the texts that occur are kept: a dictionary may be that of a whole log.
      var builder = TextDictionaryBuilder()
      var texts: [String] = []
      codes.append(
        given.indices.map { row in
          guard !column.isNull(row) else { return 0 }
          let text = dictionary.text(Int(given[row]))
          let code = builder.code(for: text)
          if Int(code) == texts.count { texts.append(text) }
          return code
        })
      dictionaries.append(texts)
    }
    let header = Header(
      schema: table.schema, kind: table.kind, count: table.count,
      hasValidity: table.columns.map { $0.validity != nil }, dictionaries: dictionaries)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = (try? encoder.encode(header)) ?? Data()
    var bytes = magic
    append(UInt64(text.count), to: &bytes)
    bytes += text
    for (column, codes) in zip(table.columns, codes) {
      switch column.values {
      case .booleans(let values): bytes += values
      case .integers(let values): for value in values { append(value, to: &bytes) }
      case .doubles(let values): for value in values { append(value.bitPattern, to: &bytes) }
      case .texts: for code in codes ?? [] { append(code, to: &bytes) }
      }
      bytes += column.validity ?? []
    }
    return bytes + Array(ContentHash.hex(of: bytes).utf8)
  }

  static func decode(_ bytes: [UInt8]) -> Table? {
    let hashLength = 64
    guard bytes.count > magic.count + 8 + hashLength, bytes.starts(with: magic) else { return nil }
    let content = Array(bytes.dropLast(hashLength))
    guard Array(ContentHash.hex(of: content).utf8) == Array(bytes.suffix(hashLength)) else { return nil }
    var position = magic.count
    let length = Int(read(UInt64.self, content, &position))
    guard
      let header = try? JSONDecoder().decode(Header.self, from: Data(content[position..<(position + length)]))
    else { return nil }
    position += length
    var columns: [Column] = []
    for (index, field) in header.schema.enumerated() {
      let values: Column.Values
      switch field.type {
      case .boolean:
        values = .booleans(Array(content[position..<(position + header.count)]))
        position += header.count
      case .double:
        values = .doubles(
          (0..<header.count).map { _ in Double(bitPattern: read(UInt64.self, content, &position)) })
      case .text:
        let codes = (0..<header.count).map { _ in read(UInt32.self, content, &position) }
        values = .texts(codes, TextDictionary(header.dictionaries[index] ?? []))
      case .integer, .timestamp, .date, .duration:
        values = .integers((0..<header.count).map { _ in read(Int64.self, content, &position) })
      }
      var validity: [UInt8]?
      if header.hasValidity[index] {
        validity = Array(content[position..<(position + header.count)])
        position += header.count
      }
      columns.append(Column(type: field.type, values: values, validity: validity))
    }
    return Table(schema: header.schema, columns: columns, count: header.count, kind: header.kind)
  }

  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  private static func read<Number: FixedWidthInteger>(
    _ type: Number.Type, _ bytes: [UInt8], _ position: inout Int
  ) -> Number {
    let size = MemoryLayout<Number>.size
    defer { position += size }
    return bytes.withUnsafeBytes {
      Number(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Number.self))
    }
  }
}
