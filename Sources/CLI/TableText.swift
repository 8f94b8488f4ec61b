import Diagnostics
import Foundation
import Throughline
import Values

/// Tables as text for a terminal or another program.
enum TableText {
  /// Columns side by side, numbers at the right.
  static func aligned(_ table: Table, timeZone: TimeZoneRules) -> String {
    let columns = table.schema.indices.map { column in
      [table.schema[column].name.printable]
        + (0..<table.count).map {
          ValueFormatter.text(table.columns[column][$0], table.schema[column].display, timeZone: timeZone)
            .printable
        }
    }
    let widths = columns.map { $0.map(\.terminalWidth).max() ?? 0 }
    let isRight = table.schema.map { $0.type == .integer || $0.type == .double || $0.type == .duration }
    func line(_ row: Int) -> String {
      var cells: [String] = []
      for (column, texts) in columns.enumerated() {
        let pad = String(repeating: " ", count: widths[column] - texts[row].terminalWidth)
        cells.append(isRight[column] ? pad + texts[row] : texts[row] + pad)
      }
      return cells.joined(separator: "  ").replacing(/\s+$/, with: "")
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return ([line(0), rule] + (1..<(table.count + 1)).map { line($0) }).joined(separator: "\n")
  }

  /// RFC 4180, with machine values; null is an empty field.
  static func commaSeparated(_ table: Table) -> String {
    func quoted(_ text: String) -> String {
      guard text.isEmpty || text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else {
        return text
      }
      return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
    var lines = [table.schema.map { quoted($0.name) }.joined(separator: ",")]
    for row in 0..<table.count {
      let cells = table.columns.map { column in
        column.isNull(row) ? "" : quoted(ValueFormatter.machine(column[row]))
      }
      lines.append(cells.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One object a line.
  static func json(_ table: Table) -> String {
    var text = ""
    for row in 0..<table.count {
      let members = zip(table.schema, table.columns).map { field, column in
        "\(string(field.name)):\(value(column[row]))"
      }
      text += "{\(members.joined(separator: ","))}\n"
    }
    return text
  }

  private static func value(_ scalar: Scalar) -> String {
    switch scalar {
    case .null: "null"
    case .boolean, .integer: ValueFormatter.machine(scalar)
    case .double(let number): number.isFinite ? ValueFormatter.machine(scalar) : "null"
    case .text(let text): string(text)
    case .timestamp, .date, .duration: string(ValueFormatter.machine(scalar))
    }
  }

  private static func string(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
