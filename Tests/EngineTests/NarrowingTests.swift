import EventStore
import Functions
import Planning
import TestSupport
import Testing
import Values

@testable import Engine

/// Plans that read the runs of a few event names give what reading everything gives.
struct NarrowingTests {
  private func isEvent(_ names: String...) -> Expr {
    names.count == 1 ? call("=", event, text(names[0])) : .isIn(event, names.map { .text($0) }, orNull: false)
  }

  @Test(arguments: [
    ["buy"], ["buy", "open"], ["a b", "zeta"], ["none"], ["buy", "none"], ["view", "buy", "open"],
  ])
  func filters(names: [String]) throws {
    let condition = Expr.isIn(event, names.map { .text($0) }, orNull: false)
    let plan = Plan.filter(events, condition)
    try expectAgreement(plan)
    try expectAgreement(
      .aggregate(
        .filter(plan, call(">", amount, integer(0))),
        keys: [named("country", country), named("day", call("date_trunc", text("day"), time))],
        [aggregate("count", user, distinct: true), aggregate("sum", amount), aggregate("max", price)]))
    try expectAgreement(.limit(plan, count: 7, offset: 2))
  }

  @Test func windows() throws {
    let before = window(.prior, aggregate("count_if", isEvent("buy")))
    let after = window(.later, hours: 9, aggregate("sum", price, where: isEvent("buy")))
    let ever = window(.lifetime, aggregate("min", amount, where: isEvent("buy")))
    let plan = Plan.filter(.windows(events, [before, after, ever]), isEvent("open"))
    #expect(plan.narrowed() != plan)
    try expectAgreement(plan)
  }

  @Test func groupsOfEntities() throws {
    let calls = [
      aggregate("count"), aggregate("min", price), aggregate("sum", amount), aggregate("last", country),
    ]
    for input in [
      events, Plan.filter(events, isEvent("buy")), .filter(events, call(">", amount, integer(2))),
    ] {
      try expectAgreement(.aggregate(input, keys: [named("user_id", user)], calls))
    }
  }

  @Test func countsWithoutKeys() throws {
    try expectAgreement(
      .aggregate(
        events, keys: [],
        [aggregate("count", where: isEvent("buy")), aggregate("count_if", isEvent("open"))]))
  }

  /// Sums of doubles are the same to the last bit whichever other rows are read with them.
  @Test func windowSumsDoNotDependOnOtherRows() throws {
    var dice = Dice(11)
    for _ in 0..<200 {
      let count = 1 + dice.below(60)
      var time: Int64 = 0
      let times = (0..<count).map { _ in
        time += Int64(dice.below(4))
        return time
      }
      let values = times.map { _ in Double(dice.below(1_000_000)) / 7 }
      let mask = times.map { _ in UInt8(dice.chance(40) ? 1 : 0) }
      let wanted = times.indices.filter { mask[$0] != 0 || dice.chance(30) }
      for kind in [EventWindow.Kind.prior, .later, .lifetime] {
        let reach: Int64? = kind == .lifetime ? nil : Int64(1 + dice.below(30))
        let window = EventWindow(kind: kind, reach: reach)
        let all = WindowFrames(window, times: times, entityStarts: [0, count], rows: nil).sums(
          values, mask, entityStarts: [0, count])
        let few = WindowFrames(
          window, times: wanted.map { times[$0] }, entityStarts: [0, wanted.count], rows: nil
        ).sums(wanted.map { values[$0] }, wanted.map { mask[$0] }, entityStarts: [0, wanted.count])
        #expect(few.map(\.bitPattern) == wanted.map { all[$0].bitPattern })
      }
    }
  }
}
