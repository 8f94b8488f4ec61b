import Planning
import Testing

@testable import Engine

/// The worked cases, entity by entity.
struct FunnelReferenceTests {
  @Test(arguments: OperatorCases.of("funnel"))
  func level(_ known: OperatorCases.Case) throws {
    var matcher = FunnelMatcher(try rules(known))
    #expect(known.entities.count == known.expected.count)
    for ((name, rows), expected) in zip(known.entities, known.expected) {
      let list = try list(known, rows)
      var match = FunnelMatch()
      matcher.match(list, 0..<list.count, into: &match)
      #expect(name == expected.entity)
      #expect(match.level == expected.level)
      if let times = expected.stepTimes { #expect(match.times == times.map { $0 * 1_000_000 }) }
    }
  }

  @Test func eachAttempt() throws {
    let known = try #require(OperatorCases.of("funnel_each").first)
    var matcher = FunnelMatcher(try rules(known))
    var list = try list(known, known.entities[0].rows)
    let attempts = matcher.attempts(&list, 0..<list.count, watermark: 1_000_000_000)
    #expect(attempts.count == known.expected.count)
    for (attempt, expected) in zip(attempts, known.expected) {
      #expect(attempt.match.times.first == expected.entered.map { $0 * 1_000_000 })
      #expect(attempt.match.level == expected.level)
      #expect("\(attempt.exit)" == expected.exit)
    }
  }

  @Test func thereAreCases() {
    #expect(OperatorCases.of("funnel").count == 13)
    #expect(OperatorCases.of("funnel_breakdown").count == 2)
  }

  private func rules(_ known: OperatorCases.Case) throws -> FunnelRules {
    let options = known.options
    let stepCount = try #require(options.steps).count
    return FunnelRules(
      stepCount: stepCount, within: options.window.map { $0 * 1_000_000 },
      ties: try options.ties.map { try #require(FunnelPlan.Ties(rawValue: $0)) } ?? .any,
      order: options.order == "any" ? .any : .given,
      exclusions: (options.exclude ?? []).map {
        FunnelRules.Exclusion(after: $0.from - 1, before: $0.to - 1)
      },
      immediateSteps: options.order == "adjacent" ? ~1 : 0)
  }

  private func list(_ known: OperatorCases.Case, _ rows: [OperatorCases.Row]) throws -> FunnelRows {
    let values = rows.compactMap { row in known.options.same.flatMap { row.props[$0] } }
    let numbers = rows.map { row -> UInt32 in
      guard let value = known.options.same.flatMap({ row.props[$0] }) else { return 0 }
      return UInt32((values.firstIndex(of: value) ?? -1) + 1)
    }
    return FunnelRows(
      try rules(known), times: rows.microseconds, steps: words((known.options.steps ?? []).map(rows.mask)),
      exclusions: words((known.options.exclude ?? []).map { rows.mask($0.events) }),
      entityStarts: [0, rows.count],
      values: known.options.same == nil ? nil : numbers)
  }
}

/// For each row the bits of the masks that have it; nothing where there are none.
func words(_ masks: [[UInt8]]) -> [UInt64] {
  (masks.first ?? []).indices.map { row in
    masks.enumerated().reduce(0) { $0 | UInt64($1.element[row]) << UInt64($1.offset) }
  }
}
