import Foundation
import Testing

/// What the exit status says, and what is left behind when something went wrong.
@Suite(.timeLimit(.minutes(3))) struct ExitStatusTests {
  @Test func `A document that runs gives 0 and a report`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("ok.md", Sample.counts)
    let run = try await Command.run("render", "ok.md", in: folder)
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    #expect(run.errors == "ok.md → ok.html\n")
    #expect(try folder.text("ok.html").contains("There are <data"))
  }

  @Test func `A mistake gives 1, and the last good report stays`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    #expect(try await Command.run("render", "a.md", in: folder).status == 0)
    let report = try folder.data("a.html")
    try folder.document("a.md", Sample.mistake)
    let run = try await Command.run("render", "a.md", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.contains("error[no-column]: no column named 'evnt'"))
    #expect(run.errors.contains("a.md:6:49"))
    #expect(run.errors.contains("did you mean 'event'?"))
    #expect(try folder.data("a.html") == report)
    #expect(try folder.files() == ["a.html", "a.md", "data/events.csv", "throughline.yaml", "users.csv"])
  }

  @Test func `An expectation that does not hold gives 2 and a report that says so`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.tooMuch)
    let run = try await Command.run("render", "a.md", in: folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("a.md: expectation does not hold: too few events: sum(counts.n) is 7"))
    #expect(try folder.text("a.html").contains("too few events"))
  }

  @Test(arguments: [
    (["ok", "expects"], 2), (["ok", "mistake"], 1), (["mistake", "expects"], 1), (["expects", "mistake"], 1),
    (["expects", "ok"], 2), (["mistake", "ok", "expects"], 1),
  ])
  func `The worst of several documents counts, and each is rendered`(
    _ names: [String], _ status: Int
  ) async throws {
    let folder = try WorkFolder.shop()
    try folder.document("ok.md", Sample.counts)
    try folder.document("expects.md", Sample.tooMuch)
    try folder.document("mistake.md", Sample.mistake)
    let script = "$throughline render \(names.map { $0 + ".md" }.joined(separator: " "))"
    #expect(try await Command.shell(script, in: folder).status == status)
    for name in names { #expect(folder.exists("\(name).html") == (name != "mistake")) }
  }

  @Test(arguments: [
    "bogus", "render --format pdf", "render nothing-here.md", "render --threads 0", "render --threads x",
    "render --memory 0", "render -P country", "render --out", "render empty", "check nothing-here.md",
    "query", "query 'from events' --format yaml", "query 'from events' --project nothing-here",
    "explain no-such-diagnostic", "functions no_such_function", "sources nothing", "new", "new taken",
    "simulate nothing-here.yaml", "simulate throughline.yaml --people -1",
    "render a/same.md b/same.md --out site",
  ])
  func `Wrong usage gives 64, a reason, and no file`(_ arguments: String) async throws {
    let folder = try WorkFolder.shop()
    try FileManager.default.createDirectory(at: folder["empty"], withIntermediateDirectories: true)
    try folder.document("taken.md", Sample.counts)
    try folder.document("a/same.md", Sample.counts)
    try folder.document("b/same.md", Sample.counts)
    let before = try folder.files()
    let run = try await Command.shell("$throughline \(arguments)", in: folder)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(run.errors.lowercased().hasPrefix("error: "))
    #expect(!run.errors.contains("Domain"))
    #expect(try folder.files() == before)
  }

  // MARK: The environment refuses

  @Test func `A report that cannot be written is told in a line, and other documents have theirs`()
    async throws
  {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    try folder.document("b.md", Sample.counts)
    try FileManager.default.createDirectory(at: folder["a.html"], withIntermediateDirectories: true)
    let before = try folder.files()
    let run = try await Command.run("render", "a.md", "b.md", in: folder)
    #expect(run.status == 1)
    #expect(
      run.errors == """
        error: 'a.html' cannot be written: is a directory
          hint: '--out' names another folder for the reports
        b.md → b.html

        """)
    #expect(try folder.files() == (before + ["b.html"]).sorted())
  }

  @Test func `A folder for reports that cannot be made is told in a line`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    for out in ["a.md", "a.md/below"] {
      let run = try await Command.run("render", "a.md", "--out", out, in: folder)
      #expect(run.status == 1)
      #expect(run.errors.hasPrefix("error: '\(out)/a.html' cannot be written: "))
      #expect(run.errors.split(separator: "\n").count == 2)
      #expect(!run.errors.contains("Domain"))
    }
  }

  @Test func `A folder that cannot be written to is told in a line`() async throws {
    guard getuid() != 0 else { return }  // Nothing is forbidden to root.
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    try FileManager.default.createDirectory(at: folder["site"], withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder["site"].path)
    let run = try await Command.run("render", "a.md", "--out", "site", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("error: 'site/a.html' cannot be written: permission denied\n"))
  }

  @Test func `A document that cannot be read is told in a line, and others have their reports`() async throws
  {
    let folder = try WorkFolder.shop()
    try folder.document("b.md", Sample.counts)
    // A file that is there and that nobody can read, not even root: one that says so itself.
    try FileManager.default.createSymbolicLink(
      atPath: folder["a.md"].path, withDestinationPath: "/proc/self/mem")
    let run = try await Command.run("render", "a.md", "b.md", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("error: 'a.md' cannot be read: "))
    #expect(run.errors.hasSuffix("b.md → b.html\n"))
  }

  @Test func `A store that cannot be made is a mistake of the document's source`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    try folder.write(".throughline", "in the way")
    // Where the project's folder cannot be written, a store for the run alone is made among the temporary files.
    let run = try await Command.run(
      "render", "a.md", in: folder, environment: ["TMPDIR": folder[".throughline"].path])
    #expect(run.status == 1)
    #expect(run.errors.contains("error[source]: source 'shop' cannot be opened"))
    // Where lines are broken depends on how long the folder's path is.
    let words = run.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("for event stores cannot be written: not a directory"))
    #expect(!folder.exists("a.html"))
  }

  @Test func `Bytes that are not text are shown as such, and are told`() async throws {
    let folder = try WorkFolder.shop()
    try folder.write("a.md", Data("---\ntitle: A\n---\n\nzero \u{0} ".utf8) + Data([0xFF, 0xFE, 0xC3]))
    let run = try await Command.run("render", "a.md", in: folder)
    #expect(run.status == 0)
    #expect(run.errors.contains("warning[not-text]"))
    #expect(try folder.text("a.html").contains("zero \u{FFFD} \u{FFFD}"))
  }

  @Test func `A template with a mistake is told with its line`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    try folder.write("templates/report.mustache", "<p>\n{{#title}}\n")
    let run = try await Command.run("render", "a.md", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("error: report.mustache:"))
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(!folder.exists("a.html"))
  }

  @Test func `A project file with a mistake is told for whatever uses it`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    try folder.write("throughline.yaml", "sources: [\n")
    for arguments in ["render a.md", "sources", "query 'from events'", "check"] {
      let run = try await Command.shell("$throughline \(arguments)", in: folder)
      #expect(run.status == 1)
      #expect(run.errors.contains("error[bad-yaml]"))
    }
  }
}
