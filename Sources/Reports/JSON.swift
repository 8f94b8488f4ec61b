/// A JSON value whose members keep their order.
indirect enum JSON: Hashable {
  case null
  case boolean(Bool)
  /// A number as it is written.
  case number(String)
  case text(String)
  case array([JSON])
  case object([Member])

  struct Member: Hashable {
    var name: String
    var value: JSON

    init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// The value over several lines, with a line for each member and each element, but plain elements on one
  /// line.
  func written(indent: String = "") -> String {
    switch self {
    case .null: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .number(let text): return text
    case .text(let text): return JSON.quoted(text)
    case .array(let elements) where elements.allSatisfy(\.isPlain):
      return "[" + elements.map { $0.written() }.joined(separator: ", ") + "]"
    case .array(let elements):
      return lines(elements.map { $0.written(indent: indent + "  ") }, "[", "]", indent)
    case .object(let members) where members.isEmpty: return "{}"
    case .object(let members)
    where members.count <= 4 && members.allSatisfy(\.value.isPlain) && !indent.isEmpty:
      return "{" + members.map { "\(JSON.quoted($0.name)): \($0.value.written())" }.joined(separator: ", ")
        + "}"
    case .object(let members):
      let texts = members.map { "\(JSON.quoted($0.name)): \($0.value.written(indent: indent + "  "))" }
      return lines(texts, "{", "}", indent)
    }
  }

  private func lines(_ texts: [String], _ open: String, _ close: String, _ indent: String) -> String {
    open + "\n" + texts.map { "\(indent)  \($0)" }.joined(separator: ",\n") + "\n\(indent)\(close)"
  }

  private var isPlain: Bool {
    switch self {
    case .null, .boolean, .number, .text: true
    case .array, .object: false
    }
  }

  /// A text in quotation marks. Beyond what JSON asks for, `<` and the line separators of JavaScript are
  /// escaped, so that the text can stand in a page.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7F}", "<", "\u{2028}", "\u{2029}":
        let code = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
