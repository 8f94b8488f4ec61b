import Foundation
import Testing

/// Rendering a stranger's document is safe: nothing in it or in the data runs, and it sees nothing but the sources.
@Suite(.timeLimit(.minutes(3))) struct HostileDocumentTests {
  private func report(_ folder: WorkFolder) async throws -> String {
    let run = try await Command.run("render", "a.md", "--out", "-", in: folder)
    #expect(run.isExit)
    return run.output
  }

  /// What would run or load something: elements and attributes, not text about them.
  private func expectHarmless(_ report: String) {
    let markup = report.matches(of: /<[a-zA-Z][^>]*>/).map { $0.output.lowercased() }
    for whole in markup {
      let tag = whole.replacing(/"[^"]*"/, with: "\"\"")
      #expect(!tag.hasPrefix("<script") && !tag.hasPrefix("<iframe") && !tag.hasPrefix("<object"), "\(tag)")
      #expect(tag.firstMatch(of: /\son[a-z]+\s*=/) == nil, "\(tag)")
      let address = whole.firstMatch(of: /\s(href|src|action)\s*=\s*["']?\s*(javascript|vbscript|data:text)/)
      #expect(address == nil, "\(whole)")
    }
  }

  @Test func `Markup in the prose stays text`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document(
      "a.md",
      """
      <script>alert(1)</script> <img src=x onerror=alert(1)> <a href="javascript:alert(1)">x</a>

      <iframe src="https://example.org"></iframe>

      [a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](&#106;avascript:alert(1)) [d](java\tscript:alert(1))
      [e](data:text/html;base64,PHNjcmlwdD4=) [f](vbscript:x) <javascript:alert(1)>
      ![g](javascript:alert(1)) ![h](data:text/html,<script>alert(1)</script>)

      [i]: javascript:alert(1)
      [i] $\\href{javascript:alert(1)}{x}$ `<script>`

      # <svg onload=alert(1)> {#"onclick=alert(1)}

      | <script>x</script> | a |
      |---|---|
      | "><script>alert(1)</script> | [x](javascript:alert(1)) |
      """)
    expectHarmless(try await report(folder))
  }

  @Test func `Markup in the data, in names and in charts stays text`() async throws {
    let folder = try WorkFolder.shop()
    let evil = #"</title></svg><script>alert(1)</script><img src=x onerror="alert(1)">"#
    let quoted = "\"" + evil.replacing("\"", with: "\"\"") + "\""
    try folder.write(
      "data/events.csv",
      """
      event_id,ts,event,user_id,\(quoted)
      1,2026-03-02T10:00:00Z,\(quoted),\(quoted),1
      2,2026-03-03T10:00:00Z,\(quoted),]]>,2

      """)
    try folder.document(
      "a.md",
      """
      ```query rows {caption: "<script>alert(1)</script>"}
      from events
      ```

      ```query counts
      from events |> aggregate count(*) as n group by event, user_id
      ```

      ```chart drawn {caption: "<b onclick=alert(1)>"}
      bar(counts, x => event, y => n, color => user_id, title => '</svg><script>alert(1)</script>')
      ```

      ```expect
      count(rows) = 3 else '<script>alert(1)</script>'
      ```

      ```decide
      ship '<img src=x onerror=alert(1)>' when count(rows) > 1
      otherwise stop '"><script>'
      ```

      `= max(counts.event)`
      """, frontMatter: "description: \"</title><script>alert(1)</script>\"\nauthor: '<script>'")
    let html = try await report(folder)
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    expectHarmless(html)
    // What is wrong with a document is shown in its report too.
    try folder.document("a.md", "```query rows\nfrom events |> where `<script>alert(1)</script>` = 1\n```")
    expectHarmless(try await report(folder))
  }

  @Test func `Control characters of data do not reach a terminal`() async throws {
    let folder = try WorkFolder.shop()
    try folder.write(
      "data/events.csv",
      "event_id,ts,event,user_id,price\n1,2026-03-02T10:00:00Z,\u{1B}]0;owned\u{7}\u{1B}[31m,ana,1\n")
    for command in ["query 'from events'", "sources"] {
      let run = try await Command.shell("$throughline \(command)", in: folder)
      #expect(run.status == 0)
      #expect(!run.output.contains("\u{1B}") && !run.output.contains("\u{7}"), "\(command)")
    }
    try folder.document("a.md", "```query x\nfrom events |> where \u{1B}[31m = 1\n```")
    let run = try await Command.run("render", "a.md", in: folder)
    #expect(!run.errors.contains("\u{1B}"))
  }

  // MARK: Files

  @Test func `Imports from outside of the project are refused`() async throws {
    let outside = try WorkFolder()
    try outside.document("secret.md", "```compute\nlet secret = 'hunter2'\n```")
    let folder = try WorkFolder.shop()
    try folder.document("deep/inside.md", "```compute\nlet value = 1\n```")
    try FileManager.default.createSymbolicLink(
      atPath: folder["link.md"].path, withDestinationPath: outside["secret.md"].path)
    try FileManager.default.createSymbolicLink(
      atPath: folder["folder"].path, withDestinationPath: outside.url.path)
    for path in [
      outside["secret.md"].path, "../../../../../../../../etc/passwd", "link.md", "folder/secret.md",
      "deep/../../secret.md", "file:///etc/passwd", "..", "/etc/passwd", "~/.profile", "a.md\u{0}b",
    ] {
      try folder.document(
        "a.md", "`= other.secret`",
        frontMatter: "imports: {other: \"\(path.replacing("\u{0}", with: "\\0"))\"}")
      let run = try await Command.run("render", "a.md", "--out", "-", in: folder)
      #expect(run.status == 1 && run.isExit, "\(path)")
      #expect(
        run.errors.contains("error[import-outside]") || run.errors.contains("error[no-document]"), "\(path)")
      #expect(!run.output.contains("hunter2") && !run.output.contains("root:"), "\(path)")
    }
    try folder.document("deep/a.md", "`= inside.value`", frontMatter: "imports: {inside: ../deep/inside.md}")
    #expect(try await Command.run("render", "deep/a.md", in: folder).status == 0)
  }

  @Test func `A document names no files as its data`() async throws {
    let folder = try WorkFolder.shop()
    for query in [
      "from '/etc/passwd'", "from read_csv('/etc/passwd')", "from `users.csv`", "from `/etc/passwd`",
      "from shop.`/etc/passwd`", "from events |> join read_text('/etc/passwd') on true",
      "from events |> select getenv('HOME') as home", "from events |> select read_text('/etc/passwd') as x",
    ] {
      let run = try await Command.run("query", query, in: folder)
      #expect(run.status == 1 && run.isExit, "\(query)")
      #expect(run.output.isEmpty)
      #expect(!run.errors.contains("root:"))
    }
    try folder.document("a.md", "x", frontMatter: "sources: {own: {events: /etc/passwd}}")
    #expect(!(try await report(folder)).contains("root:"))
  }

  @Test func `Images of the project are taken in, others are not`() async throws {
    let outside = try WorkFolder()
    let pixel = try #require(
      Data(
        base64Encoded:
          "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
      ))
    try outside.write("secret.png", pixel)
    let folder = try WorkFolder.shop()
    try folder.write("own.png", pixel)
    try FileManager.default.createSymbolicLink(
      atPath: folder["link.png"].path, withDestinationPath: outside["secret.png"].path)
    try folder.document("a.md", "![own](own.png)")
    let embedded = "src=\"data:image/png;base64,\(pixel.base64EncodedString())\""
    #expect(try await report(folder).contains(embedded))
    for path in [
      "../secret.png", outside["secret.png"].path, "link.png", "..%2f..%2fsecret.png", "own.png/../link.png",
      "file://" + outside["secret.png"].path,
    ] {
      try folder.document("a.md", "![other](\(path))")
      #expect(!(try await report(folder)).contains("base64"), "\(path)")
    }
  }
}
