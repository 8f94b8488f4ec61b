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

  /// Windows compare times strictly; a case that asks for rows of the same time too is what they do not do.
  @Test(arguments: OperatorCases.of("lookup").filter { $0.options.inclusive != true })
  func counts(_ known: OperatorCases.Case) throws {
    let log = try known.log()
    let (at, of) = (try #require(known.options.at), try #require(known.options.of))
    let reach = known.options.within.map { $0 * 1_000_000 }
    let count = WindowCall.aggregate(
      aggregate("count_if", isEvent(of)), over: EventWindow(kind: .prior, reach: reach))
    let found = try rows(.filter(.windows(known.events(log), [count]), isEvent(at)), log)
    #expect(found.map { $0[1] } == known.expected.map { .timestamp(($0.time ?? 0) * 1_000_000) })
    #expect(found.map { $0[4] } == known.expected.map { .integer($0.count ?? -1) })
  }

  @Test func thereAreCases() {
    #expect(OperatorCases.of("lag").count == 1)
    #expect(OperatorCases.of("lookup").count == 2)
  }
}
