import EventStore
import Functions
import Planning
import TestSupport
import Testing
import Values

@testable import Engine

/// Sessions of which some rows alone are looked at.
struct SessionPlaceTests {
  /// Rows that are picked by their place in a session, with columns that are made for these alone.
  @Test(arguments: [-1, 0, 1, 2, 3, Int64.max]) func placesInSessions(_ place: Int64) throws {
    for comparison in ["=", "<>", "<", "<=", ">", ">="] { try expectPlaces(comparison, place) }
  }

  private func expectPlaces(_ comparison: String, _ place: Int64) throws {
    let position = Expr.column(10, .integer)
    for plan in [
      SessionsPlan(input: events, gap: 3_600_000_000),
      SessionsPlan(input: events, gap: 100 * 3_600_000_000, maximum: 4 * 3_600_000_000, split: .daily),
      SessionsPlan(input: .filter(events, flag), gap: 9 * 3_600_000_000, key: country),
    ] {
      let picked = Plan.filter(.sessions(plan), call(comparison, position, integer(place)))
      try expectAgreement(picked)
      try expectAgreement(.filter(picked, call("=", event, text("buy"))))
    }
  }

  /// Few rows of a log, far apart, of sessions that are all of the log's.
  @Test func fewRowsOfSessions() throws {
    let sessions = Plan.sessions(SessionsPlan(input: events, gap: 6 * 3_600_000_000))
    try expectAgreement(.filter(sessions, call("=", amount, integer(4))))
    try expectAgreement(
      .aggregate(
        .filter(sessions, call("=", amount, integer(4))), keys: [named("country", country)],
        [aggregate("count", .column(8, .text), distinct: true)]))
  }

  /// Starts, their days and lengths of sessions, asked of times as a store has them: in whole seconds, and with parts of
  /// one, by which gaps are longer or shorter than the limit.
  @Test(arguments: [false, true]) func storedTimes(hasParts: Bool) throws {
    let hour: Int64 = 3_600_000_000
    let (start, position, length) = (
      Expr.column(9, .timestamp), Expr.column(10, .integer), Expr.column(11, .duration)
    )
    let keys = [named("day", call("date", start)), named("week", call("date_trunc", text("week"), start))]
    let calls = [
      aggregate("count"), aggregate("avg", length), aggregate("sum", length), aggregate("min", start),
      aggregate("max", call("seconds", length)),
    ]
    for rows in [1, 60, 400] {
      let wide = try Self.log(rows: rows, hasParts: hasParts)
      for gap in [5 * hour, 5 * hour - 1, 10 * hour + 1, 0] {
        for input in [events, .filter(events, flag)] {
          let sessions = Plan.sessions(SessionsPlan(input: input, gap: gap))
          for plan in [
            .filter(sessions, call("=", position, integer(1))),
            .filter(sessions, call(">=", position, integer(2))), sessions,
            .filter(sessions, call("=", amount, integer(4))),
          ] {
            for zone in ["UTC", "Australia/Lord_Howe"] {
              let zone = try #require(TimeZoneRules(named: zone))
              let plan = Plan.aggregate(plan, keys: keys, calls)
              let expected = try Oracle(log: wide, context: EvaluationContext(timeZone: zone)).rows(plan)
              try forEachDivision(plan, NarrowLog.log(wide, codeBytes: 1), timeZone: zone) {
                #expect($0.plainRows == expected)
              }
            }
          }
        }
      }
    }
  }

  private static func log(rows: Int, hasParts: Bool) throws -> EventLog {
    var dice = Dice(UInt64(rows))
    var table = RandomLog.table(rows: rows, seed: UInt64(rows), hours: 5)
    if hasParts {
      let times = table.columns[1].integerValues.map { $0 + Int64(dice.below(3)) * 499_999 }
      table.columns[1] = .integers(times, as: .timestamp)
    }
    return try RandomLog.log(table)
  }
}
