import Functions
import Planning
import TestSupport
import Testing
import Values

@testable import Engine

@Suite struct WindowTests {
  private static let calls = [
    aggregate("count"), aggregate("count", country), aggregate("count_if", call("=", event, text("buy"))),
    aggregate("sum", amount), aggregate("sum", price), aggregate("avg", price), aggregate("avg", amount),
    aggregate("min", price), aggregate("max", time), aggregate("min", country), aggregate("max", flag),
    aggregate("first", country), aggregate("last", amount), aggregate("any", flag), aggregate("every", flag),
    aggregate("count", country, distinct: true), aggregate("sum", amount, distinct: true),
    aggregate("median", price), aggregate("last", country, where: flag),
    aggregate("sum", amount, where: flag),
    aggregate("count", where: flag), aggregate("sum", call("+", amount, integer(.max / 200))),
  ]

  @Test(arguments: [EventWindow.Kind.prior, .later, .lifetime], [nil, 0, 1, 5, 1_000_000] as [Int64?])
  func windows(kind: EventWindow.Kind, hours: Int64?) throws {
    let calls = WindowTests.calls.map { window(kind, hours: hours, $0) }
    try expectAgreement(.windows(events, calls))
    if kind != .lifetime {
      let inclusive = WindowTests.calls.map { window(kind, hours: hours, isInclusive: true, $0) }
      try expectAgreement(.filter(.windows(events, inclusive), flag))
      try expectAgreement(.windows(events, inclusive))
    }
    let narrowed = Plan.filter(events, call("=", event, text("view")))
    try expectAgreement(.windows(narrowed, calls))
    // Windows over all rows, seen from a few.
    try expectAgreement(.filter(.windows(events, calls), flag))
  }

  /// What is looked for at the ends of windows may be far from them, or nowhere.
  @Test func endsWithoutValues() throws {
    var dice = Dice(8)
    for nulls in [0, 40, 90, 100] {
      var table = RandomLog.table(rows: 400, seed: 7)
      table.columns[3] = Column(
        .text, (0..<table.count).map { dice.chance(nulls) ? .null : .text("c\($0 % 7)") })
      let log = try RandomLog.log(table)
      for kind in [EventWindow.Kind.prior, .later, .lifetime] {
        let calls = ["first", "last"].flatMap { function in
          [
            window(kind, aggregate(function, country)),
            window(kind, hours: 9, aggregate(function, country, where: call("=", event, text("view")))),
          ]
        }
        for condition in [flag, call("=", event, text("buy")), call("=", country, text("c3"))] {
          let plan = Plan.filter(.windows(events, calls), condition)
          let expected = try Oracle(log: log, tables: [:], context: EvaluationContext(timeZone: .utc)).rows(
            plan)
          for log in [log, SparseLog.log(log)] {
            try forEachDivision(plan, log) { #expect($0.plainRows == expected) }
          }
        }
      }
    }
  }

  @Test func windowsOverWindows() throws {
    let nth = Plan.windows(events, [window(.prior, aggregate("count"))])
    let sums = Plan.windows(
      .filter(nth, call("<", .column(8, .integer), integer(3))),
      [
        window(.lifetime, aggregate("sum", .column(8, .integer)))
      ])
    try expectAgreement(
      .aggregate(sums, keys: [named("n", .column(9, .integer))], [aggregate("count", user, distinct: true)]))
  }
}
