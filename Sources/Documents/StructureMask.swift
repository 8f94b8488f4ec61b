import Diagnostics

/// Takes from single characters the meaning that they would have for the structure of a document, by putting
/// control characters in their place; `unmasked` puts them back, so nothing is lost to the reader.
///
/// It serves two ends: the lines of a formula between `$$` are no lists or headings; and no document makes the
/// parser slow or its tree too deep: nesting is bounded by column, and so are the few shapes that cost more than
/// their length (checked against libcmark-gfm 0.29.0.gfm.6).
struct StructureMask {
  /// Containers that start beyond this column are text.
  static let columnLimit = 100
  static let bracketLimit = 64
  static let parenthesisLimit = 100
  static let pipeLimit = 1000

  private(set) var utf8: [UInt8]
  private(set) var diagnostics: [Diagnostic] = []

  /// The characters that can be masked; a mask is the index here, from 1 and leaving out white space.
  private static let maskable = Array(">-+*=#|.<`~_:[)".utf8)
  private static let masks: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14]

  init(_ clean: [UInt8], lines: LineTable) {
    utf8 = clean
    maskFormulas(lines)
    maskDeepContainers(lines)
    maskCostlyRuns(lines)
    maskHollowTables(lines)
  }

  /// The text that was written, where a masked text came back from the parser; what could not be read is U+FFFD.
  static func unmasked(_ bytes: some Collection<UInt8>) -> String {
    guard bytes.contains(where: { $0 < 0x20 }) else { return String(decoding: bytes, as: UTF8.self) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
      if byte == CleanText.substitute {
        result += [0xEF, 0xBF, 0xBD]
      } else if byte < 0x20, let index = masks.firstIndex(of: byte) {
        result.append(maskable[index])
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private mutating func mask(_ offset: Int) {
    guard let index = StructureMask.maskable.firstIndex(of: utf8[offset]) else { return }
    utf8[offset] = StructureMask.masks[index]
  }

  // MARK: - Formulas

  /// Between a line that starts with `$$` and the line that ends with it, with no blank line between, no line
  /// starts a block of its own.
  private mutating func maskFormulas(_ lines: LineTable) {
    var line = 1
    while line <= lines.count {
      let range = lines[line]
      let start = contentStart(range)
      guard start + 1 < range.upper, utf8[start] == UInt8(ascii: "$"), utf8[start + 1] == UInt8(ascii: "$")
      else {
        line += 1
        continue
      }
      var last = line
      var isClosed = endsFormula(range, from: start + 2)
      while !isClosed, last < lines.count {
        let next = lines[last + 1]
        if contentStart(next) >= next.upper { break }
        last += 1
        isClosed = endsFormula(next, from: next.lower)
      }
      if isClosed, last > line {
        let depth = quotationDepth(range)
        for inner in line + 1...last { maskBlockStart(lines[inner], quotationDepth: depth) }
      }
      line = last + 1
    }
  }

  private func endsFormula(_ range: SourceRange, from start: Int) -> Bool {
    var end = range.upper
    while end > start, isBlank(utf8[end - 1]) { end -= 1 }
    return end - 2 >= start && utf8[end - 1] == UInt8(ascii: "$") && utf8[end - 2] == UInt8(ascii: "$")
  }

  /// Where a line's text starts, after white space and the marks of quotations.
  private func contentStart(_ range: SourceRange) -> Int {
    var offset = range.lower
    while offset < range.upper, isBlank(utf8[offset]) || utf8[offset] == UInt8(ascii: ">") { offset += 1 }
    return offset
  }

  /// How many marks of quotations stand before a line's text.
  private func quotationDepth(_ range: SourceRange) -> Int {
    utf8[range.lower..<contentStart(range)].count { $0 == UInt8(ascii: ">") }
  }

  private mutating func maskBlockStart(_ range: SourceRange, quotationDepth: Int) {
    var offset = range.lower
    var quotations = 0
    while offset < range.upper, isBlank(utf8[offset]) || utf8[offset] == UInt8(ascii: ">") {
      if utf8[offset] == UInt8(ascii: ">") { quotations += 1 }
      if quotations > quotationDepth { break }
      offset += 1
    }
    while offset < range.upper, isDigit(utf8[offset]) { offset += 1 }
    if offset < range.upper { mask(offset) }
  }

  // MARK: - Nesting

  private mutating func maskDeepContainers(_ lines: LineTable) {
    for line in 1...lines.count {
      let range = lines[line]
      var offset = range.lower
      var column = 0
      var isDeep = false
      prefix: while offset < range.upper {
        let byte = utf8[offset]
        switch byte {
        case UInt8(ascii: " "): column += 1
        case UInt8(ascii: "\t"): column += 4 - column % 4
        case UInt8(ascii: ">"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*"):
          let isMarker =
            byte == UInt8(ascii: ">") || offset + 1 == range.upper || isBlank(utf8[offset + 1])
          guard isMarker else { break prefix }
          if column > StructureMask.columnLimit {
            isDeep = isDeep || offset + 1 < range.upper
            mask(offset)
          }
          column += 1
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
          var end = offset
          while end < range.upper, isDigit(utf8[end]) { end += 1 }
          guard end < range.upper, utf8[end] == UInt8(ascii: ".") || utf8[end] == UInt8(ascii: ")") else {
            break prefix
          }
          if column > StructureMask.columnLimit {
            isDeep = true
            mask(end)
          }
          column += end - offset + 1
          offset = end
        case UInt8(ascii: "["):
          guard let end = footnoteEnd(offset, in: range) else { break prefix }
          if column > StructureMask.columnLimit { mask(offset) }
          column += end - offset + 1
          offset = end
        default:
          break prefix
        }
        offset += 1
      }
      if isDeep { report(.nesting, range) }
    }
  }

  /// The colon of a footnote's `[^label]:` that starts at an offset.
  private func footnoteEnd(_ start: Int, in range: SourceRange) -> Int? {
    guard start + 1 < range.upper, utf8[start + 1] == UInt8(ascii: "^") else { return nil }
    var offset = start + 2
    while offset < range.upper, utf8[offset] != UInt8(ascii: "]") { offset += 1 }
    return offset + 1 < range.upper && utf8[offset + 1] == UInt8(ascii: ":") ? offset + 1 : nil
  }

  // MARK: - Cost

  private mutating func maskCostlyRuns(_ lines: LineTable) {
    var openBrackets = 0
    for line in 1...lines.count {
      let range = lines[line]
      if contentStart(range) >= range.upper { openBrackets = 0 }
      var pipes = 0
      var closingInWord = 0
      for offset in range.lower..<range.upper {
        switch utf8[offset] {
        case UInt8(ascii: "["):
          if openBrackets >= StructureMask.bracketLimit { mask(offset) } else { openBrackets += 1 }
        case UInt8(ascii: "]"):
          openBrackets = max(0, openBrackets - 1)
        case UInt8(ascii: "|"):
          pipes += 1
          guard pipes > StructureMask.pipeLimit else { continue }
          mask(offset)
          if pipes == StructureMask.pipeLimit + 1 { report(.table, range) }
        case UInt8(ascii: ")"):
          closingInWord += 1
          if closingInWord > StructureMask.parenthesisLimit { mask(offset) }
        case UInt8(ascii: " "), UInt8(ascii: "\t"):
          closingInWord = 0
        default:
          continue
        }
      }
    }
  }

  /// The parser fills each row of a table up to the width of its head; a table with a wide head and many rows that
  /// are all but empty would take memory beyond all bounds, and is text.
  private mutating func maskHollowTables(_ lines: LineTable) {
    var delimiter: (line: Int, columns: Int)?
    var rows = 0
    var bytes = 0
    func isHollow(_ columns: Int) -> Bool { rows * columns > 100_000 + bytes }
    for line in 1...lines.count + 1 {
      let range = line <= lines.count ? lines[line] : SourceRange(0, 0)
      let columns = delimiterColumns(range)
      if line > lines.count || contentStart(range) >= range.upper || columns > (delimiter?.columns ?? 0) {
        if let table = delimiter, isHollow(table.columns) {
          let found = lines[table.line]
          for offset in found.lower..<found.upper where utf8[offset] == UInt8(ascii: "-") { mask(offset) }
          report(.table, found)
        }
        delimiter = columns > 0 ? (line, columns) : nil
        (rows, bytes) = (0, 0)
      } else {
        rows += 1
        bytes += range.upper - range.lower
      }
    }
  }

  /// How many columns a line declares that has nothing but the dashes, colons and bars between head and rows.
  private func delimiterColumns(_ range: SourceRange) -> Int {
    var bars = 0
    var dashes = 0
    for offset in range.lower..<range.upper {
      switch utf8[offset] {
      case UInt8(ascii: "|"): bars += 1
      case UInt8(ascii: "-"): dashes += 1
      case UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ">"): continue
      default: return 0
      }
    }
    return dashes > 0 ? bars + 1 : 0
  }

  // MARK: -

  private enum Limit { case nesting, table }

  /// Reports each limit once: a document that meets it mostly meets it often.
  private mutating func report(_ limit: Limit, _ range: SourceRange) {
    let found =
      switch limit {
      case .nesting:
        Diagnostic(
          .warning, id: "too-deep",
          "lists and quotations start before column \(StructureMask.columnLimit + 1)",
          at: range, label: "nested deeper than that", notes: ["what is deeper is shown as text"])
      case .table:
        Diagnostic(
          .warning, id: "too-large",
          "a table has no more than \(StructureMask.pipeLimit) columns, and rows to fill them",
          at: range, label: "more columns than can be shown", notes: ["the table is shown as text"])
      }
    if !diagnostics.contains(where: { $0.id == found.id }) { diagnostics.append(found) }
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
