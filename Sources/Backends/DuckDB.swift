import ADBC
import Planning
import SQL
import Values

/// Why a plan has no result on a database.
public enum BackendError: Error, Hashable, Sendable {
  /// There is no SQL that gives the plan's answer.
  case refused(SQLRefusal)
  /// The database stopped: a value that does not fit, memory, or a lack of its own.
  case failed(DatabaseError)
  /// It was told to give up.
  case cancelled
}

/// Runs plans on DuckDB, with the answers that the native engine gives.
///
/// One thread computes, for sums of doubles differ from run to run with more. Once it is open, nothing that is run on it
/// reaches a file or changes how it works.
public final class DuckDB {
  let connection: Connection
  /// How much the results of one step may take.
  private let memoryBytes: Int
  private var logs: [String: SQLTable] = [:]
  private var tables: [String: SQLTable] = [:]
  private var tableCount = 0
  /// What the file that is attached is called in statements.
  static let attached = "source"

  /// A database in memory, beside which the file at a path can be read.
  ///
  /// - Parameters:
  ///   - timeZone: what documents' own SQL takes for the zone of calendar functions.
  ///   - memoryBytes: how much the results of one step may take; the tables that are copied here, as much again.
  public init(
    reading path: String? = nil, timeZone: TimeZoneRules = .utc, memoryBytes: Int = 4_000_000_000
  ) throws(DatabaseError) {
    self.memoryBytes = memoryBytes
    let settings = Database.Settings(
      threads: 1, memoryLimit: min(memoryBytes, .max / 2) * 2, timeZone: timeZone.name)
    connection = try Database(settings: settings).connect()
    if let path {
      try connection.execute("attach \(SQLText.literal(path)) as \(DuckDB.attached) (read_only)")
    }
    try connection.execute("set enable_external_access = false")
    try connection.execute("set lock_configuration = true")
  }

  /// Copies a log's rows, which come by entity, time and sequence, to where plans of a source read them.
  public func load(events: Table, of source: String) throws(DatabaseError) {
    logs[source] = try copy(events, over: logs[source])
  }

  /// Copies a table to where plans read a relation of this name; one that was there before is dropped.
  public func load(_ table: Table, as name: String) throws(DatabaseError) {
    tables[name] = try copy(table, over: tables[name])
  }

  /// The statement that a plan is run as.
  public func statement(of plan: Plan, timeZone: TimeZoneRules) throws(SQLRefusal) -> String {
    try SQLStatement(
      plan,
      events: { (events) throws(SQLRefusal) in
        guard let table = logs[events.source] else {
          throw SQLRefusal("the log of '\(events.source)' is not in the database")
        }
        return table
      },
      relation: { (name, schema) throws(SQLRefusal) in
        tables[name] ?? DuckDB.named(name, schema.indices.map { "c\($0)" })
      }, timeZone: timeZone
    ).text
  }

  /// The rows of a plan, whose tables have been loaded.
  ///
  /// - Parameter isCancelled: asked while it runs; true ends it.
  public func table(
    of plan: Plan, timeZone: TimeZoneRules, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(BackendError) -> Table {
    let statement: String
    do { statement = try self.statement(of: plan, timeZone: timeZone) } catch { throw .refused(error) }
    let found: Table?
    do {
      found = try connection.interruptible(by: isCancelled) { () throws(DatabaseError) in
        try DuckDB.retyped(rows(of: statement), as: plan.schema)
      }
    } catch { throw .failed(error) }
    guard let found else { throw .cancelled }
    return found
  }

  /// All rows of a statement's result, within the memory that it may take.
  func rows(of statement: String) throws(DatabaseError) -> Table {
    try limited { () throws(DatabaseError) in try connection.table(statement, memoryBytes: memoryBytes) }
  }

  /// Says in our words that the database's memory was not enough.
  private func limited<Result>(_ body: () throws(DatabaseError) -> Result) throws(DatabaseError) -> Result {
    do { return try body() } catch {
      throw error.details.contains("Out of Memory Error") ? .tooLarge(memoryBytes) : error
    }
  }

  // MARK: Tables

  private func copy(_ table: Table, over former: SQLTable?) throws(DatabaseError) -> SQLTable {
    if let former { try connection.execute("drop table \(former.relation)") }
    tableCount += 1
    let name = "table \(tableCount)"
    let names = table.schema.indices.map { "c\($0)" } + ["#"]
    var columns = table.columns.map { column in
      guard column.type == .timestamp || column.type == .duration else { return column }
      return Column(type: .integer, values: column.values, validity: column.validity)
    }
    columns.append(.integers((0..<Int64(table.count)).map { $0 }))
    let schema = zip(names, columns).map { Field($0, $1.type) }
    try limited { () throws(DatabaseError) in
      try connection.ingest(Table(schema: schema, columns: columns, count: table.count), into: name)
    }
    return DuckDB.named(name, Array(names.dropLast()))
  }

  private static func named(_ name: String, _ columns: [String]) -> SQLTable {
    SQLTable(
      relation: "main.\(SQLText.identifier(name))", columns: columns.map(SQLText.identifier),
      order: SQLText.identifier("#"))
  }

  /// Takes what a statement gives, row by row in its order, as the log of a source.
  func bind(_ source: String, columns count: Int, rows statement: String) throws(DatabaseError) {
    tableCount += 1
    let name = "log \(tableCount)"
    try limited { () throws(DatabaseError) in
      try connection.execute("create table main.\(SQLText.identifier(name)) as \(statement)")
    }
    logs[source] = DuckDB.named(name, (0..<count).map { "c\($0)" })
  }

  /// The place of a source's log.
  func relation(of source: String) -> String? { logs[source]?.relation }

  /// The place of a table.
  func relation(named name: String) -> String? { tables[name]?.relation }

  /// A result with the types of a plan: timestamps and durations came as microseconds.
  static func retyped(_ table: Table, as schema: Schema) throws(DatabaseError) -> Table {
    var columns: [Column] = []
    for (column, field) in zip(table.columns, schema) {
      // SQL gives a null that it has computed a type of its own.
      if column.type != field.type, column.validity?.allSatisfy({ $0 == 0 }) ?? (table.count == 0) {
        columns.append(Column(repeating: .null, type: field.type, count: table.count))
        continue
      }
      guard column.type == field.type || column.type == .integer && field.type.isIntegral else {
        throw DatabaseError(
          message:
            "'\(field.name)' came as \(column.type.rawValue), where the plan says \(field.type.rawValue)")
      }
      columns.append(Column(type: field.type, values: column.values, validity: column.validity))
    }
    return Table(schema: schema, columns: columns, count: table.count)
  }
}
