import Foundation
import Testing

/// The commands beside `render` and `check`.
@Suite(.timeLimit(.minutes(3))) struct CommandTests {
  @Test func `A query is printed as a table, as CSV or as JSON`() async throws {
    let folder = try WorkFolder.shop()
    let query = """
      $throughline query 'from events |> aggregate count(*) as n, sum(price) as total group by event, \
      if(user_id = '"'ana'"', '"'a, \\"a\\"'"', null) as who'
      """
    let table = try await Command.shell(query, in: folder)
    #expect(
      table.output == """
        event   who     n  total
        ──────  ──────  ─  ─────
        bought  a, "a"  1   10.5
        bought  –       1      7
        viewed  a, "a"  2   12.5
        viewed  –       3      8

        """)
    #expect(table.errors.isEmpty)
    let csv = try await Command.shell(query + " --format csv", in: folder)
    #expect(
      csv.output == """
        event,who,n,total
        bought,"a, ""a""\",1,10.5
        bought,,1,7
        viewed,"a, ""a""\",2,12.5
        viewed,,3,8

        """)
    let json = try await Command.shell(query + " --format json", in: folder)
    #expect(
      json.output == #"""
        {"event":"bought","who":"a, \"a\"","n":1,"total":10.5}
        {"event":"bought","who":null,"n":1,"total":7}
        {"event":"viewed","who":"a, \"a\"","n":2,"total":12.5}
        {"event":"viewed","who":null,"n":3,"total":8}

        """#)
    for run in [table, csv, json] { #expect(run.status == 0) }
  }

  @Test func `Times without a zone are in UTC whatever the project's zone, unless the source says another`()
    async throws
  {
    for (zone, hour) in [("", "23:30"), ("    timezone: Europe/Berlin\n", "22:30")] {
      let folder = try WorkFolder()
      try folder.write(
        "throughline.yaml",
        "timezone: Europe/Berlin\nsources:\n  shop:\n    events: e.csv\n    entity: user\n    time: ts\n    event: event\n"
          + zone)
      try folder.write(
        "e.csv", "user,ts,event\nana,2026-01-05 23:30:00,viewed\nana,2026-01-05 23:30:00+00,viewed\n")
      let run = try await Command.run(
        "query", "from events |> select ts |> order by ts |> limit 1", "--format", "csv", in: folder)
      #expect(run.status == 0)
      #expect(run.output == "ts\n2026-01-05T\(hour):00Z\n")
    }
  }

  @Test func `A query with a mistake gives 1 and nothing on standard output`() async throws {
    let folder = try WorkFolder.shop()
    let run = try await Command.run("query", "from events |> wher price > 1", in: folder)
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("query:1:16"))
    let source = try await Command.run("query", "from events", "--source", "shoop", in: folder)
    #expect(source.status == 64)
    #expect(source.errors == "error: there is no source 'shoop'\n  hint: did you mean 'shop'?\n")
  }

  @Test func `Without a project there are no events, and the message says why`() async throws {
    let folder = try WorkFolder()
    for arguments in ["query 'from events'", "explain 'from events'", "sources"] {
      let run = try await Command.shell("$throughline \(arguments)", in: folder)
      #expect(run.status == 64)
      #expect(
        run.errors
          == "error: there is no throughline.yaml with sources in '.' or above\n"
          + "  hint: '--project' names the folder of a project\n")
    }
  }

  @Test func `With several sources the one is named`() async throws {
    let folder = try WorkFolder.shop()
    let files = "{events: data/*.csv, entity: user_id, time: ts, event: event}"
    try folder.write("throughline.yaml", "sources:\n  one: \(files)\n  two: \(files)\n")
    let run = try await Command.run("query", "from events", in: folder)
    #expect(run.status == 64)
    #expect(
      run.errors == "error: the project has several sources\n  hint: '--source' names one: 'one', 'two'\n")
    let named = try await Command.run(
      "query", "from events |> aggregate count(*) as n", "--source", "two", "--format", "csv", in: folder)
    #expect(named.output == "n\n8\n")
  }

  @Test func `A query is explained as a plan, and a diagnostic by its page`() async throws {
    let folder = try WorkFolder.shop()
    let plan = try await Command.run("explain", "from events |> where price > 5", in: folder)
    #expect(plan.status == 0)
    #expect(plan.output.contains("where price > 5"))
    #expect(plan.output.contains("7 rows of 3 entities"))
    let mistaken = try await Command.run("explain", "from events |> where prize > 5", in: folder)
    #expect(mistaken.status == 1)
    #expect(mistaken.errors.contains("did you mean 'price'?"))
    let page = try await Command.run("explain", "no-column", in: folder)
    #expect(page.status == 0)
    #expect(page.output.hasPrefix("no-column\n\n"))
  }

  @Test func `Sources are described`() async throws {
    let folder = try WorkFolder.shop()
    for arguments in ["sources", "sources shop"] {
      let run = try await Command.shell("$throughline \(arguments)", in: folder)
      #expect(run.status == 0)
      let lines = run.output.split(separator: "\n").map { $0.drop { $0 == " " } }
      #expect(
        lines.filter { !$0.hasPrefix("fingerprint") } == [
          "shop", "files        1 (1 kB)", "rows         7", "entities     3 by 'user_id'",
          "times        2026-03-02 10:00 to 2026-03-12 10:00", "duplicates   1 left out", "events",
          "5  viewed",
          "2  bought", "properties", "event_id  integer", "ts        timestamp", "event     text",
          "user_id   text", "price     double, 14.3% missing", "dimension users: 3 rows, user_id, country",
        ])
    }
  }

  @Test func `A source whose files are not there is told, and the others are described`() async throws {
    let folder = try WorkFolder.shop()
    try folder.write(
      "throughline.yaml",
      try folder.text("throughline.yaml")
        + "  gone: {events: nowhere/*.csv, entity: user_id, time: ts, event: event}\n")
    let run = try await Command.run("sources", in: folder)
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("shop\n"))
    #expect(run.errors.contains("error[source]: source 'gone' cannot be opened"))
  }

  @Test func `Functions are listed with signatures and examples`() async throws {
    let folder = try WorkFolder()
    let all = try await Command.run("functions", in: folder)
    #expect(all.status == 0)
    #expect(all.output.hasPrefix("AGGREGATE\n") || all.output.contains("\nAGGREGATE\n"))
    let one = try await Command.run("functions", "sample_size", in: folder)
    #expect(one.status == 0)
    #expect(one.output.contains("  sample_size("))
    #expect(one.output.count < 4000)
  }

  // MARK: New

  @Test(arguments: [true, false])
  func `A new document renders as it is and is never overwritten`(_ hasProject: Bool) async throws {
    let folder = hasProject ? try WorkFolder.shop() : try WorkFolder()
    let run = try await Command.run("new", "deep/my-bet", in: folder)
    #expect(run.status == 0)
    #expect(run.errors == "wrote deep/my-bet.md; render it with: throughline render deep/my-bet.md\n")
    let text = try folder.text("deep/my-bet.md")
    #expect(text.contains("title: \"My bet\""))
    #expect(try await Command.run("render", "deep/my-bet.md", in: folder).status == 0)
    #expect(try await Command.run("check", "deep", in: folder).status == 0)
    let again = try await Command.run("new", "deep/my-bet.md", in: folder)
    #expect(again.status == 64)
    #expect(again.errors == "error: 'deep/my-bet.md' exists and is left as it is\n")
    #expect(try folder.text("deep/my-bet.md") == text)
  }

  @Test func `The title of a new document may be anything`() async throws {
    let folder = try WorkFolder()
    let title = #"Is "50% off: #1" \ worth it? <b>{{title}}</b>"#
    #expect(try await Command.run("new", "a.md", "--title", title, in: folder).status == 0)
    #expect(try await Command.run("render", "a.md", in: folder).status == 0)
    let report = try folder.text("a.html")
    #expect(report.contains("<h1>Is &quot;50% off: #1&quot; \\ worth it? &lt;b&gt;{{title}}&lt;/b&gt;</h1>"))
  }

  @Test func `A new document that cannot be written is told in a line`() async throws {
    let folder = try WorkFolder.shop()
    let run = try await Command.run("new", "users.csv/a.md", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("error: 'users.csv/a.md' cannot be written: "))
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  // MARK: Help

  @Test func `The version is told`() async throws {
    let run = try await Command.run("--version", in: try WorkFolder())
    #expect(run.status == 0)
    #expect(run.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }

  @Test(arguments: ["render", "check", "query", "sources", "explain", "functions", "new", "simulate"])
  func `Help of a command says what it does and names every option`(_ command: String) async throws {
    let folder = try WorkFolder()
    let long = try await Command.run(command, "--help", in: folder)
    #expect(long.status == 0)
    #expect(long.errors.isEmpty)
    #expect(long.output.hasPrefix("OVERVIEW: "))
    #expect(long.output.contains("USAGE: throughline \(command)"))
    #expect(long.output.split(separator: "\n").allSatisfy { $0.count <= 250 })
    // Every option and argument has a help text: the line goes on, or the next one is indented deeper.
    let lines = long.output.split(separator: "\n", omittingEmptySubsequences: false)
    for (line, next) in zip(lines, lines.dropFirst()) where line.hasPrefix("  -") || line.hasPrefix("  <") {
      #expect(line.count > 26 || next.hasPrefix(String(repeating: " ", count: 26)), "\(line)")
    }
    #expect(try await Command.run("help", command, in: folder).output == long.output)
    #expect(try await Command.run("--help", in: folder).output.contains("\n  \(command) "))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `There is a completion script for a shell`(_ shell: String) async throws {
    let folder = try WorkFolder()
    let run = try await Command.run("--generate-completion-script", shell, in: folder)
    #expect(run.status == 0)
    #expect(run.output.contains("throughline"))
    for command in ["render", "simulate"] { #expect(run.output.contains(command)) }
    try folder.write("script", run.output)
    let check = try await Command.shell(
      "command -v \(shell) >/dev/null || exit 0; \(shell) -n script", in: folder)
    #expect(check.status == 0 && check.errors.isEmpty)
  }
}
