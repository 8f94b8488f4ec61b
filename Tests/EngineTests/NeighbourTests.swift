import Planning
import Testing
import Values

@testable import Engine

/// The rows before and after against an oracle that counts rows.
@Suite struct NeighbourTests {
  private static let values = [user, time, event, country, amount, price, flag, day, integer(7)]

  @Test(arguments: [0, -1, 1, -3, 2, 1_000_000, .max, -.max] as [Int64])
  func neighbours(_ offset: Int64) throws {
    // The oracle adds the offset to the number of a row.
    let expected = max(-1_000_000, min(offset, 1_000_000))
    let calls = NeighbourTests.values.map { neighbour($0, expected) }
    try expectAgreement(.windows(events, calls))
    // Among the rows that a filter left, seen from a few of them.
    let narrowed = Plan.filter(events, call("=", event, text("view")))
    try expectAgreement(.filter(.windows(narrowed, calls), flag))
    let log = try RandomLog.log(rows: 60, seed: 3)
    let far = try rows(.windows(events, [neighbour(amount, offset)]), log)
    #expect(far == (try rows(.windows(events, [neighbour(amount, expected)]), log)))
  }

  @Test func neighboursOfWindowsAndKeys() throws {
    let before = Plan.windows(events, [neighbour(event, -1), window(.prior, aggregate("count"))])
    let (previous, count) = (Expr.column(8, .text), Expr.column(9, .integer))
    try expectAgreement(.windows(before, [neighbour(count, 1), neighbour(previous, -1)]))
    try expectAgreement(
      .aggregate(before, keys: [named("previous", previous)], [aggregate("count"), aggregate("max", count)]))
  }
}
