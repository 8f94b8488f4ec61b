import Diagnostics
import Documents

/// A text in the place of a range of a source.
struct Edit {
  var range: SourceRange
  var text: String
}

/// The comments around the result of an inline value.
enum InlineMarker {
  static let start = "<!--=-->"
  static let end = "<!--/=-->"
}

/// Where a section of results stands in a document, or is to stand.
struct ResultPlace {
  /// What was there from an earlier time; empty where nothing was.
  var replaced: SourceRange
  /// What every line starts with, in a list or a quotation.
  var prefix: String
  /// Whether the line before has no line break.
  var isAfterOpenLine: Bool
  /// What has to close the block before, where the document does not.
  var missingFence: String?
  var markers: Markers

  /// The comments around a section.
  struct Markers {
    var start: String
    var end: String

    static let result = Markers(start: "<!-- result -->", end: "<!-- end of result -->")
    static let problems = Markers(start: "<!-- problems -->", end: "<!-- end of problems -->")
  }

  /// The section with a content.
  func section(_ content: String) -> String {
    let lines =
      ["", markers.start, ""]
      + content.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      + ["", markers.end]
    let text = ((missingFence.map { [$0] } ?? []) + lines).map { line in
      line.isEmpty ? prefix.trimmedAtEnd : prefix + line
    }
    return (isAfterOpenLine ? "\n" : "") + text.joined(separator: "\n") + "\n"
  }
}

extension SourceText {
  /// The place below a block.
  func place(after block: CodeBlock) -> ResultPlace {
    let opening = line(at: block.range.lower)
    let openingText = text(in: range(ofLine: opening))
    let indent = openingText.firstFence.map { openingText[..<$0] } ?? ""
    let prefix = String(indent.map { $0 == ">" || $0 == "\t" ? $0 : " " })
    let bytes = block.body.utf8
    let newline = UInt8(ascii: "\n")
    let bodyLines = bytes.count { $0 == newline } + (bytes.last.map { $0 == newline ? 0 : 1 } ?? 0)
    let last = opening + bodyLines
    if last + 1 <= lineCount, lineContent(last + 1).isClosingFence {
      return place(afterLine: last + 1, prefix: prefix, .result)
    }
    var place = place(afterLine: last, prefix: prefix, .result)
    place.missingFence = openingText.firstFence.map { start in
      String(openingText[start...].prefix { $0 == openingText[start] })
    }
    return place
  }

  /// The place of what is wrong outside of blocks: the end of the document.
  var placeOfProblems: ResultPlace {
    var last = lineCount
    while last > 1, lineContent(last).isEmpty { last -= 1 }
    if lineContent(last) == ResultPlace.Markers.problems.end,
      let start = (1...last).last(where: { lineContent($0) == ResultPlace.Markers.problems.start })
    {
      var before = start - 1
      while before > 1, lineContent(before).isEmpty { before -= 1 }
      return place(afterLine: before, prefix: "", .problems)
    }
    return place(afterLine: last, prefix: "", .problems)
  }

  /// The place behind an inline value, with the result that stands there.
  func place(after value: InlineValue) -> SourceRange {
    var start = value.range.upper
    let tick = UInt8(ascii: "`")
    let blanks = utf8[min(start, utf8.count)...].prefix { $0 == UInt8(ascii: " ") }.count
    if start + blanks < utf8.count, utf8[start + blanks] == tick { start += blanks }
    while start < utf8.count, utf8[start] == tick { start += 1 }
    let rest = utf8[min(start, utf8.count)...]
    guard rest.starts(with: InlineMarker.start.utf8),
      let end = rest.firstRange(of: Array(InlineMarker.end.utf8))
    else { return SourceRange(start, start) }
    return SourceRange(start, end.upperBound)
  }

  /// The source with each edit made.
  func applying(_ edits: [Edit]) -> String {
    var result: [UInt8] = []
    var position = 0
    for edit in edits.sorted(by: { ($0.range.lower, $0.range.upper) < ($1.range.lower, $1.range.upper) }) {
      guard edit.range.lower >= position else { continue }
      result += utf8[position..<edit.range.lower]
      result += Array(edit.text.utf8)
      position = edit.range.upper
    }
    result += utf8[position...]
    return String(decoding: result, as: UTF8.self)
  }

  private func place(afterLine line: Int, prefix: String, _ markers: ResultPlace.Markers) -> ResultPlace {
    let start = line < lineCount ? self.start(ofLine: line + 1) : utf8.count
    let isOpen = line >= lineCount && utf8.last.map { $0 != UInt8(ascii: "\n") } ?? false
    var place = ResultPlace(
      replaced: SourceRange(start, start), prefix: prefix, isAfterOpenLine: isOpen, markers: markers)
    var next = line + 1
    while next <= lineCount, lineContent(next).isEmpty { next += 1 }
    guard next <= lineCount, lineContent(next) == markers.start else { return place }
    guard let end = (next...lineCount).first(where: { lineContent($0) == markers.end }) else { return place }
    place.replaced.upper = end < lineCount ? self.start(ofLine: end + 1) : utf8.count
    return place
  }

  /// A line without what containers put before it.
  private func lineContent(_ line: Int) -> String {
    String(text(in: range(ofLine: line)).drop { $0 == ">" || $0.isWhitespace }).trimmed
  }
}

extension String {
  /// Where a fence starts in a line.
  fileprivate var firstFence: Index? {
    [firstRange(of: "```"), firstRange(of: "~~~")].compactMap { $0?.lowerBound }.min()
  }

  fileprivate var isClosingFence: Bool {
    count >= 3 && (allSatisfy { $0 == "`" } || allSatisfy { $0 == "~" })
  }

  fileprivate var trimmedAtEnd: String {
    var text = Substring(self)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
