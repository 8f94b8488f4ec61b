import CADBC
import Values

/// A database in this process, reached through a driver. Connections to it see the same tables.
public final class Database: @unchecked Sendable {
  /// How DuckDB works.
  public struct Settings: Hashable, Sendable {
    /// With more than one thread, sums of doubles differ in their last digits from run to run.
    public var threads: Int
    /// In bytes; beyond it, sorts and tables go to `temporaryFolder`. Nothing leaves it to DuckDB: 80 % of memory.
    public var memoryLimit: Int?
    /// Where what exceeds the memory goes; nothing forbids it.
    public var temporaryFolder: String?
    /// The time zone of times that do not name one, by its IANA name.
    public var timeZone: String

    /// One thread, in UTC, within DuckDB's own limit of memory, unless said otherwise.
    public init(
      threads: Int = 1, memoryLimit: Int? = nil, temporaryFolder: String? = nil, timeZone: String = "UTC"
    ) {
      self.threads = threads
      self.memoryLimit = memoryLimit
      self.temporaryFolder = temporaryFolder
      self.timeZone = timeZone
    }
  }

  let driver: AdbcDriver
  private let settings: Settings
  // Mutable only because the driver's functions take it so; after `init` the driver alone changes it, under its locks.
  private let handle: UnsafeMutablePointer<AdbcDatabase>

  /// Opens an empty DuckDB in memory.
  public init(
    settings: Settings = Settings(), library: String = DuckDBLibrary.located()
  ) throws(DatabaseError) {
    driver = try Driver(library: library, entryPoint: "duckdb_adbc_init").functions
    self.settings = settings
    handle = .allocate(capacity: 1)
    handle.initialize(to: AdbcDatabase())
    let (driver, handle) = (driver, handle)
    try check { driver.DatabaseNew(handle, $0) }
    var options = [
      "path": ":memory:",
      // What is not in the library is not fetched: a run is the same with and without a network.
      "autoinstall_known_extensions": "false",
      "autoload_known_extensions": "false",
      "threads": String(max(1, settings.threads)),
      "temp_directory": settings.temporaryFolder ?? "",
    ]
    if let limit = settings.memoryLimit { options["memory_limit"] = "\(max(limit, 1))B" }
    for (name, value) in options.sorted(by: { $0.key < $1.key }) {
      try check { driver.DatabaseSetOption(handle, name, value, $0) }
    }
    try check { driver.DatabaseInit(handle, $0) }
  }

  deinit {
    if handle.pointee.private_data != nil {
      try? check { driver.DatabaseRelease(handle, $0) }
    }
    handle.deallocate()
  }

  /// A new connection, to be used by one thread at a time.
  public func connect() throws(DatabaseError) -> Connection {
    let connection = try Connection(self, handle)
    try connection.execute("set TimeZone = \(SQLText.literal(settings.timeZone))")
    // Texts of a batch may exceed 2 GB together; the version of the format pins which types arrive.
    try connection.execute("set arrow_large_buffer_size = true")
    try connection.execute("set arrow_output_version = '1.0'")
    return connection
  }
}
