import Diagnostics
import Documents
import Engine
import EventStore
import Planning
import Values

extension Session {
  /// The result of one query against a source, or what is wrong with it.
  public func query(_ text: String, source name: String?) -> (table: Table?, diagnostics: [LocatedDiagnostic])
  {
    let document = queryDocument(text, source: name)
    guard case .table(let table)? = document.program.knownValue("result") else {
      return (nil, projectDiagnostics + document.diagnostics)
    }
    return (table, projectDiagnostics + document.diagnostics)
  }

  /// What a query will do: its plan as a tree, with the size of what it reads.
  public func explanation(
    of text: String, source name: String?
  ) -> (text: String?, diagnostics: [LocatedDiagnostic]) {
    let document = queryDocument(text, source: name, runs: false)
    guard case .query(let plan, _)? = document.program.meaning(ofName: "result") else {
      return (nil, projectDiagnostics + document.diagnostics)
    }
    let database = document.program.database(for: plan)
    // What is narrowed is what the native engine runs; names are shown also where they are too many to be read alone.
    var facts = LogFacts { document.program.log($0) }
    facts.isReadByNames = { _, _ in true }
    let description = (database == nil ? plan.narrowed(by: facts) : plan).description { leaf in
      guard case .events = leaf, let source = document.source else { return nil }
      let rows = ValueFormatter.text(.integer(Int64(source.rowCount)), .automatic, timeZone: .utc)
      let entities = ValueFormatter.text(.integer(Int64(source.entityCount)), .automatic, timeZone: .utc)
      return "\(rows) rows of \(entities) entities, " + source.engine.manner
    }
    if let database {
      do {
        let statement = try database.statement(of: plan, timeZone: project.timeZone)
        return ("\(description)\n\n\(statement)", projectDiagnostics + document.diagnostics)
      } catch {
        return ("\(description)\n\n-- \(error.message)", projectDiagnostics + document.diagnostics)
      }
    }
    return (description, projectDiagnostics + document.diagnostics)
  }

  private func queryDocument(_ text: String, source name: String?, runs: Bool = true) -> RunDocument {
    let document = Document.query(SourceText(name: "query", text: text), name: "result", source: name)
    return run(document, [], folder: project.root, parameters: [:], runs: runs)
  }
}

extension Project.Engine {
  /// How the engine reads a log.
  fileprivate var manner: String {
    switch self {
    case .native: "read once, in parallel by entity"
    case .duckDB: "read by DuckDB, as the SQL below"
    }
  }
}
