import Diagnostics

extension Document {
  /// The tree of a Markdown text, and what is wrong with it, in the order of the page; it never fails.
  public static func parse(_ source: SourceText) -> (Document, [Diagnostic]) {
    let clean = CleanText(source.utf8)
    var diagnostics: [Diagnostic] = []
    if let replaced = clean.firstReplaced {
      diagnostics.append(
        Diagnostic(
          .warning, id: "not-text", "a document is text in UTF-8, without control characters", at: replaced,
          label: "shown as \u{FFFD}"))
    }
    var (frontMatter, bodyStart, mistakes) = FrontMatter.parse(clean.utf8)
    frontMatter.isDamaged = mistakes.contains { $0.severity == .error }
    diagnostics += mistakes

    let lines = LineTable(clean.utf8, from: bodyStart)
    let mask = StructureMask(clean.utf8, lines: lines)
    diagnostics += mask.diagnostics
    var builder = TreeBuilder(clean: clean.utf8, masked: mask.utf8, lines: lines, source: source)
    var document = CommonMark.withTree(of: mask.utf8[bodyStart...]) { root in
      builder.document(root, frontMatter: frontMatter)
    }
    diagnostics += builder.diagnostics
    document?.unread = builder.unread + (frontMatter.isDamaged ? [SourceRange(0, bodyStart)] : [])
    // Sorting by place is stable through the index, since the standard library does not promise it.
    let ordered = diagnostics.enumerated().sorted {
      ($0.element.range?.lower ?? 0, $0.offset) < ($1.element.range?.lower ?? 0, $1.offset)
    }
    let empty = Document(
      source: source, frontMatter: frontMatter, body: [], footnotes: [], blocks: [], inlineValues: [])
    return (document ?? empty, ordered.map(\.element))
  }
}
