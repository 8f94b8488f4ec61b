import Diagnostics
import TestSupport
import Testing

@testable import Documents

@Suite struct HostileInputTests {
  private static let rich = """
    ---
    title: A "title"
    params: {a: 1, b: {type: string, default: null}}
    imports: {x: y.md}
    ---
    # Head `= v` *em*

    Text with $a_1$, `code`, [link](x.md "t"), ![img](a.png), <b>, a[^1] and ~~del~~\\
    https://example.com `` `= w` ``

    $$
    \\frac{a}{b}
    - c
    $$

    > [!NOTE]
    > - [ ] task
    >   ```query q {hide, caption: "x"}
    >   from events
    >   |> limit 1
    >   ```

    | a | `= b` |
    |---|:-:|
    | `x \\| y` | $z$ |

    1. one
    \t~~~compute
    \tlet ö = 1
    \t~~~

    ```math
    \\sum_{i=1}^n \\left( x \\right)
    ```

    [^1]: note `= n` 日本語 🙂
    """

  /// Every place that a document names is within its source.
  private func expectSound(_ source: SourceText) {
    let (document, diagnostics) = Document.parse(source)
    func expectWithin(_ range: SourceRange?) {
      guard let range else { return }
      #expect(range.lower >= 0 && range.upper <= source.utf8.count)
    }
    for diagnostic in diagnostics { expectWithin(diagnostic.range) }
    for block in document.blocks {
      expectWithin(block.range)
      expectWithin(block.nameRange)
      for option in block.options { expectWithin(option.range) }
      for local in 0...block.body.utf8.count { expectWithin(block.body.range(local, local)) }
    }
    for value in document.inlineValues {
      expectWithin(value.range)
      for local in 0...value.expression.utf8.count { expectWithin(value.expression.range(local, local)) }
    }
    for param in document.frontMatter.params { expectWithin(param.range) }
  }

  @Test func truncatedAtEveryByte() {
    let bytes = Array(Self.rich.utf8)
    for count in 0...bytes.count { expectSound(SourceText(name: "x", utf8: Array(bytes[..<count]))) }
  }

  @Test func mutatedAtRandom() {
    var random = Dice(42)
    let original = Array(Self.rich.utf8)
    let interesting =
      Array("`~$|>-*_[]()!<&\\\n\r\t {}:\"'=#^0".utf8) + [0, 1, 0x1A, 0x7F, 0x80, 0xC3, 0xE2, 0xF0, 0xFF]
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = interesting[Int.random(in: 0..<interesting.count, using: &random)]
        case 1: bytes.insert(interesting[Int.random(in: 0..<interesting.count, using: &random)], at: place)
        case 2: bytes.remove(at: place)
        default:
          let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
          bytes.insert(
            contentsOf: Array(bytes[place..<end]), at: Int.random(in: 0...bytes.count, using: &random))
        }
      }
      expectSound(SourceText(name: "x", utf8: bytes))
    }
  }

  @Test func bytesThatAreNotText() {
    let source = SourceText(
      name: "x", utf8: Array("a\0b ".utf8) + [0xFF, 0xE2, 0x82] + Array(" `= x` \u{1}c\n".utf8))
    let (document, diagnostics) = Document.parse(source)
    #expect(shape(document.body) == "p(a\u{FFFD}b \u{FFFD}\u{FFFD}\u{FFFD} value0 \u{FFFD}c)")
    #expect(diagnostics.map(\.id) == ["not-text"])
    #expect(diagnostics.first?.range == SourceRange(1, 2))
    #expect(document.inlineValues.first?.range.lower == 9)
  }

  @Test(arguments: [
    String(repeating: ">", count: 10_000) + "x",
    String(repeating: "> ", count: 10_000) + "x\n" + String(repeating: "y\n", count: 100),
    String(repeating: "- ", count: 10_000) + "x" + String(repeating: "\n", count: 1000),
    String(repeating: "1. ", count: 10_000) + "x",
    (0..<600).map { String(repeating: "  ", count: $0) + "- a\n" }.joined(),
    String(repeating: "> - ", count: 5000) + "```query a\nfrom x",
    "x[^0]\n\n" + String(repeating: "[^0]: ", count: 3000) + "x",
  ])
  func deepNestingIsBounded(_ text: String) {
    let (document, diagnostics) = read(text)
    #expect(depth(document.body) <= 2 * StructureMask.columnLimit + 10)
    #expect(diagnostics.contains { $0.id == "too-deep" } || text.contains("[^0]"))
  }

  private func depth(_ blocks: [BlockMarkup]) -> Int {
    blocks.map { block in
      switch block {
      case .quotation(let body), .callout(_, let body): 1 + depth(body)
      case .list(let list): 1 + (list.items.map { depth($0.body) }.max() ?? 0)
      default: 1
      }
    }
    .max() ?? 0
  }

  @Test func whatIsTooDeepIsStillShown() {
    let text = String(repeating: "> ", count: 60) + "x"
    func innermost(_ blocks: [BlockMarkup]) -> String {
      if case .quotation(let body)? = blocks.first { return innermost(body) }
      return shape(blocks)
    }
    #expect(innermost(read(text).document.body) == "p(> > > > > > > > > x)")
    let code = "```\n" + String(repeating: " ", count: 120) + "- x\n```"
    #expect(shape(read(code).document.body) == "code<>(\(String(repeating: " ", count: 120))- x)")
  }

  @Test(arguments: ["*", "**", "_", "~~", "["])
  func deepInlineMarkupIsFlattened(_ mark: String) {
    let close = mark == "[" ? "](x)" : mark
    let text =
      String(repeating: mark + "a ", count: 4000) + "`= v`" + String(repeating: " a" + close, count: 4000)
    let (document, _) = read(text)
    #expect(document.inlineValues.count == 1)
  }

  /// Shapes that once made a parser of Markdown slow; together they end in seconds, where one was minutes.
  @Test(arguments: [
    "![[]()", "www.a" + String(repeating: ")", count: 50), "[", "[a](", "*a_ ", "<?", "<!A ", "$a ", "$`",
    "$$ a ", "`= ", "\\`= x",
    "[^1]", "&", "a@a.", "\\", "- - - - _ ", "| ", "]", "(", "`a`", "a`= x` ", "\n`= x`", "\n- `= x`\n\n  ",
    "~", "😀", "\u{0}",
  ])
  func longRunsOfOneShape(_ unit: String) {
    let text = String(repeating: unit, count: 300_000 / unit.utf8.count)
    let source = SourceText(name: "x", text: text)
    #expect(Document.parse(source).0.source == source)
  }

  @Test func tablesWithoutCellsAreText() {
    let wide = String(repeating: "a|", count: 900) + "\n" + String(repeating: "-|", count: 900) + "\n"
    let (document, diagnostics) = read(wide + String(repeating: "x\n", count: 20_000))
    #expect(diagnostics.map(\.id) == ["too-large"])
    guard case .paragraph? = document.body.first else {
      Issue.record("a table was made")
      return
    }
    #expect(shape(read(wide + "x|y\n").document.body).hasPrefix("table<"))
    let huge = String(repeating: "a|", count: 40_000) + "\n" + String(repeating: "-|", count: 40_000) + "\n"
    #expect(read(huge).diagnostics.map(\.id) == ["too-large"])
  }

  @Test func fiveMegabytes() {
    let part = Self.rich.split(separator: "---\n", maxSplits: 2).last.map(String.init) ?? ""
    let count = 5_000_000 / part.utf8.count
    let (document, _) = read(String(repeating: part + "\n\n", count: count))
    #expect(document.blocks.count >= count)
    #expect(document.inlineValues.count >= count)
    let line = read(String(repeating: "word `= v` ", count: 1_000_000 / 11))
    #expect(line.document.inlineValues.count == 1_000_000 / 11)
  }

  @Test func manyDocumentsAtOnce() async {
    let expected = shape(read(Self.rich).document.body)
    await withTaskGroup(of: String.self) { group in
      for _ in 0..<64 { group.addTask { shape(read(Self.rich).document.body) } }
      for await found in group { #expect(found == expected) }
    }
  }
}
