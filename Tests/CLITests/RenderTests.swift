import Foundation
import Testing

/// The options of `render`, and `check`.
@Suite(.timeLimit(.minutes(3))) struct RenderTests {
  @Test func `A folder means the documents in it and below`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    try folder.document("deep/er/b.md", Sample.counts)
    try folder.document(".hidden/c.md", Sample.counts)
    try folder.write("README.md", "# No document\n")
    let run = try await Command.run("render", in: folder)
    #expect(run.status == 0)
    #expect(run.errors == "a.md → a.html\ndeep/er/b.md → deep/er/b.html\n")
    #expect(try folder.files().filter { $0.hasSuffix("html") } == ["a.html", "deep/er/b.html"])
    let again = try await Command.run("render", ".", "a.md", in: folder)
    #expect(again.errors == "a.md → a.html (unchanged)\ndeep/er/b.md → deep/er/b.html (unchanged)\n")
  }

  @Test func `Reports in another folder lie as their documents do`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("x/same.md", "One.")
    try folder.document("y/same.md", "Two.")
    #expect(try await Command.run("render", ".", "--out", "site/new", in: folder).status == 0)
    #expect(try folder.text("site/new/x/same.html").contains("One."))
    #expect(try folder.text("site/new/y/same.html").contains("Two."))
    #expect(!folder.exists("x/same.html"))
    #expect(try await Command.run("render", "x/same.md", "--out", "one", in: folder).status == 0)
    #expect(folder.exists("one/same.html"))
  }

  @Test func `Every format can be written to a file and to standard output`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    for (format, file) in [("html", "a.html"), ("md", "a.out.md"), ("json", "a.json")] {
      #expect(try await Command.run("render", "a.md", "--format", format, in: folder).status == 0)
      let shown = try await Command.run("render", "a.md", "--format", format, "--out", "-", in: folder)
      #expect(shown.status == 0)
      #expect(shown.output == (try folder.text(file)))
      #expect(shown.errors.isEmpty)
    }
    #expect(try folder.text("a.out.md").contains("| viewed |   5 |"))
    #expect(try folder.text("a.out.md").contains("There are `= sum(counts.n)`<!--=--> 7<!--/=--> events."))
    _ = try JSONSerialization.jsonObject(with: try folder.data("a.json"))
    // What was written is not taken for a document.
    let run = try await Command.run("render", ".", in: folder)
    #expect(run.errors == "a.md → a.html (unchanged)\n")
  }

  @Test func `Parameters are overridden, and one that a document does not have is a mistake`() async throws {
    let folder = try WorkFolder.shop()
    let query = """
      ```query counts
      from events |> join users using (user_id) |> where users.country = country_is |> aggregate count(*) as n
      ```

      In `= country_is`: `= counts.n`
      """
    try folder.document("a.md", query, frontMatter: "params: {country_is: {type: string, default: US}}")
    func markdown(_ arguments: String) async throws -> Command.Result {
      try await Command.shell("$throughline render a.md --format md --out - \(arguments)", in: folder)
    }
    #expect(try await markdown("").output.contains("<!--=--> US<!--/=-->: `= counts.n`<!--=--> 5<!--/=-->"))
    #expect(try await markdown("-P country_is=DE").output.contains("<!--=--> 2<!--/=-->"))
    #expect(try await markdown("--param 'country_is=a=b'").output.contains("<!--=--> a=b<!--/=-->"))
    let mistaken = try await markdown("-P contry_is=DE")
    #expect(mistaken.status == 1)
    #expect(mistaken.errors.contains("error[no-parameter]: no parameter named 'contry_is'"))
    #expect(mistaken.errors.contains("did you mean 'country_is'?"))
  }

  @Test func `What is imported has its own parameters, whichever is rendered first`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document(
      "a.md", "```compute\nlet doubled = size * 2\n```",
      frontMatter: "params: {size: {type: integer, default: 1}}")
    try folder.document(
      "b.md", "Imported: `= first.doubled`, own: `= size`",
      frontMatter: "imports: {first: a.md}\nparams: {size: {type: integer, default: 1}}")
    for order in ["a.md b.md", "b.md a.md"] {
      let run = try await Command.shell(
        "$throughline render \(order) -P size=21 --format md --out -", in: folder)
      #expect(run.output.contains("<!--=--> 2<!--/=-->, own: `= size`<!--=--> 21<!--/=-->"))
      #expect(run.output.contains("let doubled"))
    }
  }

  @Test func `With force all is computed again, to the same bytes`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    #expect(try await Command.run("render", in: folder).status == 0)
    let report = try folder.data("a.html")
    try folder.remove("a.html")
    // A wrong result in the cache, of the right form: what is used of it shows in the report.
    let results = folder[".throughline/results"]
    #expect(try FileManager.default.contentsOfDirectory(atPath: results.path).count == 1)
    #expect(try await Command.run("render", "--force", in: folder).status == 0)
    #expect(try folder.data("a.html") == report)
  }

  // MARK: Check

  @Test func `A report is current, missing, or stale for a reason`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document(
      "a.md", Sample.counts, frontMatter: "params: {size: {type: integer, default: 1}}")
    func check(_ arguments: String = "") async throws -> Command.Result {
      try await Command.shell("$throughline check \(arguments)", in: folder)
    }
    let missing = try await check()
    #expect(missing.status == 1)
    #expect(missing.output == "a.md: has no report yet\n")

    #expect(try await Command.run("render", in: folder).status == 0)
    let report = try folder.data("a.html")
    let current = try await check()
    #expect(current.status == 0)
    #expect(current.output == "a.md: current\n")

    let parameters = try await check("-P size=2")
    #expect(parameters.status == 1)
    #expect(parameters.output == "a.md: stale: the parameters differ\n")

    let document = try folder.text("a.md")
    try folder.write("a.md", document + "\nMore.\n")
    #expect(try await check().output == "a.md: stale: the document changed\n")
    try folder.write("a.md", document)

    try folder.write("data/events.csv", WorkFolder.smallLog + "8,2026-03-12T11:00:00Z,viewed,bob,5\n")
    #expect(try await check().output == "a.md: stale: the data changed\n")
    try folder.write("a.md", document + "\nMore.\n")
    #expect(try await check().output == "a.md: stale: the document changed, the data changed\n")
    try folder.write("a.md", document)
    try folder.write("data/events.csv", WorkFolder.smallLog)

    let older = try folder.text("a.html").replacing("Throughline 0.1.0", with: "Throughline 0.0.9")
    try folder.write("a.html", older)
    #expect(try await check().output == "a.md: stale: another version of throughline wrote it\n")

    try folder.write("a.html", report + Data(" ".utf8))
    let edited = try await check()
    #expect(edited.status == 1)
    #expect(edited.output.contains("the report was edited"))

    try folder.write("a.html", report)
    #expect(try await check().output == "a.md: current\n")
    // To check writes nothing.
    #expect(try folder.files() == ["a.html", "a.md", "data/events.csv", "throughline.yaml", "users.csv"])
  }

  @Test func `A changed dimension makes a report stale`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document(
      "a.md",
      """
      ```query counts
      from events |> join users using (user_id) |> aggregate count(*) as n group by users.country
      ```
      """)
    #expect(try await Command.run("render", in: folder).status == 0)
    try folder.write("users.csv", "user_id,country\nana,US\nbob,US\ncat,US\n")
    let check = try await Command.run("check", in: folder)
    #expect(check.status == 1)
    #expect(check.output == "a.md: stale: the data changed\n")
  }

  @Test func `Check gives 2 for an expectation and 1 for what is worse`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.tooMuch)
    #expect(try await Command.run("render", in: folder).status == 2)
    let check = try await Command.run("check", in: folder)
    #expect(check.status == 2)
    #expect(check.output == "a.md: current, but does not hold: too few events: sum(counts.n) is 7\n")
    try folder.document("b.md", Sample.mistake)
    let worse = try await Command.run("check", "b.md", "a.md", in: folder)
    #expect(worse.status == 1)
    #expect(worse.output.contains("b.md: cannot be verified: the document does not run\n"))
    #expect(worse.errors.contains("error[no-column]"))
  }
}
