import EventStore
import Functions
import Planning
import Testing
import Values

@testable import Engine

/// The tables that funnels give.
struct FunnelTableTests {
  @Test(arguments: OperatorCases.of("funnel_breakdown"))
  func breakdown(_ known: OperatorCases.Case) throws {
    let log = try known.log(property: try #require(known.options.breakdown))
    let steps = try #require(known.options.steps)
    let plan = FunnelPlan(
      input: known.events(log), steps: steps.map { step($0[0], isEvent($0)) },
      within: known.options.window.map { $0 * 1_000_000 }, groups: [named("c", country)],
      breakdown: known.options.attribution == "first" ? .first : .step(1))
    let found = try rows(.funnel(plan), log).map { Array($0[0...2]) }
    let expected = known.expected.flatMap { group in
      zip(steps, group.counts ?? []).map { step, count -> [Scalar] in
        [group.value == "(none)" ? .null : .text(group.value ?? ""), .text(step[0]), .integer(count)]
      }
    }
    // The cases have entities without a value first, a table has them last.
    #expect(found == expected.filter { $0[0] != .null } + expected.filter { $0[0] == .null })
  }

  @Test func ratesAndTimes() throws {
    let log = try log([
      ("a", 0, "view"), ("a", 10, "cart"), ("a", 30, "buy"), ("b", 0, "view"), ("b", 30, "cart"),
      ("c", 5, "view"),
      ("d", 1, "cart"), ("e", 7, "view"),
    ])
    let expected: [[Scalar]] = [
      [.text("view"), .integer(4), .double(1), .double(1), .null],
      [.text("cart"), .integer(2), .double(0.5), .double(0.5), .duration(20_000_000)],
      [.text("buy"), .integer(1), .double(0.25), .double(0.5), .duration(20_000_000)],
    ]
    #expect(try rows(.funnel(plan(log)), log) == expected)
  }

  @Test func aLogWithoutFirstSteps() throws {
    let expected: [[Scalar]] = ["view", "cart", "buy"].map { [.text($0), .integer(0), .null, .null, .null] }
    let empty = try log([])
    #expect(try rows(.funnel(plan(empty)), empty) == expected)
    let other = try log([("a", 0, "cart"), ("b", 0, "buy")])
    #expect(try rows(.funnel(plan(other)), other) == expected)
    #expect(try rows(.funnel(plan(other, groups: [named("user", user)])), other) == [])
  }

  @Test func attemptsAndThoseStillOpen() throws {
    let log = try log([
      ("a", 0, "view"), ("a", 10, "cart"), ("a", 15, "buy"), ("a", 20, "view"), ("a", 100, "view"),
      ("a", 103, "cart"),
      ("b", 150, "-"),
    ])
    // One converted, one timed out after its first step, one is open at its second.
    let plan = plan(log, within: 50, counting: .attempts)
    let expected: [[Scalar]] = [
      [.text("view"), .integer(3), .integer(1), .double(1), .double(1)],
      [.text("cart"), .integer(2), .integer(1), .double(2 / 3), .double(2 / 3)],
      [.text("buy"), .integer(1), .integer(0), .double(1 / 3), .double(0.5)],
    ]
    #expect(try rows(.funnel(plan), log).map { Array($0[0...4]) } == expected)
  }

  /// However the log is divided, the table is what counting entity by entity gives.
  @Test(arguments: [FunnelPlan.Counting.entities, .attempts], [FunnelPlan.Breakdown.first, .last, .step(1)])
  func randomLogs(_ counting: FunnelPlan.Counting, _ breakdown: FunnelPlan.Breakdown) throws {
    let steps = [
      step("view", isEvent(["view", "open"])), step("open", isEvent(["open", "zeta"]), isImmediate: true),
      step("buy", isEvent(["buy"])),
    ]
    let plan = FunnelPlan(
      input: .filter(events, call("<>", event, text("a b"))), steps: steps, within: 12 * 3_600_000_000,
      exclusions: [FunnelPlan.Exclusion(condition: call(">", amount, integer(2)), after: 1, before: 2)],
      same: [flag], counting: counting, groups: [named("country", country)], breakdown: breakdown)
    for (size, seed) in [(1, 1), (60, 2), (900, 3)] as [(Int, UInt64)] {
      let log = try RandomLog.log(rows: size, seed: seed)
      let expected = try countOneByOne(plan, log)
      for chunking in [
        Chunking(morselRows: 1, batchRows: 1), Chunking(morselRows: 70, batchRows: 11), Chunking(),
      ] {
        var inputs = inputs(log)
        inputs.chunking = chunking
        let table = try Engine.run([.funnel(plan)], inputs: inputs)[0].get()
        #expect((0..<table.count).map { table.row($0) } == expected)
        #expect(table.kind == .funnel)
        #expect(table.schema == Plan.funnel(plan).schema)
      }
      #expect(size < 60 || expected.contains { $0[2] != .integer(0) })
    }
  }

  /// What nobody reads is not computed, and what is read is the same, whoever else reads of the same funnel.
  @Test(arguments: [FunnelPlan.Counting.entities, .attempts], [[], [named("amount", amount)]])
  func columnsThatAreRead(_ counting: FunnelPlan.Counting, _ groups: [NamedExpr]) throws {
    let log = try RandomLog.log(rows: 400, seed: 21)
    let funnel = Plan.funnel(
      FunnelPlan(
        input: events,
        steps: [
          step("viewed", isEvent(["view"])), step("opened", isEvent(["open", "view"])),
          step("bought", isEvent(["buy"])),
        ], within: 30 * 3_600_000_000, counting: counting, groups: groups))
    let schema = funnel.schema
    func columns(_ positions: [Int], of plan: Plan) -> Plan {
      .project(plan, positions.map { NamedExpr(schema[$0], .column($0, schema[$0].type)) })
    }
    let all = try rows(funnel, log)
    let last = schema.count - 1
    #expect(all.contains { $0[last] != .null })
    let isReached = call(">", .column(last - 3, .integer), .literal(.integer(0), .integer))
    let isTimed = call(">", .column(last, .duration), .literal(.duration(0), .duration))
    let counted = columns(Array(0..<last), of: funnel)
    let plans: [(Plan, [[Scalar]])] = [
      (counted, all.map { Array($0[..<last]) }), (columns([last], of: funnel), all.map { [$0[last]] }),
      (
        columns([last - 3], of: .filter(funnel, isReached)),
        all.filter { $0[last - 3] != .integer(0) }.map { [$0[last - 3]] }
      ),
      (
        columns([0], of: .filter(funnel, isTimed)),
        all.filter { $0[last] != .null && $0[last] != .duration(0) }.map { [$0[0]] }
      ),
      (
        .project(
          .extend(funnel, [named("time", .column(last, .duration))]),
          [named("time", .column(last + 1, .duration))]),
        all.map { [$0[last]] }
      ),
      (.limit(funnel, count: 2, offset: 0), Array(all.prefix(2))), (funnel, all),
    ]
    for (plan, expected) in plans { #expect(try rows(plan, log) == expected) }
    let together = Engine.run([counted] + plans.map(\.0), inputs: inputs(log))
    for (table, expected) in zip(together.dropFirst(), plans.map(\.1)) {
      #expect(try table.get().plainRows == expected)
    }
  }

  private func countOneByOne(_ plan: FunnelPlan, _ log: EventLog) throws -> [[Scalar]] {
    let oracle = Oracle(log: log, context: EvaluationContext(timeZone: .utc))
    var matches: [(key: Scalar, times: [Int64], isOpen: Bool)] = []
    let watermark = try oracle.rows(events).compactMap { $0[1].integral }.max() ?? 0
    for (_, rows) in Dictionary(grouping: try oracle.rows(plan.input), by: { $0[0] }) {
      func mask(_ condition: Expr) throws -> [UInt8] {
        try rows.map { try oracle.value(condition, $0) == .boolean(true) ? 1 : 0 }
      }
      let numbers: [Scalar: UInt32] = [.boolean(false): 1, .boolean(true): 2]
      var list = FunnelRows(
        FunnelRules(plan), times: rows.map { $0[1].integral ?? 0 },
        steps: words(try plan.steps.map { try mask($0.condition) }),
        exclusions: words(try plan.exclusions.map { try mask($0.condition) }), entityStarts: [0, rows.count],
        values: rows.map { numbers[$0[6], default: 0] })
      var matcher = FunnelMatcher(FunnelRules(plan))
      var found: [(FunnelMatch, Bool)] = []
      if plan.counting == .attempts {
        found = matcher.attempts(&list, 0..<list.count, watermark: watermark).map {
          ($0.match, $0.exit == .open)
        }
      } else {
        var match = FunnelMatch()
        matcher.match(list, 0..<list.count, into: &match)
        found = [(match, false)]
      }
      for (match, isOpen) in found {
        let values = match.rows.map { rows[Int($0)][3] }
        let key: Scalar?
        switch plan.breakdown {
        case .first: key = values.isEmpty ? nil : values.first { $0 != .null } ?? .null
        case .last: key = values.isEmpty ? nil : values.last { $0 != .null } ?? .null
        case .step(let step): key = values.count > step ? values[step] : nil
        }
        if let key { matches.append((key, match.times, isOpen)) }
      }
    }
    let keys = oracle.ordered(Set(matches.map(\.key)).map { [$0] }, by: [0])
    return keys.flatMap { key -> [[Scalar]] in
      let own = matches.filter { $0.key == key[0] }
      return plan.steps.indices.map { step in
        let there = own.filter { $0.times.count > step }
        let before = own.filter { $0.times.count > max(0, step - 1) }
        let spans = step == 0 ? [] : there.map { $0.times[step] - $0.times[step - 1] }.sorted()
        let median =
          spans.isEmpty ? Scalar.null : .duration((spans[(spans.count - 1) / 2] + spans[spans.count / 2]) / 2)
        func share(_ whole: Int) -> Scalar {
          whole == 0 ? .null : .double(Double(there.count) / Double(whole))
        }
        let open = there.filter(\.isOpen).count
        return key + [.text(plan.steps[step].name), .integer(Int64(there.count))]
          + (plan.counting == .attempts ? [.integer(Int64(open))] : []) + [
            share(own.count), share(before.count), median,
          ]
      }
    }
  }

  // MARK: Short ways

  private func step(_ name: String, _ condition: Expr, isImmediate: Bool = false) -> FunnelPlan.Step {
    FunnelPlan.Step(name: name, condition: condition, isImmediate: isImmediate)
  }

  private func inputs(_ log: EventLog) -> ExecutionInputs {
    ExecutionInputs(logs: ["log": log], context: EvaluationContext(timeZone: .utc))
  }

  /// A funnel of three steps; the window is in seconds.
  private func plan(
    _ log: EventLog, within: Int64? = nil, order: FunnelPlan.Order = .given, isImmediate: Bool = false,
    exclusions: [FunnelPlan.Exclusion] = [], counting: FunnelPlan.Counting = .entities,
    groups: [NamedExpr] = []
  ) -> FunnelPlan {
    FunnelPlan(
      input: .events(
        EventsPlan(source: "log", schema: log.schema, log: LogColumns(entity: 0, time: 1, event: 2))),
      steps: ["view", "cart", "buy"].map { step($0, isEvent([$0]), isImmediate: isImmediate) },
      within: within.map { $0 * 1_000_000 }, exclusions: exclusions, order: order, counting: counting,
      groups: groups)
  }

  /// A log of entities, times in seconds and events.
  private func log(_ rows: [(String, Int64, String)]) throws -> EventLog {
    let columns = [
      Column(.text, rows.map { .text($0.0) }), .integers(rows.map { $0.1 * 1_000_000 }, as: .timestamp),
      Column(.text, rows.map { .text($0.2) }),
    ]
    return try EventLog(
      table: Table(schema: Array(RandomLog.schema.prefix(3)), columns: columns, count: rows.count),
      roles: LogRoles(entity: "user_id", time: "ts", event: "event"), fingerprint: "test")
  }
}
