extension Character {
  /// How many columns a terminal gives to the character: none to marks without a base, two to what is wide in East Asian
  /// typography and to emoji, otherwise one.
  var terminalWidth: Int {
    let scalars = unicodeScalars
    guard let first = scalars.first else { return 0 }
    // Almost all texts are of characters like these: one scalar, before the first mark without a base.
    if first.value < 0x300, utf8.count <= 2 { return 1 }
    if first.properties.isEmojiPresentation { return 2 }
    // A variation selector asks for the coloured form of what is text otherwise.
    if scalars.contains("\u{FE0F}"), first.properties.isEmoji { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return Character.wideRanges.contains { $0.contains(first.value) } ? 2 : 1
    }
  }

  /// The character as it is safe to show: a tab as a blank, and what is invisible or directs the terminal (controls,
  /// line breaks, marks that change the direction of text) as a visible mark.
  var printable: Character {
    if self == "\t" { return " " }
    guard let first = unicodeScalars.first else { return self }
    switch first.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return "\u{FFFD}"
    default: return self
    }
  }

  /// The classes W and F of Unicode's East Asian Width (UAX #11), without emoji, which a property tells.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
  ]
}

extension String {
  /// The text on one line without what would disturb a terminal.
  public var printable: String { isVisibleASCII ? self : String(map(\.printable)) }

  /// How many columns a terminal gives to the text.
  public var terminalWidth: Int { isVisibleASCII ? utf8.count : reduce(0) { $0 + $1.terminalWidth } }

  /// Whether each byte is a character of one column: most texts are so.
  private var isVisibleASCII: Bool { utf8.allSatisfy { (0x20..<0x7F).contains($0) } }

  /// The text as lines, broken between words, that are as wide as this where a word has room in it.
  public func lines(upTo width: Int) -> [String] {
    var lines: [String] = []
    for word in split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
      if let last = lines.last, last.terminalWidth + 1 + word.terminalWidth <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(word)
      }
    }
    return lines
  }
}
