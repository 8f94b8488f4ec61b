import Diagnostics

@testable import Documents

/// A document of a text, for tests.
func read(_ text: String) -> (document: Document, diagnostics: [Diagnostic]) {
  let (document, diagnostics) = Document.parse(SourceText(name: "test.md", text: text))
  return (document, diagnostics)
}

/// Markup as short text that a test can compare: `h2#id(…)`, `p(…)`, `ul(…)`, `em(…)` and so on.
func shape(_ blocks: [BlockMarkup]) -> String { blocks.map(shape).joined(separator: " ") }

private func shape(_ block: BlockMarkup) -> String {
  switch block {
  case .heading(let level, let id, let content): "h\(level)#\(id)(\(shape(content)))"
  case .paragraph(let content): "p(\(shape(content)))"
  case .list(let list):
    (list.start.map { "ol\($0)" } ?? "ul") + (list.isTight ? "" : "-loose") + "("
      + list.items.map { ($0.isDone.map { $0 ? "[x]" : "[ ]" } ?? "") + "li(\(shape($0.body)))" }
      .joined(separator: " ") + ")"
  case .quotation(let body): "quote(\(shape(body)))"
  case .callout(let kind, let body): "\(kind.rawValue)!(\(shape(body)))"
  case .table(let table):
    "table<\(table.alignments.map { "\($0)".prefix(1) }.joined())>("
      + ([table.header] + table.rows).map { $0.map(shape).joined(separator: "|") }.joined(separator: " / ")
      + ")"
  case .code(let language, let text): "code<\(language ?? "")>(\(text))"
  case .block(let index): "block\(index)"
  case .math(let math): "math(\(math.tex))"
  case .html(let text): "html(\(text))"
  case .thematicBreak: "hr"
  }
}

func shape(_ inlines: [InlineMarkup]) -> String { inlines.map(shape).joined() }

private func shape(_ inline: InlineMarkup) -> String {
  switch inline {
  case .text(let text): text
  case .code(let text): "code(\(text))"
  case .emphasis(let inner): "em(\(shape(inner)))"
  case .strong(let inner): "strong(\(shape(inner)))"
  case .strikethrough(let inner): "del(\(shape(inner)))"
  case .link(let destination, let title, let inner):
    "a<\(destination ?? "-")\(title.map { " '\($0)'" } ?? "")>(\(shape(inner)))"
  case .image(let destination, let title, let text):
    "img<\(destination ?? "-")\(title.map { " '\($0)'" } ?? "")>(\(text))"
  case .footnoteReference(let label, let number, let occurrence): "note<\(label) \(number) \(occurrence)>"
  case .value(let index): "value\(index)"
  case .math(let math): "math(\(math.tex))"
  case .html(let text): "html(\(text))"
  case .softBreak: "⏎"
  case .lineBreak: "⏎⏎"
  }
}
