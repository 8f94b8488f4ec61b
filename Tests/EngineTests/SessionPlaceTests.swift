import Planning
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
}
