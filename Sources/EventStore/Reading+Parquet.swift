import ADBC
import Values

extension Reading {
  /// Parquet files are read where they lie: they know their types, and the reader numbers their rows.
  ///
  /// - Parameter known: the columns of the files before these.
  init(
    parquet files: [SourceFile], after known: [SourceColumn], _ types: DeclaredTypes, timeZone: String,
    through connection: Connection
  ) throws {
    // Statistics of a file leave NaN out; with `can_have_nan` the database does not conclude that there is none.
    let relation =
      "read_parquet(\(SQLText.list(files.map(\.literalPath))), union_by_name = true, can_have_nan = true, "
      + "hive_partitioning = false)"
    let described = try Reading.describe(relation, connection)
    let names = described.map(\.name) + known.map(\.name)
    let hasOwn =
      Reading.unusedName("file_index", among: names) != "file_index"
      || Reading.unusedName("file_row_number", among: names) != "file_row_number"
    if hasOwn {
      // No row's file is known then.
      if !known.isEmpty { throw TypesChange() }
      // A column of the data hides the reader's number of the same name: the rows are numbered in a table then.
      try connection.execute("create or replace temp table staged as select * from \(relation)")
      self.init(
        files: files, relation: "staged", sequence: "staged.rowid", file: "null::integer",
        row: "null::bigint", columns: [])
    } else {
      self.init(
        files: files, relation: relation,
        sequence: "((file_index::bigint << 40) | file_row_number)", file: "file_index::bigint",
        row: "file_row_number + 1", columns: [])
    }
    columns = try typedColumns(described, connection)
    if timeZone == "UTC" {
      // The same number either way: the conversion would cost more than the rest of the reading.
      columns = columns.map { $0.sourceType == "TIMESTAMP" ? SourceColumn(utc: $0.name) : $0 }
    }
    for (index, type) in types.byPosition(in: columns.map(\.name)) {
      columns[index] = SourceColumn(columns[index], declared: type)
    }
    try continueColumns(known)
  }

  /// Puts the columns of the files before these first, whether or not these have them.
  private mutating func continueColumns(_ known: [SourceColumn]) throws(TypesChange) {
    var rest = columns
    columns = []
    for column in known {
      if let place = rest.firstIndex(where: { $0.name.lowercased() == column.name.lowercased() }) {
        guard rest.remove(at: place).isRead(like: column) else { throw TypesChange() }
      } else {
        absent.insert(column.name)
      }
      columns.append(column)
    }
    columns += rest
  }

  /// Columns that have types; those that 64 bits may not hold are looked into.
  func typedColumns(
    _ described: [(name: String, type: String)], _ connection: Connection
  ) throws(DatabaseError) -> [SourceColumn] {
    var columns: [SourceColumn] = []
    for (name, type) in described {
      guard ["UBIGINT", "HUGEINT", "UHUGEINT"].contains(type) else {
        columns.append(SourceColumn(name, sourceType: type))
        continue
      }
      let quoted = SQLText.identifier(name)
      let fits = try connection.table(
        "select count(\(quoted)) = count(try_cast(\(quoted) as bigint)) from \(relation)")
      columns.append(SourceColumn(name, sourceType: type, fits: fits.row(0) == [.boolean(true)]))
    }
    return columns
  }
}
