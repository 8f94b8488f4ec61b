import Planning
import Testing
import Values

@testable import Engine

/// The worked cases of sessions, session by session.
struct SessionReferenceTests {
  @Test(arguments: OperatorCases.of("sessions"))
  func sessions(_ known: OperatorCases.Case) throws {
    let log = try known.log()
    let gap = try #require(known.options.gap) * 1_000_000
    let plan = SessionsPlan(
      input: known.events(log), gap: gap, maximum: known.options.maxLength.map { $0 * 1_000_000 })
    var found: [String: [[Scalar]]] = [:]
    for row in try rows(.sessions(plan), log) { found[row[4].text ?? "", default: []].append(row) }
    let sessions = found.values.sorted { ($0[0][5].integral ?? 0) < ($1[0][5].integral ?? 0) }
    #expect(sessions.count == known.expected.count)
    for (session, expected) in zip(sessions, known.expected) {
      #expect(session.count == expected.events)
      #expect(session.first?[5] == expected.start.map { .timestamp($0 * 1_000_000) })
      #expect(session.first?[1] == expected.start.map { .timestamp($0 * 1_000_000) })
      #expect(session.last?[1] == expected.end.map { .timestamp($0 * 1_000_000) })
      #expect(session.map { $0[6] } == (1...session.count).map { .integer(Int64($0)) })
    }
  }

  @Test func thereAreCases() { #expect(OperatorCases.of("sessions").count == 4) }
}
