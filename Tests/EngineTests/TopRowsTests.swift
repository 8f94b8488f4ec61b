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
}
