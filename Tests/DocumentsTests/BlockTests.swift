import Diagnostics
import Testing

@testable import Documents

@Suite struct BlockTests {
  /// Every byte of a fragment but line breaks stands at its place in the source.
  private func expectTrue(_ fragment: Fragment, _ text: String) {
    let source = Array(text.utf8)
    for (local, byte) in fragment.utf8.enumerated() where byte != UInt8(ascii: "\n") {
      let place = fragment.source(local)
      #expect(
        place >= 0 && place < source.count && source[place] == byte, "byte \(local) of '\(fragment.text)'")
    }
  }

  @Test(arguments: [
    "```query a\nfrom events\n|> limit 1\n```\n",
    "~~~query a\nfrom events\n|> limit 1\n~~~",
    "`````query a\nfrom events\n|> limit 1\n`````\n",
    "para\n```query a\nfrom events\n|> limit 1\n```\nafter",
    "- item\n\n  ```query a\n  from events\n  |> limit 1\n  ```\n",
    "- ```query a\n  from events\n  |> limit 1\n  ```\n",
    "1. x\n   > ```query a\n   > from events\n   >|> limit 1\n   > ```\n",
    "> > ~~~ query a\n> > from events\n>> |> limit 1\n> > ~~~\n",
    "   ```query a\n   from events\n  |> limit 1\n   ```\n",
    "\u{FEFF}```query a\r\nfrom events\r\n|> limit 1\r\n```\r\n",
    "---\ntitle: x\n---\n```query a\nfrom events\n|> limit 1\n```\n",
    "\u{FEFF}---\r\ntitle: x\r\n---\r\n\r\n> ```query a\r\n> from events\r\n> |> limit 1\r\n> ```\r\n",
    "```query a\rfrom events\r|> limit 1\r```\r",
    "x[^1]\n\n[^1]: note\n\n    ```query a\n    from events\n    |> limit 1\n    ```\n",
  ])
  func bodiesKeepTheirPlaces(_ text: String) throws {
    let (document, diagnostics) = read(text)
    #expect(diagnostics.isEmpty)
    try #require(document.blocks.count == 1)
    let block = document.blocks[0]
    #expect(block.kind == .query && block.name == "a")
    #expect(block.body.text == "from events\n|> limit 1")
    expectTrue(block.body, text)
    let source = SourceText(name: "x", text: text)
    #expect(block.nameRange.map { source.text(in: $0) } == "a")
    #expect(source.text(in: block.range).contains("query a"))
    #expect(["`", "~"].contains(source.text(in: block.range).first))
  }

  @Test func tabsThatAreCutKeepTheirPlaces() throws {
    let text = "- ```compute\n\tlet a = 1\n  \tlet b = 2\n\n  let ö = 3\n  ```\n"
    let (document, diagnostics) = read(text)
    #expect(diagnostics.isEmpty)
    let body = try #require(document.blocks.first).body
    #expect(body.text == "  let a = 1\n\tlet b = 2\n\nlet ö = 3")
    for word in ["a = 1", "b = 2", "ö = 3"] {
      let local = try #require(body.text.range(of: word)).lowerBound.utf16Offset(in: body.text)
      let source = try #require(text.range(of: word)).lowerBound.utf16Offset(in: text)
      #expect(body.source(local) == source)
    }
  }

  @Test func aFenceAfterATabKeepsItsPlaces() throws {
    // The parser leaves one column of the tab that stands before each line.
    let text = "- x\n\n\t```query a\n\tfrom events\n\t|> limit 1\n\t```\n"
    let (document, diagnostics) = read(text)
    #expect(diagnostics.isEmpty)
    let body = try #require(document.blocks.first).body
    #expect(body.text == " from events\n |> limit 1")
    #expect(Array(text.utf8)[body.source(1)] == UInt8(ascii: "f"))
    #expect(Array(text.utf8)[body.source(14)] == UInt8(ascii: "|"))
  }

  @Test func emptyBodies() {
    for text in ["```compute\n```", "```compute\n\n```\n", "> ```compute\n> ```"] {
      #expect(read(text).document.blocks.first?.body.text.isEmpty == true)
    }
  }

  @Test func lineBreaksOfAFragmentMapToTheEndOfTheirLine() throws {
    let text = "> ```query q\r\n> ab\r\n> c\r\n> ```"
    let body = try #require(read(text).document.blocks.first).body
    #expect(body.text == "ab\nc")
    #expect(Array(text.utf8)[body.source(2)] == UInt8(ascii: "\r"))
    #expect(Array(text.utf8)[body.source(4)] == UInt8(ascii: "\r"))
  }

  @Test func kindsNamesAndOptions() throws {
    let text = """
      ```query eligible {hide, caption: "a, b} \\"c\\"", rows: 5}
      ```
      ```compute
      ```
      ```chart {rows: 300,caption:x}
      ```
      ```expect {fold}
      ```
      ```decide
      ```
      ```query
      ```
      ```data größe_1 {entity: user_id, time: ts, event: 'e', id: n}
      ```
      ~~~query{key}
      ~~~
      """
    let (document, diagnostics) = read(text)
    #expect(diagnostics.isEmpty)
    #expect(
      document.blocks.map(\.kind) == [.query, .compute, .chart, .expect, .decide, .query, .data, .query])
    #expect(document.blocks.map(\.name) == ["eligible", nil, nil, nil, nil, nil, "größe_1", nil])
    let query = document.blocks[0]
    #expect(query.options.map(\.name) == ["hide", "caption", "rows"])
    #expect(
      query.option("caption") == "a, b} \"c\"" && query.option("hide") == "" && query.option("fold") == nil)
    let source = SourceText(name: "x", text: text)
    #expect(source.text(in: query.options[2].range) == "rows: 5")
    #expect(document.blocks[6].option("event") == "e")
  }

  @Test(arguments: [
    ("query my-query", "block-name", "my-query"),
    ("query 1st", "block-name", "1st"),
    ("data", "block-name", "data"),
    ("query a b", "block-option", "b"),
    ("query a {hide} b", "block-option", "b"),
    ("query a {hide", "block-option", "{"),
    ("query a {caption: \"x}", "block-option", "caption: \"x}"),
    ("query a {caption:}", "block-option", "caption:"),
    ("query a {=}", "block-option", "="),
    ("query a {hide fold}", "block-option", "f"),
    ("query a {hide, hide}", "block-option", "hide"),
    ("query a {hide: 1}", "block-option", "hide: 1"),
    ("query a {rows: many}", "block-option", "rows: many"),
    ("query a {rows}", "block-option", "rows"),
    ("query a {captoin: x}", "unknown-option", "captoin: x"),
    ("query a {width: 1}", "unknown-option", "width: 1"),
  ])
  func mistakesInAHeader(_ header: String, _ id: String, _ place: String) throws {
    let text = "# x\n\n> ```\(header)\n> from events\n> ```\n"
    let (document, diagnostics) = read(text)
    try #require(diagnostics.count == 1, "\(diagnostics)")
    #expect(diagnostics[0].id == id && diagnostics[0].severity == .error)
    let range = try #require(diagnostics[0].range)
    #expect(SourceText(name: "x", text: text).text(in: range) == place)
    #expect(document.blocks.count == 1, "the block is still there for its body")
  }

  @Test func nearestOption() {
    #expect(read("```query a {captoin: x}\n```").diagnostics.first?.hints == ["did you mean 'caption'?"])
  }

  @Test(arguments: [
    ("qurey a", "unknown-block"), ("Query a", "unknown-block"), ("charts {width: 3}", "unknown-block"),
    ("event buy_page", "unsupported-block"), ("rollup names", "unsupported-block"),
    ("model", "unsupported-block"),
  ])
  func wordsThatAreNoKind(_ header: String, _ id: String) {
    let (document, diagnostics) = read("```\(header)\nbody\n```\n")
    #expect(diagnostics.map(\.id) == [id] && diagnostics.first?.severity == .warning)
    #expect(document.blocks.isEmpty)
    #expect(shape(document.body) == "code<\(header.prefix { $0 != " " })>(body)")
  }

  @Test(arguments: ["swift", "python", "sql", "", "dart", "jquery", "text", "yaml {x}", "json5 a", "mermaid"])
  func otherWordsAreLanguages(_ header: String) {
    let (document, diagnostics) = read("```\(header)\nbody\n```\n")
    #expect(diagnostics.isEmpty)
    #expect(shape(document.body) == "code<\(header.prefix { $0 != " " })>(body)")
  }

  @Test func aMisspeltKindIsKnownByItsBody() {
    #expect(read("```qurey\nfrom events\n```").diagnostics.first?.hints == ["did you mean 'query'?"])
    #expect(read("```qurey\nsomething\n```").diagnostics.isEmpty)
  }

  @Test(arguments: [
    "```query a\nfrom x", "> ```query a\n> from x\n\nafter", "> ```query a\n> from x\n```\ncode\n```\n",
    "- ```query a\n  from x\n\nafter", "````query a\nfrom x\n```\n", "```query a\nfrom x\n~~~\n",
    "```query a\nfrom x\n\n\n",
  ])
  func fencesThatAreNeverClosed(_ text: String) {
    let (document, diagnostics) = read(text)
    #expect(diagnostics.map(\.id) == ["unclosed-fence"])
    #expect(diagnostics.first?.severity == .error)
    #expect(document.blocks.isEmpty)
    #expect(document.unreadWords.isSuperset(of: ["a", "from", "x"]))
  }

  @Test(arguments: [
    "```query a\nfrom x\n\ntext\n\n```compute\nlet b = 1\n```\n", "```chart\nplot(x)\n```sql\nselect\n```",
    "````query a\nfrom x\n```query b\nfrom y\n```\n````", "```query a\nfrom x\n~~~ query b\nfrom y\n~~~\n```",
    "> ```query a\n> from x\n> ```query b\n> from y\n> ```", "```text\nlisting\n```query b\nfrom y\n```",
  ])
  func fencesThatAreClosedTooLate(_ text: String) {
    let (document, diagnostics) = read(text + "\n\n```compute\nlet c = 1\n```")
    #expect(diagnostics.map(\.id) == ["unclosed-fence"])
    #expect(diagnostics.first?.message.contains("is not closed before the fence on line") == true)
    #expect(document.blocks.map(\.body.text) == ["let c = 1"])
  }

  @Test(arguments: [
    "````text\n```query a\nfrom x\n```\n````", "~~~text\n```query a\n```\n~~~", "```text\n```python\n```",
    "```text\n``` `query` ```\n```", "```query a\nfrom `x```\n```",
  ])
  func fencesInListingsAreText(_ text: String) { #expect(read(text).diagnostics.isEmpty) }

  @Test func codeThatIsShownMayGoOnToTheEnd() {
    let (document, diagnostics) = read("```python\nprint(1)\n")
    #expect(diagnostics.map(\.severity) == [.warning])
    #expect(document.unreadWords.isEmpty)
  }

  @Test(arguments: [
    "```x\ny\n```", "```x\ny\n  `````  \n", "> ```x\n> y\n> ```", "- ~~~x\n  ~~~\n", "```\n```\n```\n```",
  ])
  func fencesThatAreClosed(_ text: String) { #expect(read(text).diagnostics.isEmpty) }

  @Test func blocksAreInTheOrderOfThePage() {
    let text =
      "x[^1]\n\n[^1]: ```compute f\n    let f = 1\n    ```\n\n> - ```compute a\n>   ```\n\n```compute b\n```\n"
    #expect(read(text).document.blocks.map(\.name) == ["a", "b", "f"])
  }
}
