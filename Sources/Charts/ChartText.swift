import Values

/// What becomes of words before they are drawn: how wide they are, where they are broken, what they may not
/// contain.
enum ChartText {
  /// What stands in the place of a name that is null, as in tables.
  static let missing = "–"
  /// What stands between the parts of a name.
  static let joint = " · "

  /// How many scalars of a text are looked at; a name is never longer than this in a chart.
  private static let longest = 400

  /// A text on one line that can stand beside others, whichever way its letters run.
  static func clean(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(longest) {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x0085, 0x2028, 0x2029: result.append(" ")
      default: result.append(scalar)
      }
    }
    if text.unicodeScalars.dropFirst(longest).first != nil { result.append("…") }
    return Isolation.isolated(String(result))
  }

  /// About how wide a text is in a sans-serif face; rather too wide than too narrow.
  static func width(_ text: some StringProtocol, size: Double) -> Double {
    text.reduce(0) { $0 + advance($1) } * size
  }

  /// A text broken into lines of a width; the last of `limit` lines is cut.
  static func wrapped(_ text: String, to width: Double, size: Double, lines limit: Int) -> [String] {
    wrapped([text], to: width, size: size, lines: limit)[0]
  }

  /// Texts broken into lines of a width; those that differ still do where the last of `limit` lines is cut.
  static func wrapped(
    _ texts: [String], to width: Double, size: Double, lines limit: Int
  ) -> [[String]] {
    let lines = texts.map { broken($0, at: width, size: size, lines: limit) }
    let lasts = shortened(lines.map { $0.last ?? "" }, to: width, size: size)
    return zip(lines, lasts).map { lines, last in lines.isEmpty ? [] : lines.dropLast() + [last] }
  }

  /// A text in lines, of which the last may be too long: between words, and where a word alone is too long after its
  /// last sign that fits.
  private static func broken(
    _ text: String, at width: Double, size: Double, lines limit: Int
  ) -> [String] {
    var lines: [String] = []
    var rest = text[...].drop { $0 == " " }
    var opened = ""
    while !rest.isEmpty {
      let end = lines.count + 1 == limit ? rest.endIndex : lineEnd(rest, width: width, size: size)
      var line = rest[..<end]
      rest = rest[end...].drop { $0 == " " }
      while line.last == " " { line.removeLast() }
      // What is isolated is so on each of its lines.
      let isolated = opened + line
      opened = Isolation.remainder(of: isolated)
      lines.append(isolated + Isolation.closing(opened))
    }
    return lines
  }

  /// Where a line ends that is as long as it can be, and not empty.
  private static func lineEnd(_ text: Substring, width: Double, size: Double) -> String.Index {
    var used = 0.0
    var words: String.Index?
    var signs: String.Index?
    for index in text.indices {
      let character = text[index]
      if character == " " { words = index }
      used += advance(character) * size
      if used > width, character != " " {
        let whole = words ?? signs ?? index
        return whole > text.startIndex ? whole : text.index(after: index)
      }
      if "/-_.,?&=–".contains(character) { signs = text.index(after: index) }
    }
    return text.endIndex
  }

  /// The share of the font size that a character takes.
  static func advance(_ character: Character) -> Double {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar {
    case "\u{2066}"..."\u{2069}": return 0
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", " ", "\u{A0}", "(", ")", "[", "]", "/", "f",
      "t", "r":
      return 0.36
    case "m", "w", "M", "W", "%", "@": return 0.9
    case "0"..."9": return 0.6
    case "A"..."Z": return 0.68
    case "\u{1100}"..."\u{11FF}", "\u{2E80}"..."\u{A4CF}", "\u{AC00}"..."\u{D7A3}", "\u{F900}"..."\u{FAFF}",
      "\u{FF00}"..."\u{FF60}", "\u{1F000}"..."\u{3FFFF}":
      return 1.1
    default: return 0.57
    }
  }
}
