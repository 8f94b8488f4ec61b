import Values

/// Makes text safe to stand in a page.
///
/// It works on Unicode scalars: a quotation mark with a combining accent is one character to Swift, and yet
/// ends an attribute in a browser.
enum HTMLEscaping {
  /// A text between tags. Characters that HTML forbids, and those that would turn the direction of the text
  /// around them, become U+FFFD; what is isolated stays so.
  static func text(_ text: String) -> String {
    let isolates = Isolation.pairs(in: text)
    return escaped(text) { isolates.contains($0) ? reference($1) : "\u{FFFD}" }
  }

  /// A text between the quotation marks of an attribute, exact but for what HTML forbids.
  static func attribute(_ text: String) -> String { escaped(text) { reference($1) } }

  /// A character that turns the direction of text, written so that the source stays readable.
  private static func reference(_ scalar: Unicode.Scalar) -> String {
    "&#x\(String(scalar.value, radix: 16, uppercase: true));"
  }

  /// - Parameter direction: what is written for a character that turns the direction of text, by its place in scalars.
  private static func escaped(_ text: String, direction: (Int, Unicode.Scalar) -> String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for (offset, scalar) in text.unicodeScalars.enumerated() {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\r": continue
      case _ where isForbidden(scalar): result += "\u{FFFD}"
      case _ where turnsDirection(scalar): result += direction(offset, scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Control characters and noncharacters, which a page may not have even as references.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0x00...0x1F, 0x7F...0x9F, 0xFDD0...0xFDEF: true
    default: scalar.value & 0xFFFE == 0xFFFE
    }
  }

  /// Embeddings, overrides and isolates; the marks that only have a direction of their own are left alone.
  private static func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
