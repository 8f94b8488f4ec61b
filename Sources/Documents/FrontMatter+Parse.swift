import Diagnostics

extension FrontMatter {
  /// The front matter at the top of a text, where the body starts, and what is wrong with it.
  static func parse(_ utf8: [UInt8]) -> (FrontMatter, bodyStart: Int, [Diagnostic]) {
    let top = utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let lines = LineTable(utf8, from: top)
    guard isFence(lines[1], utf8), lines.count > 1 else { return (FrontMatter(), top, []) }
    guard let closing = (2...lines.count).first(where: { isFence(lines[$0], utf8) }) else {
      return (FrontMatter(), top, unclosed(lines, utf8))
    }
    let bodyStart = closing < lines.count ? lines[closing + 1].lower : utf8.count
    let content = SourceRange(lines[2].lower, lines[closing].lower)
    if let mistake = FrontMatterGuard.mistake(utf8, in: content) {
      return (FrontMatter(), bodyStart, [mistake])
    }
    var reader = FrontMatterReader(utf8: utf8, content: content)
    reader.read()
    return (reader.frontMatter, bodyStart, reader.diagnostics)
  }

  private static func isFence(_ line: SourceRange, _ utf8: [UInt8]) -> Bool {
    let text = utf8[line.lower..<line.upper]
    guard text.starts(with: Array("---".utf8)) else { return false }
    return text.dropFirst(3).allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }

  /// A document may start with a thematic break; with a key on the next line it is front matter that was meant.
  private static func unclosed(_ lines: LineTable, _ utf8: [UInt8]) -> [Diagnostic] {
    let next = utf8[lines[2].lower..<lines[2].upper]
    let key = next.prefix { $0 != UInt8(ascii: ":") }
    guard key.count < next.count, FenceHeader.isName(String(decoding: key, as: UTF8.self)) else { return [] }
    return [
      Diagnostic(
        .warning, id: "front-matter", "front matter ends with a line of three dashes", at: lines[1],
        label: "never closed", notes: ["all of it is shown as text"])
    ]
  }
}
