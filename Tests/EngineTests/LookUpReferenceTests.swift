import Planning
import Testing
import Values

@testable import Engine

/// The worked cases of look-ups and of the row before, row by row.
struct LookUpReferenceTests {
  @Test(arguments: OperatorCases.of("lag"))
  func lag(_ known: OperatorCases.Case) throws {
    let log = try known.log()
    let places = try #require(known.options.k)
    let found = try rows(.windows(known.events(log), [neighbour(event, -places)]), log)
    let expected = known.expected.map { row -> [Scalar] in
      [.text(row.entity ?? ""), .timestamp((row.time ?? 0) * 1_000_000), .text(row.event ?? ""), .null]
        + [row.value.map { .text($0) } ?? .null]
    }
    #expect(found == expected)
  }

  @Test(arguments: OperatorCases.of("lookup"))
  func windows(_ known: OperatorCases.Case) throws {
    let log = try known.log(property: "page")
    let (at, of) = (try #require(known.options.at), try #require(known.options.of))
    let window = EventWindow(
      kind: .prior, reach: known.options.within.map { $0 * 1_000_000 },
      isInclusive: known.options.inclusive == true)
    let call =
      known.options.output == "count"
      ? aggregate("count_if", isEvent(of)) : aggregate("last", page, where: isEvent(of))
    let found = try rows(
      .filter(.windows(known.events(log), [.aggregate(call, over: window)]), isEvent(at)), log)
    #expect(found.map { $0[1] } == known.expected.map { .timestamp(($0.time ?? 0) * 1_000_000) })
    #expect(
      found.map { $0[4] }
        == known.expected.map { row in row.count.map { .integer($0) } ?? row.value.map { .text($0) } ?? .null
        })
  }

  private let page = Expr.column(3, .text)

  @Test func thereAreCases() {
    #expect(OperatorCases.of("lag").count == 1)
    #expect(OperatorCases.of("lookup").count == 2)
  }
}
