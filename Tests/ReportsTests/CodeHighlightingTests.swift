import Testing

@testable import Reports

@Suite struct CodeHighlightingTests {
  private let query = """
    from events -- the log
    |> WHERE event = 'it''s' and x > 5% /* no comment here */
    |> select "a" as b
    """

  @Test func partsAreMarked() {
    let html = CodeHighlighting.html(query, language: "query").source
    #expect(html.contains("<span class=\"k\">from</span> events <span class=\"c\">-- the log</span>\n"))
    #expect(html.contains("<span class=\"k\">WHERE</span>"))
    #expect(html.contains("<span class=\"s\">&#39;it&#39;</span><span class=\"s\">&#39;s&#39;</span>"))
    #expect(html.contains("<span class=\"n\">5%</span>"))
    #expect(html.contains("<span class=\"k\">|&gt;</span>"))
    #expect(!html.contains("<span class=\"c\">/*"))
    #expect(
      CodeHighlighting.html(query, language: "sql").source.contains(
        "<span class=\"c\">/* no comment here */</span>"))
  }

  @Test func unknownLanguagesKeepTheirText() {
    #expect(CodeHighlighting.html("a 'b' # c", language: nil).source == "a &#39;b&#39; # c")
  }

  /// Whatever is cut off anywhere, in any language, nothing is lost and nothing is added.
  @Test(arguments: ["query", "sql", "json", "yaml", "python", "swift", "brainfuck"])
  func nothingIsLost(language: String) {
    let texts = [
      query, "{\"a\": \"\\\"\", 'b", "/* open", "x = \"\\", "# c\n// d\n'''", "日本 '語\u{301}' 1_000.5e3",
    ]
    for text in texts {
      for length in 0...text.count {
        let part = String(text.prefix(length))
        #expect(MarkupReader(CodeHighlighting.html(part, language: language).source).text == part)
      }
    }
  }
}
