import Diagnostics

/// What front matter may not have, since it could cost more than its length: it is checked before it is parsed.
enum FrontMatterGuard {
  static let sizeLimit = 64 * 1024
  static let bracketLimit = 200
  static let columnLimit = 100

  /// The first such thing in a stretch of a text.
  static func mistake(_ utf8: [UInt8], in content: SourceRange) -> Diagnostic? {
    let count = content.upper - content.lower
    if count > sizeLimit {
      return Diagnostic(
        id: "front-matter", "front matter has at most \(sizeLimit / 1024) KiB",
        at: SourceRange(content.lower, content.lower), label: "starts here",
        notes: ["it has \(count / 1024) KiB"])
    }
    var brackets = 0
    var column = 0
    var isPrefix = true
    var before: UInt8?
    var quoteEnd = content.lower
    for offset in content.lower..<content.upper {
      let byte = utf8[offset]
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        (column, isPrefix) = (0, true)
        continue
      }
      if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
        column += 1
        continue
      }
      defer { before = byte }
      if isPrefix, column > columnLimit { return tooDeep(offset) }
      if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
        brackets += 1
        if brackets > bracketLimit { return tooDeep(offset) }
      }
      let startsNode = isPrefix || before.map { ":-?,[{".utf8.contains($0) } ?? true
      isPrefix = isPrefix && "-?:".utf8.contains(byte)
      column += 1
      guard startsNode, offset >= quoteEnd else { continue }
      if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\""),
        before.map({ ":-?,[{".utf8.contains($0) }) ?? true
      {
        let line = utf8[(offset + 1)..<content.upper].prefix {
          $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r")
        }
        quoteEnd = line.firstIndex(of: byte) ?? offset
      }
      guard "&*!".utf8.contains(byte), offset + 1 < content.upper, utf8[offset + 1] > UInt8(ascii: " ") else {
        continue
      }
      return Diagnostic(
        id: "front-matter", "front matter has no anchors, aliases or tags",
        at: SourceRange(offset, offset + 1),
        label: "starts one",
        hints: ["put a text that starts with '\(Character(Unicode.Scalar(byte)))' in quotes"])
    }
    return nil
  }

  private static func tooDeep(_ offset: Int) -> Diagnostic {
    Diagnostic(
      id: "too-deep",
      "front matter has at most \(bracketLimit) brackets, and no more than \(columnLimit) columns before a text",
      at: SourceRange(offset, offset + 1), label: "beyond that")
  }
}
