import EventStore
import Functions
import Planning
import Testing
import Values

@testable import Engine

/// However the log is divided, the table of retention is what counting members one by one gives.
struct RetentionTableTests {
  @Test(arguments: [RetentionPlan.Cohort.firstEver, .recurring], [RetentionPlan.Criterion.on, .onOrAfter])
  func randomLogs(_ cohort: RetentionPlan.Cohort, _ criterion: RetentionPlan.Criterion) throws {
    let plan = RetentionPlan(
      input: .filter(events, call("<>", event, text("a b"))), start: isEvent(["view", "buy"]),
      comeback: isEvent(["buy", "open"]), unit: .hour, periods: 5, mode: .rolling, criterion: criterion,
      cohort: cohort, range: call(">", time, literal(.timestamp(1_772_300_000_000_000 + 8 * 3_600_000_000))),
      groups: [named("country", country)])
    for (size, seed) in [(0, 1), (60, 2), (900, 3)] as [(Int, UInt64)] {
      let log = try RandomLog.log(rows: size, seed: seed)
      let expected = try countOneByOne(plan, log)
      for chunking in [
        Chunking(morselRows: 1, batchRows: 1), Chunking(morselRows: 70, batchRows: 11), Chunking(),
      ] {
        var inputs = ExecutionInputs(logs: ["log": log], context: EvaluationContext(timeZone: .utc))
        inputs.chunking = chunking
        let table = try Engine.run([.retention(plan)], inputs: inputs)[0].get()
        #expect((0..<table.count).map { table.row($0) } == expected)
        #expect(table.schema == Plan.retention(plan).schema)
      }
      #expect(size < 900 || expected.contains { $0[4] != .integer(0) && $0[4] != .null })
      #expect(size < 900 || expected.contains { $0[4] == .null })
    }
  }

  /// Returns that are read beside the starts, or are among them; with filters, more conditions, and a breakdown.
  @Test(arguments: [RetentionPlan.Cohort.firstEver, .firstInRange, .recurring], ["buy", "open", "none"])
  func returnsBesideStarts(_ cohort: RetentionPlan.Cohort, _ name: String) throws {
    let isDear = call(">", amount, integer(0))
    for input in [events, Plan.filter(events, call("<>", event, text("a b"))), .filter(events, flag)] {
      for (start, comeback) in [
        (isEvent(["buy"]), isEvent([name])), (isEvent(["buy"]), isEvent([name, "buy"])),
        (call("and", isEvent(["view"]), isDear), call("and", isEvent([name]), flag)),
        (isEvent(["view", "buy"]), isEvent([name])), (isDear, isEvent([name])), (isEvent([name]), isDear),
      ] {
        for range in [nil, call(">", time, literal(.timestamp(1_772_300_000_000_000 + 8 * 3_600_000_000)))] {
          let plan = RetentionPlan(
            input: input, start: start, comeback: comeback, unit: .hour, periods: 9, mode: .rolling,
            cohort: cohort, range: range, groups: [named("country", country)])
          for (size, seed) in [(0, 1), (60, 2), (400, 3)] as [(Int, UInt64)] {
            let log = try RandomLog.log(rows: size, seed: seed)
            let expected = try countOneByOne(plan, log)
            try forEachDivision(.retention(plan), log) { #expect($0.plainRows == expected) }
          }
        }
      }
    }
  }

  private func countOneByOne(_ plan: RetentionPlan, _ log: EventLog) throws -> [[Scalar]] {
    let oracle = Oracle(log: log, context: EvaluationContext(timeZone: .utc))
    let watermark = try oracle.rows(events).compactMap { $0[1].integral }.max() ?? 0
    let matcher = RetentionMatcher(
      RetentionPeriods(unit: plan.unit, mode: plan.mode, timeZone: .utc), lastPeriod: Int(plan.periods),
      criterion: plan.criterion, cohort: plan.cohort, watermark: watermark)
    var members: [[Scalar]: [RetentionMember]] = [:]
    for (_, rows) in Dictionary(grouping: try oracle.rows(plan.input), by: { $0[0] }) {
      func mask(_ condition: Expr) throws -> [UInt8] {
        try rows.map { try oracle.value(condition, $0) == .boolean(true) ? 1 : 0 }
      }
      let found = matcher.members(
        times: rows.map { $0[1].integral ?? 0 }, starts: try mask(plan.start),
        comebacks: try mask(plan.comeback), range: try plan.range.map { try mask($0) })
      for member in found {
        members[[rows[Int(member.row)][3], .timestamp(member.cohort)], default: []].append(member)
      }
    }
    return oracle.ordered(members.keys.map { $0 }, by: [0, 1]).flatMap { key -> [[Scalar]] in
      (0...Int(plan.periods)).map { period in
        let eligible = members[key, default: []].filter { $0.endedPeriods > period }
        let back = eligible.count { $0.retained.contains(period) }
        let rate = Scalar.double(Double(back) / Double(max(1, eligible.count)))
        let isKnown = !eligible.isEmpty
        return key + [
          .integer(Int64(period)), .integer(Int64(eligible.count)), isKnown ? .integer(Int64(back)) : .null,
          isKnown ? rate : .null,
        ]
      }
    }
  }
}
