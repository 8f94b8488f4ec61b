import Foundation
import Values

/// What a store holds, file by file: written last, read first.
struct StoreManifest: Codable, Hashable {
  /// Goes up whenever the meaning of a store's files changes; part of every fingerprint.
  static let currentFormat = 5
  static let fileName = "manifest.json"
  /// The SHA-256 of the manifest.
  static let checksumName = "manifest.sha256"

  /// A file of the store.
  struct File: Codable, Hashable, Sendable {
    var name: String
    var bytes: Int64
    var hash: String
    /// As it was when it was written: while nothing about it changed, its bytes did not either.
    var record: FileRecord
  }

  /// How a column's values lie in its files.
  enum Encoding: String, Codable {
    case booleans, integers8, integers16, integers32, integers64, seconds, doubles, codes8, codes16, codes32
  }

  /// A column, in files that are named after its number and their part.
  struct Column: Codable, Hashable, Sendable {
    var name: String
    var type: ScalarType
    /// Nothing as long as the column has no files, for it lies in segments.
    var encoding: Encoding?
    /// Microseconds since 1970 that seconds count from.
    var base: Int64?
    /// Of integral types: between which values those lie that were read, also in rows that were then dropped.
    var range: Range?
    /// How many texts the dictionary has.
    var texts: Int?
    var nulls: Int
    /// Of a log's column that is null in most rows: how many values events of each name have, by code; nothing where
    /// events without a name have one.
    var valuesByName: [Int: Int]?
    /// The files of its parts: values, validity or presence, microseconds, offsets, bytes.
    var parts: [String: File]
  }

  /// The rows of a log by their event names, in files that are named after their parts.
  struct Runs: Codable, Hashable {
    /// What the time column has in these rows.
    var times: Column
    /// The files of the other parts: starts, rows, entities.
    var parts: [String: File]
  }

  var format = StoreManifest.currentFormat
  var fingerprint: String
  /// Nothing for a dimension.
  var roles: LogRoles?
  var rowCount: Int
  /// Of a log: the entities' values and the rows at which they start.
  var entityCount: Int?
  var entities: Column?
  var offsets: File?
  /// In the order of the source; nothing at the position of a log's entity.
  var columns: [Column?]
  /// Nothing for a dimension, and for a log of very many names.
  var runs: Runs?
  /// A store that has some of a log's rows.
  struct Segment: Codable, Hashable {
    /// The name of its folder, which lies beside the log's own.
    var name: String
    /// What its manifest says of the bytes of its files.
    var content: String
  }

  /// Of a log that lies in segments, these, in the order of their files.
  var segments: [Segment]?
  /// Of rows that were added to a log, the numbers that they have in it.
  var rows: File?
  /// How files that are added are read; nothing for what is not a whole log.
  var origin: LogOrigin?
  var report: IngestReport

  /// All files but the manifest's own.
  var files: [File] {
    ownFiles + [runs?.times.parts ?? [:], runs?.parts ?? [:]].flatMap(StoreManifest.files)
  }

  /// The files of what is in no other file of the store: all but the runs'.
  var ownFiles: [File] {
    ([entities] + columns).compactMap { $0?.parts }.flatMap(StoreManifest.files)
      + [offsets, rows].compactMap { $0 }
  }

  /// Identifies the bytes of all files.
  var content: String {
    ContentHash.hex(of: Array(files.map { "\($0.name) \($0.hash)\n" }.joined().utf8))
  }

  private static func files(_ parts: [String: File]) -> [File] {
    parts.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Writes the manifest and its checksum into a folder, through to the disk.
  func write(to folder: String) throws(StoreError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    guard let data = try? encoder.encode(self) else { preconditionFailure("a manifest can be encoded") }
    let bytes = Array(data)
    let manifest = try OutputFile(path: "\(folder)/\(StoreManifest.fileName)", .unhashed)
    try manifest.write(bytes)
    _ = try manifest.finish()
    let checksum = try OutputFile(path: "\(folder)/\(StoreManifest.checksumName)", .unhashed)
    try checksum.write(Array(ContentHash.hex(of: bytes).utf8))
    _ = try checksum.finish()
  }
}

/// Why a store cannot be used as it lies on the disk.
struct StoreDamage: Error {
  /// What is wrong, to stand behind «the store is damaged: ».
  var message: String
}

extension StoreManifest {
  /// The folder with a name beside another one.
  static func sibling(_ name: String, of folder: String) -> String {
    (folder.split(separator: "/", omittingEmptySubsequences: false).dropLast() + [Substring(name)])
      .joined(separator: "/")
  }

  /// The manifest of the store in a folder, if it is whole and all of its files and segments are; nothing where there
  /// is none.
  ///
  /// Sizes are compared always. Content is hashed again only where a file's record is not the one of its writing.
  static func read(from folder: String) throws(StoreDamage) -> StoreManifest? {
    guard FileManager.default.fileExists(atPath: folder) else { return nil }
    let manifest = try decoded(from: folder)
    for file in manifest.files {
      let path = "\(folder)/\(file.name)"
      guard let record = try? FileRecord(path: path) else {
        throw StoreDamage(message: "file '\(file.name)' is missing")
      }
      guard record.size == file.bytes else {
        throw StoreDamage(
          message: "file '\(file.name)' has \(record.size) bytes where \(file.bytes) were written")
      }
      guard record != file.record else { continue }
      guard let hash = try? FileRecord.contentHash(ofFile: path), hash == file.hash else {
        throw StoreDamage(message: "file '\(file.name)' does not hold the bytes that were written")
      }
    }
    for segment in manifest.segments ?? [] {
      guard let found = try read(from: sibling(segment.name, of: folder)) else {
        throw StoreDamage(message: "its segment '\(segment.name)' is missing")
      }
      guard found.content == segment.content else {
        throw StoreDamage(message: "its segment '\(segment.name)' is another one")
      }
    }
    return manifest
  }

  /// The manifest in a folder, if it is the one that was written; its files are not looked at.
  static func decoded(from folder: String) throws(StoreDamage) -> StoreManifest {
    let manager = FileManager.default
    guard let data = manager.contents(atPath: "\(folder)/\(fileName)"),
      let checksum = manager.contents(atPath: "\(folder)/\(checksumName)")
    else { throw StoreDamage(message: "its manifest is missing") }
    guard ContentHash.hex(of: Array(data)) == String(decoding: checksum, as: UTF8.self),
      let manifest = try? JSONDecoder().decode(StoreManifest.self, from: data),
      manifest.format == currentFormat
    else { throw StoreDamage(message: "its manifest is not the one that was written") }
    return manifest
  }
}
