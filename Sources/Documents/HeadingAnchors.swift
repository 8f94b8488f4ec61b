/// Anchors of headings as GitHub makes them: the heading's text in lower case, without punctuation, hyphens for
/// spaces, and a number where an anchor is taken.
struct HeadingAnchors {
  private var taken: Set<String> = []
  private var nextNumber: [String: Int] = [:]

  /// The anchor for the next heading of a document.
  mutating func anchor(for heading: [InlineMarkup], values: [InlineValue]) -> String {
    var base = ""
    for scalar in HeadingAnchors.text(heading, values).lowercased().unicodeScalars {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber,
        .connectorPunctuation:
        base.unicodeScalars.append(scalar)
      case _ where scalar == " " || scalar == "-":
        base += "-"
      default:
        continue
      }
    }
    if base.isEmpty { base = "section" }
    guard taken.contains(base) else {
      taken.insert(base)
      return base
    }
    var number = nextNumber[base, default: 1]
    while taken.contains("\(base)-\(number)") { number += 1 }
    nextNumber[base] = number + 1
    taken.insert("\(base)-\(number)")
    return "\(base)-\(number)"
  }

  /// What a reader sees of inline markup, without its form.
  private static func text(_ inlines: [InlineMarkup], _ values: [InlineValue]) -> String {
    inlines.map { inline in
      switch inline {
      case .text(let text), .code(let text): text
      case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .link(_, _, let inner):
        HeadingAnchors.text(inner, values)
      case .image(_, _, let alternative): alternative
      case .value(let index): values[index].expression.text
      case .math(let math): math.tex
      case .softBreak, .lineBreak: " "
      case .footnoteReference, .html: ""
      }
    }
    .joined()
  }
}
