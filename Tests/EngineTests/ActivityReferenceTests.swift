import Planning
import Testing
import Values

@testable import Engine

/// The worked cases of activity and life cycle. The log ends when the last day that a case asks for has ended.
struct ActivityReferenceTests {
  @Test(arguments: OperatorCases.of("active"))
  func activity(_ known: OperatorCases.Case) throws {
    let zone = try #require(TimeZoneRules(named: known.options.tz ?? "UTC"))
    let days = try days(known)
    let log = try known.log(
      endingAt: zone.timestamp(local: (days.upperBound + 1) * 86_400_000_000) / 1_000_000)
    let plan = ActivityPlan(input: .filter(known.events(log), isEvent(["v"])), unit: .day)
    let found = try rows(.activity(plan), log, timeZone: zone)
    #expect(known.options.windows == [1])
    let shown = found.filter { $0[0].integral.map(days.contains) ?? false }
    #expect(
      shown
        == known.expected.map { row in
          [
            isoDay(row.day).map { .date($0) } ?? .null, row.a1.map { .integer($0) } ?? .null,
            row.a1Complete.map { .boolean($0) } ?? .null,
          ]
        })
  }

  @Test(arguments: OperatorCases.of("lifecycle"))
  func lifecycle(_ known: OperatorCases.Case) throws {
    let days = try days(known)
    let log = try known.log(endingAt: (days.upperBound + 1) * 86_400)
    let plan = LifecyclePlan(
      input: .filter(known.events(log), isEvent(known.options.event ?? [])), unit: .day)
    let found = try rows(.lifecycle(plan), log).filter { $0[0].integral.map(days.contains) ?? false }
    let expected = known.expected.map { row -> [Scalar] in
      let counts = [row.new, row.returning, row.resurrected, row.dormant].map { $0 ?? -1 }
      return [isoDay(row.period).map { .date($0) } ?? .null, .integer(counts[0] + counts[1] + counts[2])]
        + counts.map { .integer($0) }
    }
    #expect(found == expected)
  }

  @Test func thereAreCases() {
    #expect(OperatorCases.of("active").count == 1)
    #expect(OperatorCases.of("lifecycle").count == 1)
  }

  private func days(_ known: OperatorCases.Case) throws -> ClosedRange<Int64> {
    try #require(isoDay(known.options.from))...(try #require(isoDay(known.options.to)))
  }
}
