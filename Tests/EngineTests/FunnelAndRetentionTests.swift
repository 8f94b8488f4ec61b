import EventStore
import Functions
import Planning
import Testing
import Values

@testable import Engine

@Suite struct FunnelAndRetentionTests {
  private let hour: Int64 = 3_600_000_000

  /// A log of events of entities at whole hours, with a colour.
  private func log(_ rows: [(String, Int64, String, String?)]) throws -> EventLog {
    let start = Calendar.day(year: 2026, month: 3, day: 2) * Calendar.microsecondsPerDay
    let table = Table(
      schema: schema,
      columns: [
        Column(.text, rows.map { .text($0.0) }),
        Column(.timestamp, rows.map { .timestamp(start + $0.1 * hour) }),
        Column(.text, rows.map { .text($0.2) }), Column(.text, rows.map { $0.3.map { .text($0) } ?? .null }),
      ])
    return try EventLog(
      table: table, roles: LogRoles(entity: "user", time: "ts", event: "event"), fingerprint: "test")
  }

  private let schema: Schema = [
    Field("user", .text), Field("ts", .timestamp), Field("event", .text), Field("colour", .text),
  ]

  private var events: Plan {
    .events(EventsPlan(source: "log", schema: schema, log: LogColumns(entity: 0, time: 1, event: 2)))
  }

  /// The table of a plan, which is the same however the log is divided.
  private func table(_ plan: Plan, _ log: EventLog) throws -> Table {
    var tables: [Table] = []
    for chunking in [
      Chunking(), Chunking(morselRows: 1, batchRows: 1), Chunking(morselRows: 4, batchRows: 2),
    ] {
      var inputs = ExecutionInputs(logs: ["log": log], context: EvaluationContext(timeZone: .utc))
      inputs.chunking = chunking
      tables.append(try Engine.run([plan], inputs: inputs)[0].get())
    }
    for other in tables.dropFirst() { #expect(rows(other) == rows(tables[0])) }
    #expect(tables[0].schema == plan.schema)
    return tables[0]
  }

  private func rows(_ table: Table) -> [[Scalar]] { (0..<table.count).map { table.row($0) } }

  private func step(_ name: String) -> FunnelPlan.Step {
    FunnelPlan.Step(name: name, condition: call("=", event, text(name)), isImmediate: false)
  }

  private let shopping: [(String, Int64, String, String?)] = [
    ("u1", 0, "view", "red"), ("u1", 1, "cart", "blue"), ("u1", 3, "buy", "red"),
    ("u2", 0, "view", nil), ("u2", 5, "cart", "red"),
    ("u3", 2, "view", "red"), ("u3", 90, "cart", "red"),
    ("u4", 7, "cart", "red"), ("u4", 8, "other", nil), ("u5", 99, "view", nil),
  ]

  @Test func aFunnelCountsEntitiesByStepAndGroup() throws {
    let steps = ["view", "cart", "buy"].map(step)
    let plain = try table(.funnel(FunnelPlan(input: events, steps: steps, within: 24 * hour)), log(shopping))
    #expect(plain.kind == .funnel)
    #expect(
      rows(plain) == [
        [.text("view"), .integer(4), .double(1), .double(1), .null],
        [.text("cart"), .integer(2), .double(0.5), .double(0.5), .duration(3 * hour)],
        [.text("buy"), .integer(1), .double(0.25), .double(0.5), .duration(2 * hour)],
      ])
    let colour = named("colour", .column(3, .text))
    let grouped = FunnelPlan(input: events, steps: steps, within: 24 * hour, groups: [colour])
    #expect(
      rows(try table(.funnel(grouped), log(shopping))).map { $0[0...2] } == [
        [.text("red"), .text("view"), .integer(3)], [.text("red"), .text("cart"), .integer(2)],
        [.text("red"), .text("buy"), .integer(1)], [.null, .text("view"), .integer(1)],
        [.null, .text("cart"), .integer(0)], [.null, .text("buy"), .integer(0)],
      ])
    let atCart = FunnelPlan(
      input: events, steps: steps, within: 24 * hour, groups: [colour], breakdown: .step(1))
    #expect(
      rows(try table(.funnel(atCart), log(shopping))).map { $0[2] }
        == [1, 1, 1, 1, 1, 0].map { .integer($0) })
    let nobody = Plan.funnel(
      FunnelPlan(input: .filter(events, call("=", event, text("none"))), steps: steps, within: nil))
    #expect(rows(try table(nobody, log([])))[0] == [.text("view"), .integer(0), .null, .null, .null])
  }

  @Test func attemptsAreCountedAndSomeAreOpen() throws {
    let plan = FunnelPlan(
      input: events, steps: ["view", "cart"].map(step), within: 24 * hour, counting: .attempts)
    // The data ends at the 99th hour: the attempt of u5 may still become one that converts.
    let found = rows(try table(.funnel(plan), log(shopping)))
    #expect(found[0][0...2] == [.text("view"), .integer(4), .integer(1)])
    #expect(found[1][0...2] == [.text("cart"), .integer(2), .integer(0)])
  }

  @Test func retentionKnowsWhatHasNotEnded() throws {
    let visits: [(String, Int64, String, String?)] = [
      ("a", 1, "join", "red"), ("a", 3, "visit", nil), ("a", 30, "visit", nil),
      ("b", 2, "join", nil), ("b", 60, "visit", nil), ("c", 25, "join", "red"), ("c", 49, "visit", nil),
      ("d", 71, "visit", nil),
    ]
    let plan = RetentionPlan(
      input: events, start: call("=", event, text("join")), comeback: call("=", event, text("visit")),
      unit: .day, periods: 2)
    let monday = Calendar.day(year: 2026, month: 3, day: 2)
    let found = try table(.retention(plan), log(visits))
    #expect(found.kind == .retention)
    // The data ends on the evening of the third day, which has not ended.
    #expect(
      rows(found) == [
        [.date(monday), .integer(0), .integer(2), .integer(1), .double(0.5)],
        [.date(monday), .integer(1), .integer(2), .integer(1), .double(0.5)],
        [.date(monday), .integer(2), .integer(0), .null, .null],
        [.date(monday + 1), .integer(0), .integer(1), .integer(0), .double(0)],
        [.date(monday + 1), .integer(1), .integer(0), .null, .null],
        [.date(monday + 1), .integer(2), .integer(0), .null, .null],
      ])
    let grouped = RetentionPlan(
      input: events, start: plan.start, comeback: plan.comeback, unit: .day, periods: 0,
      range: call(
        ">", time, .literal(.timestamp(monday * Calendar.microsecondsPerDay + 2 * hour), .timestamp)),
      groups: [named("colour", .column(3, .text))])
    #expect(
      rows(try table(.retention(grouped), log(visits))) == [
        [.text("red"), .date(monday + 1), .integer(0), .integer(1), .integer(0), .double(0)]
      ])
  }
}
