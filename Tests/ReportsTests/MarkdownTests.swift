import Diagnostics
import TestSupport
import Testing
import Values

@testable import Documents
@testable import Reports

@Suite struct MarkdownTests {
  private let table = Table(
    [Field("country", .text), Field("users", .integer)],
    rows: [[.text("a|b"), .integer(1234)], [.null, .integer(5)]])

  private func builder() -> DocumentBuilder {
    var builder = DocumentBuilder()
    _ = builder.inline("weeks")
    builder.block(.query, "eligible", options: ["rows": "2"], code: "from events\n|> limit 2")
    builder.block(.expect, code: "eligible.users > 0")
    return builder
  }

  private func report(_ builder: DocumentBuilder, users: Int64 = 4) -> Report {
    Report(
      builder,
      results: [
        .table(table),
        .expectations([
          Expectation("eligible.users > 0", .passed, message: "none", findings: ["it is 4"]),
          Expectation("eligible.users > 9", .failed, message: "few"),
        ]),
      ],
      inline: [.value(.scalar(.integer(users)))])
  }

  @Test func resultsAreWrittenBelowTheirBlocks() {
    #expect(
      report(builder()).markdown() == """
        Value `= weeks`<!--=--> 4<!--/=--> here.

        ```query eligible
        from events
        |> limit 2
        ```

        <!-- result -->

        | country | users |
        | ------- | ----: |
        | a\\|b    | 1,234 |
        | –       |     5 |

        <!-- end of result -->

        ```expect
        eligible.users > 0
        ```

        <!-- result -->

        - ✓ `eligible.users > 0`: it is 4
        - ✗ `eligible.users > 9`: few

        <!-- end of result -->


        """)
  }

  /// Reads the written document as the parser would: the same blocks and values, at their new places.
  @Test func writingAgainChangesNothing() throws {
    let first = report(builder()).markdown()
    let again = Report(
      document: try rebuilt(first), results: report(builder()).results,
      inlineResults: report(builder()).inlineResults, provenance: report(builder()).provenance)
    #expect(again.markdown() == first)
    let changed = Report(
      document: try rebuilt(first), results: report(builder()).results,
      inlineResults: [.value(.scalar(.integer(5)))], provenance: report(builder()).provenance)
    #expect(changed.markdown() == first.replacing("<!--=--> 4<!", with: "<!--=--> 5<!"))
  }

  @Test func resultsInQuotationsAndListsStayInside() {
    for (prefix, inner) in [("> ", "> "), ("- ", "  "), ("> 1. ", ">    ")] {
      var builder = DocumentBuilder()
      builder.add(.quotation([builder.reference(.query, "q", prefix: prefix, code: "")]))
      let markdown = Report(builder, results: [.notRun(reason: "'p' has no value")]).markdown()
      #expect(markdown.contains("\n\(inner)<!-- result -->\n"))
      #expect(markdown.contains("\n\(inner)Not computed: 'p' has no value.\n"))
    }
  }

  @Test func aDocumentMayEndInAnOpenFence() {
    let text = "```query q\nfrom events"
    let block = CodeBlock(
      kind: .query, name: "q", nameRange: nil, options: [],
      body: Fragment(utf8: Array("from events".utf8), at: 11), range: SourceRange(0, 10))
    let document = Document(
      source: SourceText(name: "a.md", text: text), frontMatter: FrontMatter(), body: [.block(0)],
      footnotes: [],
      blocks: [block], inlineValues: [])
    let report = Report(
      document: document, results: [.notRun(reason: "x")], inlineResults: [],
      provenance: Provenance(documentHash: "", toolVersion: "", semanticVersion: ""))
    #expect(
      report.markdown() == text + "\n```\n\n<!-- result -->\n\nNot computed: x.\n\n<!-- end of result -->\n")
  }

  @Test func problemsStandAtTheEnd() {
    var report = report(builder())
    report.diagnostics = [Diagnostic(id: "no-source", "no source named 'shop'")]
    let markdown = report.markdown()
    #expect(
      markdown.hasSuffix("\n<!-- end of problems -->\n\n") || markdown.hasSuffix("<!-- end of problems -->\n")
    )
    #expect(markdown.contains("error[no-source]: no source named 'shop'"))
  }

  /// The document of `builder()`, with ranges found in a text that has results in it.
  private func rebuilt(_ text: String) throws -> Document {
    let document = builder().build()
    let source = SourceText(name: document.source.name, text: text)
    func offset(of part: String) throws -> Int {
      let range = try #require(text.firstRange(of: part))
      return text[..<range.lowerBound].utf8.count
    }
    let blocks = try document.blocks.map { block in
      let fence = try offset(of: document.source.text(in: block.range))
      return CodeBlock(
        kind: block.kind, name: block.name, nameRange: nil, options: block.options,
        body: Fragment(utf8: block.body.utf8, at: fence + (block.range.upper - block.range.lower) + 1),
        range: SourceRange(fence, fence + block.range.upper - block.range.lower))
    }
    let start = try offset(of: "= weeks")
    let value = InlineValue(
      expression: document.inlineValues[0].expression, range: SourceRange(start, start + 7))
    return Document(
      source: source, frontMatter: document.frontMatter, body: document.body, footnotes: [], blocks: blocks,
      inlineValues: [value])
  }
}
