import Diagnostics

/// The bytes of a document, made safe to read without moving any of them: every byte keeps its offset.
///
/// What is not UTF-8, NUL and other control characters become U+001A, Unicode's own stand-in for what could not be
/// read, which is shown as U+FFFD. So the control characters are free for `StructureMask`.
struct CleanText {
  static let substitute: UInt8 = 0x1A

  let utf8: [UInt8]
  /// The first place that had to be replaced.
  let firstReplaced: SourceRange?

  init(_ source: [UInt8]) {
    let isUTF8 = String(validating: source, as: UTF8.self) != nil
    if isUTF8, !source.contains(where: CleanText.isUnwanted) {
      utf8 = source
      firstReplaced = nil
      return
    }
    var clean = source
    var first: SourceRange?
    func replace(_ offset: Int, _ count: Int) {
      for byte in offset..<offset + count { clean[byte] = CleanText.substitute }
      if first == nil { first = SourceRange(offset, offset + count) }
    }
    var parser = Unicode.UTF8.ForwardParser()
    var bytes = source.makeIterator()
    var offset = 0
    parsing: while true {
      switch parser.parseScalar(from: &bytes) {
      case .valid(let encoded):
        if let byte = encoded.first, CleanText.isUnwanted(byte) { replace(offset, 1) }
        offset += encoded.count
      case .error(let length):
        replace(offset, length)
        offset += length
      case .emptyInput:
        break parsing
      }
    }
    utf8 = clean
    firstReplaced = first
  }

  private static func isUnwanted(_ byte: UInt8) -> Bool {
    (byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D) || byte == 0x7F
  }
}

/// The lines of a stretch of a text as CommonMark counts them: LF, CR LF and a lone CR end a line.
struct LineTable {
  private let lines: [SourceRange]

  init(_ utf8: [UInt8], from start: Int) {
    var lines: [SourceRange] = []
    var lineStart = start
    var offset = start
    while offset < utf8.count {
      let byte = utf8[offset]
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        lines.append(SourceRange(lineStart, offset))
        if byte == UInt8(ascii: "\r"), offset + 1 < utf8.count, utf8[offset + 1] == UInt8(ascii: "\n") {
          offset += 1
        }
        lineStart = offset + 1
      }
      offset += 1
    }
    lines.append(SourceRange(lineStart, utf8.count))
    self.lines = lines
  }

  var count: Int { lines.count }

  /// The range of a one-based line without its line break; the nearest line for a number that is none.
  subscript(line: Int) -> SourceRange { lines[min(max(line, 1), lines.count) - 1] }
}
