import Diagnostics
import TestSupport
import Testing
import Values

@testable import Documents
@testable import Reports

/// Texts that want to be more than text, in every place that a text can have.
@Suite struct HostileTextTests {
  static let texts = [
    "<script>alert(1)</script>", "\" onx=\"alert(1)", "' onx='alert(1)", "]]>", "--><b>", "a|b\\|c",
    "{{title}}",
    "{{{body}}}",
    "{{#body}}x{{/body}}", "</title></style></pre></textarea><img src=x onerror=alert(1)>",
    "\u{202E}evil\u{202C}",
    "a\u{0}b\u{1B}[31m", "\"\u{301} onx=\"", "<\u{301}script>", "&lt;script&gt;&amp;&#x3C;", "\r\n\t\n",
    "\u{FFFD}\u{85}\u{7F}", "%s %n $(id) `id`", "javascript:alert(1)", "日本語 👩‍👩‍👧 مرحبا", "",
  ]

  @Test(arguments: texts)
  func textsStayText(_ text: String) throws {
    let page = MarkupReader(try HostileTextTests.report(of: text).page().withoutStyle)
    let harmless = MarkupReader(try HostileTextTests.report(of: "x").page().withoutStyle)
    #expect(page.problems.isEmpty)
    // An empty text may leave out what it would have labelled.
    if !text.trimmed.isEmpty { #expect(page.shape == harmless.shape) }
    #expect(Set(page.values("id")).count == page.values("id").count)
    #expect(page.values("id").allSatisfy { !$0.isEmpty && !$0.contains { $0.isWhitespace } })
  }

  @Test(arguments: texts)
  func pagesHaveNoForbiddenCharacters(_ text: String) throws {
    let page = try HostileTextTests.report(of: text).page()
    let forbidden = page.unicodeScalars.filter { scalar in
      switch scalar.value {
      case 0x09, 0x0A: false
      case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0xFDD0...0xFDEF: true
      default: scalar.value & 0xFFFE == 0xFFFE
      }
    }
    #expect(forbidden.isEmpty)
  }

  @Test func whatIsIsolatedStaysSoAndNothingElseTurnsTheText() {
    #expect(HTMLEscaping.text("\u{2068}a\u{2069}\u{2069}\u{202E}") == "&#x2068;a&#x2069;\u{FFFD}\u{FFFD}")
    #expect(Markdown.text("\u{2068}a\u{2069}\u{2068}") == "&#x2068;a&#x2069;\u{FFFD}")
    let record = Record(
      kind: "r", members: [.init("plan", .scalar(.text("שלום"))), .init("n", .scalar(.integer(5)))])
    let expectation = Expectation("x", .passed, findings: ["שלום is 5", "n is 6"])
    #expect(expectation.detail == "שלום is 5, n is 6")
    #expect(expectation.shownDetail == "\u{2068}שלום is 5\u{2069}, n is 6")
    #expect(ShownValue(.record(record), timeZone: .utc).text == "plan \u{2068}שלום\u{2069}, n 5")
  }

  @Test func machineValuesAreExact() throws {
    for text in HostileTextTests.texts
    where !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value > 0xFDCF }) {
      let page = MarkupReader(try HostileTextTests.report(of: text).page().withoutStyle)
      #expect(
        page.values("value").contains { $0.unicodeScalars.elementsEqual(text.unicodeScalars) }
          || text.contains("\u{85}"))
    }
  }

  @Test(arguments: texts)
  func jsonIsWellFormed(_ text: String) throws {
    let json = HostileTextTests.report(of: text).json()
    #expect(!json.contains("<"))
    #expect(json.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
  }

  @Test(arguments: texts)
  func markdownTablesKeepTheirShape(_ text: String) throws {
    let markdown = HostileTextTests.report(of: text).markdown()
    var expected: Int?
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      let bars = line.replacing("\\\\", with: "").replacing("\\|", with: "").count { $0 == "|" }
      guard line.hasPrefix("| "), line.hasSuffix(" |") else {
        expected = nil
        continue
      }
      #expect(bars == expected ?? bars && bars <= 3)
      expected = bars
    }
    #expect(markdown.contains("| --- |") || markdown.contains("-- |"))
  }

  /// A report with a text in every place that has one.
  static func report(of text: String) -> Report {
    var builder = DocumentBuilder()
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    builder.frontMatter.title = text
    builder.frontMatter.description = text
    builder.frontMatter.author = text
    builder.frontMatter.date = text
    let value = builder.inline(line)
    let broken = builder.inline(line)
    let waiting = builder.inline(line)
    let parts: [InlineMarkup] = [
      .text(text), .code(text), .emphasis([.text(text)]), .strong([.text(text)]),
      .strikethrough([.text(text)]),
      .link(destination: text, title: text, [.text(text)]),
      .link(destination: nil, title: text, [.text(text)]),
      .image(destination: "a.png", title: text, alternative: text),
      .image(destination: nil, title: text, alternative: text),
      .image(destination: "https://example.com/\(text)", title: text, alternative: "x" + text), .html(text),
      .math(Math(tex: text, mathML: nil)), value, broken, waiting,
    ]
    builder.footnotes = [Footnote(label: text, number: 1, references: 1, body: [.paragraph([.text(text)])])]
    builder.add(
      .heading(level: 1, id: "first", parts), .heading(level: 4, id: "second", [.text(text)]),
      .heading(level: 2, id: "third", parts),
      .paragraph(parts + [.footnoteReference(label: text, number: 1, occurrence: 1)]),
      .quotation([.paragraph([.text(text)])]),
      .callout(.caution, [.paragraph([.text(text)])]), .code(language: text, text), .html(text),
      .math(Math(tex: text, mathML: nil)),
      .paragraph([.image(destination: text, title: text, alternative: text)]),
      .list(
        List(start: 7, isTight: true, items: [List.Item(isDone: false, body: [.paragraph([.text(text)])])])),
      .table(MarkupTable(alignments: [.right], header: [[.text(text)]], rows: [[[.text(text)]]])))
    let table = Table(
      [Field("n" + text, .text), Field("m", .double, display: .money(currency: text))],
      rows: [[.text(text), .double(1)], [.text(text + "2"), .null]])
    let channel = Layer.Channel(
      name: text, column: Column(.text, [.text(text)]), display: .date(pattern: text))
    let figure = Figure(
      layers: [Layer(.point, x: channel), Layer(.rule, y: channel)], title: text, subtitle: text, xLabel: text
    )
    let diagnostic = Diagnostic(
      .warning, id: text, text, at: SourceRange(2, 4), label: text, notes: [text], hints: [text])
    let results: [BlockResult] = [
      .table(table), .figure(figure),
      .values([
        NamedValue(text, .scalar(.text(text))),
        NamedValue(
          text + "r",
          .record(
            Record(
              kind: text,
              members: [
                .init(text, .scalar(.text(text)))
              ]))), NamedValue(text + "t", .table(table)), NamedValue(text + "f", .figure(figure)),
        NamedValue(text + "c", .column(Column(.text, [.text(text), .null]))),
      ]),
      .expectations([
        Expectation(text, .passed, message: text, findings: [text, text]),
        Expectation(text, .failed, message: text),
        Expectation(text, .unknown),
      ]),
      .decision(
        Decision(
          recommendations: [
            .init(verb: text, text: text, conditions: [.init(text, value: .scalar(.text(text)), holds: true)])
          ], chosen: 0)),
      .failed([diagnostic]), .notRun(reason: text),
    ]
    for (kind, index) in zip(
      [.query, .chart, .compute, .expect, .decide, .query, .chart] as [CodeBlock.Kind], 0...)
    {
      builder.block(
        kind, index == 2 ? nil : "b\(index)" + line, options: ["caption": "c" + text, "fold": nil], code: text
      )
    }
    return Report(
      document: builder.build(named: "a/\(text)b.md"), results: results,
      inlineResults: [
        .value(.scalar(.text(text))), .failed(Diagnostic(id: "x", text)), .notRun(reason: text),
      ],
      provenance: Provenance(
        sources: [.init(name: text, fingerprint: text)], parameters: [.init(text, text)], documentHash: text,
        toolVersion: text, semanticVersion: text),
      diagnostics: [Diagnostic(id: text, text, notes: [text])])
  }
}

extension String {
  /// A page without its style sheet, which is not made of a document's texts.
  var withoutStyle: String {
    guard let start = firstRange(of: "<style>\n")?.upperBound,
      let end = firstRange(of: "</style>")?.lowerBound
    else {
      return self
    }
    return String(self[..<start] + self[end...])
  }
}
