import Documents
import Values

extension Page {
  /// The parts of a line, one after the other.
  mutating func line(_ parts: [InlineMarkup]) -> HTML {
    var html = HTML()
    for part in parts { html += inline(part) }
    return html
  }

  private mutating func inline(_ part: InlineMarkup) -> HTML {
    switch part {
    case .text(let text): "\(text)"
    case .code(let code): "<code>\(code)</code>"
    case .emphasis(let content): "<em>\(line(content))</em>"
    case .strong(let content): "<strong>\(line(content))</strong>"
    case .strikethrough(let content): "<del>\(line(content))</del>"
    case .link(let destination?, let title, let content):
      "<a href=\"\(exact: resolved(destination).percentEncoded)\"\("title", is: title)>\(line(content))</a>"
    case .link(nil, _, let content): line(content)
    case .image(let destination?, let title, let alternative): image(destination, title: title, alternative)
    case .image(nil, _, let alternative): "\(alternative)"
    case .footnoteReference(_, let number, let occurrence):
      """
      <sup><a id="\(exact: Page.referenceID(number, occurrence))" href="#\(exact: Page.noteID(number))" \
      aria-label="Footnote \(number)">\(number)</a></sup>
      """
    case .value(let index): value(index)
    case .math(let math): formula(math)
    case .html(let source): "<code>\(source)</code>"
    case .softBreak: "\n"
    case .lineBreak: "<br>\n"
    }
  }

  /// The result of an inline value: the value, or what stands in its way.
  private mutating func value(_ index: Int) -> HTML {
    let expression = report.document.inlineValues[index].expression.text.trimmed
    switch report.inlineResults[index] {
    case .value(let value):
      return data(ShownValue(value, timeZone: report.timeZone), id: ["inline", expression])
    case .failed(let diagnostic):
      return "<span class=\"missing\"><code>\(expression)</code>: \(diagnostic.message)</span>"
    case .notRun(let reason):
      return "<span class=\"missing\"><code>\(expression)</code>: \(reason)</span>"
    }
  }

  /// An image that is in the page or beside it. One that lies elsewhere is a link: a page asks no other
  /// machine for anything.
  func image(_ destination: String, title: String?, _ alternative: String) -> HTML {
    let source = resolved(destination)
    guard !source.namesAnotherMachine else {
      let text = alternative.isEmpty ? "image" : alternative
      return "<a href=\"\(exact: source.percentEncoded)\"\("title", is: title)>\(text)</a>"
    }
    return "<img src=\"\(exact: source.percentEncoded)\" alt=\"\(exact: alternative)\"\("title", is: title)>"
  }

  /// A formula as MathML, or as it was written.
  func formula(_ math: Math) -> HTML {
    math.mathML.map { HTML(trusted: $0) } ?? "<code>\(math.tex)</code>"
  }

  private func resolved(_ destination: String) -> String { report.destinations[destination] ?? destination }

  /// The text of a line, for a place where there is no markup, such as the page's title.
  func plain(_ parts: [InlineMarkup]) -> String {
    parts.map { part in
      switch part {
      case .text(let text), .code(let text), .html(let text): text
      case .emphasis(let content), .strong(let content), .strikethrough(let content),
        .link(_, _, let content):
        plain(content)
      case .image(_, _, let alternative): alternative
      case .math(let math): math.tex
      case .softBreak, .lineBreak: " "
      case .footnoteReference: ""
      case .value(let index):
        if case .value(let value) = report.inlineResults[index] {
          ShownValue(value, timeZone: report.timeZone).text
        } else {
          "…"
        }
      }
    }.joined()
  }
}

// MARK: Footnotes

extension Page {
  private static func noteID(_ number: Int) -> String { "note.\(number)" }

  private static func referenceID(_ number: Int, _ occurrence: Int) -> String {
    "reference.\(number).\(occurrence)"
  }

  /// The footnotes as items of a list, each with links back to where it is referred to.
  mutating func footnotes() -> HTML {
    var html = HTML()
    for note in report.document.footnotes {
      let links = (1...max(1, note.references)).map { occurrence -> HTML in
        let name = note.references > 1 ? "Back to reference \(occurrence)" : "Back to the text"
        return
          "<a href=\"#\(exact: Page.referenceID(note.number, occurrence))\" aria-label=\"\(name)\">↩\u{FE0E}</a>"
      }
      html += "<li id=\"\(exact: Page.noteID(note.number))\">\n\(blocks(note.body))"
      html += "<p class=\"back\">\(links.joined(separator: " "))</p>\n</li>\n"
    }
    return html
  }
}

extension String {
  /// A destination with what may not stand in a URL as `%` and two digits; what is encoded already stays.
  fileprivate var percentEncoded: String {
    let bytes = Array(utf8)
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let isEncoded =
        byte == UInt8(ascii: "%") && index + 2 < bytes.count && bytes[index + 1].isHexDigit
        && bytes[index + 2].isHexDigit
      if byte.isAllowedInURL || isEncoded {
        result.append(byte)
      } else {
        let code = String(byte, radix: 16, uppercase: true)
        result += Array("%\(code.count == 1 ? "0" : "")\(code)".utf8)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether a destination has a host, by scheme or by two slashes; browsers read backslashes as slashes.
  fileprivate var namesAnotherMachine: Bool {
    let start = lowercased().replacing("\\", with: "/")
    return start.hasPrefix("//") || start.hasPrefix("http:") || start.hasPrefix("https:")
  }
}

extension UInt8 {
  /// Letters, digits and what RFC 3986 lets stand for itself or for a part of a URL, without brackets.
  fileprivate var isAllowedInURL: Bool {
    switch Unicode.Scalar(self) {
    case "a"..."z", "A"..."Z", "0"..."9": true
    case "-", ".", "_", "~", ":", "/", "?", "#", "@", "!", "$", "&", "'", "(", ")", "*", "+", ",", ";", "=":
      true
    default: false
    }
  }

  fileprivate var isHexDigit: Bool {
    switch Unicode.Scalar(self) {
    case "a"..."f", "A"..."F", "0"..."9": true
    default: false
    }
  }
}
