/// What becomes of words before they are drawn: how wide they are, where they are cut, what they may not
/// contain.
enum ChartText {
  /// What stands in the place of a name that is null, as in tables.
  static let missing = "–"
  /// What stands between the parts of a name.
  static let joint = " · "

  /// How many scalars of a text are looked at; a name is never longer than this in a chart.
  private static let longest = 400

  /// A text on one line, without control of writing direction, which could reorder what stands beside it; one
  /// with letters written from right to left is isolated.
  static func clean(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var isRightToLeft = false
    for scalar in text.unicodeScalars.prefix(longest) {
      switch scalar.value {
      case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: continue
      case 0x09, 0x0A, 0x0D, 0x0085, 0x2028, 0x2029: result.append(" ")
      case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF:
        isRightToLeft = true
        result.append(scalar)
      default: result.append(scalar)
      }
    }
    if text.unicodeScalars.dropFirst(longest).first != nil { result.append("…") }
    return isRightToLeft ? "\u{2068}\(String(result))\u{2069}" : String(result)
  }

  /// About how wide a text is in a sans-serif face; rather too wide than too narrow.
  static func width(_ text: String, size: Double) -> Double {
    text.reduce(0) { $0 + advance($1) } * size
  }

  /// A text cut to a width, with an ellipsis: at its end, or in names of several parts before the last one, by which
  /// names differ that begin alike.
  static func truncated(_ text: String, to limit: Double, size: Double) -> String {
    if width(text, size: size) <= limit { return text }
    if let joint = text.ranges(of: ChartText.joint).last {
      let tail = String(text[joint.lowerBound...])
      let room = limit - width(tail, size: size)
      if room >= 2 * size { return truncated(String(text[..<joint.lowerBound]), to: room, size: size) + tail }
    }
    var used = advance("…") * size
    var result = ""
    for character in text {
      used += advance(character) * size
      if used > limit { break }
      result.append(character)
    }
    while result.last == " " { result.removeLast() }
    return text.hasPrefix("\u{2068}") ? result + "…\u{2069}" : result + "…"
  }

  /// A text broken between words into lines of a width; the last of `limit` lines is cut.
  static func wrapped(_ text: String, to width: Double, size: Double, lines limit: Int) -> [String] {
    var lines: [String] = []
    var words = text.split(separator: " ")[...]
    while let first = words.popFirst() {
      var line = String(first)
      while let next = words.first, self.width(line + " " + next, size: size) <= width {
        line += " " + next
        words.removeFirst()
      }
      if lines.count + 1 == limit, !words.isEmpty { line += " " + words.joined(separator: " ") }
      lines.append(truncated(line, to: width, size: size))
      if lines.count == limit { break }
    }
    return lines
  }

  /// The share of the font size that a character takes.
  private static func advance(_ character: Character) -> Double {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar {
    case "\u{2066}"..."\u{2069}": return 0
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", " ", "(", ")", "[", "]", "/", "f", "t", "r":
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
