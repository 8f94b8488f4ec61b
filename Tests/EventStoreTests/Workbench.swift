import ADBC
import Foundation
import Values

@testable import EventStore

/// A folder for one test: files of a source, and its stores.
final class Workbench {
  let folder: String
  var notices: [StoreNotice] = []

  init() throws {
    folder = NSTemporaryDirectory() + "store-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder + "/data", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/data/\(name)" }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let directory = (path(name) as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    // Over the old bytes, in the same inode, as a careless program would.
    if let file = FileHandle(forWritingAtPath: path(name)) {
      try file.truncate(atOffset: 0)
      try file.write(contentsOf: Data(bytes))
      try file.close()
    } else {
      try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    }
  }

  /// Writes the result of a query as a file of the kind that its name says.
  func copy(_ query: String, to name: String, _ options: String = "") throws {
    try Database().connect().execute("copy (\(query)) to \(SQLText.literal(path(name))) \(options)")
  }

  func open(
    _ patterns: String..., id: String? = nil, identity: IdentityColumns? = nil, entity: String = "user",
    types: DeclaredTypes = DeclaredTypes(), dimensions: [String: SourceDescription.Dimension] = [:],
    timeZone: String = "UTC", threads: Int = 2, memoryLimit: Int? = nil, textMemory: Int = 256 << 20
  ) throws(StoreError) -> OpenedLog {
    let source = SourceDescription(
      name: "shop", events: patterns.isEmpty ? ["*.csv"] : patterns,
      roles: LogRoles(entity: entity, time: "ts", event: "event", id: id, identity: identity),
      types: types, dimensions: dimensions, timeZone: timeZone, folder: folder + "/data")
    return try EventStore.open(
      source, at: folder + "/stores",
      resources: .init(threads: threads, memoryLimit: memoryLimit, textMemory: textMemory)
    ) { notices.append($0) }
  }

  var warnings: [String] { notices.filter { $0.level == .warning }.map(\.message) }

  /// How often files were read so far.
  var readings: Int { notices.count { $0.message.hasPrefix("reading ") } }

  /// The folder of the one store of the log; beside it there may be those of its segments.
  func store() throws -> String {
    let names = try stores().filter { name in
      let segments = try stores().flatMap { try manifest($0).segments ?? [] }
      return !segments.contains { $0.name == name }
    }
    guard names.count == 1 else { throw StoreError("there are \(names.count) stores") }
    return "\(folder)/stores/shop/\(names[0])"
  }

  /// The names of the folders of the log and of its segments.
  func stores() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder + "/stores/shop").filter {
      $0.hasPrefix("log-")
    }
    .sorted()
  }

  func manifest(_ store: String) throws -> StoreManifest {
    let path = "\(folder)/stores/shop/\(store)/\(StoreManifest.fileName)"
    return try JSONDecoder().decode(StoreManifest.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }
}

extension Workbench {
  /// The bytes of the one store of the log and of what was put together in it, by the files' names, but for manifests,
  /// which know when files were written.
  func storeFiles() throws -> [String: Data] {
    let store = try store()
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: store) {
      let name = (path as NSString).lastPathComponent
      if name.hasPrefix("manifest") { continue }
      files[name] = FileManager.default.contents(atPath: "\(store)/\(path)")
    }
    return files
  }
}

extension EventLog {
  /// All rows in order, with their entities.
  var rows: [[Scalar]] {
    (0..<entityCount).flatMap { entity in
      rows(ofEntity: entity).map { row in
        columns.map { column in
          guard let column else { return entities.read(entity..<entity + 1)[0] }
          return column.read(row..<row + 1)[0]
        }
      }
    }
  }

  /// The values of a column in order.
  func values(_ name: String) -> [Scalar] {
    guard let position = schema.position(of: name) else { return [] }
    return rows.map { $0[position] }
  }

  func type(of name: String) -> ScalarType? { schema.position(of: name).map { schema[$0].type } }
}
