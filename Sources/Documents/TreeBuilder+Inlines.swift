import CMarkGFM
import Diagnostics

extension TreeBuilder {
  /// The inline markup of a paragraph, a heading or a table's cell.
  mutating func inlines(of parent: CommonMark.Node) -> [InlineMarkup] {
    TreeBuilder.merged(inlines(of: parent, depth: 0))
  }

  private mutating func inlines(of parent: CommonMark.Node, depth: Int) -> [InlineMarkup] {
    guard depth < TreeBuilder.inlineDepthLimit else { return leaves(of: parent) }
    var result: [InlineMarkup] = []
    for node in CommonMark.children(parent) {
      if let leaf = leaf(node) {
        result.append(leaf)
        continue
      }
      let inner = TreeBuilder.merged(inlines(of: node, depth: depth + 1))
      switch cmark_node_get_type(node) {
      case CMARK_NODE_EMPH: result.append(.emphasis(inner))
      case CMARK_NODE_STRONG: result.append(.strong(inner))
      case CMARK_NODE_LINK: result.append(link(node, inner))
      case _ where CommonMark.typeName(node) == "strikethrough": result.append(.strikethrough(inner))
      default: result += inner
      }
    }
    return result
  }

  /// What stands in a node at any depth, without the markup around it; it does not recur.
  private mutating func leaves(of parent: CommonMark.Node) -> [InlineMarkup] {
    var result: [InlineMarkup] = []
    var pending = Array(CommonMark.children(parent)).reversed() as [CommonMark.Node]
    while let node = pending.popLast() {
      if let leaf = leaf(node) {
        result.append(leaf)
      } else {
        pending += Array(CommonMark.children(node)).reversed()
      }
    }
    return result
  }

  /// The markup of a node that holds no other markup.
  private mutating func leaf(_ node: CommonMark.Node) -> InlineMarkup? {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_TEXT: .text(CommonMark.text(cmark_node_get_literal(node)))
    case CMARK_NODE_SOFTBREAK: .softBreak
    case CMARK_NODE_LINEBREAK: .lineBreak
    case CMARK_NODE_CODE: codeSpan(node)
    case CMARK_NODE_HTML_INLINE: .html(CommonMark.text(cmark_node_get_literal(node)))
    case CMARK_NODE_FOOTNOTE_REFERENCE: footnoteReference(node)
    case CMARK_NODE_IMAGE: image(node)
    default: nil
    }
  }

  /// Whether a code span is an expression: what follows its `=` is not nothing, and the two are no operator, so that
  /// a document can speak of `=`, `==` and `=>`.
  private static func isValue(_ span: String) -> Bool {
    guard span.hasPrefix("=") else { return false }
    guard let next = span.dropFirst().first(where: { !$0.isWhitespace }) else { return false }
    return next != "=" && next != ">"
  }

  private mutating func codeSpan(_ node: CommonMark.Node) -> InlineMarkup {
    if let style = Formulas.style(of: node) { return .math(formula(node, style)) }
    let literal = Array(CommonMark.bytes(cmark_node_get_literal(node)))
    let line = Int(cmark_node_get_start_line(node))
    let found = spans.next(literal, line: line, column: Int(cmark_node_get_start_column(node)))
    let text = StructureMask.unmasked(literal)
    guard TreeBuilder.isValue(text) else { return .code(text) }
    let place =
      found ?? SpanLocator.Found(utf8: literal, pieces: [(0, lines[line].lower)], range: lines[line])
    let pieces = place.pieces.map { piece in (local: max(0, piece.local - 1), source: piece.source) }
    // The fragment starts after the sign of equality: one place further, both in it and in the source.
    let first = (local: 0, source: place.pieces[0].source + 1)
    let expression = Fragment(utf8: Array(place.utf8.dropFirst()), lines: [first] + pieces.dropFirst())
    inlineValues.append(InlineValue(expression: expression, range: place.range))
    return .value(inlineValues.count - 1)
  }

  /// A formula's TeX, and MathML where it can be translated.
  func formula(_ node: CommonMark.Node, _ style: Formulas.Style) -> Math {
    let tex = CommonMark.text(cmark_node_get_literal(node)).trimmingBlanks()
    return Math(tex: tex, mathML: MathML.translated(tex, style == .display ? .block : .inline))
  }

  private mutating func link(_ node: CommonMark.Node, _ inner: [InlineMarkup]) -> InlineMarkup {
    let url = CommonMark.text(cmark_node_get_url(node))
    let destination = SafeDestination.link(url)
    if destination == nil { reportUnsafe(url, node, "a link is relative, or of http, https or mailto") }
    return .link(destination: destination, title: title(node), inner)
  }

  private mutating func image(_ node: CommonMark.Node) -> InlineMarkup {
    let url = CommonMark.text(cmark_node_get_url(node))
    let source = SafeDestination.image(url)
    if source == nil { reportUnsafe(url, node, "an image is relative, or of https") }
    return .image(destination: source, title: title(node), alternative: plainText(of: node))
  }

  private func title(_ node: CommonMark.Node) -> String? {
    let title = CommonMark.text(cmark_node_get_title(node))
    return title.isEmpty ? nil : title
  }

  private mutating func reportUnsafe(_ url: String, _ node: CommonMark.Node, _ rule: String) {
    let line = Int(cmark_node_get_start_line(node))
    diagnostics.append(
      Diagnostic(
        .warning, id: "unsafe-link", "\(rule), and not '\(url.quotable)'",
        at: line > 0 ? place(of: Array(url.utf8), in: lines[line]) : nil, label: "left out of the report"))
  }

  /// Where a text stands on a line that has it once, otherwise the line.
  private func place(of text: [UInt8], in line: SourceRange) -> SourceRange {
    guard !text.isEmpty, text.count <= line.upper - line.lower else { return line }
    let starts = (line.lower...(line.upper - text.count)).filter {
      clean[$0..<$0 + text.count].elementsEqual(text)
    }
    return starts.count == 1 ? SourceRange(starts[0], starts[0] + text.count) : line
  }

  /// The text of an image's description, at any depth.
  private func plainText(of parent: CommonMark.Node) -> String {
    var text = ""
    var pending = Array(CommonMark.children(parent)).reversed() as [CommonMark.Node]
    while let node = pending.popLast() {
      switch cmark_node_get_type(node) {
      case CMARK_NODE_TEXT, CMARK_NODE_CODE: text += CommonMark.text(cmark_node_get_literal(node))
      case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: text += " "
      default: pending += Array(CommonMark.children(node)).reversed()
      }
    }
    return text
  }

  /// Neighbouring texts as one: the parser cuts text wherever a character might have meant something.
  private static func merged(_ inlines: [InlineMarkup]) -> [InlineMarkup] {
    var result: [InlineMarkup] = []
    var run: [String] = []
    func flushed() -> InlineMarkup { .text(run.joined()) }
    for inline in inlines {
      if case .text(let text) = inline {
        run.append(text)
        continue
      }
      if !run.isEmpty { result.append(flushed()) }
      run = []
      result.append(inline)
    }
    if !run.isEmpty { result.append(flushed()) }
    return result
  }
}

extension String {
  /// The text without white space at its ends.
  func trimmingBlanks() -> String {
    let isBlank = { (scalar: Unicode.Scalar) in
      scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
    }
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !isBlank($0) }),
      let last = scalars.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(scalars[first...last])
  }

  /// The text as a message quotes it: not too long, and on one line.
  var quotable: String {
    let shown = unicodeScalars.prefix(60).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
    return String(String.UnicodeScalarView(shown)) + (unicodeScalars.count > 60 ? "…" : "")
  }
}
