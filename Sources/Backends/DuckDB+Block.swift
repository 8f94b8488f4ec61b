import ADBC
import Foundation
import Planning
import Values

/// Why the SQL of a document is not run: in whose words, and where.
public struct SQLBlockError: Error, Hashable, Sendable {
  /// What kind of mistake it is.
  public enum Kind: Hashable, Sendable {
    /// The database does not take it, or stopped; these are its words.
    case refused(String)
    /// It is something other than one `select`.
    case notOneSelect
    /// It calls what gives another value in each run.
    case unrepeatable(String)
    /// It calls what tells of the machine, or runs a text as SQL.
    case revealing(String)
    /// The database was told to give up.
    case cancelled
  }

  /// Who refuses it, and why.
  public let kind: Kind
  /// The offset of the place in the SQL's UTF-8, where one is known.
  public let offset: Int?
}

extension DuckDB {
  /// Lets documents' own SQL read the log of a source under a name, with types of DuckDB's: timestamps with a zone,
  /// durations as intervals, rows by entity, time and sequence.
  public func show(events source: String, as name: String, _ schema: Schema) throws(DatabaseError) {
    guard let relation = relation(of: source) else {
      preconditionFailure("a log is loaded before it is shown")
    }
    try show(relation, as: name, schema)
  }

  /// Lets documents' own SQL read a table that has been loaded.
  public func show(table name: String, _ schema: Schema) throws(DatabaseError) {
    guard let relation = relation(named: name) else {
      preconditionFailure("a table is loaded before it is shown")
    }
    try show(relation, as: name, schema)
  }

  private func show(_ relation: String, as name: String, _ schema: Schema) throws(DatabaseError) {
    let columns = schema.enumerated().map { position, field in
      let column = "c\(position)"
      let value =
        switch field.type {
        case .timestamp: "make_timestamptz(\(column))"
        case .duration: "to_microseconds(\(column))"
        case .boolean, .integer, .double, .text, .date: column
        }
      return "\(value) as \(SQLText.identifier(field.name))"
    }
    try connection.execute(
      """
      create or replace view main.\(SQLText.identifier(name)) as \
      select \(columns.joined(separator: ", ")) from \(relation) order by "#"
      """)
  }

  /// The columns that a document's SQL gives; throws what is wrong with it.
  ///
  /// - Parameter isCancelled: asked meanwhile, for a database may compute constants to know a column's type; true ends it.
  public func schema(
    ofBlock sql: String, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(SQLBlockError) -> Schema {
    try checkStatement(sql)
    // A statement is not computed for its columns. Its place counts from what stands before it.
    let statement = DuckDB.withoutEnd(sql)
    return try run(sql, skipping: "select * from (".utf8.count, isCancelled) { () throws(DatabaseError) in
      try connection.query("select * from (\(statement)\n) limit 0").schema
    }
  }

  /// The rows of a document's SQL, which has been checked.
  ///
  /// - Parameter isCancelled: asked while it runs; true ends it.
  public func table(
    ofBlock sql: String, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(SQLBlockError) -> Table {
    try run(sql, skipping: 0, isCancelled) { () throws(DatabaseError) in try rows(of: sql) }
  }

  private func run<Result>(
    _ sql: String, skipping: Int, _ isCancelled: @escaping @Sendable () -> Bool,
    _ body: () throws(DatabaseError) -> Result
  ) throws(SQLBlockError) -> Result {
    let result: Result?
    do { result = try connection.interruptible(by: isCancelled, body) } catch {
      throw refusal(error, sql, skipping: skipping)
    }
    guard let result else { throw SQLBlockError(kind: .cancelled, offset: nil) }
    return result
  }

  /// A statement without a semicolon behind it.
  private static func withoutEnd(_ sql: String) -> Substring {
    var rest = Substring(sql)
    while let last = rest.last, last.isWhitespace || last == ";" { rest.removeLast() }
    return rest
  }

  // MARK: What may be run

  private func checkStatement(_ sql: String) throws(SQLBlockError) {
    let parsed: Table
    do { parsed = try connection.table("select json_serialize_sql(\(SQLText.literal(sql)))") } catch {
      throw refusal(error, sql, skipping: 0)
    }
    guard case .text(let text) = parsed.columns[0][0],
      let tree = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    else { throw SQLBlockError(kind: .notOneSelect, offset: nil) }
    if tree["error"] as? Bool == true {
      let message = tree["error_message"] as? String ?? ""
      guard tree["error_type"] as? String == "parser" else {
        throw SQLBlockError(kind: .notOneSelect, offset: nil)
      }
      throw SQLBlockError(
        kind: .refused(message), offset: (tree["position"] as? String).flatMap { Int($0) })
    }
    guard let statements = tree["statements"] as? [Any], statements.count == 1 else {
      throw SQLBlockError(kind: .notOneSelect, offset: nil)
    }
    try checkTree(statements[0], at: nil)
  }

  private func checkTree(_ node: Any, at offset: Int?) throws(SQLBlockError) {
    if let list = node as? [Any] {
      for element in list { try checkTree(element, at: offset) }
    }
    guard let fields = node as? [String: Any] else { return }
    let offset =
      (fields["query_location"] as? NSNumber).map(\.uint64Value).flatMap { Int(exactly: $0) } ?? offset
    if fields["type"] as? String == "SHOW_REF" { throw SQLBlockError(kind: .notOneSelect, offset: offset) }
    if let name = (fields["function_name"] as? String)?.lowercased() {
      if DuckDB.unrepeatable.contains(name) { throw SQLBlockError(kind: .unrepeatable(name), offset: offset) }
      if DuckDB.isRevealing(name) { throw SQLBlockError(kind: .revealing(name), offset: offset) }
    }
    for key in ["table_name", "schema_name", "catalog_name"] {
      guard let name = (fields[key] as? String)?.lowercased() else { continue }
      if DuckDB.catalogs.contains(where: { name.hasPrefix($0) }) {
        throw SQLBlockError(kind: .revealing(name), offset: offset)
      }
    }
    // Some functions are written as columns are.
    if fields["type"] as? String == "COLUMN_REF", let names = fields["column_names"] as? [String],
      names.count == 1,
      DuckDB.clocks.contains(names[0].lowercased())
    {
      throw SQLBlockError(kind: .unrepeatable(names[0].lowercased()), offset: offset)
    }
    for key in fields.keys.sorted() { if let value = fields[key] { try checkTree(value, at: offset) } }
  }

  private static let clocks: Set<String> = [
    "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
  ]

  private static let unrepeatable: Set<String> = clocks.union([
    "random", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7", "now", "today", "get_current_time",
    "get_current_timestamp", "get_current_date", "transaction_timestamp", "statement_timestamp",
    "clock_timestamp",
    "current_localtime", "current_localtimestamp", "nextval", "currval", "txid_current", "age",
  ])

  /// What the names of the database's own tables start with.
  private static let catalogs = ["duckdb_", "pragma_", "pg_", "sqlite_", "information_schema"]

  private static func isRevealing(_ name: String) -> Bool {
    let names: Set<String> = [
      "query", "query_table", "current_setting", "current_user", "session_user", "user", "getvariable",
      "getenv",
      "version", "glob", "sniff_csv", "write_log", "checkpoint", "force_checkpoint", "which_secret",
      "enable_logging",
      "disable_logging",
    ]
    return names.contains(name)
      || (catalogs + ["read_", "parquet_", "json_execute", "from_substrait", "icu_"]).contains {
        name.hasPrefix($0)
      }
  }

  // MARK: What the database says

  private func refusal(_ error: DatabaseError, _ sql: String, skipping: Int) -> SQLBlockError {
    SQLBlockError(
      kind: .refused(DuckDB.withoutCatalogs(error.message)),
      offset: DuckDB.offset(in: error.details, of: sql, skipping: skipping))
  }

  /// A message without the suggestion to read the database's own tables, which a block may not.
  private static func withoutCatalogs(_ message: String) -> String {
    guard let suggestion = message.range(of: "; Did you mean \""),
      catalogs.contains(where: { message[suggestion.upperBound...].hasPrefix($0) })
    else { return message }
    return String(message[..<suggestion.lowerBound])
  }

  /// The place that an excerpt of the statement points to: `LINE 2: …` and a caret below it. Long lines are cut.
  private static func offset(in details: String, of sql: String, skipping: Int) -> Int? {
    let lines = details.split(separator: "\n", omittingEmptySubsequences: false)
    guard let index = lines.lastIndex(where: { $0.hasPrefix("LINE ") }), index + 1 < lines.count,
      let colon = lines[index].firstIndex(of: ":"),
      let number = Int(lines[index][..<colon].dropFirst(5)), number > 0
    else { return nil }
    let margin = lines[index].distance(from: lines[index].startIndex, to: colon) + 2
    var shown = Array(lines[index].dropFirst(margin))
    guard
      var caret = lines[index + 1].firstIndex(of: "^").map({
        lines[index + 1].distance(from: lines[index + 1].startIndex, to: $0) - margin
      }), caret >= 0
    else { return nil }
    let written = sql.split(separator: "\n", omittingEmptySubsequences: false)
    guard number <= written.count else { return nil }
    let before = written[..<(number - 1)].reduce(0) { $0 + $1.utf8.count + 1 }
    if shown.starts(with: "...") {
      shown.removeFirst(3)
      caret -= 3
    } else if number == 1, skipping > 0 {
      shown.removeFirst(min(skipping, shown.count))
      caret -= skipping
    }
    if shown.suffix(3) == [".", ".", "."] { shown.removeLast(3) }
    let line = String(written[number - 1])
    guard caret >= 0, caret <= shown.count, let place = line.range(of: String(shown))?.lowerBound
    else { return before }
    return before + line[..<place].utf8.count + String(shown[..<caret]).utf8.count
  }
}
