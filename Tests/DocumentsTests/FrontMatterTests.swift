import Diagnostics
import Testing

@testable import Documents

@Suite struct FrontMatterTests {
  @Test func allOfIt() {
    let text = """
      ---
      title: Is re-engagement worth building?
      description: >
        Two lines
        of text
      author: "R & D: 'we'"
      date: 2026-07-01
      source: shop
      imports: {logging: 2-logging.md, sizing: "../1-sizing.md"}
      params:
        country: {type: string, default: null}
        weeks: 5
        share: {default: 0.05, type: number}
        text: "5"
        since: {type: date, default: 2026-01-01}
        open: {}
      ---
      # Title
      """
    let (document, diagnostics) = read(text)
    #expect(diagnostics.isEmpty)
    let matter = document.frontMatter
    #expect(matter.title == "Is re-engagement worth building?")
    #expect(matter.description == "Two lines of text")
    #expect(matter.author == "R & D: 'we'")
    #expect(matter.date == "2026-07-01")
    #expect(matter.source == "shop")
    let source = SourceText(name: "x", text: text)
    #expect(matter.sourceRange.map { source.text(in: $0) } == "shop")
    #expect(matter.imports.map(\.alias) == ["logging", "sizing"])
    #expect(matter.imports.map(\.path) == ["2-logging.md", "../1-sizing.md"])
    #expect(
      matter.imports.map { $0.range.map { source.text(in: $0) } } == ["2-logging.md", "\"../1-sizing.md\""])
    #expect(matter.params.map(\.name) == ["country", "weeks", "share", "text", "since", "open"])
    #expect(matter.params.map(\.type) == ["string", nil, "number", "string", "date", nil])
    #expect(matter.params.map(\.value) == [nil, "5", "0.05", "5", "2026-01-01", nil])
    #expect(matter.params.compactMap { $0.range.map { source.text(in: $0) } } == matter.params.map(\.name))
    #expect(shape(document.body) == "h1#title(Title)")
  }

  @Test(arguments: [
    "---\n---\nx", "--- \t\n\n# comment\n---\nx", "\u{FEFF}---\r\n---\r\nx", "---\ntitle:\n---\nx",
  ])
  func empty(_ text: String) {
    let (document, diagnostics) = read(text)
    #expect(diagnostics.isEmpty && document.frontMatter.title == nil)
    #expect(shape(document.body) == "p(x)")
  }

  @Test(arguments: [
    "---\n\ntext", "x\n---\ntitle: a\n---\n", "---", " ---\ntitle: a\n ---\n", "----\na: b\n----",
  ])
  func noFrontMatter(_ text: String) {
    let (document, diagnostics) = read(text)
    #expect(diagnostics.isEmpty && document.frontMatter.title == nil)
    #expect(!document.body.isEmpty)
  }

  @Test(arguments: [
    ("title: a: b", 2, Severity.error), ("a\n- b", 2, .error), ("title: [", 2, .error),
    ("titel: x", 2, .warning),
    ("title: x\n\nauthr: y", 4, .warning), ("title: a\ntitle: b", 2, .error), ("- a\n- b", 2, .error),
    ("just text", 2, .error),
    ("title: [a, b]", 2, .error), ("params: [a]", 2, .error), ("params:\n  a: {type: strin}", 3, .error),
    ("params:\n  a: {typ: string}", 3, .warning), ("params:\n  my-name: 1", 3, .error),
    ("params:\n  a: [1]", 3, .error),
    ("imports: x.md", 2, .error), ("imports:\n  a b: x.md", 3, .error), ("imports:\n  a: {b: c}", 3, .error),
    ("source: {a: b}", 2, .error), ("? [a]\n: b", 2, .error), ("title: \"a", 2, .error),
    ("title: &a x", 2, .error),
    ("title: x\nauthor: *a", 3, .error), ("title: !!binary x", 2, .error),
    ("title: x\n\tauthor: y", 3, .error),
    ("title: \"\\ud800\"", 2, .error), ("title: x\n...\ntitle: y", 4, .error),
  ])
  func mistakesHaveTheirLine(_ yaml: String, _ line: Int, _ severity: Severity) throws {
    let text = "---\n\(yaml)\n---\n\ntext `= v`\n"
    let (document, diagnostics) = read(text)
    try #require(diagnostics.count == 1, "\(diagnostics)")
    #expect(diagnostics[0].id == "front-matter" && diagnostics[0].severity == severity)
    #expect(!diagnostics[0].message.contains("\n"))
    let range = try #require(diagnostics[0].range)
    #expect(SourceText(name: "x", text: text).line(at: range.lower) == line)
    #expect(shape(document.body) == "p(text value0)", "the body is read all the same")
  }

  @Test func placesWithinALine() throws {
    let text = "---\nparams: {größe: {type: strin}}\n---\n"
    let found = try #require(read(text).diagnostics.first)
    #expect(found.range.map { SourceText(name: "x", text: text).text(in: $0) } == "strin")
    #expect(found.hints == ["did you mean 'string'?"])
    #expect(read("---\ntitel: x\n---").diagnostics.first?.hints == ["did you mean 'title'?"])
  }

  @Test func neverClosed() {
    let (document, diagnostics) = read("---\ntitle: a\n\ntext")
    #expect(diagnostics.map(\.id) == ["front-matter"] && diagnostics.first?.severity == .warning)
    #expect(!document.body.isEmpty)
  }

  @Test func ordinaryTextIsNoAnchor() {
    let (document, diagnostics) = read(
      "---\ntitle: \"*Why* & what\"\nauthor: R &D * x!\ndescription: 'a: &b, *c'\n---\n")
    #expect(diagnostics.isEmpty)
    #expect(document.frontMatter.author == "R &D * x!")
    #expect(document.frontMatter.title == "*Why* & what")
  }

  @Test func hostileYAMLIsRefusedAtOnce() {
    let bomb =
      "a: &a [x,x,x,x,x,x,x,x,x]\n"
      + (0..<30).map { "b\($0): &b\($0) [*a,*a,*a,*a,*a,*a,*a]" }.joined(separator: "\n")
    let hidden = "a: [foo\n 'b, &x [y,y,y], &z [*x,*x], {*z: 1}, c']"
    for yaml in [
      bomb, hidden, String(repeating: "[", count: 60_000), String(repeating: "{a: ", count: 10_000),
      String(repeating: "- ", count: 20_000), String(repeating: "? ", count: 20_000),
      String(repeating: "a: x\n", count: 100_000),
      (0..<300).map { String(repeating: " ", count: $0) + "a:\n" }.joined(), "!!map &a {*a: *a}",
    ] {
      let (document, diagnostics) = read("---\n\(yaml)\n---\ntext")
      #expect(diagnostics.contains { $0.severity == .error })
      #expect(shape(document.body) == "p(text)")
    }
  }

  @Test func theDeepestYAMLThatIsReadIsRead() {
    let nested = (0..<98).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    let brackets = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
    let (document, diagnostics) = read(
      "---\n\(nested)\(String(repeating: " ", count: 99))\(brackets)\n---\ntext")
    #expect(diagnostics.map(\.message) == ["front matter has no key 'a'"])
    #expect(shape(document.body) == "p(text)")
  }
}
