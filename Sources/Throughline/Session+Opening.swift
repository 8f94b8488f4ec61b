import Backends
import Engine
import EventStore
import Foundation
import Functions
import Values

extension Session {
  /// A source that can be computed with, or the reason why not.
  func openSource(_ name: String) throws -> OpenSource? {
    guard let source = project.sources.first(where: { $0.name == name }) else { return nil }
    if let file = source.database { return try openDatabase(file, source) }
    guard let opened = try openLog(name) else { return nil }
    switch source.engine {
    case .native: return OpenSource(name: name, opened: opened, rows: .native(opened.log))
    case .duckDB:
      let database = try DuckDB(timeZone: project.timeZone, memoryBytes: options.limits.memoryBytes)
      let native = OpenSource(name: name, opened: opened, rows: .native(opened.log))
      let inputs = ExecutionInputs(
        logs: [name: opened.log], context: EvaluationContext(timeZone: project.timeZone),
        limits: options.limits)
      try database.load(events: Engine.run([native.events], inputs: inputs)[0].get(), of: name)
      return OpenSource(name: name, opened: opened, rows: .duckDB(database))
    }
  }

  private func openDatabase(_ file: String, _ source: Project.Source) throws -> OpenSource {
    let path = project.root.appending(path: file).path
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw StoreError("there is no file '\(file)'", hints: ["'uri' names the file of a DuckDB database"])
    }
    let description = source.description
    let database = try DuckDB(
      reading: path, timeZone: project.timeZone, memoryBytes: options.limits.memoryBytes)
    let facts = try database.open(
      DatabaseLog(
        table: description.events.first ?? "", entity: description.roles.entity, time: description.roles.time,
        event: description.roles.event, id: description.roles.id, timeZone: description.timeZone),
      of: source.name)
    var dimensions: [String: DimensionTable] = [:]
    for (name, dimension) in description.dimensions {
      dimensions[name] = DimensionTable(
        try database.table(named: dimension.file, timeZone: description.timeZone))
    }
    return OpenSource(
      name: source.name, database: database, facts: facts, dimensions: dimensions,
      fingerprint: try fingerprint(of: [path, path + ".wal"], description))
  }

  /// Identifies the content of files, those that are there, and how they are read.
  private func fingerprint(of paths: [String], _ description: SourceDescription) throws -> String {
    let hash = ContentHash()
    let roles = description.roles
    for setting in description.events + [
      roles.entity, roles.time, roles.event, roles.id ?? "", description.timeZone,
    ] {
      hash.update(field: setting)
    }
    for path in paths where FileManager.default.fileExists(atPath: path) {
      let data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
      data.withUnsafeBytes { hash.update($0) }
    }
    return hash.hex()
  }
}
