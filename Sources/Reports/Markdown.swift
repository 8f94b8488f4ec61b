import Values

/// Text as Markdown that shows it as it is.
enum Markdown {
  /// A text within a line: what Markdown would take for markup is escaped, line breaks become blanks. What is isolated
  /// from the direction of its surroundings stays so.
  static func text(_ text: String) -> String {
    var result = ""
    let scalars = Array(text.unicodeScalars)
    let isolates = Isolation.pairs(in: text)
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "\r": continue
      case "\n": result += " "
      case "\\", "|", "`", "*", "[", "]", "<", ">", "~", "$": result += "\\\(scalar)"
      case "&": result += "&amp;"
      case "_":
        let isWithinWord =
          index > 0 && index + 1 < scalars.count && scalars[index - 1].isLetterOrDigit
          && scalars[index + 1].isLetterOrDigit
        result += isWithinWord ? "_" : "\\_"
      case "\u{2068}" where isolates.contains(index), "\u{2069}" where isolates.contains(index):
        result += "&#x\(String(scalar.value, radix: 16));"
      case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A text as a code span, on one line.
  static func code(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    let ticks = String(repeating: "`", count: longestRun(of: "`", in: line) + 1)
    let padding = line.hasPrefix("`") || line.hasSuffix("`") ? " " : ""
    return ticks + padding + line + padding + ticks
  }

  /// A text in a fence.
  static func fenced(_ text: String) -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: text) + 1))
    return "\(fence)text\n\(text)\n\(fence)"
  }

  /// A table whose columns are as wide as their widest cell, so that it also reads well as text.
  static func table(_ table: ShownTable) -> String {
    guard !table.header.isEmpty else { return "" }
    let header = table.header.map(text)
    let rows = table.rows.map { row in row.map { text($0.text) } }
    let widths = header.indices.map { column in
      max(3, header[column].count, rows.map { $0[column].count }.max() ?? 0)
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { column -> String in
        let space = String(repeating: " ", count: widths[column] - cells[column].count)
        return table.kinds[column] == .number ? space + cells[column] : cells[column] + space
      }
      return "| " + padded.joined(separator: " | ") + " |"
    }
    let rule = header.indices.map { column in
      let dashes = String(repeating: "-", count: widths[column] - 1)
      return table.kinds[column] == .number ? dashes + ":" : dashes + "-"
    }
    return ([line(header), line(rule)] + rows.map(line)).joined(separator: "\n")
  }

  private static func longestRun(of character: Character, in text: String) -> Int {
    var longest = 0
    var run = 0
    for next in text {
      run = next == character ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}

extension Unicode.Scalar {
  fileprivate var isLetterOrDigit: Bool { properties.isAlphabetic || properties.numericType != nil }
}
