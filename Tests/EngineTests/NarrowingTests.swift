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

  /// Windows look at rows beside those that are asked, whatever columns and filters lie between.
  @Test func windowsOverWindows() throws {
    let nth = window(.prior, aggregate("count_if", call("and", isEvent("buy"), flag)))
    let first = Plan.windows(.filter(events, call(">", amount, integer(-3))), [nth])
    let few = Plan.filter(first, call("<", .column(8, .integer), integer(3)))
    let sum = window(.later, hours: 20, aggregate("sum", price, where: isEvent("buy", "view")))
    let best = window(.prior, hours: 9, aggregate("max", .column(8, .integer), where: isEvent("zeta")))
    let plan = Plan.filter(.windows(few, [sum, best]), isEvent("open"))
    #expect(plan.narrowed() != plan)
    try expectAgreement(plan)
    try expectAgreement(.windows(few, [sum, best]))
    // Which row is next is not known from those of a name.
    let next = Plan.windows(events, [neighbour(amount, 1)])
    let after = window(.later, aggregate("count_if", call(">", .column(8, .integer), integer(0))))
    let named = window(.later, aggregate("sum", .column(8, .integer), where: isEvent("buy")))
    try expectAgreement(.filter(.windows(next, [after, named]), isEvent("open")))
  }

  /// Of each name nothing, and of none either: windows that look at no row.
  @Test(arguments: [["none"], ["none", "buy"], []])
  func windowsOfNames(names: [String]) throws {
    let condition = Expr.isIn(event, names.map { .text($0) }, orNull: false)
    let calls = [
      aggregate("count", where: condition), aggregate("sum", price, where: condition),
      aggregate("any", flag, where: condition), aggregate("first", country, where: condition),
      aggregate("median", price, where: condition),
      aggregate("count", country, distinct: true, where: condition),
    ]
    for kind in [EventWindow.Kind.prior, .later, .lifetime] {
      let plan = Plan.windows(events, calls.map { window(kind, $0) })
      try expectAgreement(plan)
      try expectAgreement(.filter(plan, isEvent("view")))
      try expectAgreement(.filter(plan, call("and", isEvent("view", "zeta"), flag)))
    }
  }

  /// Sums of doubles are the same to the last bit whichever other entities are read with them, and those of an
  /// entity's few values what they are by hand.
  @Test func windowSumsDoNotDependOnOtherRows() throws {
    var dice = Dice(11)
    for _ in 0..<200 {
      let entities = (0..<4).flatMap { [Int32](repeating: $0, count: dice.below(20)) }
      var time: Int64 = 0
      let times = entities.map { _ in
        time += Int64(dice.below(4))
        return time
      }
      let values = times.map { _ in Double(dice.below(1_000_000)) / 7 }
      for kind in [EventWindow.Kind.prior, .later, .lifetime] {
        let window = EventWindow(kind: kind, reach: kind == .lifetime ? nil : Int64(1 + dice.below(30)))
        let frames = frames(window, entities, times)
        let sums = frames.sums(values, entities: entities)
        for entity in Set(entities).sorted() {
          let rows = entities.indices.filter { entities[$0] == entity }
          let own = rows.map { _ in Int32(0) }
          let few = self.frames(window, own, rows.map { times[$0] }).sums(
            rows.map { values[$0] }, entities: own)
          #expect(few.map(\.bitPattern) == rows.map { sums[$0].bitPattern })
          for (row, sum) in zip(rows, few) {
            let frame = values[Int(frames.starts[row])..<Int(frames.ends[row])]
            #expect(abs(frame.reduce(0, +) - sum) <= 1e-9 * sum)
          }
        }
      }
    }
  }

  private func frames(_ window: EventWindow, _ entities: [Int32], _ times: [Int64]) -> WindowFrames {
    let entities = entities.map { UInt32($0) }
    return entities.withUnsafeBufferPointer { numbers in
      times.withUnsafeBufferPointer { values in
        guard let entity = numbers.baseAddress, let time = values.baseAddress else {
          preconditionFailure("an array has an address")
        }
        let asked = PlacedRows(
          RowEntities(numbers: entity, first: 0, count: entities.count), firstOfBatch: 0, RowTimes(time))
        return SpannedRows.with(asked) { WindowFrames(window, of: asked, among: $0) }
      }
    }
  }
}
