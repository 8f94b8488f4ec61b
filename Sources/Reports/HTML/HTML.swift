/// A piece of HTML. What is written as a literal is markup; what is interpolated is text and is escaped:
///
///     let cell: HTML = "<td>\(country)</td>"
struct HTML: Hashable, Sendable, ExpressibleByStringInterpolation {
  private(set) var source: String

  init() { source = "" }

  init(stringLiteral markup: StaticString) { source = markup.description }

  init(stringInterpolation interpolation: Interpolation) { source = interpolation.source }

  /// Markup that another stage made and answers for: a chart, a formula.
  init(trusted markup: String) { source = markup }

  var isEmpty: Bool { source.isEmpty }

  static func += (left: inout HTML, right: HTML) { left.source += right.source }

  static func + (left: HTML, right: HTML) -> HTML {
    var result = left
    result += right
    return result
  }
}

extension HTML {
  /// Escapes what it is given, unless that is HTML.
  struct Interpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity + interpolationCount * 8)
    }

    mutating func appendLiteral(_ markup: StaticString) { source += markup.description }

    mutating func appendInterpolation(_ html: HTML) { source += html.source }

    mutating func appendInterpolation(_ text: String) { source += HTMLEscaping.text(text) }

    mutating func appendInterpolation(_ number: Int) { source += String(number) }

    /// A text as the value of an attribute, exact but for what HTML cannot say.
    mutating func appendInterpolation(exact text: String) { source += HTMLEscaping.attribute(text) }

    /// An attribute with a blank before it; nothing where there is no value.
    mutating func appendInterpolation(_ name: StaticString, is value: String?) {
      guard let value else { return }
      source += " \(name.description)=\"\(HTMLEscaping.attribute(value))\""
    }
  }
}

extension Sequence<HTML> {
  /// The pieces one after the other.
  func joined(separator: HTML = "") -> HTML {
    HTML(trusted: map(\.source).joined(separator: separator.source))
  }
}
