import Foundation
import Testing

/// A document that asks for more than a machine has ends in a message, soon, and not in a crash.
@Suite(.timeLimit(.minutes(3)), .serialized) struct ExcessTests {
  private static let project = Result { try WorkFolder.shop(rows: 6000) }

  /// Renders a document with little memory allowed, in a process that cannot take all that there is.
  private func render(_ body: String, in other: WorkFolder? = nil) async throws -> Command.Result {
    let folder = try other ?? Self.project.get()
    let name = UUID().uuidString
    try folder.document("\(name).md", body)
    defer { try? folder.remove("\(name).md") }
    let run = try await Command.shell(
      "ulimit -v 8000000; exec $throughline render \(name).md --memory 20 --threads 2 --format md --out -",
      in: folder)
    #expect(run.isExit, "ended by signal \(run.status)")
    return run
  }

  private func expectRefusal(
    _ body: String, in folder: WorkFolder? = nil, _ message: String
  ) async throws {
    let run = try await render(body, in: folder)
    #expect(run.status == 1)
    #expect(run.errors.contains(message), "\(run.errors.prefix(600))")
  }

  private func query(_ text: String) -> String { "```query result\n\(text)\n```" }

  @Test(arguments: [
    "from copy |> cross join copy as other",
    "from copy |> extend 1 as one |> join same using (one)",
    "from events |> limit 9223372036854775807 |> cross join copy",
  ])
  func `Joins of everything with everything are refused`(_ text: String) async throws {
    let copies = """
      ```query copy {hide}
      from events |> aggregate count(*) as n group by event_id
      ```

      ```query same {hide}
      from copy |> extend 1 as one |> select one
      ```

      """
    try await expectRefusal(copies + "\n" + query(text), "MB")
  }

  @Test func `SQL of a document keeps within the memory too`() async throws {
    let sql = "select a.event_id as one, b.event_id as other from events as a cross join events as b"
    try await expectRefusal("```sql pairs\n\(sql)\n```", "the result needs more than 20 MB")
  }

  @Test func `The pairs of one entity are within the memory too`() async throws {
    let ids = "from events |> aggregate count(*) as n group by event_id |> limit 1000"
    let copy = "```query copy {hide}\n\(ids)\n```\n\n"
    let join = "from events |> cross join copy |> cross join copy as again |> aggregate count(*) as pairs"
    try await expectRefusal(copy + query(join), "the result needs more than 20 MB")
  }

  @Test func `Joins that would take for ever are refused though they keep nothing`() async throws {
    let folder = try WorkFolder.shop(rows: 16_000)
    let copy = "```query copy {hide}\nfrom events |> aggregate count(*) as n group by event_id\n```\n\n"
    let join = "from copy |> cross join copy as b |> cross join copy as c |> aggregate count(*) as pairs"
    try await expectRefusal(
      copy + query(join), in: folder, "a join makes at most 1,000,000,000 pairs of rows")
  }

  @Test(arguments: [
    "repeat('x', 9000000000000000000)", "repeat('x', 2000000000)", "lpad('x', 9000000000000000000, 'ab')",
    "rpad('x', 4000000000)", "repeat(repeat('x', 4000), 10000)",
    "replace(repeat('x', 10000), 'x', repeat('y', 10000))",
    "concat(repeat('x', 16000000), repeat('x', 16000000))",
  ])
  func `Texts without end are refused`(_ expression: String) async throws {
    try await expectRefusal(query("from events |> select \(expression) as x"), "a text has at most")
    try await expectRefusal("```compute\nlet x = \(expression)\n```", "a text has at most")
  }

  @Test func `Many long texts are refused`() async throws {
    try await expectRefusal(query("from events |> select repeat(cast(event_id as text), 100000) as x"), "MB")
    try await expectRefusal(
      query(
        "from events |> aggregate string_agg(cast(event_id as text), repeat('-', 100000)) as x group by user_id"
      ), "MB")
  }

  @Test func `What takes too long is given up`() async throws {
    // As many pairs as one thread cannot make in a second, and not so many that they are refused.
    let folder = try WorkFolder.shop(rows: 30_000)
    try folder.document(
      "long.md",
      """
      ```query copy {hide}
      from events |> aggregate count(*) as n group by event_id
      ```

      ```query pairs
      from copy |> cross join copy as other |> extend other_n * n as product |> aggregate sum(product) as n
      ```
      """)
    let run = try await Command.run(
      "render", "long.md", "--timeout", "1", "--threads", "1", "--out", "-", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.contains("computing was given up"), "\(run.errors.prefix(600))")
  }

  @Test(arguments: [
    "select sum(a.i * b.i + c.i) as n from range(1000000) a(i), range(1000000) b(i), range(9) c(i)",
    "select i as n from range(1000000000000) t(i)",
    "with recursive r as (select 1::hugeint as n union all select n + 1 from r) select sum(n) as n from r",
  ])
  func `SQL that takes too long is given up`(_ statement: String) async throws {
    let folder = try WorkFolder.shop()
    try folder.document("long.md", "```sql long\n\(statement)\n```\n")
    let run = try await Command.run("render", "long.md", "--timeout", "1", "--out", "-", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.contains("computing was given up before it was done"), "\(run.errors.prefix(600))")
  }

  @Test func `A pivot into very many columns is refused or shown`() async throws {
    let values = (0..<6000).map { "'e\($0)'" }.joined(separator: ", ")
    let run = try await render(
      query(
        "from events |> aggregate count(*) as n group by user_id, event |> pivot (sum(n) for event in (\(values)))"
      ))
    #expect(run.status == 0 || run.errors.contains("error["))
  }

  @Test func `Retention of very many periods ends`() async throws {
    let retention = { (count: String) in
      "from events |> retention start event = 'viewed', return event = 'bought' each day for \(count)"
    }
    #expect(try await render(query(retention("10000") + " |> aggregate count(*) as n")).status == 0)
    for count in ["10001", "1000000000", "9223372036854775807"] {
      try await expectRefusal(query(retention(count)), "error[too-many-periods]")
    }
  }

  /// An expression that is long, under a name that is short.
  struct LongExpression: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String

    init(_ unit: String, _ count: Int, _ core: String, after: String = "") {
      testDescription = "\(count) × '\(unit + after)'"
      text = String(repeating: unit, count: count) + core + String(repeating: after, count: count)
    }
  }

  @Test(arguments: [
    LongExpression("(", 5000, "1", after: ")"), LongExpression("abs(", 5000, "1", after: ")"),
    LongExpression("not ", 5000, "true"), LongExpression("- ", 5000, "1"),
    LongExpression("", 250_000, "1", after: " + 1"),
    LongExpression("case when true then ", 500, "1", after: " end"),
    LongExpression("[", 1000, "1"), LongExpression("", 5000, "events", after: ".x"),
    LongExpression("", 5000, "events", after: "[true]"),
  ])
  func `Long and deep expressions end in a message`(_ expression: LongExpression) async throws {
    var bodies = [query("from events |> where \(expression.text)")]
    if expression.text.utf8.count < 100_000 {
      bodies += ["```compute\nlet x = \(expression.text)\n```", "Inline: `= \(expression.text)`"]
    }
    for body in bodies {
      let run = try await render(body)
      #expect(run.status == 1)
      #expect(run.errors.contains("error["))
    }
  }

  @Test func `Queries of very many steps, and chains of them, end`() async throws {
    try await expectRefusal(
      query("from events" + String(repeating: " |> where true", count: 20_000)), "error[too-many-steps]")
    let steps = String(repeating: " |> extend price + 1 as more |> drop more", count: 90)
    #expect(try await render(query("from events" + steps)).status == 0)
    for form in ["from events |> where true", "from events |> aggregate count(*) as n group by event"] {
      var chain = "```query q0\n\(form)\n```\n"
      for number in 1...1500 {
        chain += "\n```query q\(number) {hide}\nfrom q\(number - 1) |> where true\n```\n"
      }
      let run = try await render(chain)
      #expect(run.status == 0 || run.errors.contains("error["), "\(run.errors.prefix(300))")
    }
  }

  @Test func `Names that stand on very many names end`() async throws {
    let lines = (1...2000).map { "let x\($0) = x\($0 - 1) + 1" }
    func document(_ lines: [String]) -> String {
      "```compute\nlet x0 = 0\n\(lines.joined(separator: "\n"))\n```\n\nThe last is `= x2000`."
    }
    #expect(try await render(document(lines)).status == 0)
    try await expectRefusal(document(lines.reversed()), "error[too-deep]")
  }

  @Test func `Markdown nested without end ends`() async throws {
    for text in [
      String(repeating: "> ", count: 20_000) + "x", String(repeating: "*a **b ", count: 20_000),
      String(repeating: "[", count: 50_000) + "x" + String(repeating: "](y)", count: 50_000),
      (0..<2000).map { String(repeating: " ", count: $0 * 2) + "- x" }.joined(separator: "\n"),
      String(repeating: "![", count: 50_000), "$" + String(repeating: "{", count: 50_000) + "$",
      "$$\n" + String(repeating: "\\frac{1}{", count: 20_000) + "1" + String(repeating: "}", count: 20_000)
        + "\n$$",
      String(repeating: "|a", count: 20_000) + "\n" + String(repeating: "|-", count: 20_000),
    ] {
      let run = try await render(text)
      #expect(run.status == 0 || run.errors.contains("error["))
    }
  }

  @Test func `YAML that unfolds without end ends`() async throws {
    var bomb = "a: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for number in 1...12 {
      let references = Array(repeating: "*a\(number - 1)", count: 9).joined(separator: ", ")
      bomb += "b\(number): &a\(number) [\(references)]\n"
    }
    let folder = try WorkFolder.shop()
    try folder.write("a.md", "---\ntitle: x\n\(bomb)---\n\nText.\n")
    let document = try await Command.run("render", "a.md", in: folder)
    #expect(document.isExit && document.status <= 1)
    try folder.document("b.md", "Text.")
    for yaml in [bomb, "sources: " + String(repeating: "[", count: 50_000), "sources: &a {b: *a}"] {
      try folder.write("throughline.yaml", yaml)
      let project = try await Command.run("render", "b.md", in: folder)
      #expect(project.isExit && project.status == 1)
      #expect(project.errors.contains("error["))
    }
  }
}

extension WorkFolder {
  /// A shop whose log has so many events, each of another time, of a hundredth as many people.
  fileprivate static func shop(rows: Int) throws -> WorkFolder {
    let folder = try shop()
    var log = "event_id,ts,event,user_id,price\n"
    for row in 0..<rows {
      let time = Date(timeIntervalSince1970: Double(1_770_000_000 + row * 60)).formatted(.iso8601)
      log +=
        "\(row),\(time),\(row % 3 == 0 ? "bought" : "viewed"),u\(row * 7919 % max(1, rows / 100)),\(row % 97)\n"
    }
    try folder.write("data/events.csv", log)
    return folder
  }
}
