/// A range of a source, in UTF-8 offsets from its start; the upper bound is not included.
public struct SourceRange: Hashable, Sendable {
  /// The offset of the first byte.
  public var lower: Int
  /// The offset after the last byte, never less than `lower`.
  public var upper: Int

  /// An upper bound below the lower one gives an empty range.
  public init(_ lower: Int, _ upper: Int) {
    self.lower = lower
    self.upper = max(lower, upper)
  }

  /// The smallest range that covers both.
  public func joined(with other: SourceRange) -> SourceRange {
    SourceRange(min(lower, other.lower), max(upper, other.upper))
  }
}

/// A text that a person wrote, with the name it is known by, for example a path relative to the project.
public struct SourceText: Hashable, Sendable {
  /// Shown in front of line and column.
  public let name: String
  /// The bytes as they were read; they need not be valid UTF-8.
  public let utf8: [UInt8]
  private let lineStarts: [Int]

  /// A text that is at hand as a string.
  public init(name: String, text: String) {
    self.init(name: name, utf8: Array(text.utf8))
  }

  /// Bytes as they were read from a file; lines end at line feeds.
  public init(name: String, utf8: [UInt8]) {
    self.name = name
    self.utf8 = utf8
    var starts = [0]
    for (offset, byte) in utf8.enumerated() {
      // A carriage return ends a line too, and together with a line feed only one.
      let isReturn =
        byte == UInt8(ascii: "\r") && (offset + 1 == utf8.count || utf8[offset + 1] != UInt8(ascii: "\n"))
      if byte == UInt8(ascii: "\n") || isReturn { starts.append(offset + 1) }
    }
    lineStarts = starts
  }

  /// How many lines there are; a text without a line break is one line.
  public var lineCount: Int { lineStarts.count }

  /// The one-based line of an offset.
  public func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The one-based column of an offset, counted in characters as a reader sees them.
  public func column(at offset: Int) -> Int {
    let start = lineStarts[line(at: offset) - 1]
    let end = min(max(offset, start), utf8.count)
    return String(decoding: utf8[start..<end], as: UTF8.self).count + 1
  }

  /// The offset at which a one-based line starts.
  public func start(ofLine line: Int) -> Int {
    lineStarts[min(max(line, 1), lineStarts.count) - 1]
  }

  /// The range of a one-based line without its line break.
  public func range(ofLine line: Int) -> SourceRange {
    let start = start(ofLine: line)
    var end = line < lineStarts.count ? lineStarts[line] - 1 : utf8.count
    if line < lineStarts.count, end > start, utf8[end] == UInt8(ascii: "\n"),
      utf8[end - 1] == UInt8(ascii: "\r")
    {
      end -= 1
    }
    return SourceRange(start, end)
  }

  /// The text of a range; bytes that are not UTF-8 are replaced.
  public func text(in range: SourceRange) -> String {
    let lower = min(max(range.lower, 0), utf8.count)
    let upper = min(max(range.upper, lower), utf8.count)
    return String(decoding: utf8[lower..<upper], as: UTF8.self)
  }
}

/// A piece of a source that is read on its own, such as the body of a fenced block: its bytes, and where in
/// the source each of its lines stands, so that a block in a list or a quotation keeps true positions.
public struct Fragment: Hashable, Sendable {
  /// The bytes without what the source puts in front of each line, such as indentation or `>`.
  public let utf8: [UInt8]
  private let lines: [(local: Int, source: Int)]

  /// A fragment whose lines start at the given offsets: `local` in the fragment, `source` in the document.
  public init(utf8: [UInt8], lines: [(local: Int, source: Int)]) {
    self.utf8 = utf8
    self.lines = lines.isEmpty ? [(0, 0)] : lines
  }

  /// A whole text as one fragment, for example a query from the shell.
  public init(_ text: String) {
    self.init(utf8: Array(text.utf8), lines: [(0, 0)])
  }

  /// A fragment whose text stands unbroken in the source from an offset on.
  public init(utf8: [UInt8], at offset: Int) {
    self.init(utf8: utf8, lines: [(0, offset)])
  }

  /// The text of the fragment.
  public var text: String { String(decoding: utf8, as: UTF8.self) }

  /// The offset in the source of an offset in the fragment.
  public func source(_ local: Int) -> Int {
    var low = 0
    var high = lines.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lines[middle].local <= local { low = middle } else { high = middle }
    }
    return lines[low].source + (local - lines[low].local)
  }

  /// The range in the source of a range in the fragment.
  public func range(_ lower: Int, _ upper: Int) -> SourceRange {
    SourceRange(source(lower), source(upper))
  }

  /// Compares the bytes and the places where their lines stand.
  public static func == (left: Fragment, right: Fragment) -> Bool {
    left.utf8 == right.utf8
      && left.lines.elementsEqual(right.lines) { $0.local == $1.local && $0.source == $1.source }
  }

  /// Hashes the bytes alone; equal fragments have equal ones.
  public func hash(into hasher: inout Hasher) { hasher.combine(utf8) }
}
