import CADBC
import Values

/// A conversation with a database, for one thread at a time; `canceller` alone may be used from others.
public final class Connection {
  /// Stops what a connection is doing, from any thread.
  public struct Canceller: Sendable {
    fileprivate let handle: ConnectionHandle

    /// Makes the running statement fail soon; without one, nothing happens.
    public func cancel() {
      guard handle.driver.ConnectionCancel != nil else { return }
      try? check { handle.driver.ConnectionCancel(handle.pointer, $0) }
    }
  }

  let handle: ConnectionHandle

  init(
    _ database: Database, _ databaseHandle: UnsafeMutablePointer<AdbcDatabase>
  ) throws(DatabaseError) {
    handle = try ConnectionHandle(database, databaseHandle)
  }

  /// What stops this connection from another thread.
  public var canceller: Canceller { Canceller(handle: handle) }

  /// Runs a statement for its effect.
  public func execute(_ sql: String) throws(DatabaseError) {
    let stream = try query(sql)
    while try stream.skip() {}
  }

  /// Runs a statement; its rows are pulled from the stream, batch by batch.
  public func query(_ sql: String) throws(DatabaseError) -> ResultStream {
    let statement = try Statement(handle)
    let driver = handle.driver
    try check { driver.StatementSetSqlQuery(statement.pointer, sql, $0) }
    return try ResultStream(statement)
  }

  /// All rows of a statement's result, with one dictionary for each text column; refused where they need more memory
  /// than they may.
  public func table(_ sql: String, memoryBytes: Int = .max) throws(DatabaseError) -> Table {
    try query(sql).table(memoryBytes: memoryBytes)
  }

  /// What becomes of a table that is there already.
  public enum Ingestion: String, Sendable {
    case create = "adbc.ingest.mode.create"
    case append = "adbc.ingest.mode.append"
  }

  /// Copies rows into a table of the database; timestamps become `timestamptz`, durations intervals.
  public func ingest(
    _ table: Table, into name: String, _ mode: Ingestion = .create
  ) throws(DatabaseError) {
    precondition(!table.columns.isEmpty, "a table of a database has a column at least")
    let statement = try Statement(handle)
    let driver = handle.driver
    try check { driver.StatementSetOption(statement.pointer, "adbc.ingest.target_table", name, $0) }
    try check { driver.StatementSetOption(statement.pointer, "adbc.ingest.mode", mode.rawValue, $0) }
    var schema = ArrowSchema(exporting: table.schema)
    var array = ArrowArray(exporting: table)
    defer {
      // What the driver took over it has marked as released.
      if let release = schema.release { release(&schema) }
      if let release = array.release { release(&array) }
    }
    try check { driver.StatementBind(statement.pointer, &array, &schema, $0) }
    try check { driver.StatementExecuteQuery(statement.pointer, nil, nil, $0) }
  }
}

/// Keeps a driver's connection open as long as anything uses it.
final class ConnectionHandle: @unchecked Sendable {
  let driver: AdbcDriver
  let pointer: UnsafeMutablePointer<AdbcConnection>
  private let database: Database

  init(
    _ database: Database, _ databaseHandle: UnsafeMutablePointer<AdbcDatabase>
  ) throws(DatabaseError) {
    self.database = database
    driver = database.driver
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: AdbcConnection())
    let (driver, pointer) = (driver, pointer)
    try check { driver.ConnectionNew(pointer, $0) }
    try check { driver.ConnectionInit(pointer, databaseHandle, $0) }
  }

  deinit {
    if pointer.pointee.private_data != nil { try? check { driver.ConnectionRelease(pointer, $0) } }
    pointer.deallocate()
  }
}

/// Keeps a driver's statement as long as its result is read.
final class Statement {
  let connection: ConnectionHandle
  let pointer: UnsafeMutablePointer<AdbcStatement>

  init(_ connection: ConnectionHandle) throws(DatabaseError) {
    self.connection = connection
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: AdbcStatement())
    let (driver, pointer) = (connection.driver, pointer)
    try check { driver.StatementNew(connection.pointer, pointer, $0) }
  }

  deinit {
    if pointer.pointee.private_data != nil {
      try? check { connection.driver.StatementRelease(pointer, $0) }
    }
    pointer.deallocate()
  }
}
