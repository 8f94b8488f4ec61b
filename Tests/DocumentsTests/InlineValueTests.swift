import Diagnostics
import Testing

@testable import Documents

@Suite struct InlineValueTests {
  /// Texts in which the values are `= v0`, `= v1` and so on, in the order of the page.
  @Test(arguments: [
    "a `= v0` b",
    "`= v0`",
    "`=v0` and `= v1`, `code`, `= v2`",
    "`` `= v0` `` then `= v0` `` = v1 `` and ``= v2``",
    "one `= v0`\ntwo `= v1`\n   three `= v2`",
    "# head `= v0`\n\nsetext `= v1`\nsecond `= v2`\n===\n",
    "- a `= v0`\n- b\n  c `= v1`\n\n  d `= v2`\n   - e **`= v3`**\n",
    "> q `= v0`\n> r `= v1`\nlazy `= v2`\n> > deep `= v3`\n>> more `= v4`",
    "| a | `= v0` |\n|---|---|\n| `= v1` | **`= v2`** `= v3` |\n| x \\| y | `= v4` |\n",
    "> - | `= v0` |\n>   |---|\n>   | `= v1` |\n",
    "text\n| `= v0` |\n|---|\n| `= v1` |\n\nafter `= v2`",
    "text `= v0`\n| `= v1` |\n|---|\n| `= v2` |\n\nafter `= v3`",
    "[r]: x\n[s]: y\ntext `= v0`\nmore `= v1`",
    "[x](a\n\"t\") `= v0`\n\n<b\nc=\"d\"> `= v1`",
    "escaped \\` `= v0` and \\`= v1 `= v1`",
    "*a `= v0`* [link `= v1`](x) ~~`= v2`~~",
    "- [ ] task `= v0`\n- [x] `= v1`",
    "a\r\nb `= v0`\r\nc `= v1`\r\n",
    "\u{FEFF}a `= v0`",
    "---\ntitle: '`= v0`'\n---\n\na `= v0` ü `= v1`\n",
    "ä ö 🙂 `= v0` 日本 `= v1`",
    "\ta\n\n- \tb `= v0`\n\tc `= v1`\n",
    "x[^1] `= v0`\n\n[^1]: note `= v2`\n\n    more `= v3`\n\nlast `= v1`",
    "multi `code\nspan` `= v0` `other\n span\n here` `= v1`",
    "$`= v0`$ `= v0`",
    "```\n`= v0`\n```\n`= v0`",
    "<p>`= v0`</p>\n\n`= v0`",
    "same `= v0` same `= v0`",
  ])
  func valuesKeepTheirPlaces(_ text: String) throws {
    let (document, _) = read(text)
    let source = SourceText(name: "x", text: text)
    #expect(!document.inlineValues.isEmpty)
    var last = -1
    for value in document.inlineValues {
      let expression = value.expression
      #expect(expression.text == source.text(in: SourceRange(value.range.lower + 1, value.range.upper)))
      for (local, byte) in expression.utf8.enumerated() {
        #expect(source.utf8[expression.source(local)] == byte)
      }
      #expect(expression.source(expression.utf8.count) == value.range.upper)
      // It is a code span of its own: backticks at both ends, with at most a blank between.
      let before = source.text(in: SourceRange(value.range.lower - 2, value.range.lower))
      #expect(before.hasSuffix("`") || before == "` ")
      if text.contains("[^1]") { continue }
      #expect(value.range.lower > last)
      last = value.range.lower
    }
    guard !text.contains("same") else { return }
    let names = document.inlineValues.map { $0.expression.text.filter { $0 != " " } }
    #expect(names == document.inlineValues.indices.map { "v\($0)" })
    // Where a text has one place only for a value, that is the place.
    for (index, value) in document.inlineValues.enumerated() {
      let places = text.components("= v\(index)`")
      if places.count == 1 { #expect(value.range.lower == places[0]) }
    }
  }

  @Test func valuesOverSeveralLines() throws {
    let text = "> a `= if(x,\n>   1, 2)` b\n"
    let value = try #require(read(text).document.inlineValues.first)
    #expect(value.expression.text == " if(x, 1, 2)")
    let local = try #require(value.expression.utf8.firstIndex(of: UInt8(ascii: "1")))
    #expect(Array(text.utf8)[value.expression.source(local)] == UInt8(ascii: "1"))
    #expect(SourceText(name: "x", text: text).text(in: value.range) == "= if(x,\n>   1, 2)")
  }

  @Test func escapedBarsInATable() throws {
    let text = "| a |\n|---|\n| `= a \\|\\| b` |\n"
    let value = try #require(read(text).document.inlineValues.first)
    #expect(value.expression.text == " a || b")
    #expect(Array(text.utf8)[value.expression.source(6)] == UInt8(ascii: "b"))
    #expect(Array(text.utf8)[value.expression.source(3)] == UInt8(ascii: "|"))
  }

  @Test func valuesInHeadingsAndTheirAnchors() {
    #expect(
      shape(read("# We wait `= weeks` weeks").document.body)
        == "h1#we-wait--weeks-weeks(We wait value0 weeks)")
  }

  @Test func operatorsAreCode() {
    let text = "`=` ` = ` `==` `= =` `=>`"
    #expect(shape(read(text).document.body) == "p(code(=) code(=) code(==) code(= =) code(=>))")
    #expect(read("`=x` `= -1` `= <a`").document.inlineValues.map(\.expression.text) == ["x", " -1", " <a"])
  }

  @Test func otherCodeIsCode() {
    #expect(shape(read("`a = b` `` ` `` ` == `").document.body) == "p(code(a = b) code(`) code(==))")
    #expect(read("`a = b` \\`= c\\`").document.inlineValues.isEmpty)
  }
}

extension String {
  /// The UTF-8 offsets at which a text stands in this one.
  fileprivate func components(_ part: String) -> [Int] {
    let (all, wanted) = (Array(utf8), Array(part.utf8))
    guard all.count >= wanted.count else { return [] }
    return (0...(all.count - wanted.count)).filter { all[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }
}
