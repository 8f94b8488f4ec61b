import Diagnostics
import Foundation
import Throughline
import Values

/// Tables as text for a terminal or another program.
enum TableText {
  /// Columns side by side, numbers at the right.
  ///
  /// - Parameter width: how wide a line is at most. Columns that have no room are counted below the table; the first
  ///   is always there.
  static func aligned(_ table: Table, timeZone: TimeZoneRules, width: Int? = nil) -> String {
    let columns = table.schema.indices.map { column in
      [Cell(table.schema[column].name)]
        + (0..<table.count).map {
          Cell(
            ValueFormatter.text(table.columns[column][$0], table.schema[column].display, timeZone: timeZone))
        }
    }
    let widths = columns.map { $0.map(\.width).max() ?? 0 }
    let shown = shownCount(widths, room: width ?? .max)
    let left = widths.count - shown
    let isRight = table.schema.map { $0.type == .integer || $0.type == .double || $0.type == .duration }
    func line(_ row: Int) -> String {
      var line = ""
      for (column, cells) in columns.prefix(shown).enumerated() {
        let pad = String(repeating: " ", count: widths[column] - cells[row].width)
        if column > 0 { line += "  " }
        line += isRight[column] ? pad + cells[row].text : cells[row].text + pad
      }
      let last = line.lastIndex { !$0.isWhitespace }
      return last.map { String(line[...$0]) } ?? ""
    }
    let rule = widths.prefix(shown).map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    let note = left == 0 ? [] : ["… \(left) more \(left == 1 ? "column" : "columns")"]
    return ([line(0), rule] + (1..<(table.count + 1)).map { line($0) } + note).joined(separator: "\n")
  }

  /// A text as it is shown, with how many places it takes.
  private struct Cell {
    let text: String
    let width: Int

    init(_ text: String) {
      self.text = text.printable
      width = self.text.terminalWidth
    }
  }

  /// How many columns of these widths stand side by side in a line, at least one.
  private static func shownCount(_ widths: [Int], room: Int) -> Int {
    var used = 0
    let count = widths.prefix { width in
      used += width + (used == 0 ? 0 : 2)
      return used <= room
    }.count
    return max(count, min(1, widths.count))
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
