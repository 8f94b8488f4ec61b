/// Names that are written from right to left in the midst of other text, without turning what stands beside them.
public enum Isolation {
  /// Begins a part that has a direction of its own, which its first letter says (U+2068).
  static let start: Unicode.Scalar = "\u{2068}"
  /// Ends it (U+2069).
  static let end: Unicode.Scalar = "\u{2069}"

  /// A text that can stand beside others: in isolation if it has letters from right to left, and without control of
  /// writing direction. Parts of it that are isolated already stay so.
  public static func isolated(_ text: String) -> String {
    let kept = pairs(in: text)
    var result = String.UnicodeScalarView()
    var depth = 0
    var turns = false
    for (offset, scalar) in text.unicodeScalars.enumerated() {
      if isControl(scalar) {
        guard kept.contains(offset) else { continue }
        depth += scalar == start ? 1 : -1
      } else if depth == 0, isRightToLeft(scalar) {
        turns = true
      }
      result.append(scalar)
    }
    return turns ? "\(start)\(String(result))\(end)" : String(result)
  }

  /// Where the isolated parts of a text begin and end, counted in scalars. What begins and never ends, or the other way
  /// round, is not among them.
  public static func pairs(in text: String) -> Set<Int> {
    guard text.unicodeScalars.contains(start) else { return [] }
    var open: [Int?] = []
    var result = Set<Int>()
    for (offset, scalar) in text.unicodeScalars.enumerated() {
      switch scalar {
      case start: open.append(offset)
      case "\u{2066}", "\u{2067}": open.append(nil)
      case end: if let beginning = open.popLast() ?? nil { result.formUnion([beginning, offset]) }
      default: continue
      }
    }
    return result
  }

  /// What a text leaves undone: ends of parts that begin before it, and beginnings of parts that end after it. In the
  /// place of a piece that is cut out it leaves the others isolated as they were.
  public static func remainder(of text: some StringProtocol) -> String {
    var ends = 0
    var starts = 0
    for scalar in text.unicodeScalars {
      if scalar == start { starts += 1 }
      if scalar == end { if starts > 0 { starts -= 1 } else { ends += 1 } }
    }
    return String(repeating: String(Character(end)), count: ends)
      + String(repeating: String(Character(start)), count: starts)
  }

  /// What ends the parts that a text without their ends begins.
  public static func closing(_ starts: String) -> String {
    String(String.UnicodeScalarView(starts.unicodeScalars.map { _ in end }))
  }

  /// Marks, embeddings, overrides and isolates.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Letters of Hebrew, Arabic and the other scripts that run from right to left.
  private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFE, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
    default: false
    }
  }
}
