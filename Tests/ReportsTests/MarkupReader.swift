/// The elements of a page as a browser sees them: names of tags and of their attributes, in order.
///
/// A strict reader of what the page writers write, made to find out whether a text became markup.
struct MarkupReader {
  struct Tag: Hashable, CustomStringConvertible {
    var name: String
    var attributes: [String: String]

    /// Without the values of attributes.
    var description: String { "<\(name) \(attributes.keys.sorted().joined(separator: " "))>" }
  }

  private(set) var tags: [Tag] = []
  /// All text between tags, with references resolved.
  private(set) var text = ""
  private(set) var problems: [String] = []
  private var rest: Substring.UnicodeScalarView

  init(_ page: String) {
    rest = Substring(page).unicodeScalars
    while let next = rest.popFirst() {
      guard next == "<" else {
        text.unicodeScalars.append(next)
        continue
      }
      readTag()
    }
    text = MarkupReader.resolved(text)
  }

  /// All values of an attribute.
  func values(_ attribute: String) -> [String] { tags.compactMap { $0.attributes[attribute] } }

  /// The shape of the page: its tags without the values of their attributes, and without `span`, which is
  /// also used to highlight code.
  var shape: [String] { tags.filter { $0.name != "span" && $0.name != "/span" }.map(\.description) }

  private mutating func readTag() {
    let name = take { $0 != " " && $0 != ">" && $0 != "\n" }
    if name.isEmpty || name.contains("<") {
      problems.append("a stray '<' before '\(String(rest.prefix(20)))'")
    }
    var attributes: [String: String] = [:]
    while true {
      _ = take { $0 == " " || $0 == "\n" }
      guard let next = rest.first else { return problems.append("the page ends in a tag") }
      if next == ">" {
        rest.removeFirst()
        break
      }
      let attribute = take { $0 != "=" && $0 != ">" && $0 != " " }
      guard rest.first == "=" else {
        attributes[attribute] = ""
        continue
      }
      rest.removeFirst()
      guard rest.popFirst() == "\"" else { return problems.append("'\(attribute)' has no quotation marks") }
      if attributes[attribute] != nil { problems.append("'\(attribute)' occurs twice") }
      attributes[attribute] = MarkupReader.resolved(take { $0 != "\"" })
      _ = rest.popFirst()
    }
    tags.append(Tag(name: name, attributes: attributes))
  }

  private mutating func take(_ holds: (Unicode.Scalar) -> Bool) -> String {
    let end = rest.firstIndex { !holds($0) } ?? rest.endIndex
    let text = String(rest[..<end])
    rest = rest[end...]
    return text
  }

  /// Resolves references scalar by scalar, as a browser does.
  private static func resolved(_ text: String) -> String {
    let named = ["lt": "<", "gt": ">", "quot": "\"", "amp": "&"]
    var result = String.UnicodeScalarView()
    var rest = Substring(text).unicodeScalars
    while let next = rest.popFirst() {
      guard next == "&", let end = rest.firstIndex(of: ";") else {
        result.append(next)
        continue
      }
      let name = String(rest[..<end])
      let code = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
      if let character = named[name] {
        result.append(contentsOf: character.unicodeScalars)
      } else if let scalar = code.flatMap(Unicode.Scalar.init) {
        result.append(scalar)
      }
      rest = rest[rest.index(after: end)...]
    }
    return String(result)
  }
}
