import ADBC
import Values

extension Reading {
  /// NDJSON files are read into a table first. Which columns there are, and of what types, all lines decide, for an
  /// event that is logged since yesterday has properties that no line before it has.
  ///
  /// - Parameters:
  ///   - known: the columns of the files before these.
  ///   - time: the name of the column of times, where columns are known.
  init(
    ndjson files: [SourceFile], after known: [SourceColumn], _ types: DeclaredTypes, time: String?,
    scratch: String, through connection: Connection
  ) throws {
    var paths: [(index: Int, literal: String)] = []
    for (index, file) in files.enumerated() where try FileRecord(path: file.path).size > 0 {
      paths.append((index, file.literalPath))
    }
    var problems: [IngestReport.Problem] = []
    var described: [(name: String, type: String)]? = []
    if !paths.isEmpty {
      described = try? Reading.describe(Reading.objects(paths.map(\.literal), columns: nil), connection)
      // A file of other things than objects has one column of this name.
      if let found = described, found.map(\.name) == ["json"] { described = nil }
      if described == nil {
        var cleaned: [(index: Int, literal: String)] = []
        for (index, path) in paths {
          let clean = "\(scratch)/objects-\(index).ndjson"
          let (kept, found) = try Reading.extractObjects(of: files[index], path, to: clean, connection)
          problems += found
          if kept { cleaned.append((index, SourceFile(name: clean, path: clean).literalPath)) }
        }
        paths = cleaned
        described =
          paths.isEmpty
          ? [] : try Reading.describe(Reading.objects(paths.map(\.literal), columns: nil), connection)
      }
    }
    // What a column is declared to be is read from its texts.
    for index in types.byPosition(in: (described ?? []).map(\.name)).keys {
      described?[index].type = "VARCHAR"
    }
    if let time { described = try Reading.continued(known, with: described ?? [], types, time: time) }
    let declared = types.byPosition(in: (described ?? []).map(\.name))
    // The reader drops the offset of a time, so times are read as texts; and so is what is of several types, which it
    // would give as JSON, with texts between quotation marks.
    let times = Set((described ?? []).filter { $0.type == Reading.timestamp }.map(\.name))
    let columns = (described ?? []).map {
      (name: $0.name, type: times.contains($0.name) || $0.type == "JSON" ? "VARCHAR" : $0.type)
    }
    let fileColumn = SQLText.identifier(Reading.unusedName("file", among: columns.map(\.name)))
    if paths.isEmpty {
      let empty = columns.map { "\(SQLText.identifier($0.name)) \($0.type), " }.joined()
      try connection.execute("create or replace temp table staged (\(empty)\(fileColumn) integer)")
    } else {
      let indices = "[\(paths.map { String($0.index) }.joined(separator: ", "))]"
      try connection.execute(
        """
        create or replace temp table staged as select *, \(indices)[file_index::bigint + 1]::integer as \(fileColumn) \
        from \(Reading.objects(paths.map(\.literal), columns: columns))
        """)
    }
    self.init(
      files: files, relation: "staged", sequence: "staged.rowid", file: fileColumn,
      row:
        "staged.rowid - (select min(s.rowid) from staged s where s.\(fileColumn) = staged.\(fileColumn)) + 1",
      columns: [])
    self.problems = problems
    self.columns = try typedColumns(columns, connection).enumerated().map { index, column in
      if let type = declared[index] { return SourceColumn(column, declared: type) }
      return times.contains(column.name) ? SourceColumn(column.name, textOf: .timestamp) : column
    }
    for (column, earlier) in zip(self.columns, known) where column != earlier { throw TypesChange() }
  }

  /// The columns of files and of others behind them, where what is known of each says what all of them are together.
  ///
  /// That is not so of records, which may become maps when more of them are seen, and of dates, which have to be
  /// written in one way: the column of times alone is read in the same way whatever the reader takes it for.
  private static func continued(
    _ known: [SourceColumn], with described: [(name: String, type: String)], _ types: DeclaredTypes,
    time: String
  ) throws(TypesChange) -> [(name: String, type: String)] {
    let certain: Set = ["BIGINT", "UBIGINT", "DOUBLE", "BOOLEAN", "VARCHAR", "UUID"]
    let declared = types.byPosition(in: known.map(\.name))
    var columns: [(name: String, type: String)] = known.enumerated().map { index, column in
      (column.name, column.isTimeAsText && declared[index] == nil ? timestamp : column.sourceType)
    }
    for column in described where !columns.contains(where: { $0 == column }) {
      let sameName = columns.contains { $0.name.lowercased() == column.name.lowercased() }
      guard !sameName else { throw TypesChange() }
      columns.append(column)
    }
    for column in columns where !certain.contains(column.type) {
      guard column == (time, timestamp), described.contains(where: { $0.name == time }) else {
        throw TypesChange()
      }
    }
    return columns
  }

  /// The reader's name of what it takes for a time.
  private static let timestamp = "TIMESTAMP"

  /// The objects of files, one a line; of given columns, or of those that a look at all lines finds.
  private static func objects(_ paths: [String], columns: [(name: String, type: String)]?) -> String {
    let list = SQLText.list(paths)
    guard let columns else {
      return "read_json(\(list), format = 'newline_delimited', sample_size = -1, maximum_sample_files = "
        + "\(max(paths.count, 1)), union_by_name = true, hive_partitioning = false)"
    }
    let types = columns.map { "\(SQLText.literal($0.name)): \(SQLText.literal($0.type))" }
    return "read_json(\(list), format = 'newline_delimited', hive_partitioning = false, "
      + "columns = {\(types.joined(separator: ", "))})"
  }

  /// Writes the lines of a file that are objects into another, and says which are not.
  private static func extractObjects(
    of file: SourceFile, _ path: String, to clean: String, _ connection: Connection
  ) throws -> (kept: Bool, problems: [IngestReport.Problem]) {
    do {
      try connection.execute(
        """
        create or replace temp table lines as \
        select row_number() over () as number, line, \
        case when json_valid(line) then coalesce(json_type(line), 'NULL') else 'none' end as kind \
        from read_csv(\(SQLText.literal(path)), columns = {'line': 'VARCHAR'}, auto_detect = false, header = false, \
        delim = '', quote = '', escape = '', strict_mode = false, max_line_size = 16777216)
        """)
    } catch {
      throw Reading.unreadable(file, error)
    }
    let bad = try connection.table(
      """
      select count(*) over () as total, number, left(line, 200) from lines \
      where kind <> 'OBJECT' and trim(line, ' \t\r') <> '' order by number limit 3
      """)
    var examples: [IngestReport.Example] = []
    for row in 0..<bad.count {
      guard case .text(let text) = bad.columns[2][row] else { continue }
      examples.append(
        IngestReport.Example(unit: .line, number: bad.columns[1][row].integral ?? 0, text: text))
    }
    try connection.execute(
      """
      copy (select line from lines where kind = 'OBJECT' order by number) to \(SQLText.literal(clean)) \
      (format csv, header false, delimiter '\u{1}', quote '\u{2}', escape '\u{2}')
      """)
    let kept = try connection.table("select count(*) > 0 from lines where kind = 'OBJECT'")
    try connection.execute("drop table lines")
    guard bad.count > 0 else { return (kept.row(0) == [.boolean(true)], []) }
    let problem = IngestReport.Problem(
      file: file.name, loss: .row, reason: "the line is not a JSON object",
      count: Int(bad.columns[0][0].integral ?? 0), examples: examples)
    return (kept.row(0) == [.boolean(true)], [problem])
  }
}
