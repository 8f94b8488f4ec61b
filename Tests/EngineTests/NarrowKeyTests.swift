import EventStore
import Functions
import Planning
import Testing
import Values

@testable import Engine

/// Grouping and filtering of columns as they lie in a store gives what widened columns give.
struct NarrowKeyTests {
  private static let calls = [
    aggregate("count"), aggregate("count", user, distinct: true), aggregate("count", country),
    aggregate("sum", price), aggregate("count_if", flag), aggregate("max", time), aggregate("median", price),
    aggregate("sum", amount, where: flag), aggregate("avg", amount), aggregate("avg", flag),
    aggregate("count", country, distinct: true), aggregate("every", flag), aggregate("last", country),
  ]

  private static let zones = ["UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]

  @Test(
    arguments: [
      [country], [event, country], [call("date", time)], [call("date_trunc", text("week"), time), country],
      [call("date_trunc", text("month"), time)], [country, call("date", time), flag],
      [user, country], [],
    ] as [[Expr]])
  func keys(keys: [Expr]) throws {
    let keys = keys.enumerated().map { named("k\($0)", $1) }
    for zone in Self.zones {
      let zone = try #require(TimeZoneRules(named: zone))
      // Of the largest there are days before and after changes of clocks.
      for (rows, hours) in [(1, 1), (40, 1), (300, 7), (300, 199)] as [(Int, Int64)] {
        let wide = try RandomLog.log(rows: rows, seed: UInt64(rows), hours: hours)
        for condition in [nil, flag, call("=", country, text("DE"))] {
          let input = condition.map { Plan.filter(events, $0) } ?? events
          try expectEqual(.aggregate(input, keys: keys, Self.calls), wide, zone)
        }
      }
    }
  }

  @Test func filters() throws {
    let isGerman = call("=", country, text("DE"))
    for condition in [
      isGerman, call("=", country, text("")), call("<>", country, text("")), call("=", country, text("no")),
      call("and", call("=", event, text("a b")), isGerman),
      call("and", isGerman, call(">", amount, integer(2))),
      .isIn(country, [.text(""), .text("日本")], orNull: false), call("not", isGerman),
    ] {
      let wide = try RandomLog.log(rows: 300, seed: 8)
      try expectEqual(.filter(events, condition), wide, .utc)
    }
  }

  /// Nulls of the column that a log was made of may have any code.
  @Test func nullsAreNoTexts() throws {
    var table = RandomLog.table(rows: 20, seed: 2)
    table.columns[3] = .texts(
      (0..<20).map { $0 % 2 == 0 ? 1 : 0 }, TextDictionary(["DE", "US"]),
      validity: (0..<20).map { $0 % 2 == 0 ? 0 : 1 })
    let inputs = ExecutionInputs(
      logs: ["log": try RandomLog.log(table)], context: EvaluationContext(timeZone: .utc))
    let plan = Plan.aggregate(
      .filter(events, call("=", country, text("US"))), keys: [], [aggregate("count")])
    #expect(try Engine.run([plan], inputs: inputs)[0].get().columns[0].scalars == [.integer(0)])
  }

  private func expectEqual(_ plan: Plan, _ wide: EventLog, _ zone: TimeZoneRules) throws {
    let inputs = ExecutionInputs(logs: ["log": wide], context: EvaluationContext(timeZone: zone))
    let expected = try Engine.run([plan], inputs: inputs)[0].get().plainRows
    for codeBytes in [1, 2] {
      let narrow = NarrowLog.log(wide, codeBytes: codeBytes)
      for log in [narrow, SparseLog.log(narrow)] {
        try forEachDivision(plan, log, timeZone: zone) {
          // Prices are quarters: their sums are exact.
          #expect($0.plainRows == expected)
        }
      }
    }
  }
}
