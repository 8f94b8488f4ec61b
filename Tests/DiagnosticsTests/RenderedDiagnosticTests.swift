import Diagnostics
import Testing

/// How a diagnostic looks in a terminal.
@Suite struct RenderedDiagnosticTests {
  /// What is shown of a mistake in the first place where a text stands: the excerpt and the marks below it.
  private func lines(of place: String, in text: String, label: String = "here") throws -> (
    line: String, marks: String
  ) {
    let shown = try rendered(place, in: text, label: label).split(
      separator: "\n", omittingEmptySubsequences: false)
    try #require(shown.count >= 4)
    return (String(shown[2]), String(shown[3]))
  }

  private func rendered(_ place: String, in text: String, label: String = "here") throws -> String {
    let range = try #require(text.firstRange(of: place))
    let lower = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
    let upper = text.utf8.distance(from: text.startIndex, to: range.upperBound)
    let source = SourceText(name: "a.md", text: text)
    return Diagnostic(id: "x", "a rule", at: SourceRange(lower, upper), label: label).rendered(in: source)
  }

  @Test("message, place, excerpt, notes and hints stand below each other")
  func wholeDiagnostic() {
    let source = SourceText(name: "onboarding.md", text: "from events\n|> where contry = 'US'\n")
    let diagnostic = Diagnostic(
      id: "no-column", "no column named 'contry'", at: SourceRange(21, 27),
      label: "not among the columns here",
      notes: ["the columns here are 'country', 'event'"], hints: ["did you mean 'country'?"])
    let expected = """
      error[no-column]: no column named 'contry'
         ╭ onboarding.md:2:10
       2 │ |> where contry = 'US'
         │          ^^^^^^ not among the columns here
         = the columns here are 'country', 'event'
         hint: did you mean 'country'?
      """
    #expect(diagnostic.rendered(in: source) == expected)
  }

  @Test("what has no place, or no source, is told without")
  func withoutPlace() {
    let diagnostic = Diagnostic(.warning, id: "x", "a rule", notes: ["a fact"])
    #expect(diagnostic.rendered(in: nil) == "warning[x]: a rule\n   = a fact")
    let source = SourceText(name: "a.md", text: "")
    #expect(diagnostic.rendered(in: source) == "warning[x]: a rule\n   ╭ a.md\n   = a fact")
  }

  @Test("colours are around the same text")
  func styled() {
    let source = SourceText(name: "a.md", text: "abc")
    let diagnostic = Diagnostic(id: "x", "a rule", at: SourceRange(1, 2), label: "here", hints: ["do it"])
    let plain = diagnostic.rendered(in: source, styled: true).replacing(/\u{1B}\[[0-9;]*m/, with: "")
    #expect(plain == diagnostic.rendered(in: source))
    #expect(diagnostic.rendered(in: source, styled: true).contains("\u{1B}[31m^ here\u{1B}[0m"))
  }

  @Test(
    "carets stand under the place, in columns of a terminal",
    arguments: [
      // Text, the place in it, the blanks before the carets, the carets.
      ("plain text", "text", 6, 4),
      ("日本語 = x", "x", 9, 1),
      ("x = 日本語", "日本語", 4, 6),
      ("ｶﾅ x", "x", 3, 1),
      ("ＡＢ x", "x", 5, 1),
      ("한국 x", "x", 5, 1),
      ("👩‍👩‍👧‍👦 x", "x", 3, 1),
      ("👍🏽 🇩🇪 x", "🇩🇪", 3, 2),
      ("❤️ x", "x", 3, 1),
      ("❤ x", "x", 2, 1),
      ("1️⃣ x", "x", 3, 1),
      ("cafe\u{301} x", "x", 5, 1),
      ("e\u{301}\u{327}\u{334} x", "x", 2, 1),
      ("\u{301} x", "x", 1, 1),
      ("שָׁלוֹם x", "x", 5, 1),
      ("مرحبا x", "مرحبا", 0, 5),
      ("\tx", "x", 1, 1),
      ("a\u{200B}b", "b", 2, 1),
      ("a\u{202E}b", "b", 2, 1),
      ("नमस्ते x", "x", 4, 1),
    ])
  func columns(text: String, place: String, indent: Int, count: Int) throws {
    let marks = try lines(of: place, in: text).marks
    #expect(
      marks == "   │ " + String(repeating: " ", count: indent) + String(repeating: "^", count: count)
        + " here")
  }

  @Test("a place of no width has a caret all the same, also at the end of a line and of the text")
  func emptyPlaces() {
    let source = SourceText(name: "a.md", text: "ab\n\ncd")
    for (offset, place, indent) in [
      (0, "1:1", 0), (2, "1:3", 2), (3, "2:1", 0), (6, "3:3", 2), (99, "3:3", 2),
    ] {
      let diagnostic = Diagnostic(id: "x", "a rule", at: SourceRange(offset, offset))
      let lines = diagnostic.rendered(in: source).split(separator: "\n")
      #expect(lines[1] == "   ╭ a.md:\(place)")
      #expect(lines[3] == "   │ " + String(repeating: " ", count: indent) + "^")
    }
  }

  @Test("a place that goes on over several lines is marked to the end of its first")
  func severalLines() {
    let source = SourceText(name: "a.md", text: "let x = (1 +\n  2)\n")
    let shown = Diagnostic(id: "x", "a rule", at: SourceRange(8, 17), label: "here").rendered(in: source)
    #expect(shown.hasSuffix(" 1 │ let x = (1 +\n   │         ^^^^… here"))
    let line = Diagnostic(id: "x", "a rule", at: SourceRange(0, 13), label: "here").rendered(in: source)
    #expect(line.hasSuffix("│ ^^^^^^^^^^^^ here"))
  }

  @Test("lines of every kind of line break are counted, and none is shown")
  func lineBreaks() {
    for text in ["a\nb", "a\r\nb", "a\rb"] {
      let source = SourceText(name: "a.md", text: text)
      #expect(source.lineCount == 2)
      let shown = Diagnostic(id: "x", "a rule", at: SourceRange(text.utf8.count - 1, text.utf8.count))
        .rendered(in: source)
      #expect(shown.hasSuffix("a.md:2:1\n 2 │ b\n   │ ^"))
      #expect(source.text(in: source.range(ofLine: 1)) == "a")
    }
  }

  @Test("a long line is shortened around the place, which stays above its carets")
  func longLines() throws {
    let long = String(repeating: "a", count: 300)
    for text in [long + "Z", "Z" + long, long + "Z" + long, "日本" + long + "Z" + long, long + "語Z" + long] {
      let (line, marks) = try lines(of: "Z", in: text)
      #expect(line.count <= 5 + 120)
      let before = try #require(line.firstIndex(of: "Z"))
      // Wide characters take two columns each.
      let wide = line[..<before].count { $0 == "日" || $0 == "本" || $0 == "語" }
      let column = line.distance(from: line.startIndex, to: before) + wide
      #expect(marks.distance(from: marks.startIndex, to: try #require(marks.firstIndex(of: "^"))) == column)
      #expect(line.contains("…"))
    }
    let exact = String(repeating: "a", count: 119) + "Z"
    #expect(try lines(of: "Z", in: exact).line == " 1 │ " + exact)
  }

  @Test("a place that is wider than what is shown goes on")
  func widePlaces() throws {
    let place = String(repeating: "Z", count: 500)
    let (line, marks) = try lines(of: place, in: String(repeating: "a", count: 60) + place)
    #expect(line.count <= 5 + 120 && line.hasSuffix("Z…"))
    #expect(marks.hasSuffix("^… here"))
    #expect(marks.count { $0 == "^" } == line.count { $0 == "Z" })
  }

  @Test("nothing that is quoted directs the terminal or breaks a line")
  func hostileText() {
    let hostile = "a\u{1B}[2Jb\nc\u{202E}d\u{85}e\u{2028}f\0"
    let source = SourceText(name: "a\u{1B}.md", text: "\u{1B}[2J x")
    let diagnostic = Diagnostic(
      id: "x", hostile, at: SourceRange(5, 6), label: hostile, notes: [hostile], hints: [hostile])
    let shown = diagnostic.rendered(in: source)
    #expect(shown.split(separator: "\n", omittingEmptySubsequences: false).count == 6)
    for scalar in "\u{1B}\u{202E}\u{85}\u{2028}\0".unicodeScalars {
      #expect(!shown.unicodeScalars.contains(scalar))
    }
    #expect(shown.contains(" 1 │ \u{FFFD}[2J x"))
  }

  @Test("bytes that are not UTF-8 are shown as marks, and counted as one column each")
  func brokenText() {
    let source = SourceText(name: "a.md", utf8: [0xFF, 0x20, 0x78])
    let shown = Diagnostic(id: "x", "a rule", at: SourceRange(2, 3)).rendered(in: source)
    #expect(shown.hasSuffix("a.md:1:3\n 1 │ \u{FFFD} x\n   │   ^"))
  }

  @Test("numbers of lines do not disturb the columns")
  func gutter() {
    let source = SourceText(name: "a.md", text: String(repeating: "\n", count: 1233) + "abc")
    let shown = Diagnostic(id: "x", "a rule", at: SourceRange(1234, 1235), notes: ["a fact"]).rendered(
      in: source)
    #expect(shown.hasSuffix("     ╭ a.md:1234:2\n1234 │ abc\n     │  ^\n     = a fact"))
  }
}
