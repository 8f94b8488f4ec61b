import ADBC
import Diagnostics
import Planning
import Values

/// Where the log of a database's file is: an entry of the project file.
public struct DatabaseLog: Hashable, Sendable {
  /// A table or a view, with its schema before a dot where it is not in the first.
  public var table: String
  /// The column of whose event it is.
  public var entity: String
  /// The column of when it happened.
  public var time: String
  /// The column of what happened.
  public var event: String
  /// Identifies an event that may be there more than once.
  public var id: String?
  /// The zone of times that name none, by its IANA name.
  public var timeZone: String

  /// A table with the roles of its columns.
  public init(
    table: String, entity: String, time: String, event: String, id: String? = nil, timeZone: String = "UTC"
  ) {
    self.table = table
    self.entity = entity
    self.time = time
    self.event = event
    self.id = id
    self.timeZone = timeZone
  }
}

/// What is known of a log that a database holds.
public struct DatabaseLogFacts: Sendable {
  /// All columns, in the order of the table.
  public let schema: Schema
  /// Which of them are entity, time and event.
  public let roles: LogColumns
  /// How many events.
  public let rowCount: Int
  /// How many entities; each has an event at least.
  public let entityCount: Int
  /// Of the first and the last event, in microseconds; nothing for an empty log.
  public let times: ClosedRange<Int64>?
  /// In ascending order.
  public let eventNames: [String]
  /// SQL: all rows of the table, whether they are of the log or not.
  fileprivate let table: String
}

/// What only who describes the log asks for: it takes a look at all rows and columns.
public struct DatabaseLogCensus: Sendable {
  /// How many rows of the table are left out since they have no entity or no time.
  public let refusedCount: Int
  /// How many are left out since their event is there already.
  public let duplicateCount: Int
  /// How many rows have no value, by the columns of the schema.
  public let nulls: [Int]
  /// How many events have each name, or none, by the names in ascending order, none last.
  public let events: [(name: String?, count: Int)]
}

extension DuckDB {
  /// Takes a table of the attached file as the log of a source: rows that have an entity and a time, by entity, time and
  /// all other values, each event that has an id once.
  public func open(_ log: DatabaseLog, of source: String) throws(DatabaseError) -> DatabaseLogFacts {
    let relation = DuckDB.relation(log.table)
    let columns = try columns(of: relation, named: log.table, timeZone: log.timeZone)
    let schema = columns.map { Field($0.name, $0.type) }
    var missing = MissingColumns(among: schema.map(\.name))
    func position(_ role: String, _ name: String) -> Int {
      missing.position(of: name, for: "the \(role) of the log", schema.position(of:))
    }
    let entity = position("entity", log.entity)
    let time = position("time", log.time)
    let event = position("event", log.event)
    let id = log.id.map { position("id", $0) }
    guard missing.isEmpty else { throw DatabaseError(message: missing.message, hints: missing.hints) }
    let roles = [("time", time, ScalarType.timestamp, "timestamp"), ("event", event, .text, "varchar")]
    for (role, position, type, sqlType) in roles where schema[position].type != type {
      let name = SQLText.identifier(schema[position].name)
      throw DatabaseError(
        message: "the \(role) '\(schema[position].name)' is of type \(schema[position].type.rawValue)",
        hints: ["name a view of the table, with '\(name)::\(sqlType) as \(name)'"])
    }
    let all = columns.indices.map { "c\($0)" }
    let order = (["c\(entity)", "c\(time)"] + all).map { "\($0) nulls last" }.joined(separator: ", ")
    let once = id.map { id in
      let first = "row_number() over (partition by c\(entity), c\(event), c\(id) order by \(order))"
      return " qualify c\(id) is null or \(first) = 1"
    }
    let values = columns.enumerated().map { "\($1.expression) as c\($0)" }.joined(separator: ", ")
    try bind(
      source, columns: columns.count,
      rows: """
        select *, row_number() over (order by \(order)) as "#" from (
        select * from (select \(values) from \(relation))
        where c\(entity) is not null and c\(time) is not null\(once ?? ""))
        """)
    return try facts(
      source, schema, LogColumns(entity: entity, time: time, event: event),
      table: "(select \(values) from \(relation))")
  }

  /// All rows of a table of the attached file, in the order of their values.
  public func table(named name: String, timeZone: String) throws(DatabaseError) -> Table {
    let relation = DuckDB.relation(name)
    let columns = try columns(of: relation, named: name, timeZone: timeZone)
    let values = columns.map { "\($0.expression) as \(SQLText.identifier($0.name))" }.joined(separator: ", ")
    let rows = try connection.table("select \(values) from \(relation) order by all nulls last")
    return try DuckDB.retyped(rows, as: columns.map { Field($0.name, $0.type) })
  }

  private func facts(
    _ source: String, _ schema: Schema, _ roles: LogColumns, table: String
  ) throws(DatabaseError) -> DatabaseLogFacts {
    let relation = boundRelation(of: source)
    let row = try connection.table(
      """
      select count(*), count(distinct c\(roles.entity)), min(c\(roles.time)), max(c\(roles.time)) from \(relation)
      """
    ).row(0).map { $0.integral ?? 0 }
    let event = "c\(roles.event ?? 0)"
    let names = try connection.table(
      "select distinct \(event) from \(relation) where \(event) is not null order by 1"
    ).columns[0].scalars.compactMap { name in
      if case .text(let text) = name { text } else { nil }
    }
    return DatabaseLogFacts(
      schema: schema, roles: roles, rowCount: Int(row[0]), entityCount: Int(row[1]),
      times: row[0] > 0 ? row[2]...row[3] : nil, eventNames: names, table: table)
  }

  /// The relation of a source's log, which is bound before it is described.
  private func boundRelation(of source: String) -> String {
    guard let relation = relation(of: source) else {
      preconditionFailure("a log is bound before it is described")
    }
    return relation
  }

  /// Counts what is in the log of a source, and what of its table is not.
  public func census(
    of source: String, _ facts: DatabaseLogFacts
  ) throws(DatabaseError) -> DatabaseLogCensus {
    let (relation, roles) = (boundRelation(of: source), facts.roles)
    let event = "c\(roles.event ?? 0)"
    let events = try connection.table(
      "select \(event), count(*) from \(relation) group by 1 order by 1 nulls last")
    let counts = try connection.table(
      """
      select count(*), count_if(c\(roles.entity) is not null and c\(roles.time) is not null) from \(facts.table)
      """
    ).row(0).map { Int($0.integral ?? 0) }
    let areNull = facts.schema.indices.map { "count_if(c\($0) is null)" }.joined(separator: ", ")
    let nulls = try connection.table("select \(areNull) from \(relation)").row(0).map {
      Int($0.integral ?? 0)
    }
    return DatabaseLogCensus(
      refusedCount: counts[0] - counts[1], duplicateCount: counts[1] - facts.rowCount, nulls: nulls,
      events: (0..<events.count).map { index in
        let name: String? = if case .text(let text) = events.columns[0][index] { text } else { nil }
        return (name, Int(events.columns[1][index].integral ?? 0))
      })
  }

  // MARK: Columns

  private struct FileColumn {
    let name: String
    let type: ScalarType
    /// Of the type, as statements hold it.
    let expression: String
  }

  /// A table of the attached file.
  private static func relation(_ name: String) -> String {
    ([attached] + name.split(separator: ".", maxSplits: 1).map(String.init)).map(SQLText.identifier)
      .joined(separator: ".")
  }

  private func columns(
    of relation: String, named name: String, timeZone: String
  ) throws(DatabaseError) -> [FileColumn] {
    let described = try connection.table(
      "select column_name, column_type from (describe select * from \(relation))")
    var columns: [FileColumn] = []
    for row in 0..<described.count {
      guard case .text(let column) = described.columns[0][row],
        case .text(let type) = described.columns[1][row]
      else { continue }
      guard let (scalar, expression) = DuckDB.value(SQLText.identifier(column), of: type, timeZone) else {
        throw DatabaseError(
          message: "column '\(column)' of '\(name)' is of type \(type), which is no plain value",
          hints: ["make a view of the table that leaves it out, or takes a part of it"])
      }
      columns.append(FileColumn(name: column, type: scalar, expression: expression))
    }
    return columns
  }

  /// A column of one of DuckDB's types as a value of ours.
  private static func value(
    _ column: String, of type: String, _ timeZone: String
  ) -> (ScalarType, String)? {
    if type.hasSuffix("]") { return nil }
    switch type.prefix(while: { $0 != "(" }) {
    case "BOOLEAN": return (.boolean, column)
    case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
      "UBIGINT",
      "UHUGEINT":
      return (.integer, "\(column)::bigint")
    case "FLOAT", "DOUBLE", "DECIMAL": return (.double, "\(column)::double")
    case "VARCHAR", "ENUM", "UUID": return (.text, "\(column)::varchar")
    case "DATE": return (.date, column)
    case "TIMESTAMP WITH TIME ZONE": return (.timestamp, "epoch_us(\(column))")
    case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS":
      let time = "\(column)::timestamp"
      return (
        .timestamp,
        timeZone == "UTC" ? "epoch_us(\(time))" : "epoch_us(timezone(\(SQLText.literal(timeZone)), \(time)))"
      )
    case "TIME": return (.duration, "epoch_us(\(column))")
    default: return nil
    }
  }
}
