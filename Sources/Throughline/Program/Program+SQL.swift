import ADBC
import Backends
import Diagnostics
import Documents
import Engine
import EventStore
import Functions
import Planning
import Values

/// What the SQL of a document's own is run on.
struct SQLDatabase {
  let database: DuckDB
  /// Whether the rows of the log and of the tables are there, and not only their columns.
  var hasRows: Bool
}

extension Program {
  /// What an `sql` block means: its text and its columns, as far as the database takes it.
  func sql(_ block: CodeBlock) -> Node.Meaning? {
    let text = block.body.text
    do {
      let database = try sqlDatabase(withRows: false, limits: limits)
      return .sql(text, try database.schema(ofBlock: text, isCancelled: limits.isCancelled))
    } catch let error as SQLBlockError {
      diagnostics.append(diagnostic(error, block))
    } catch {
      let refusal = error as? DatabaseError
      diagnostics.append(
        Diagnostic(
          id: "sql", "the database does not take the SQL", at: block.range, label: "not run",
          notes: [refusal?.message ?? "\(error)"], hints: refusal?.hints ?? []))
    }
    return nil
  }

  /// The rows of an `sql` block.
  func table(ofSQL text: String, _ schema: Schema, limits: ExecutionLimits) throws(EvaluationError) -> Table {
    do {
      return try sqlDatabase(withRows: true, limits: limits)
        .table(ofBlock: text, isCancelled: limits.isCancelled)
    } catch let error as SQLBlockError {
      switch error.kind {
      case .refused(let reason): throw EvaluationError("the database stopped: \(reason)")
      case .cancelled:
        throw EvaluationError(ExecutionError.cancelled.message, hints: ExecutionError.cancelled.hints)
      case .notOneSelect, .unrepeatable, .revealing:
        preconditionFailure("a block is checked before it is run")
      }
    } catch {
      throw EvaluationError((error as? DatabaseError)?.message ?? "\(error)")
    }
  }

  /// A database that shows the log as `events`, and the dimensions. A native log is copied to it when a block is run.
  private func sqlDatabase(withRows: Bool, limits: ExecutionLimits) throws -> DuckDB {
    if let sqlDatabase, sqlDatabase.hasRows || !withRows { return sqlDatabase.database }
    let events: Plan? = dataLog.flatMap { relation($0)?.plan } ?? source?.events
    var database = try sqlDatabase?.database ?? DuckDB(timeZone: timeZone, memoryBytes: limits.memoryBytes)
    var isBound = false
    if dataLog == nil, let source, case .duckDB(let own) = source.rows {
      database = own
      isBound = true
    }
    if let events, case .events(let log) = events {
      if !isBound {
        let rows =
          withRows
          ? try Engine.run([events], inputs: inputs(for: [events], limits: limits))[0].get()
          : Table(schema: log.schema, columns: log.schema.map { Column($0.type, []) }, count: 0)
        try database.load(events: rows, of: log.source)
      }
      try database.show(events: log.source, as: "events", log.schema)
    }
    if dataLog == nil {
      for (name, dimension) in source?.dimensions.sorted(by: { $0.key < $1.key }) ?? [] {
        try database.load(dimension.table, as: name)
        try database.show(table: name, dimension.schema)
      }
    }
    sqlDatabase = SQLDatabase(database: database, hasRows: withRows || isBound)
    return database
  }

  private func diagnostic(_ error: SQLBlockError, _ block: CodeBlock) -> Diagnostic {
    let length = block.body.utf8.count
    let place =
      error.offset.map { offset in
        let start = min(max(0, offset), max(0, length - 1))
        var end = start
        while end < length, block.body.utf8[end].isWordPart { end += 1 }
        return block.body.range(start, min(length, max(end, start + 1)))
      } ?? block.range
    switch error.kind {
    case .refused(let reason):
      return Diagnostic(
        id: "sql", "the database does not take the SQL", at: place, label: "noticed here", notes: [reason],
        hints: reason.hasPrefix("Table with name")
          ? ["an 'sql' block reads 'events' and the dimensions of the source, and no other block"] : [])
    case .cancelled:
      let cancelled = ExecutionError.cancelled
      return Diagnostic(
        id: "evaluation", cancelled.message, at: block.range, label: "computing its columns",
        hints: cancelled.hints)
    case .notOneSelect:
      return Diagnostic(
        id: "sql-statement", "an 'sql' block is one 'select'", at: place, label: "something else",
        hints: ["write one statement that reads, without a semicolon and another one behind it"])
    case .unrepeatable(let name):
      return Diagnostic(
        id: "sql-function", "'\(name)' gives another value in each run, and a report does not", at: place,
        label: "not in a document", hints: ["write the value, or make it a parameter of the document"])
    case .revealing(let name):
      return Diagnostic(
        id: "sql-function", "'\(name)' reads something other than the source", at: place,
        label: "not in a document",
        notes: ["an 'sql' block reads 'events' and the dimensions of the source, and what it makes of them"])
    }
  }
}

extension Relation {
  fileprivate var plan: Plan? { if case .plan(let plan, _) = self { plan } else { nil } }
}

extension UInt8 {
  /// Whether the byte is part of a word of SQL.
  fileprivate var isWordPart: Bool {
    self == UInt8(ascii: "_") || self >= 128 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= self
      || UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 32
  }
}
