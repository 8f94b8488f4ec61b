import Diagnostics

/// Finds where in the source a code span stands, whose text the parser handed over with breaks and escapes taken
/// out and with a column that is only mostly right.
///
/// Spans are asked for in the order of the page, so the search goes on from the last one; the parser's line and
/// column are tried first.
struct SpanLocator {
  private let clean: [UInt8]
  private let masked: [UInt8]
  private let lines: LineTable
  private var position = 0
  /// Comparisons that may still be made; it bounds what a hostile document can cost.
  private var budget: Int

  private static let backtick = UInt8(ascii: "`")

  init(clean: [UInt8], masked: [UInt8], lines: LineTable) {
    self.clean = clean
    self.masked = masked
    self.lines = lines
    budget = 16 * clean.count + 1_000_000
  }

  /// Goes on from a place.
  mutating func move(to offset: Int) { position = offset }

  /// The text of a span, with the place of each of its parts.
  struct Found {
    let utf8: [UInt8]
    let pieces: [(local: Int, source: Int)]
    let range: SourceRange
  }

  /// The span of a text, and how it was written.
  ///
  /// - Parameters:
  ///   - literal: the span's text as the parser gives it, with masks.
  ///   - line: the parser's line for it; zero when it has none.
  ///   - column: the parser's column, one-based, after the backticks.
  mutating func next(_ literal: [UInt8], line: Int, column: Int) -> Found? {
    let guess = line > 0 ? lines[line].lower + column - 1 : 0
    if line > 0, guess >= position, guess <= masked.count, guess > 0, masked[guess - 1] == Self.backtick,
      let found = match(literal, runEndingAt: guess)
    {
      position = found.end
      return found.found
    }
    var offset = max(position, line > 0 ? lines[line].lower : 0)
    while budget > 0, let start = masked[offset...].firstIndex(of: Self.backtick) {
      budget -= start - offset
      var end = start
      while end < masked.count, masked[end] == Self.backtick { end += 1 }
      if let found = match(literal, runEndingAt: end) {
        position = found.end
        return found.found
      }
      offset = end
    }
    return nil
  }

  private mutating func match(_ literal: [UInt8], runEndingAt start: Int) -> (found: Found, end: Int)? {
    var runStart = start
    while runStart > 0, masked[runStart - 1] == Self.backtick { runStart -= 1 }
    let run = start - runStart
    // One space, or line break, is taken from both ends of a span.
    for first in [start, afterSpace(start)].compactMap({ $0 }) {
      if let found = match(literal, from: first, run: run) { return found }
    }
    return nil
  }

  private mutating func match(_ literal: [UInt8], from start: Int, run: Int) -> (found: Found, end: Int)? {
    var offset = start
    var text: [UInt8] = []
    var pieces = [(local: 0, source: start)]
    for (local, byte) in literal.enumerated() {
      budget -= 1
      guard offset < masked.count else { return nil }
      if masked[offset] == byte {
        text.append(clean[offset])
        offset += 1
      } else if byte == UInt8(ascii: " "), let next = afterLineBreak(offset) {
        text.append(byte)
        offset = next
        pieces.append((local + 1, offset))
      } else if byte == UInt8(ascii: "|"), masked[offset] == UInt8(ascii: "\\"), offset + 1 < masked.count,
        masked[offset + 1] == byte
      {
        // In a table a bar is escaped even within code.
        text.append(byte)
        pieces.append((local, offset + 1))
        offset += 2
      } else {
        return nil
      }
    }
    let end = offset
    for close in [end, afterSpace(end)].compactMap({ $0 }) {
      var closeEnd = close
      while closeEnd < masked.count, masked[closeEnd] == Self.backtick { closeEnd += 1 }
      guard closeEnd - close == run else { continue }
      return (Found(utf8: text, pieces: pieces, range: SourceRange(start, end)), closeEnd)
    }
    return nil
  }

  private func afterSpace(_ offset: Int) -> Int? {
    guard offset < masked.count else { return nil }
    return masked[offset] == UInt8(ascii: " ") ? offset + 1 : afterLineBreak(offset)
  }

  /// Where the text goes on after a line break and what stands before the next line's text.
  private func afterLineBreak(_ offset: Int) -> Int? {
    var next = offset
    if next < masked.count, masked[next] == UInt8(ascii: "\r") { next += 1 }
    if next < masked.count, masked[next] == UInt8(ascii: "\n") { next += 1 }
    guard next > offset else { return nil }
    while next < masked.count,
      masked[next] == UInt8(ascii: " ") || masked[next] == UInt8(ascii: "\t")
        || masked[next] == UInt8(ascii: ">")
    {
      next += 1
    }
    return next
  }
}
