/// Gives out the ids of a page, each once.
struct Identifiers {
  private var used: Set<String>
  /// The number that the next id with the same wish gets, so that many equal wishes stay cheap.
  private var nextNumbers: [String: Int] = [:]

  /// Ids that are taken already, such as the anchors of headings.
  init(taken: some Sequence<String>) { used = Set(taken) }

  /// An id from the parts of a name, joined by dots; a number is added where it is taken.
  ///
  /// Letters, digits, `-` and `_` stay, other characters become `-`. Anchors of headings have no dots, so the
  /// two do not meet.
  mutating func id(_ parts: String...) -> String { id(parts) }

  mutating func id(_ parts: [String]) -> String {
    let wanted = parts.map(Identifiers.slug).joined(separator: ".")
    var id = wanted
    while !used.insert(id).inserted {
      let number = nextNumbers[wanted, default: 2]
      nextNumbers[wanted] = number + 1
      id = "\(wanted)-\(number)"
    }
    return id
  }

  /// How much of a text goes into an id.
  private static let longestPart = 60

  private static func slug(_ text: String) -> String {
    var slug = ""
    for scalar in text.unicodeScalars.prefix(longestPart) {
      let isKept =
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || scalar == "_" || scalar == "." || scalar == "-"
      if isKept {
        slug.unicodeScalars.append(scalar)
      } else if !slug.hasSuffix("-") {
        slug += "-"
      }
    }
    return slug.isEmpty ? "-" : slug
  }
}
