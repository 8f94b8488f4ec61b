import ADBC
import Values

/// The first line of a CSV file: what its columns are called and what stands between them.
struct CSVHeader: Hashable {
  let delimiter: Unicode.Scalar
  /// Different from one another without regard to case.
  let names: [String]

  /// The header of a file; nothing for a file without any text.
  init?(of file: SourceFile, _ connection: Connection) throws(StoreError) {
    let path = SQLText.literal(file.literalPath)
    var line: String?
    if try FileRecord(path: file.path).size > 0 {
      // Every other byte of UTF-16 is 0, and the reader takes 0 for the end of a line's only column.
      let bytes = try MappedFile(path: file.path)
      let start = UnsafeRawBufferPointer(start: bytes.start, count: min(bytes.count, 64))
      if FileKind.isPlain(file.name), start.contains(0) { throw Reading.notUTF8(file, "") }
      do {
        let found = try connection.table(
          """
          select line from read_csv(\(path), columns = {'line': 'VARCHAR'}, auto_detect = false, header = false, \
          delim = '', quote = '', escape = '', strict_mode = false) limit 1
          """)
        if found.count > 0, case .text(let text) = found.columns[0][0] { line = text }
      } catch {
        throw Reading.unreadable(file, error)
      }
    }
    guard let line else { return nil }
    self.init(line)
  }

  /// Splits a line at the one of comma, semicolon, tab and bar that it has most of.
  init(_ line: String) {
    let candidates: [Unicode.Scalar] = [",", ";", "\t", "|"]
    var counts = [Int](repeating: 0, count: candidates.count)
    var isQuoted = false
    for scalar in line.unicodeScalars {
      if scalar == "\"" { isQuoted.toggle() }
      if !isQuoted, let index = candidates.firstIndex(of: scalar) { counts[index] += 1 }
    }
    let most = counts.max() ?? 0
    delimiter = candidates[counts.firstIndex(of: most) ?? 0]

    var names: [String] = []
    for (index, field) in CSVHeader.split(line, at: delimiter).enumerated() {
      var name = field.isEmpty ? "column\(index + 1)" : field
      while names.contains(where: { $0.lowercased() == name.lowercased() }) { name += "_" }
      names.append(name)
    }
    self.names = names
  }

  /// What the reader is told, so that it does not guess.
  var options: String {
    let columns = names.map { "\(SQLText.literal($0)): 'VARCHAR'" }.joined(separator: ", ")
    return
      "columns = {\(columns)}, auto_detect = false, header = true, hive_partitioning = false, comment = '', "
      + "skip = 0, delim = \(SQLText.literal(String(delimiter))), quote = '\"', escape = '\"', store_rejects = true"
  }

  private static func split(_ line: String, at delimiter: Unicode.Scalar) -> [String] {
    var fields: [String] = []
    var field = String.UnicodeScalarView()
    var isQuoted = false
    var closed = false
    for scalar in line.unicodeScalars {
      switch scalar {
      case "\"" where isQuoted: (isQuoted, closed) = (false, true)
      case "\"":
        // A quotation mark after a closing one stands for itself.
        if closed { field.append(scalar) }
        (isQuoted, closed) = (true, false)
      case delimiter where !isQuoted:
        fields.append(trimmed(field))
        field = String.UnicodeScalarView()
        closed = false
      default: field.append(scalar)
      }
    }
    return fields + [trimmed(field)]
  }

  private static func trimmed(_ field: String.UnicodeScalarView) -> String {
    let blanks: Set<Unicode.Scalar> = [" ", "\t", "\r", "\u{FEFF}"]
    let start = field.drop { blanks.contains($0) }
    guard let last = start.lastIndex(where: { !blanks.contains($0) }) else { return "" }
    return String(start[...last])
  }
}
