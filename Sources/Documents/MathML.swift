/// Formulas from TeX in MathML Core: the commonly used part of TeX's math, and nothing for a formula that has more.
enum MathML {
  /// How a formula stands on the page.
  enum Style { case inline, block }

  private static let lengthLimit = 8_000

  /// A `math` element for a formula; nothing when it has something that is not supported, or is not well-formed.
  static func translated(_ tex: String, _ style: Style) -> String? {
    guard tex.utf8.count <= lengthLimit else { return nil }
    var parser = MathMLParser(tex)
    guard let row = try? parser.formula(), !row.isEmpty else { return nil }
    return style == .block ? "<math display=\"block\">\(row)</math>" : "<math>\(row)</math>"
  }

  /// Text as the content of an element.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// A formula cut into what TeX reads as one thing.
enum TeXToken: Equatable {
  case command(String)
  case character(Unicode.Scalar)
  /// White space, which only counts in text.
  case space

  static func tokens(_ tex: String) -> [TeXToken] {
    let scalars = Array(tex.unicodeScalars)
    var tokens: [TeXToken] = []
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case " ", "\t", "\n", "\r":
        tokens.append(.space)
      case "%":
        while index < scalars.count, scalars[index] != "\n" { index += 1 }
      case "\\":
        let start = index
        while index < scalars.count, isLetter(scalars[index]) { index += 1 }
        if index == start, index < scalars.count { index += 1 }
        tokens.append(.command(String(String.UnicodeScalarView(scalars[start..<index]))))
      default:
        tokens.append(.character(scalar))
      }
    }
    return tokens
  }

  static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }
}
