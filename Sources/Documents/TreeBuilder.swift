import CMarkGFM
import Diagnostics

/// Turns the parser's nodes into the tree of a document, and finds the places in the source that it has need of.
struct TreeBuilder {
  /// Emphasis and links that nest deeper are shown without their effect.
  static let inlineDepthLimit = 40

  let clean: [UInt8]
  let masked: [UInt8]
  let lines: LineTable
  let source: SourceText
  var diagnostics: [Diagnostic] = []
  var blocks: [CodeBlock] = []
  var inlineValues: [InlineValue] = []
  var spans: SpanLocator
  /// Blocks that were meant to run and do not, since it is not known where they end.
  var unread: [SourceRange] = []
  private var anchors = HeadingAnchors()
  private var footnoteLabels: [String] = []
  private var footnoteReferences: [Int] = []
  /// The lines of each block of code and of HTML, in order.
  private var verbatimLines: [ClosedRange<Int>] = []
  /// The lines on which blocks of code start.
  private var codeLines: Set<Int> = []

  init(clean: [UInt8], masked: [UInt8], lines: LineTable, source: SourceText) {
    self.clean = clean
    self.masked = masked
    self.lines = lines
    self.source = source
    spans = SpanLocator(clean: clean, masked: masked, lines: lines)
  }

  mutating func document(_ root: CommonMark.Node, frontMatter: FrontMatter) -> Document {
    let children = Array(CommonMark.children(root))
    let notes = children.filter { cmark_node_get_type($0) == CMARK_NODE_FOOTNOTE_DEFINITION }
    footnoteLabels = notes.map(footnoteLabel)
    footnoteReferences = notes.map { _ in 0 }
    findVerbatimLines(root)
    warnOfUnusedFootnotes(used: notes)
    let body = children.compactMap { block($0) }
    let texts = notes.map { note in
      enter(note)
      return blocks(of: note)
    }
    let footnotes = texts.enumerated().map { index, body in
      Footnote(
        label: footnoteLabels[index], number: index + 1, references: footnoteReferences[index], body: body)
    }
    return Document(
      source: source, frontMatter: frontMatter, body: body, footnotes: footnotes, blocks: blocks,
      inlineValues: inlineValues)
  }

  // MARK: - Blocks

  private mutating func blocks(of parent: CommonMark.Node) -> [BlockMarkup] {
    var result: [BlockMarkup] = []
    for child in CommonMark.children(parent) {
      if let markup = block(child) { result.append(markup) }
    }
    return result
  }

  /// Nesting of blocks is bounded by `StructureMask`, so recursion is.
  private mutating func block(_ node: CommonMark.Node) -> BlockMarkup? {
    enter(node)
    switch cmark_node_get_type(node) {
    case CMARK_NODE_PARAGRAPH:
      return paragraph(node)
    case CMARK_NODE_HEADING:
      let content = inlines(of: node)
      let id = anchors.anchor(for: content, values: inlineValues)
      return .heading(level: Int(cmark_node_get_heading_level(node)), id: id, content)
    case CMARK_NODE_BLOCK_QUOTE:
      let body = blocks(of: node)
      return Callout.split(body).map { .callout($0.kind, $0.body) } ?? .quotation(body)
    case CMARK_NODE_LIST:
      return .list(list(node))
    case CMARK_NODE_CODE_BLOCK:
      return code(node)
    case CMARK_NODE_HTML_BLOCK:
      return .html(CommonMark.text(cmark_node_get_literal(node)).trimmingLineBreak())
    case CMARK_NODE_THEMATIC_BREAK:
      return .thematicBreak
    case CMARK_NODE_FOOTNOTE_DEFINITION:
      return nil
    default:
      return CommonMark.typeName(node) == "table" ? .table(table(node)) : nil
    }
  }

  /// Tells the locator of code spans that the text goes on from a node's first line.
  private mutating func enter(_ node: CommonMark.Node) {
    let line = Int(cmark_node_get_start_line(node))
    if line > 0 { spans.move(to: lines[line].lower) }
  }

  private mutating func paragraph(_ node: CommonMark.Node) -> BlockMarkup {
    if let only = cmark_node_first_child(node), cmark_node_next(only) == nil,
      Formulas.style(of: only) == .display
    {
      return .math(formula(only, .display))
    }
    return .paragraph(inlines(of: node))
  }

  private mutating func list(_ node: CommonMark.Node) -> List {
    var items: [List.Item] = []
    for item in CommonMark.children(node) {
      enter(item)
      let isTask = CommonMark.typeName(item) == "tasklist"
      let isDone = isTask ? cmark_gfm_extensions_get_tasklist_item_checked(item) : nil
      items.append(List.Item(isDone: isDone, body: blocks(of: item)))
    }
    let isNumbered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
    return List(
      start: isNumbered ? Int(cmark_node_get_list_start(node)) : nil,
      isTight: cmark_node_get_list_tight(node) != 0, items: items)
  }

  private mutating func table(_ node: CommonMark.Node) -> MarkupTable {
    let count = Int(cmark_gfm_extensions_get_table_columns(node))
    let letters = cmark_gfm_extensions_get_table_alignments(node)
    let alignments = (0..<count).map { column -> MarkupTable.Alignment in
      switch letters?[column] {
      case UInt8(ascii: "l"): .left
      case UInt8(ascii: "c"): .center
      case UInt8(ascii: "r"): .right
      default: .none
      }
    }
    var rows: [[[InlineMarkup]]] = []
    for row in CommonMark.children(node) {
      enter(row)
      var cells: [[InlineMarkup]] = []
      for cell in CommonMark.children(row) { cells.append(inlines(of: cell)) }
      rows.append(cells)
    }
    return MarkupTable(alignments: alignments, header: rows.first ?? [], rows: Array(rows.dropFirst()))
  }

  // MARK: - Footnotes

  /// A reference by the footnote's number, which is all that the parser keeps of it.
  mutating func footnoteReference(_ node: CommonMark.Node) -> InlineMarkup {
    let literal = CommonMark.text(cmark_node_get_literal(node))
    guard let number = Int(literal), footnoteLabels.indices.contains(number - 1) else {
      return .text("[^\(literal)]")
    }
    footnoteReferences[number - 1] += 1
    return .footnoteReference(
      label: footnoteLabels[number - 1], number: number, occurrence: footnoteReferences[number - 1])
  }

  /// The label that stands before a footnote's text on its first line.
  private func footnoteLabel(_ node: CommonMark.Node) -> String {
    let line = lines[Int(cmark_node_get_start_line(node))]
    let bytes = Array(clean[line.lower..<line.upper])
    let limit = min(Int(cmark_node_get_start_column(node)), bytes.count)
    for end in stride(from: limit - 1, to: 0, by: -1)
    where bytes[end] == UInt8(ascii: ":") && bytes[end - 1] == UInt8(ascii: "]") {
      guard let open = bytes[..<end].lastIndex(of: UInt8(ascii: "[")), open + 2 < end else { break }
      return StructureMask.unmasked(bytes[(open + 2)..<(end - 1)])
    }
    return ""
  }

  /// Says which footnotes the parser left out, with all that they hold, since nothing refers to them.
  private mutating func warnOfUnusedFootnotes(used notes: [CommonMark.Node]) {
    let usedLines = Set(notes.map { Int(cmark_node_get_start_line($0)) })
    var verbatim = verbatimLines[...]
    for line in 1...lines.count {
      while let block = verbatim.first, block.upperBound < line { verbatim.removeFirst() }
      if verbatim.first?.contains(line) == true || usedLines.contains(line) { continue }
      guard let label = TreeBuilder.footnoteLabel(startingIn: masked[lines[line].lower..<lines[line].upper])
      else { continue }
      let name = StructureMask.unmasked(masked[label])
      let isTaken = footnoteLabels.contains { $0.lowercased() == name.lowercased() }
      diagnostics.append(
        Diagnostic(
          .warning, id: "unused-footnote",
          isTaken ? "an earlier footnote is '\(name)' too" : "nothing refers to the footnote '\(name)'",
          at: SourceRange(label.lowerBound - 2, label.upperBound + 1),
          label: "left out, and so are the blocks in it",
          hints: [isTaken ? "give it another label" : "refer to it with '[^\(name)]', or take it away"]))
    }
  }

  /// Where the label is of a footnote that starts on a line; nothing for other lines.
  private static func footnoteLabel(startingIn line: ArraySlice<UInt8>) -> Range<Int>? {
    let text = line.drop { $0 == UInt8(ascii: " ") }
    guard text.startIndex - line.startIndex < 4, text.starts(with: Array("[^".utf8)) else { return nil }
    let label = text.dropFirst(2).prefix { $0 != UInt8(ascii: "]") && $0 > UInt8(ascii: " ") }
    guard !label.isEmpty, line[label.endIndex...].starts(with: Array("]:".utf8)) else { return nil }
    return label.indices
  }

  // MARK: - Verbatim blocks

  /// Whether a block starts with a fence on a line.
  func startsFence(_ line: Int) -> Bool { codeLines.contains(line) }

  private mutating func findVerbatimLines(_ root: CommonMark.Node) {
    guard let iterator = cmark_iter_new(root) else { return }
    defer { cmark_iter_free(iterator) }
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { break }
      guard event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) else { continue }
      let type = cmark_node_get_type(node)
      guard type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK else { continue }
      let first = Int(cmark_node_get_start_line(node))
      verbatimLines.append(first...max(first, Int(cmark_node_get_end_line(node))))
      if type == CMARK_NODE_CODE_BLOCK { codeLines.insert(first) }
    }
    // The parser puts footnotes behind everything else.
    verbatimLines.sort { $0.lowerBound < $1.lowerBound }
  }
}

extension String {
  /// The text without a line break at its end.
  func trimmingLineBreak() -> String {
    guard utf8.last == UInt8(ascii: "\n") else { return self }
    return String(unicodeScalars.dropLast())
  }
}
