import Diagnostics
import TestSupport
import Testing
import Values

@testable import Documents
@testable import Reports

@Suite struct PageTests {
  @Test func anEmptyDocumentIsAPage() throws {
    var builder = DocumentBuilder()
    #expect(try Report(builder).page().contains("<title>sizing</title>"))
    builder.frontMatter.title = "Nothing yet"
    let page = try Report(builder).page()
    #expect(page.contains("<h1>Nothing yet</h1>"))
    for absent in [
      "<nav", "recommendation\"", "class=\"key-numbers\"", "class=\"expectations\"", "Notes</p>",
    ] {
      #expect(!page.contains(absent))
    }
  }

  @Test func theSameReportIsTheSamePage() throws {
    #expect(try SampleReport.report.page() == SampleReport.report.page())
  }

  @Test func aPageLoadsNothing() throws {
    let page = try SampleReport.report.page()
    let reader = MarkupReader(page.withoutStyle)
    #expect(reader.tags.allSatisfy { !["script", "link", "iframe", "base", "form"].contains($0.name) })
    #expect(
      reader.values("content").contains { $0.hasPrefix("default-src 'none'") && !$0.contains("https:") })
    #expect(!page.contains("url(") && !page.contains("@import"))
  }

  @Test func idsOccurOnceAndLinksLeadSomewhere() throws {
    let reader = MarkupReader(try SampleReport.report.page().withoutStyle)
    let ids = reader.values("id")
    #expect(Set(ids).count == ids.count)
    for link in reader.values("href") where link.hasPrefix("#") {
      #expect(ids.contains(String(link.dropFirst())))
    }
  }

  @Test func valuesHaveStableIDs() throws {
    let page = try SampleReport.report.page()
    #expect(page.contains("<data id=\"value.eligible_weekly\" value=\"70390\">70,390</data>"))
    #expect(page.contains("<data id=\"value.inline.baseline\" value=\"0.0252\">2.5%</data>"))
    #expect(page.contains("<data id=\"value.first_purchase.viewed.Brazil\" value=\"19206\">19,206</data>"))
    #expect(page.contains("<data id=\"value.first_purchase.time_to_purchase.Denmark\" value=\"\">–</data>"))
  }

  @Test func longTablesEndWithARemark() throws {
    let page = try SampleReport.report.page()
    #expect(page.contains("<p class=\"remark\">6 more rows</p>"))
    #expect(page.contains("Denmark 3") && !page.contains("Estonia 3"))
  }

  @Test func rowsAreLimitedByTheOption() throws {
    let table = Table([Field("n", .integer)], rows: (0..<30).map { [.integer(Int64($0))] })
    for (option, shown) in [("1", 1), ("0", 0), ("99", 30), ("-3", 0), ("many", 20)] {
      var builder = DocumentBuilder()
      builder.block(.query, "numbers", options: ["rows": option], code: "from events")
      let page = try Report(builder, results: [.table(table)]).page()
      #expect(page.components(of: "<data ") == shown)
    }
  }

  @Test func tablesWithoutRowsOrColumnsAreShown() throws {
    var builder = DocumentBuilder()
    builder.block(.query, "none", code: "from events")
    builder.block(.query, "bare", code: "from events")
    let page = try Report(
      builder, results: [.table(Table([Field("n", .integer)], rows: [])), .table(Table([], rows: []))]
    ).page()
    #expect(page.components(of: "No rows.") == 2)
  }

  @Test func theRecommendationOpensThePage() throws {
    let page = try SampleReport.report.page()
    let statement = try #require(
      page.firstRange(
        of: "<p class=\"statement\"><b>Ship</b> <bdi>the video to every first-time visitor</bdi></p>"))
    let heading = try #require(page.firstRange(of: "<h2 id=\"the-chance\">"))
    #expect(statement.lowerBound < heading.lowerBound)
    #expect(page.contains("2 of 2 expectations hold"))
  }

  @Test func aDecisionMayBeOpen() throws {
    for (holds, words) in [(false, "None: no condition holds"), (nil, "Not known: a condition has no value")]
    {
      var builder = DocumentBuilder()
      builder.block(.decide, code: "ship 'it' when x > 0")
      let decision = Decision(
        recommendations: [.init(verb: "ship", text: "it", conditions: [.init("x > 0", holds: holds)])],
        chosen: nil)
      #expect(try Report(builder, results: [.decision(decision)]).page().contains(words))
    }
  }

  @Test func whatOtherwiseHoldsShowsWhatFailed() throws {
    var builder = DocumentBuilder()
    builder.block(.decide, code: "ship 'it' when x > 0\notherwise stop")
    let decision = Decision(
      recommendations: [
        .init(
          verb: "ship", text: "it", conditions: [.init("x > 0", value: .scalar(.integer(-1)), holds: false)]),
        .init(verb: "stop"),
      ], chosen: 1)
    let page = try Report(builder, results: [.decision(decision)]).page()
    let panel = page[..<(try #require(page.firstRange(of: "<div class=\"article\">")).lowerBound)]
    #expect(panel.contains("<b>Stop</b>") && panel.contains("x &gt; 0") && panel.contains("−1"))
  }

  @Test func whatIsRecommendedStaysWholeBesideTheVerb() throws {
    var builder = DocumentBuilder()
    builder.block(.decide, code: "ship 'x'")
    let decision = Decision(recommendations: [.init(verb: "ship", text: "הסרטון (2026)")], chosen: 0)
    let page = try Report(builder, results: [.decision(decision)]).page()
    #expect(page.contains("<p class=\"statement\"><b>Ship</b> <bdi>הסרטון (2026)</bdi></p>"))
  }

  @Test func failedExpectationsAreAtTheTop() throws {
    var builder = DocumentBuilder()
    builder.block(.expect, options: ["hide": nil], code: "a\nb\nc")
    let page = try Report(
      builder,
      results: [
        .expectations([
          Expectation("a > 0", .passed), Expectation("b > 0", .failed, message: "b is there"),
          Expectation("c > 0", .unknown),
        ])
      ]
    ).page()
    #expect(page.contains("1 of 3 expectations hold"))
    #expect(page.contains("b is there") && page.contains("c &gt; 0") && !page.contains("a &gt; 0"))
  }

  @Test func hiddenBlocksAreHiddenUnlessSomethingIsWrong() throws {
    var builder = DocumentBuilder()
    builder.block(.query, "secret", options: ["hide": nil], code: "from events")
    builder.block(.query, "wrong", options: ["hide": nil], code: "from event")
    let range = builder.blocks[1].body.range(5, 10)
    let report = Report(
      builder,
      results: [
        .table(Table([Field("n", .integer)], rows: [[.integer(4711)]])),
        .failed([Diagnostic(id: "no-table", "no table named 'event'", at: range)]),
      ])
    let page = try report.page()
    #expect(!page.contains("4711") && !page.contains("<details"))
    #expect(page.contains("no table named &#39;event&#39;") && page.contains("^^^^^"))
  }

  @Test func diagnosticsStandWhereTheyBelong() throws {
    var builder = DocumentBuilder()
    builder.block(.query, "q", code: "from events")
    let inside = Diagnostic(.warning, id: "w", "odd inside", at: builder.blocks[0].body.range(0, 4))
    var report = Report(builder, results: [.table(Table([], rows: []))])
    report.diagnostics = [inside, Diagnostic(id: "o", "odd outside"), inside]
    let page = try report.page()
    let article = try #require(page.firstRange(of: "<div class=\"article\">"))
    #expect(page[..<article.lowerBound].contains("odd outside"))
    #expect(!page[..<article.lowerBound].contains("odd inside"))
    #expect(page.components(of: "odd inside") == 1)
  }

  @Test func problemsOfBlocksAreCountedAtTheTop() throws {
    var builder = DocumentBuilder()
    builder.block(.query, code: "from a")
    builder.block(.query, code: "from b")
    var report = Report(builder, results: [.values([]), .values([])])
    #expect(!(try report.page().contains("class=\"problems\"")))
    let ranges = report.document.blocks.map(\.range)
    report.results = ranges.map { .failed([Diagnostic(id: "no", "there is none", at: $0)]) }
    #expect(try report.page().contains("<p>2 errors below, where the blocks are</p>"))
    report.diagnostics = [Diagnostic(.warning, id: "w", "odd", at: ranges[0])]
    #expect(try report.page().contains("<p>2 errors and 1 warning below, where the blocks are</p>"))
  }

  @Test func headingsSkipNoLevel() throws {
    var builder = DocumentBuilder()
    for (index, level) in [3, 1, 6, 2, 5, 1, 1].enumerated() {
      builder.add(.heading(level: level, id: "h\(index)", [.text("H\(index)")]))
    }
    let reader = MarkupReader(try Report(builder).page().withoutStyle)
    let levels = reader.tags.compactMap { $0.name.wholeMatch(of: /h([1-6])/).flatMap { Int($0.1) } }
    #expect(levels.first == 1)
    for (one, next) in zip(levels, levels.dropFirst()) { #expect(next <= one + 1 && next >= 2) }
  }

  @Test func theFirstHeadingIsTheTitle() throws {
    var builder = DocumentBuilder()
    builder.add(
      .heading(level: 1, id: "worth-it", [.text("Worth "), .code("it")]), .heading(level: 2, id: "b", []))
    let page = try Report(builder).page()
    #expect(page.contains("<title>Worth it</title>"))
    #expect(page.contains("<h1 id=\"worth-it\">Worth <code>it</code></h1>"))
    #expect(page.contains("<h2 id=\"b\">"))
    #expect(page.components(of: "Worth <code>") == 1)
  }

  @Test func imagesElsewhereAreLinks() throws {
    var builder = DocumentBuilder()
    for destination in [
      "https://example.com/a.png", "//example.com/a.png", "\\\\example.com\\a.png", "a.png", "b.png",
    ] {
      builder.add(.paragraph([.image(destination: destination, title: nil, alternative: "A")]))
    }
    var report = Report(builder)
    report.destinations = ["b.png": "data:image/png;base64,AAAA"]
    let reader = MarkupReader(try report.page().withoutStyle)
    #expect(reader.values("src") == ["a.png", "data:image/png;base64,AAAA"])
  }

  @Test func destinationsArePercentEncoded() throws {
    var builder = DocumentBuilder()
    for destination in ["a b.html?x=1&y=2#z", "%20%zz", "é/{}\"", "mailto:a@b.c"] {
      builder.add(.paragraph([.link(destination: destination, title: nil, [.text("A")])]))
    }
    let links = MarkupReader(try Report(builder).page().withoutStyle).values("href")
    #expect(
      links.dropFirst() == ["a%20b.html?x=1&y=2#z", "%20%25zz", "%C3%A9/%7B%7D%22", "mailto:a@b.c"])
  }

  @Test func dataStandsBehindEachFigure() throws {
    let page = try SampleReport.report.page()
    #expect(page.contains("<summary>Show the data</summary>"))
    #expect(
      page.contains("<data id=\"value.figure-1.layer-1.rate.2026-01-05.control\" value=\"0.02\">2.0%</data>"))
    #expect(page.contains("<svg id=\"chart-1\""))
  }

  @Test func manyAlikeNamesGetManyIDs() {
    var identifiers = Identifiers(taken: ["value.a-3"])
    let ids = (0..<20_000).map { _ in identifiers.id("value", "a") }
    #expect(ids.prefix(3) == ["value.a", "value.a-2", "value.a-4"])
    #expect(Set(ids).count == ids.count)
  }

  @Test func keyNumbersMayBeNamed() throws {
    var builder = DocumentBuilder()
    builder.block(.compute, options: ["key": "design.total, weeks"], code: "let design = 1")
    let design = Record(
      kind: "sample size",
      members: [.init("total", .scalar(.integer(62_468))), .init("each", .scalar(.integer(31_234)))])
    let page = try Report(
      builder,
      results: [.values([NamedValue("design", .record(design)), NamedValue("weeks", .scalar(.integer(4)))])]
    ).page()
    let article = try #require(page.firstRange(of: "<div class=\"article\">")).lowerBound
    #expect(page[..<article].contains("62,468") && page[..<article].contains(">4<"))
    #expect(!page[..<article].contains("31,234") && page[article...].contains("31,234"))
    #expect(!page[article...].contains("62,468"))
  }
}

extension String {
  /// How often a text occurs.
  func components(of text: String) -> Int { ranges(of: text).count }
}
