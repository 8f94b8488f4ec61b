import Functions
import Planning
import TestSupport
import Testing
import Values

@testable import Engine

/// The first rows of an order are those of the order, equal ones in the order in which they came.
struct TopRowsTests {
  @Test func theyAreTheBeginningOfTheOrder() {
    var dice = Dice(3)
    for count in [0, 1, 5, 60, 500] {
      for variety in [1, 3, 1000] {
        let numbers = Column(
          .integer,
          (0..<count).map { _ in dice.chance(10) ? Scalar.null : .integer(Int64(dice.below(variety))) })
        let texts = Column(.text, (0..<count).map { _ in Scalar.text("t\(dice.below(variety))") })
        for (isDescending, nullsFirst) in [(false, false), (true, false), (true, true)] {
          let keys = [
            RowOrder.Key(column: numbers, isDescending: isDescending, nullsFirst: nullsFirst),
            RowOrder.Key(column: texts, isDescending: !isDescending),
          ]
          for keys in [keys, [keys[0]], []] {
            let all = RowOrder.order(keys, count: count)
            for wanted in [0, 1, 7, 100, 499, 1000] {
              #expect(RowOrder.first(wanted, by: keys, count: count) == Array(all.prefix(wanted)))
            }
          }
        }
      }
    }
  }

  @Test(arguments: [(3, 0), (5, 2), (0, 0), (1000, 0), (4, 500)] as [(Int64, Int64)])
  func ofPlans(count: Int64, offset: Int64) throws {
    let sorted = Plan.sort(
      .aggregate(events, keys: [named("user_id", user)], [aggregate("count"), aggregate("sum", price)]),
      [
        SortPlan(.column(1, .integer), isDescending: true, nullsFirst: false),
        SortPlan(.column(0, .text), isDescending: false, nullsFirst: false),
      ])
    try expectAgreement(.limit(sorted, count: count, offset: offset))
  }

  @Test(arguments: [1, 4, 30, 1000] as [Int64])
  func ofRowsAsTheyAre(count: Int64) throws {
    for input in [events, .filter(events, flag)] {
      let byPrice = Plan.sort(input, [SortPlan(price, isDescending: true, nullsFirst: false)])
      try expectAgreement(.limit(byPrice, count: count, offset: 1))
      let byText = Plan.sort(
        input,
        [
          SortPlan(country, isDescending: false, nullsFirst: true),
          SortPlan(call("-", integer(0), amount), isDescending: true, nullsFirst: true),
        ])
      try expectAgreement(.limit(byText, count: count, offset: 0))
    }
  }

  /// Who reads some rows of a table leaves the others to those who read them.
  @Test func ofOneTableForSeveralReaders() throws {
    let log = try RandomLog.log(rows: 200, seed: 6)
    let users = Plan.aggregate(
      events, keys: [named("user_id", user)], [aggregate("count"), aggregate("sum", price)])
    func first(_ count: Int64, by column: Int) -> Plan {
      let key = SortPlan(.column(column, .integer), isDescending: column > 0, nullsFirst: false)
      return .limit(.sort(users, [key]), count: count, offset: 0)
    }
    let plans = [first(2, by: 1), first(5, by: 1), first(3, by: 0), users]
    let context = EvaluationContext(timeZone: .utc)
    for chosen in [[0, 1], [1, 0], [0, 2], [0, 3], [3, 1], [0, 1, 2, 3]] {
      var inputs = ExecutionInputs(logs: ["log": log], context: context)
      inputs.chunking = Chunking(morselRows: 48, batchRows: 9)
      let together = Engine.run(chosen.map { plans[$0] }, inputs: inputs)
      for (place, table) in zip(chosen, together) {
        let oracle = Oracle(log: log, tables: [:], context: context)
        #expect(try table.get().plainRows == oracle.rows(plans[place]))
      }
    }
  }
}
