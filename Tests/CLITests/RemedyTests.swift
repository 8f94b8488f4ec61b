import Foundation
import Testing

/// What commands say to who is not yet at home with them.
@Suite(.timeLimit(.minutes(3))) struct RemedyTests {
  @Test(
    arguments: [
      ("rendr x.md", "there is no command 'rendr'", "did you mean 'render'?"),
      ("frobnicate", "there is no command 'frobnicate'", "'throughline --help' lists what there is"),
      ("explain no-colum", "there is no diagnostic 'no-colum'", "did you mean 'no-column'?"),
      ("explain frobnicate", "there is no diagnostic 'frobnicate'", "a query starts with 'from'"),
      ("functions datee_trunc", "there is no function 'datee_trunc'", "did you mean 'date_trunc'?"),
      (
        "functions now", "there is no function 'now'",
        "a document cannot see the clock: give the day as a parameter, or take the log's last, 'max(ts)'"
      ),
      ("query 'from events' --source shp", "there is no source 'shp'", "did you mean 'shop'?"),
    ])
  func `A name that is not known gets a remedy`(
    _ arguments: String, _ message: String, _ hint: String
  ) async throws {
    let folder = try WorkFolder.shop()
    let run = try await Command.shell("$throughline \(arguments)", in: folder)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(run.errors == "error: \(message)\n  hint: \(hint)\n")
  }

  @Test func `Functions are found by what others call them, in lines of a page's width`() async throws {
    let folder = try WorkFolder()
    let mean = try await Command.run("functions", "mean", in: folder)
    #expect(mean.output.contains("\n  avg(x integer) → double\n"))
    let date = try await Command.run("functions", "date", in: folder)
    #expect(date.output.contains("      try_date('?')  →  null\n"))
    let prose = date.output.split(separator: "\n").filter { !$0.contains("→") }
    #expect(prose.allSatisfy { $0.count <= 100 })
  }

  @Test func `The example in the help runs in a shell as it stands`() async throws {
    let folder = try WorkFolder.shop()
    let help = try await Command.run("explain", "--help", in: folder)
    let example = try #require(help.output.firstMatch(of: /throughline (explain "[^\n]*")/)).1
    let run = try await Command.shell("$throughline \(example)", in: folder)
    #expect(run.status == 0)
    #expect(run.output.contains("event = 'purchase'"))
  }

  @Test func `A file without front matter is refused by its name and left out of folders`() async throws {
    let folder = try WorkFolder.shop()
    try folder.write("README.md", "# What this is\n")
    try folder.document("a.md", Sample.counts)
    for command in ["render", "check"] {
      let run = try await Command.run(command, "README.md", in: folder)
      #expect(run.status == 64)
      #expect(
        run.errors
          == "error: 'README.md' is not a document\n  hint: a document starts with front matter, a line of '---'\n"
      )
    }
    #expect(try await Command.run("render", in: folder).status == 0)
    #expect(folder.exists("a.html"))
    #expect(!folder.exists("README.html"))
  }

  @Test func `A new document reads the source that the project file names first`() async throws {
    let folder = try WorkFolder.shop()
    let files = "{events: data/*.csv, entity: user_id, time: ts, event: event}"
    try folder.write("throughline.yaml", "sources:\n  web: \(files)\n  app: \(files)\n")
    #expect(try await Command.run("new", "question.md", in: folder).status == 0)
    #expect(try folder.text("question.md").contains("\nsource: web\n"))
    #expect(try await Command.run("render", "question.md", in: folder).status == 0)
  }

  @Test func `What can be made again is kept out of repositories`() async throws {
    let folder = try WorkFolder.shop()
    #expect(try await Command.run("sources", in: folder).status == 0)
    #expect(try folder.text(".throughline/.gitignore") == "*\n")
    try folder.write(".throughline/.gitignore", "stores\n")
    #expect(try await Command.run("sources", in: folder).status == 0)
    #expect(try folder.text(".throughline/.gitignore") == "stores\n")
  }

  @Test func `A source that cannot be read is told of at its place`() async throws {
    let folder = try WorkFolder.shop()
    try folder.remove("data/events.csv")
    let run = try await Command.run("sources", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.contains("error[source]: source 'shop' cannot be opened"))
    #expect(run.errors.contains("throughline.yaml:3:3"))
  }

  @Test func `A parameter of the command line that does not read is told of as such`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document(
      "a.md", "`= lift`", frontMatter: "params:\n  lift: {type: number, default: 0.05}")
    let run = try await Command.run("render", "a.md", "-P", "lift=abc", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.contains("error[bad-parameter]: '-P lift=abc': 'abc' does not read as a number\n"))
  }

  @Test func `Options stand where they have an effect`() async throws {
    let folder = try WorkFolder.shop()
    for command in ["sources", "explain"] {
      let help = try await Command.run(command, "--help", in: folder)
      #expect(!help.output.contains("--param"))
      #expect(!help.output.contains("--timeout"))
      #expect(help.output.contains("--threads"))
    }
  }

  @Test func `check shows warnings and stays content`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", "```query steps\nfrom events |> where event = 'boght'\n```")
    #expect(try await Command.run("render", in: folder).status == 0)
    let run = try await Command.run("check", in: folder)
    #expect(run.status == 0)
    #expect(run.output == "a.md: current\n")
    #expect(run.errors.contains("warning[unseen-event]: no event named 'boght' is in the log"))
  }
}
