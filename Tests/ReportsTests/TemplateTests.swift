import Testing

@testable import Reports

@Suite struct TemplateTests {
  private func page(_ template: String) throws -> String {
    var builder = DocumentBuilder()
    builder.frontMatter.title = "A <b> & \"c\""
    return try Report(builder).html(templates: TemplateSet(overriding: [.page: template])) { _, _ in "" }
  }

  @Test func aProjectMayHaveItsOwnPage() throws {
    #expect(
      try page("{{#title}}[{{title}}|{{{title}}}]{{/title}}{{^author}}none{{/author}}{{nothing}}")
        == "[A &lt;b&gt; &amp; &quot;c&quot;|A &lt;b&gt; &amp; &quot;c&quot;]none")
  }

  @Test func aProjectMayHaveItsOwnStyle() throws {
    let page = try Report(DocumentBuilder()).html(
      templates: TemplateSet(overriding: [.style: "p{color:red}"])
    ) { _, _ in
      ""
    }
    #expect(page.contains("<style>\np{color:red}\n</style>"))
  }

  @Test(
    arguments: [
      ("<p>\n{{#title}}", 2, "a section is not closed"), ("a\nb{{title", 2, "the template ends within a tag"),
      ("{{#a}}{{/b}}", 1, "a section is closed under another name than it was opened"),
      ("\n\n{{> other}}", 3, "a page has no partials: '{{>'"),
    ] as [(String, Int?, String)])
  func brokenPagesSayWhatIsWrong(template: String, line: Int?, reason: String) throws {
    let error = try #require(throws: TemplateError.self) { try page(template) }
    #expect(error.template == .page)
    #expect(error.reason == reason)
    #expect(error.line == line)
  }

  @Test func manySectionsAreAMistake() throws {
    let error = try #require(throws: TemplateError.self) {
      try page(String(repeating: "{{#a}}", count: 50_000))
    }
    #expect(error.reason == "a page has at most 500 sections")
  }

  @Test func aStyleCannotEndItsElement() throws {
    let error = try #require(throws: TemplateError.self) {
      try Report(DocumentBuilder()).html(templates: TemplateSet(overriding: [.style: "p{}</STYLE ><script>"]))
      { _, _ in
        ""
      }
    }
    #expect(error.description == "report.css: a style sheet has no '</style'")
  }
}
