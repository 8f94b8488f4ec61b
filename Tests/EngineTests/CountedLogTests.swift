import EventStore
import Planning
import Testing
import Values

@testable import Engine

/// How many rows a log has is told without reading them, and is the same.
struct CountedLogTests {
  @Test func byEventAndInAll() throws {
    for keys in [[], [event], [event, event], [country], [event, country]] as [[Expr]] {
      let keys = keys.enumerated().map { named("k\($0)", $1) }
      for calls in [[aggregate("count")], [aggregate("count"), aggregate("count")], []] {
        try expectAgreement(.aggregate(events, keys: keys, calls))
      }
      try expectAgreement(.aggregate(events, keys: keys, [aggregate("count", country)]))
      try expectAgreement(.aggregate(events, keys: keys, [aggregate("count", where: flag)]))
      try expectAgreement(.aggregate(.filter(events, flag), keys: keys, [aggregate("count")]))
    }
  }

  @Test func rowsWithoutANameAreAGroup() throws {
    var table = RandomLog.table(rows: 30, seed: 6)
    table.columns[2] = Column(.text, (0..<30).map { $0 % 3 == 0 ? .null : .text($0 % 3 == 1 ? "b" : "a") })
    let log = try RandomLog.log(table)
    let plan = Plan.aggregate(events, keys: [named("event", event)], [aggregate("count")])
    try forEachDivision(plan, log) { table in
      #expect(
        table.plainRows == [
          [.text("a"), .integer(10)], [.text("b"), .integer(10)], [.null, .integer(10)],
        ])
    }
  }
}
