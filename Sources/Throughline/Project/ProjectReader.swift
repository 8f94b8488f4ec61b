import Diagnostics
import Documents
import EventStore
import Foundation
import Values
import Yams

/// Reads the YAML of a project file, with a diagnostic for every mistake.
struct ProjectReader {
  private let text: SourceText
  private let root: URL
  /// What is wrong with what was read so far.
  private(set) var diagnostics: [Diagnostic] = []
  /// What the source that is being read says of the types of columns.
  var typeEntries: [TypedColumn: Project.TypeEntry] = [:]

  /// A reader of the project file of a folder.
  init(text: SourceText, root: URL) {
    self.text = text
    self.root = root
  }

  /// The project, as far as its file could be read.
  mutating func project() -> Project {
    var timeZone = TimeZoneRules.utc
    var sources: [Project.Source] = []
    for (key, value, _) in entries(of: rootNode(), "the project file", known: ["timezone", "sources"]) {
      switch key {
      case "timezone": timeZone = zone(value, key)?.rules ?? .utc
      default:
        for (name, node, place) in entries(of: value, "'sources'", known: nil) {
          if let source = source(name, node, place) { sources.append(source) }
        }
      }
    }
    return Project(root: root, timeZone: timeZone, sources: sources.sorted { $0.name < $1.name })
  }

  private mutating func rootNode() -> Yams.Node? {
    do {
      return try Yams.compose(yaml: String(decoding: text.utf8, as: UTF8.self))
    } catch let error as YamlError {
      let mistake = YAMLMistake(error)
      report(mistake.problem, at: mistake.mark.map { range($0, length: 1) }, mistake.label, mistake.hints)
    } catch {
      report("it cannot be read", at: nil, "", [])
    }
    return nil
  }

  /// Reports why the file is not YAML.
  private mutating func report(_ problem: String, at range: SourceRange?, _ label: String, _ hints: [String])
  {
    diagnostics.append(
      Diagnostic(
        id: "bad-yaml", "the project file is not YAML: \(problem)", at: range, label: label, hints: hints))
  }

  /// A source; what it lacks is reported at its name, in the given place.
  private mutating func source(_ name: String, _ node: Yams.Node, _ place: SourceRange) -> Project.Source? {
    var events: [String] = []
    var roles: [String: String] = [:]
    var dimensions: [String: SourceDescription.Dimension] = [:]
    var types: [ColumnType] = []
    var engine = Project.Engine.native
    let known = [
      "events", "entity", "identity", "time", "event", "id", "types", "dimensions", "timezone", "engine",
      "uri",
    ]
    var identity: IdentityColumns?
    var timeZone = "UTC"
    let mistakes = diagnostics.count
    typeEntries = [:]
    let entries = entries(of: node, "source '\(name)'", known: known)
    // A key that is not known is most likely the one that is missing.
    let isMissingNews = diagnostics.count == mistakes
    let storage: Storage = entries.contains { $0.key == "uri" } ? .database : .files
    for (key, value, place) in entries {
      switch key {
      case "dimensions":
        for (dimension, node, place) in self.entries(of: value, "'dimensions'", known: nil) {
          dimensions[dimension] = self.dimension(dimension, node, place, in: storage)
        }
      case "types": types = self.types(value, place, in: storage)
      case "identity": identity = self.identity(value, place)
      case "engine":
        guard let name = string(value, key) else { continue }
        guard let known = Project.Engine(rawValue: name) else {
          reportEngine(name, at: range(of: value))
          continue
        }
        engine = known
      case "events":
        events =
          value.sequence.map { list in list.compactMap { string($0, key) } } ?? string(value, key).map {
            [$0]
          } ?? []
        if value.sequence?.isEmpty ?? false {
          report("bad-shape", "'events' names one file or more", at: place, label: "names none")
        }
      case "timezone": timeZone = zone(value, key)?.name ?? timeZone
      default: roles[key] = string(value, key)
      }
    }
    if let uri = entries.first(where: { $0.key == "uri" }), engine == .native, isMissingNews {
      report(
        "bad-shape", "a source that is read natively has files, and no 'uri'", at: uri.place,
        label: "not used",
        hints: ["write 'engine: duckdb' for the file of a DuckDB database"])
    }
    if let uri = entries.first(where: { $0.key == "uri" }), entries.contains(where: { $0.key == "identity" })
    {
      report(
        "bad-shape", "'identity' is told of the rows of files", at: uri.place, label: "a database",
        hints: ["let a view of the database say whose each row is"])
    }
    // What is made of a device and a user has a name of its own.
    let hasIdentity = entries.contains { $0.key == "identity" }
    if hasIdentity { roles["entity"] = roles["entity"] ?? "entity" }
    let needed = ["events", "entity", "time", "event"].filter { $0 != "entity" || !hasIdentity }
    let missing = needed.filter { key in !entries.contains { $0.key == key } }
    if !missing.isEmpty, isMissingNews {
      reportMissing(
        missing, of: "source '\(name)'", at: place,
        hints: missing.map {
          $0 == "events" ? "name its files: 'events: data/*.parquet'" : "name the column: '\($0): …'"
        })
    }
    checkTypes(types, roles: roles, identity: identity)
    guard diagnostics.count == mistakes, let entity = roles["entity"], let time = roles["time"],
      let event = roles["event"]
    else { return nil }
    return Project.Source(
      name: name,
      description: SourceDescription(
        name: name, events: events,
        roles: LogRoles(entity: entity, time: time, event: event, id: roles["id"], identity: identity),
        types: DeclaredTypes(types), dimensions: dimensions, timeZone: timeZone, folder: root.path),
      engine: engine, database: roles["uri"], range: place, typeEntries: typeEntries)
  }

  private mutating func reportEngine(_ name: String, at range: SourceRange) {
    let engines = Project.Engine.allCases.map(\.rawValue)
    let isDatabase = ["spark", "postgres", "postgresql", "snowflake", "bigquery", "clickhouse", "sqlite"]
      .contains(name.lowercased())
    report(
      "no-engine", isDatabase ? "the engine '\(name)' is not supported" : "no engine named '\(name)'",
      at: range,
      label: isDatabase ? "not supported" : "not an engine",
      notes: ["the engines are \(engines.map { "'\($0)'" }.joined(separator: ", "))"],
      hints: [
        isDatabase
          ? "export the events as Parquet files, and name these"
          : "leave it out, and events are read natively"
      ])
  }

  /// `{device: …, user: …}`, which tell whose a row is.
  private mutating func identity(_ node: Yams.Node, _ place: SourceRange) -> IdentityColumns? {
    let mistakes = diagnostics.count
    var names: [String: String] = [:]
    var backfill = true
    for (key, value, _) in entries(of: node, "'identity'", known: ["device", "user", "backfill"]) {
      guard key == "backfill" else {
        names[key] = string(value, key)
        continue
      }
      if let given = value.bool {
        backfill = given
      } else {
        report("bad-shape", "'backfill' is true or false", at: range(of: value), label: "neither")
      }
    }
    guard diagnostics.count == mistakes else { return nil }
    guard let device = names["device"], let user = names["user"] else {
      reportMissing(
        ["device", "user"].filter { names[$0] == nil }, of: "'identity'", at: place,
        hints: ["name the columns: 'identity: {device: …, user: …}'"])
      return nil
    }
    return IdentityColumns(device: device, user: user, backfill: backfill)
  }

  private mutating func dimension(
    _ name: String, _ node: Yams.Node, _ place: SourceRange, in storage: Storage
  ) -> SourceDescription.Dimension? {
    let mistakes = diagnostics.count
    var texts: [String: String] = [:]
    var types: [ColumnType] = []
    let known = ["file", "table", "key", "types"]
    for (key, value, place) in entries(of: node, "dimension '\(name)'", known: known) {
      if key == "types" {
        types = self.types(value, place, of: name, in: storage)
      } else {
        texts[key] = string(value, key)
      }
    }
    guard diagnostics.count == mistakes else { return nil }
    guard let file = texts["file"] ?? texts["table"], let key = texts["key"] else {
      reportMissing(
        ["file", "key"].filter { texts[$0] == nil }, of: "dimension '\(name)'", at: place,
        hints: ["write '\(name): {file: …, key: …}'"])
      return nil
    }
    return SourceDescription.Dimension(file: file, key: key, types: DeclaredTypes(types))
  }

  /// Reports the keys without which nothing can be made of an entry.
  private mutating func reportMissing(
    _ keys: [String], of entry: String, at place: SourceRange, hints: [String]
  ) {
    let missing = keys.map { "'\($0)'" }.joined(separator: " and no ")
    report(
      "missing-key", "\(entry) says no \(missing)", at: place, label: "without \(missing)", hints: hints)
  }

  private mutating func zone(_ node: Yams.Node, _ key: String) -> (name: String, rules: TimeZoneRules)? {
    guard let name = string(node, key) else { return nil }
    if let rules = TimeZoneRules(named: name) { return (name, rules) }
    report(
      "no-timezone", "no time zone named '\(name)'", at: range(of: node), label: "not a time zone",
      hints: ["write its name in the time zone database, such as 'UTC' or 'Europe/Berlin'"])
    return nil
  }

  // MARK: Nodes

  /// The keys of a mapping that are known, with their values and places.
  mutating func entries(
    of node: Yams.Node?, _ what: String, known: [String]?
  ) -> [(key: String, value: Yams.Node, place: SourceRange)] {
    guard let node, node.null == nil else { return [] }
    guard let mapping = node.mapping else {
      report(
        "bad-shape", "\(what) has keys with values", at: range(of: node), label: "no key with a value",
        hints: ["write 'key: value' on a line for each"])
      return []
    }
    var result: [(key: String, value: Yams.Node, place: SourceRange)] = []
    for (key, value) in mapping {
      guard let name = key.string else { continue }
      let place = range(of: key)
      if let known, !known.contains(name) {
        report(
          "unknown-key", "\(what) has no key '\(name)'", at: place, label: "not a key here",
          notes: ["the keys here are \(known.map { "'\($0)'" }.joined(separator: ", "))"],
          hints: NearestName.of(name, among: known).map { ["did you mean '\($0)'?"] } ?? [])
        continue
      }
      result.append((name, value, place))
    }
    return result
  }

  /// A value that is one text.
  mutating func string(_ node: Yams.Node, _ key: String) -> String? {
    if let text = node.scalar?.string, !text.isEmpty, node.null == nil { return text }
    report(
      "bad-shape", "'\(key)' is one text", at: range(of: node),
      label: node.scalar == nil ? "more than one" : "nothing after '\(key):'")
    return nil
  }

  /// Where a node stands: all of a scalar on its line, the start of anything else.
  func range(of node: Yams.Node) -> SourceRange {
    guard let mark = node.mark else { return SourceRange(0, 0) }
    guard let scalar = node.scalar else { return range(mark, length: 1) }
    let quotes = scalar.style == .singleQuoted || scalar.style == .doubleQuoted ? 2 : 0
    return range(mark, length: scalar.string.utf8.count + quotes)
  }

  /// The bytes from a mark on, whose column counts Unicode scalars, no further than its line goes.
  private func range(_ mark: Mark, length: Int) -> SourceRange {
    let line = text.range(ofLine: mark.line)
    let before = text.text(in: line).unicodeScalars.prefix(max(0, mark.column - 1))
    let start = min(line.lower + String(before).utf8.count, line.upper)
    return SourceRange(start, min(start + length, line.upper))
  }

  /// Reports a mistake of the file.
  mutating func report(
    _ id: String, _ message: String, at range: SourceRange, label: String, notes: [String] = [],
    hints: [String] = []
  ) {
    diagnostics.append(Diagnostic(id: id, message, at: range, label: label, notes: notes, hints: hints))
  }
}
