/// Makes text safe to stand in a page.
///
/// It works on Unicode scalars: a quotation mark with a combining accent is one character to Swift, and yet
/// ends an attribute in a browser.
enum HTMLEscaping {
  /// A text between tags. Characters that HTML forbids, and those that would turn the direction of the text
  /// around them, become U+FFFD.
  static func text(_ text: String) -> String { escaped(text) { _ in "\u{FFFD}" } }

  /// A text between the quotation marks of an attribute. Characters that turn the direction of text are written
  /// as references, so that the value is exact and the source stays readable.
  static func attribute(_ text: String) -> String {
    escaped(text) { "&#x\(String($0.value, radix: 16, uppercase: true));" }
  }

  private static func escaped(_ text: String, direction: (Unicode.Scalar) -> String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\r": continue
      case _ where isForbidden(scalar): result += "\u{FFFD}"
      case _ where turnsDirection(scalar): result += direction(scalar)
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
