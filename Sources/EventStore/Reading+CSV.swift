import ADBC
import Values

extension Reading {
  /// CSV files are read as texts into a table first. The type of a column that is not declared is the narrowest that
  /// all of its values have, wherever in the files they stand, and lines that do not have the header's columns are kept aside.
  ///
  /// - Parameter known: the columns of the files before these.
  init(
    csv files: [SourceFile], after known: [SourceColumn], _ types: DeclaredTypes,
    through connection: Connection
  ) throws {
    var headers: [CSVHeader?] = []
    var names = known.map(\.name)
    for file in files {
      let header = try CSVHeader(of: file, connection)
      headers.append(header)
      for name in header?.names ?? [] where !names.contains(where: { $0.lowercased() == name.lowercased() }) {
        names.append(name)
      }
    }
    let fileColumn = Reading.unusedName("file", among: names)
    let definition =
      names.map { SQLText.identifier($0) + " varchar" } + [SQLText.identifier(fileColumn) + " integer"]
    try connection.execute("create or replace temp table staged (\(definition.joined(separator: ", ")))")
    var problems: [IngestReport.Problem] = []
    for (index, file) in files.enumerated() {
      guard let header = headers[index] else { continue }
      func insert(_ mode: String) throws(DatabaseError) {
        try connection.execute("drop table if exists reject_errors")
        try connection.execute("drop table if exists reject_scans")
        try connection.execute(
          """
          insert into staged by name select *, \(index) as \(SQLText.identifier(fileColumn)) \
          from read_csv(\(SQLText.literal(file.literalPath)), \(header.options), strict_mode = \(mode))
          """)
      }
      do {
        // Lines of one file that end in different ways are no harm, but the strict reader stops at them.
        do { try insert("true") } catch  where error.message.contains("state machine") { try insert("false") }
      } catch {
        throw Reading.unreadable(file, error)
      }
      problems += try Reading.rejects(of: file, connection)
    }
    let quotedFile = SQLText.identifier(fileColumn)
    self.init(
      files: files, relation: "staged", sequence: "staged.rowid", file: quotedFile,
      row:
        "staged.rowid - (select min(s.rowid) from staged s where s.\(quotedFile) = staged.\(quotedFile)) + 1",
      columns: [])
    self.problems = problems
    let declared = types.byPosition(in: names)
    for (index, name) in names.enumerated() {
      if let type = declared[index] {
        columns.append(SourceColumn(SourceColumn(name, textOf: .text), declared: type))
        continue
      }
      let earlier = index < known.count ? known[index] : nil
      let facts = try TextFacts(of: name, in: "staged", after: earlier?.facts, connection)
      let column = SourceColumn(name, facts)
      if let earlier, earlier.type != column.type { throw TypesChange() }
      columns.append(column)
    }
  }

  /// The lines of a file that the database refused.
  private static func rejects(
    of file: SourceFile, _ connection: Connection
  ) throws -> [IngestReport.Problem] {
    let rejects = try connection.table(
      """
      with bad as (select distinct on (line) line, error_type::varchar as kind, csv_line from reject_errors \
      order by line, error_type <> 'INVALID ENCODING', column_idx), \
      ranked as (select *, count(*) over (partition by kind) as total, \
      row_number() over (partition by kind order by line) as place from bad) \
      select kind, total, line, left(csv_line, 200) from ranked where place <= 3 order by kind, line
      """)
    var problems: [IngestReport.Problem] = []
    for row in 0..<rejects.count {
      guard case .text(let kind) = rejects.columns[0][row],
        case .integer(let total) = rejects.columns[1][row],
        case .integer(let line) = rejects.columns[2][row]
      else { continue }
      if kind == "INVALID ENCODING" {
        throw Reading.notUTF8(file, " (line \(line))")
      }
      var text = ""
      // The database counts empty lines before it to a line.
      if case .text(let found) = rejects.columns[3][row] { text = String(found.drop(while: \.isNewline)) }
      let reason = Reading.reason(ofReject: kind)
      let example = IngestReport.Example(unit: .line, number: line, text: text)
      if problems.last?.reason == reason {
        problems[problems.count - 1].examples.append(example)
      } else {
        problems.append(
          IngestReport.Problem(
            file: file.name, loss: .row, reason: reason, count: Int(total), examples: [example]))
      }
    }
    return problems
  }

  private static func reason(ofReject kind: String) -> String {
    switch kind {
    case "MISSING COLUMNS": "the line has fewer columns than the header"
    case "TOO MANY COLUMNS": "the line has more columns than the header"
    case "UNQUOTED VALUE": "a quotation mark is not closed"
    case "LINE SIZE OVER MAXIMUM": "the line is longer than 2 MB"
    default: kind.lowercased()
    }
  }
}
