import ADBC
import Values

/// The rows of a source's files as the database sees them: a relation, with a number for each row and file.
struct Reading {
  let files: [SourceFile]
  /// What stands after `from`.
  let relation: String
  /// SQL: a number that ascends with the order of the files and of the rows in them, different for each row.
  let sequence: String
  /// SQL: the position of the row's file in `files`; `null` where that is not known.
  let file: String
  /// SQL: which row of its file it is, from 1; `null` where that is not known.
  let row: String
  var columns: [SourceColumn]
  /// Names of columns that the files before these have, and the relation has not.
  var absent: Set<String> = []
  /// What is known to be wrong already.
  var problems: [IngestReport.Problem] = []

  /// Makes files readable through a connection whose time zone is the given one.
  ///
  /// - Parameters:
  ///   - origin: of the files before these, whose columns come first.
  ///   - types: of columns that are not told by their values.
  ///   - scratch: a folder for what is needed while the connection is open.
  /// - Throws: beside the refusals of files and database `TypesChange`, where there is an origin.
  init(
    _ files: SourceFiles, after origin: LogOrigin?, _ types: DeclaredTypes, timeZone: String, scratch: String,
    through connection: Connection
  ) throws {
    for file in files.files { try CompressedFile.requireWhole(file) }
    let known = origin?.columns ?? []
    do {
      switch files.kind {
      case .parquet:
        try self.init(parquet: files.files, after: known, types, timeZone: timeZone, through: connection)
      case .csv: try self.init(csv: files.files, after: known, types, through: connection)
      case .ndjson:
        try self.init(
          ndjson: files.files, after: known, types, time: origin?.time.name, scratch: scratch,
          through: connection)
      }
    } catch let error as DatabaseError {
      throw Reading.culprit(error, among: files, connection)
    }
  }

  /// Whether the files before these have a column and these have not.
  func lacks(_ name: String) -> Bool { absent.contains { $0.lowercased() == name.lowercased() } }

  /// A relation of given columns.
  init(
    files: [SourceFile], relation: String, sequence: String, file: String, row: String,
    columns: [SourceColumn]
  ) {
    self.files = files
    self.relation = relation
    self.sequence = sequence
    self.file = file
    self.row = row
    self.columns = columns
  }

  /// Columns and types of a relation, as the database describes it.
  static func describe(
    _ relation: String, _ connection: Connection
  ) throws(DatabaseError) -> [(name: String, type: String)] {
    let table = try connection.table(
      "select column_name, column_type from (describe select * from \(relation))")
    return (0..<table.count).compactMap { row in
      guard case .text(let name) = table.columns[0][row], case .text(let type) = table.columns[1][row] else {
        return nil
      }
      return (name, type)
    }
  }

  /// A name that no column has.
  static func unusedName(_ wanted: String, among names: some Sequence<String>) -> String {
    let taken = Set(names.map { $0.lowercased() })
    var name = wanted
    while taken.contains(name.lowercased()) { name += "_" }
    return name
  }

  /// The error, with the name of the file that cannot be read on its own, if there is one.
  static func culprit(
    _ error: DatabaseError, among files: SourceFiles, _ connection: Connection
  ) -> StoreError {
    for file in files.files where files.kind != .csv {
      let path = SQLText.literal(file.literalPath)
      let relation =
        switch files.kind {
        case .parquet: "read_parquet(\(path), hive_partitioning = false)"
        // These were read one by one, and said which could not be.
        case .csv: ""
        case .ndjson: "read_json(\(path), format = 'newline_delimited', hive_partitioning = false)"
        }
      do {
        _ = try connection.table("select max(hash(t)::varchar) from \(relation) t")
      } catch {
        return unreadable(file, error)
      }
    }
    return StoreError(error, reading: files.files.map(\.name).joined(separator: "', '"))
  }

  /// What to say of a file that the database does not read.
  static func unreadable(_ file: SourceFile, _ error: DatabaseError) -> StoreError {
    let text = error.details.lowercased()
    if text.contains("not utf-8") || text.contains("unicode") || text.contains("invalid string encoding") {
      return notUTF8(file, "")
    }
    // The path is this machine's; the name is the project's.
    let message = error.message.replacing(file.path, with: file.name)
    return StoreError(
      "'\(file.name)' cannot be read: \(message.prefix(300))",
      hints: error.hints + ["write the file again, or take it away"])
  }

  /// What to say of a file in another encoding, and where that was seen.
  static func notUTF8(_ file: SourceFile, _ place: String) -> StoreError {
    StoreError(
      "'\(file.name)' is not in UTF-8\(place)",
      hints: ["convert it, for example: iconv -f \(encoding(of: file)) -t utf-8 '\(file.name)'"])
  }

  /// What a text file that is not in UTF-8 is most likely in: every other byte of western texts in UTF-16 is 0.
  private static func encoding(of file: SourceFile) -> String {
    guard FileKind.isPlain(file.name), let bytes = try? MappedFile(path: file.path) else { return "latin1" }
    let start = withExtendedLifetime(bytes) {
      Array(UnsafeRawBufferPointer(start: bytes.start, count: min(bytes.count, 64)))
    }
    let marks: [[UInt8]] = [[0xFF, 0xFE], [0xFE, 0xFF]]
    if marks.contains(where: { start.starts(with: $0) }) { return "utf-16" }
    guard let zero = start.firstIndex(of: 0) else { return "latin1" }
    return zero.isMultiple(of: 2) ? "utf-16be" : "utf-16le"
  }
}
