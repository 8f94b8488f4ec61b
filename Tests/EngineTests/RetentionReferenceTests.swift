import Foundation
import Planning
import Testing
import Values

@testable import Engine

/// The worked cases: members by the matcher, with brackets of periods put together here, and tables by the
/// engine.
struct RetentionReferenceTests {
  @Test(arguments: OperatorCases.of("retention"))
  func members(_ known: OperatorCases.Case) throws {
    let options = known.options
    let matcher = RetentionMatcher(
      RetentionPeriods(unit: try unit(known), mode: mode(known), timeZone: try zone(known)),
      lastPeriod: try #require(options.periods), criterion: .on, cohort: cohort(known),
      watermark: try #require(options.asOf) * 1_000_000)
    var members: [RetentionMember] = []
    for (_, rows) in known.entities {
      members += matcher.members(
        times: rows.microseconds, starts: rows.mask(options.start ?? []),
        comebacks: rows.mask(options.return ?? []),
        range: options.range.map { range in
          rows.map { range[0] <= $0.time && $0.time < range[1] ? 1 : 0 }
        })
    }
    for expected in known.expected {
      let cohort = try day(expected)
      let (from, to) = (try #require(expected.from), try #require(expected.to))
      let eligible = members.filter { $0.cohort == cohort && $0.endedPeriods > to }
      let retained = eligible.filter { $0.retained.contains { (from...to).contains($0) } }
      #expect(Int64(eligible.count) == expected.eligible)
      #expect((eligible.isEmpty ? nil : Int64(retained.count)) == expected.retained)
    }
    #expect(Set(members.map(\.cohort)) == Set(try known.expected.map { try day($0) }))
  }

  @Test(arguments: OperatorCases.of("retention").filter { $0.options.brackets == nil })
  func table(_ known: OperatorCases.Case) throws {
    let log = try known.log(endingAt: known.options.asOf)
    let range = known.options.range.map { range in
      call(
        "and", call(">=", time, literal(.timestamp(range[0] * 1_000_000))),
        call("<", time, literal(.timestamp(range[1] * 1_000_000))))
    }
    let plan = RetentionPlan(
      input: known.events(log), start: isEvent(known.options.start ?? []),
      comeback: isEvent(known.options.return ?? []), unit: try unit(known),
      periods: Int64(try #require(known.options.periods)), mode: mode(known), cohort: cohort(known),
      range: range)
    let found = try rows(.retention(plan), log, timeZone: zone(known))
    let expected = try known.expected.map { row -> [Scalar] in
      let (eligible, retained) = (try #require(row.eligible), row.retained)
      let rate = retained.map { Scalar.double(Double($0) / Double(eligible)) }
      return [
        .date(try day(row)), .integer(Int64(try #require(row.from))), .integer(eligible),
        retained.map { .integer($0) } ?? .null, rate ?? .null,
      ]
    }
    #expect(found == expected)
  }

  @Test func thereAreCases() { #expect(OperatorCases.of("retention").count == 8) }

  private func unit(_ known: OperatorCases.Case) throws -> RetentionPlan.Unit {
    try #require(known.options.period.flatMap { RetentionPlan.Unit(rawValue: $0) })
  }

  private func mode(_ known: OperatorCases.Case) -> RetentionPlan.Mode {
    known.options.mode == "rolling" ? .rolling : .calendar
  }

  private func cohort(_ known: OperatorCases.Case) -> RetentionPlan.Cohort {
    known.options.cohort == "recurring" ? .recurring : .firstEver
  }

  private func zone(_ known: OperatorCases.Case) throws -> TimeZoneRules {
    try #require(TimeZoneRules(named: known.options.tz ?? "UTC"))
  }

  private func day(_ row: OperatorCases.Expectation) throws -> Int64 {
    let parts = try #require(row.cohort).split(separator: "-").compactMap { Int64($0) }
    return Calendar.day(year: parts[0], month: parts[1], day: parts[2])
  }
}
