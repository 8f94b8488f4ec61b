import ADBC
import Backends
import EventStore
import Planning
import Values

/// A source whose log is open and up to date.
final class OpenSource {
  /// Where a log's rows are, and what computes with them.
  enum Rows {
    case native(EventLog)
    /// Computed by DuckDB, with rows of files or of a database.
    case duckDB(DuckDB)
  }

  let name: String
  let rows: Rows
  /// The plan that reads the log; columns that identify something are shown without separators.
  let events: Plan
  /// The names of events that the log has seen.
  let eventNames: [String]
  let rowCount: Int
  let entityCount: Int
  /// The times of the first and the last event, in microseconds; nothing for an empty log.
  let times: ClosedRange<Int64>?
  let dimensions: [String: DimensionTable]
  /// Identify the content of the dimensions.
  let dimensionFingerprints: [String: String]
  /// Identifies the content of the log.
  let logFingerprint: String
  /// What became of the rows of files; nothing of a database, whose rows are what they are.
  let report: IngestReport?
  /// What is known of the rows of a database; nothing of files.
  let facts: DatabaseLogFacts?
  /// The columns that say whose a row is, where devices are told apart from users.
  let identity: IdentityColumns?

  /// A log of files, with what computes with it.
  init(name: String, opened: OpenedLog, rows: Rows) {
    let log = opened.log
    self.name = name
    self.rows = rows
    var schema = log.schema
    let identity = log.roles.identity
    for name in [log.roles.entity, log.roles.id, identity?.device, identity?.user] {
      if let position = name.flatMap({ schema.position(of: $0) }), schema[position].type == .integer {
        schema[position].display = .plain
      }
    }
    events = .events(
      EventsPlan(
        source: name, schema: schema,
        log: LogColumns(entity: log.entityPosition, time: log.timePosition, event: log.eventPosition)))
    let dictionary = log.columns[log.eventPosition]?.dictionary
    eventNames = (0..<(dictionary?.count ?? 0)).compactMap { dictionary?.text($0) }
    rowCount = log.rowCount
    entityCount = log.entityCount
    times = log.times
    dimensions = opened.dimensions
    dimensionFingerprints = opened.dimensionFingerprints
    logFingerprint = log.fingerprint
    report = opened.report
    facts = nil
    self.identity = identity
  }

  /// A log of a database.
  init(
    name: String, database: DuckDB, facts: DatabaseLogFacts, dimensions: [String: DimensionTable],
    fingerprint: String
  ) {
    self.name = name
    rows = .duckDB(database)
    var schema = facts.schema
    if schema[facts.roles.entity].type == .integer { schema[facts.roles.entity].display = .plain }
    events = .events(EventsPlan(source: name, schema: schema, log: facts.roles))
    eventNames = facts.eventNames
    rowCount = facts.rowCount
    entityCount = facts.entityCount
    times = facts.times
    self.dimensions = dimensions
    dimensionFingerprints = dimensions.mapValues { _ in fingerprint }
    logFingerprint = fingerprint
    report = nil
    self.facts = facts
    identity = nil
  }

  /// Identifies the content of the log and of the dimensions.
  var fingerprint: String {
    guard report != nil, !dimensionFingerprints.isEmpty else { return logFingerprint }
    let dimensions = dimensionFingerprints.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return ContentHash.hex(of: Array(([logFingerprint] + dimensions).joined(separator: "\n").utf8))
  }

  /// Counts what is in a database; nothing of files, whose report has it.
  func census() throws(DatabaseError) -> DatabaseLogCensus? {
    guard case .duckDB(let database) = rows, let facts else { return nil }
    return try database.census(of: name, facts)
  }

  /// What computes with the rows.
  var engine: Project.Engine {
    switch rows {
    case .native: .native
    case .duckDB: .duckDB
    }
  }
}
