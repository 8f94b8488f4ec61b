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
    let last = line + body.lineCount
    let text = StructureMask.unmasked(literal).trimmingLineBreak()
    if isLeftOpen(fence, header, on: line, to: last) {
      unread.append(SourceRange(fence.range.lower, lines[last].upper))
      return .code(language: header.word, text)
    }
    if let kind = header.kind {
      let (name, options, mistakes) = header.parts(of: kind)
      diagnostics += mistakes
      blocks.append(
        CodeBlock(
          kind: kind, name: name?.text, nameRange: name?.range, options: options, body: body.fragment,
          range: SourceRange(fence.range.lower, lines[line].upper)))
      return .block(blocks.count - 1)
    }
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

  // MARK: - Fences that are not closed

  /// Whether the block that starts on a line has no fence of its own at its end, and so was meant to end before;
  /// that is reported. Code that is only shown may go on to the end of the text.
  private mutating func isLeftOpen(_ fence: Fence, _ header: FenceHeader, on line: Int, to last: Int) -> Bool
  {
    let number = source.line(at: fence.range.lower)
    let mark = String(repeating: Character(Unicode.Scalar(fence.character)), count: fence.length)
    let remedy = "write '\(mark.quotable)' on a line of its own where the block ends"
    if let next = (line + 1..<max(line + 1, last + 1)).first(where: { opensBlock($0, inside: fence, header) })
    {
      let other = source.line(at: lines[next].lower)
      diagnostics.append(
        Diagnostic(
          id: "unclosed-fence",
          "the fence opened on line \(number) is not closed before the fence on line \(other)",
          at: fence.range, label: "still open on line \(other)", hints: [remedy]))
      return true
    }
    guard !isClosed(fence, on: last + 1) else { return false }
    let runs = header.kind != nil
    diagnostics.append(
      Diagnostic(
        runs ? .error : .warning, id: "unclosed-fence", "the fence opened on line \(number) is never closed",
        at: fence.range, label: "open to the end", hints: [remedy]))
    return runs
  }

  /// Whether a line of a fenced block opens another: a word follows its fence, so it closes nothing. In a block that
  /// runs no such line has a meaning; in code that is shown only one that would have closed it but for the word.
  private func opensBlock(_ line: Int, inside outer: Fence, _ header: FenceHeader) -> Bool {
    let range = lines[line]
    let isIndent = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: ">") }
    guard let start = clean[range.lower..<range.upper].firstIndex(where: { !isIndent($0) }) else {
      return false
    }
    let mark = clean[start]
    guard mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return false }
    let end = clean[start..<range.upper].firstIndex { $0 != mark } ?? range.upper
    guard end - start >= 3, !clean[end..<range.upper].contains(mark) else { return false }
    let word = FenceHeader(clean, in: SourceRange(end, range.upper))
    guard header.kind == nil else { return !word.word.isEmpty }
    return word.kind != nil && mark == outer.character && end - start >= outer.length
  }

  /// Whether a line closes a fenced block, and is not the first of another one behind the list or quotation around.
  private func isClosed(_ fence: Fence, on line: Int) -> Bool {
    guard line <= lines.count, !startsFence(line) else { return false }
    let text = clean[lines[line].lower..<lines[line].upper]
    guard let last = text.lastIndex(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else {
      return false
    }
    return text[...last].reversed().prefix { $0 == fence.character }.count >= fence.length
  }
}
