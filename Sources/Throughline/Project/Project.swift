import Diagnostics
import EventStore
import Foundation
import Values

/// The folder that `throughline.yaml` stands in, and what that file says.
public struct Project: Sendable {
  /// The folder; documents lie in it or below.
  public let root: URL
  /// The zone that documents are evaluated and shown in; UTC when the file says none.
  public let timeZone: TimeZoneRules
  /// In the order of their names.
  public let sources: [Source]

  /// A source of events.
  public struct Source: Sendable {
    /// The key below `sources`, which a document's front matter refers to.
    public let name: String
    /// The files, or the table of a database, roles of columns and dimensions.
    public let description: SourceDescription
    /// What computes with its rows.
    public let engine: Engine
    /// The file of a database that holds the log, relative to the root; nothing where it is in files.
    public let database: String?
    /// Where the project file says so.
    public let range: SourceRange
    /// Where it says of which types columns are.
    let typeEntries: [TypedColumn: TypeEntry]
  }

  /// An entry under `types`.
  struct TypeEntry {
    /// Where the column is named.
    let name: SourceRange
    /// What it is said to be, and where.
    let type: ScalarType
    let typeRange: SourceRange
  }

  /// What computes with the rows of a source.
  public enum Engine: String, Hashable, Sendable, CaseIterable {
    case native
    case duckDB = "duckdb"
  }

  /// What the file is called that makes a folder a project.
  public static let fileName = "throughline.yaml"

  /// Where stores and caches lie; it can be deleted at any time.
  public var workFolder: URL { root.appending(path: ".throughline", directoryHint: .isDirectory) }

  /// Templates that replace the built-in ones.
  public var templatesFolder: URL { root.appending(path: "templates", directoryHint: .isDirectory) }

  /// The path of a file as the project knows it: relative to the root where it lies in it.
  public func relativePath(_ file: URL) -> String {
    let path = file.standardizedFileURL.path
    let base = root.standardizedFileURL.path
    guard path.hasPrefix(base == "/" ? base : base + "/") else { return file.lastPathComponent }
    return String(path.dropFirst(base == "/" ? 1 : base.count + 1))
  }

  /// The project that a folder belongs to: the nearest `throughline.yaml` in it or above. A folder without one is a
  /// project without sources.
  public static func containing(_ folder: URL) throws -> (Project, SourceText?, [Diagnostic]) {
    var candidate = folder.standardizedFileURL
    while true {
      let file = candidate.appending(path: fileName)
      if FileManager.default.fileExists(atPath: file.path) {
        let source = SourceText(name: fileName, utf8: Array(try FileRefusal.data(of: file, named: fileName)))
        let (project, diagnostics) = read(source, root: candidate)
        return (project, source, diagnostics)
      }
      let parent = candidate.deletingLastPathComponent().standardizedFileURL
      guard parent.path != candidate.path else { break }
      candidate = parent
    }
    return (Project(root: folder.standardizedFileURL, timeZone: .utc, sources: []), nil, [])
  }

  /// Reads a project file.
  public static func read(_ text: SourceText, root: URL) -> (Project, [Diagnostic]) {
    var reader = ProjectReader(text: text, root: root)
    let project = reader.project()
    return (project, reader.diagnostics)
  }
}
