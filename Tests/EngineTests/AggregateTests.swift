import Planning
import TestSupport
import Testing
import Values

@testable import Engine

@Suite struct AggregateTests {
  private static let calls = [
    aggregate("count"), aggregate("count", user, distinct: true), aggregate("count", country),
    aggregate("count", country, distinct: true), aggregate("sum", amount), aggregate("sum", price),
    aggregate("sum", amount, distinct: true), aggregate("avg", price), aggregate("min", country),
    aggregate("max", time), aggregate("first", country), aggregate("last", amount),
    aggregate("count_if", flag), aggregate("sum", price, where: call("=", event, text("buy"))),
    aggregate("count", user, distinct: true, where: flag),
    aggregate("count", where: call("=", country, text("x"))),
  ]

  @Test(
    arguments: [
      [], [country], [user], [flag], [day], [amount, country], [price], [time, event, flag],
      [call("+", amount, integer(.max - 10))], [.coalesce([country, event], .text), day],
    ] as [[Expr]])
  func groups(keys: [Expr]) throws {
    let keys = keys.enumerated().map { named("k\($0)", $1) }
    try expectAgreement(.aggregate(events, keys: keys, AggregateTests.calls))
    let filtered = Plan.filter(events, call("=", event, text("buy")))
    try expectAgreement(.aggregate(filtered, keys: keys, AggregateTests.calls))
    try expectAgreement(
      .aggregate(.filter(events, call("=", event, text("none"))), keys: keys, AggregateTests.calls))
  }

  @Test func aggregatesOfAggregates() throws {
    let byUser = Plan.aggregate(
      events, keys: [named("user", user), named("country", country)],
      [aggregate("count"), aggregate("sum", price)])
    try expectAgreement(
      .aggregate(
        byUser, keys: [named("n", .column(2, .integer))],
        [aggregate("count"), aggregate("sum", .column(3, .double))]))
  }

  @Test func aliensInEachBatchAreOneGroup() {
    // Texts of the same spelling from different dictionaries, sorted or not, with repetitions.
    var table = GroupTable([.text, .boolean])
    let batches: [[String?]] = [["b", "a", nil, "a"], ["a", "c", "b"], ["c", nil]]
    var found: [UInt32] = []
    for texts in batches {
      let column = Column(.text, texts.map { $0.map { .text($0) } ?? .null })
      found += table.groups(
        of: [column, .booleans([UInt8](repeating: 1, count: texts.count))], count: texts.count)
    }
    let repeated = Column.texts([0, 1, 2], TextDictionary(["a", "a", "z"]))
    found += table.groups(of: [repeated, .booleans([1, 1, 0])], count: 3)
    #expect(found == [0, 1, 2, 1, 1, 3, 0, 3, 2, 1, 1, 4])
    #expect(table.keyColumns()[0].scalars == [.text("b"), .text("a"), .null, .text("c"), .text("z")])
  }

  @Test func wideKeysAreHashedAndStillOneEach() {
    var dice = Dice(5)
    var table = GroupTable([.integer, .double])
    var known: [[Scalar]: UInt32] = [:]
    for _ in 0..<40 {
      let wide: [Scalar] = (0..<50).map { _ in
        dice.chance(10) ? .null : .integer(Int64(dice.below(40)) * (dice.chance(50) ? 1 : .max / 50))
      }
      let doubles: [Scalar] = (0..<50).map { _ in .double([0, -0.0, .infinity, 1.5][dice.below(4)]) }
      let groups = table.groups(of: [Column(.integer, wide), Column(.double, doubles)], count: 50)
      for row in 0..<50 {
        // Both zeros are one group.
        let key = [wide[row], doubles[row] == .double(-0.0) ? .double(0) : doubles[row]]
        let group = known[key, default: UInt32(known.count)]
        known[key] = group
        #expect(groups[row] == group)
      }
    }
    #expect(table.count == known.count)
  }
}
