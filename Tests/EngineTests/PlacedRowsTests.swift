import EventStore
import Functions
import Planning
import TestSupport
import Testing
import Values

@testable import Engine

/// Rows are read, counted and looked at where a store has them, in seconds and parts of seconds, as in microseconds.
struct PlacedRowsTests {
  /// Where times begin, how far the nearest ones are apart, and how many there are.
  struct Times: Sendable {
    let first: Int64
    let step: Int64
    let count: Int
  }

  static let times = [
    // Whole hours, parts of seconds of which several are in one, and years before 1970.
    Times(first: 1_772_300_000_000_000, step: 3_600_000_000, count: 900),
    Times(first: 1_772_300_000_123_457, step: 250_000, count: 60),
    Times(first: 1_772_300_000_999_999, step: 7_777_777_777, count: 600),
    Times(first: -86_400_000_000 * 400 - 1, step: 43_210_000_001, count: 800),
  ]

  /// A log of entities with no row of a name, a few and hundreds, and of names that are rare.
  private func log(_ times: Times, rows: Int, seed: UInt64) throws -> EventLog {
    var dice = Dice(seed)
    var table = RandomLog.table(rows: rows, seed: seed)
    let users = (0..<rows).map { _ in
      dice.chance(20) ? "giant" : dice.chance(30) ? "large\(dice.below(9))" : "u\(dice.below(rows / 3))"
    }
    let names = (0..<rows).map { _ in dice.chance(80) ? "view" : dice.chance(90) ? "buy" : "rare" }
    let moments = (0..<rows).map { _ in times.first + Int64(dice.below(times.count)) * times.step }
    table.columns[0] = Column(.text, users.map { .text($0) })
    table.columns[1] = .integers(moments, as: .timestamp)
    table.columns[2] = Column(.text, names.map { .text($0) })
    return try RandomLog.log(table)
  }

  private func isEvent(_ name: String) -> Expr { call("=", event, text(name)) }

  @Test(arguments: times, [EventWindow.Kind.prior, .later, .lifetime])
  func windows(_ times: Times, _ kind: EventWindow.Kind) throws {
    let calls = [
      aggregate("count", where: isEvent("view")), aggregate("sum", price, where: isEvent("view")),
      aggregate("first", country, where: isEvent("view")), aggregate("max", amount, where: isEvent("buy")),
      aggregate("count_if", isEvent("rare")), aggregate("count", where: call("and", isEvent("view"), flag)),
    ]
    for reach in [nil, 0, 1, times.step, 9 * times.step + 1, .max] as [Int64?] {
      if kind == .lifetime, reach != nil { continue }
      for isInclusive in [false, true] {
        let window = EventWindow(kind: kind, reach: reach, isInclusive: isInclusive)
        let input = Plan.windows(events, calls.map { .aggregate($0, over: window) })
        let plans = ["buy", "rare"].map { Plan.filter(input, isEvent($0)) }
        try expectAgreement(plans + [.filter(plans[0], flag)], times)
        // The oracle adds the reach up.
        if reach == .max { continue }
        let small = try log(times, rows: 150, seed: 9)
        let oracle = Oracle(log: small, context: EvaluationContext(timeZone: .utc))
        for plan in plans {
          let expected = try oracle.rows(plan)
          let found = try table(plan, NarrowLog.withRuns(small), .utc)
          #expect(found.plainRows == expected)
        }
      }
    }
  }

  @Test(arguments: times, ["UTC", "Europe/Berlin", "America/St_Johns"])
  func periods(_ times: Times, _ zoneName: String) throws {
    let zone = try #require(TimeZoneRules(named: zoneName))
    let input = Plan.filter(events, isEvent("view"))
    for unit in [CalendarUnit.day, .week, .month] {
      var plans: [Plan] = []
      for groups in [[], [named("country", country)]] {
        plans.append(.lifecycle(LifecyclePlan(input: input, unit: unit, groups: groups)))
        for days in [nil, 1, 28] as [Int64?] {
          plans.append(
            .activity(ActivityPlan(input: input, unit: unit, windowDays: days, groups: groups)))
        }
      }
      try expectAgreement(plans, times, zone)
    }
  }

  @Test(arguments: times, [RetentionPlan.Cohort.firstEver, .recurring])
  func retention(_ times: Times, _ cohort: RetentionPlan.Cohort) throws {
    let zone = try #require(TimeZoneRules(named: "Europe/Berlin"))
    let range = call(">", time, literal(.timestamp(times.first + times.step * 20)))
    var plans: [Plan] = []
    for unit in [RetentionPlan.Unit.hour, .day, .week, .month] {
      for mode in [RetentionPlan.Mode.calendar, .rolling] {
        for criterion in [RetentionPlan.Criterion.on, .onOrAfter] {
          for (start, comeback) in [("buy", "view"), ("rare", "view"), ("view", "buy"), ("buy", "buy")] {
            let plan = RetentionPlan(
              input: events, start: isEvent(start), comeback: isEvent(comeback), unit: unit, periods: 6,
              mode: mode, criterion: criterion, cohort: cohort, range: mode == .rolling ? range : nil)
            plans.append(.retention(plan))
          }
        }
      }
    }
    try expectAgreement(plans, times, zone)
  }

  /// Expects that times in seconds give what those in microseconds do.
  private func expectAgreement(_ plans: [Plan], _ times: Times, _ zone: TimeZoneRules = .utc) throws {
    for (rows, seed) in [(60, 1), (2000, 2)] as [(Int, UInt64)] {
      let wide = try log(times, rows: rows, seed: seed)
      let narrow = try NarrowLog.withRuns(wide)
      for plan in plans {
        let expected = try table(plan, wide, zone).plainRows
        #expect(try table(plan, narrow, zone).plainRows == expected)
        // Batches of few rows.
        if rows < 100 {
          try forEachDivision(plan, narrow, timeZone: zone) { #expect($0.plainRows == expected) }
        }
      }
    }
  }

  private func table(_ plan: Plan, _ log: EventLog, _ zone: TimeZoneRules) throws -> Table {
    let inputs = ExecutionInputs(logs: ["log": log], context: EvaluationContext(timeZone: zone))
    return try Engine.run([plan], inputs: inputs)[0].get()
  }
}
