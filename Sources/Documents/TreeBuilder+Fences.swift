import CMarkGFM
import Diagnostics

extension TreeBuilder {
  /// A code block as what it is: a block that runs, a formula, or code that is shown.
  mutating func code(_ node: CommonMark.Node) -> BlockMarkup {
    let line = Int(cmark_node_get_start_line(node))
    let literal = Array(CommonMark.bytes(cmark_node_get_literal(node)))
    guard let fence = fence(node, line) else {
      return .code(language: nil, StructureMask.unmasked(literal).trimmingLineBreak())
    }
    spans.move(to: lines[line].upper)
    let body = body(of: literal, after: line)
    let header = FenceHeader(clean, in: fence.header)
    reportUnclosed(fence, line + body.lineCount + 1)

    if let kind = header.kind {
      let (name, options, mistakes) = header.parts(of: kind)
      diagnostics += mistakes
      blocks.append(
        CodeBlock(
          kind: kind, name: name?.text, nameRange: name?.range, options: options, body: body.fragment,
          range: SourceRange(fence.range.lower, lines[line].upper)))
      return .block(blocks.count - 1)
    }
    let text = StructureMask.unmasked(literal).trimmingLineBreak()
    if header.word == "math" {
      let tex = text.trimmingBlanks()
      return .math(Math(tex: tex, mathML: MathML.translated(tex, .block)))
    }
    if let warning = header.warning(body: text) { diagnostics.append(warning) }
    return .code(language: header.word.isEmpty ? nil : header.word, text)
  }

  private struct Fence {
    let character: UInt8
    let length: Int
    let range: SourceRange
    /// What follows the fence on its line.
    let header: SourceRange
  }

  /// Where a fenced block's fence stands on its first line; nothing for an indented block.
  private func fence(_ node: CommonMark.Node, _ line: Int) -> Fence? {
    var length: Int32 = 0
    var indent: Int32 = 0
    var character: CChar = 0
    guard cmark_node_get_fenced(node, &length, &indent, &character) != 0, line > 0 else { return nil }
    let mark = UInt8(bitPattern: character)
    let range = lines[line]
    // The column is right but for tabs before it, so the fence is looked for from the left if it is not there.
    let guess = range.lower + Int(cmark_node_get_start_column(node)) - 1
    for start in [guess, range.lower] {
      var offset = max(start, range.lower)
      while offset < range.upper {
        guard masked[offset] == mark else {
          offset += 1
          continue
        }
        let end = masked[offset..<range.upper].firstIndex { $0 != mark } ?? range.upper
        if end - offset == Int(length) {
          return Fence(
            character: mark, length: Int(length), range: SourceRange(offset, end),
            header: SourceRange(end, range.upper))
        }
        offset = end
      }
    }
    return nil
  }

  /// The lines of a fenced block with their places. The parser takes away what belongs to the list or quotation
  /// around, so a line of it is the end of the source's line; where it cut a tab in half, blanks come first.
  private func body(of literal: [UInt8], after line: Int) -> (fragment: Fragment, lineCount: Int) {
    var utf8: [UInt8] = []
    var pieces: [(local: Int, source: Int)] = []
    let parts =
      literal.isEmpty
      ? []
      : literal.dropLast(literal.last == 0x0A ? 1 : 0).split(
        separator: 0x0A, omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      let range = lines[line + 1 + index]
      if index > 0 { utf8.append(0x0A) }
      let blanks = part.prefix { $0 == UInt8(ascii: " ") }.count
      if let start = suffix(part, of: range) {
        pieces.append((utf8.count, start))
        utf8 += clean[start..<range.upper]
      } else if let start = suffix(part.dropFirst(blanks), of: range) {
        pieces.append((utf8.count, max(range.lower, start - 1)))
        utf8 += part.prefix(blanks)
        pieces.append((utf8.count, start))
        utf8 += clean[start..<range.upper]
      } else {
        pieces.append((utf8.count, range.lower))
        utf8 += part
      }
    }
    if pieces.isEmpty { pieces.append((0, lines[line + 1].lower)) }
    return (Fragment(utf8: utf8, lines: pieces), parts.count)
  }

  private func suffix(_ part: ArraySlice<UInt8>, of range: SourceRange) -> Int? {
    let start = range.upper - part.count
    guard start >= range.lower, masked[start..<range.upper].elementsEqual(part) else { return nil }
    return start
  }

  /// Warns of a fence that ends with the text, or with the list or quotation around, and not with a fence.
  private mutating func reportUnclosed(_ fence: Fence, _ closing: Int) {
    if closing <= lines.count, !startsFence(closing) {
      let range = lines[closing]
      let text = clean[range.lower..<range.upper]
      if let last = text.lastIndex(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }),
        text[...last].reversed().prefix(while: { $0 == fence.character }).count >= fence.length
      {
        return
      }
    }
    let mark = String(repeating: Character(Unicode.Scalar(fence.character)), count: fence.length)
    diagnostics.append(
      Diagnostic(
        .warning, id: "unclosed-fence", "a fenced block ends with a fence of its own", at: fence.range,
        label: "never closed", hints: ["close it with '\(mark.quotable)'"]))
  }
}
