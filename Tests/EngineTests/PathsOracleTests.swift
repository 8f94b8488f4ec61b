import Planning
import Testing
import Values

@testable import Engine

/// Paths against an oracle that follows each entity's rows one by one, with every option.
struct PathsOracleTests {
  private static let anchors: [PathsPlan.Anchor] = [
    .beginning, .from(call("=", event, text("open"))), .to(call("=", event, text("buy"))), .from(flag),
    .to(flag),
  ]

  @Test(arguments: anchors, [1, 2, 5, .max] as [Int64])
  func paths(_ anchor: PathsPlan.Anchor, _ depth: Int64) throws {
    let sessions = Plan.sessions(SessionsPlan(input: events, gap: 7_200_000_000))
    for repeats in [PathsPlan.Repeats.collapsed, .kept] {
      for hidden in [nil, call("=", event, text("view")), flag] {
        try expectAgreement(
          .paths(
            PathsPlan(
              input: events, event: event, anchor: anchor, depth: depth, repeats: repeats, hidden: hidden)))
        try expectAgreement(
          .paths(
            PathsPlan(
              input: sessions, event: event, anchor: anchor, depth: depth, session: .column(8, .text),
              repeats: repeats, hidden: hidden)))
      }
    }
  }

  /// Values that come back are one session, null is one, and rows without an event are no place of a path.
  @Test(arguments: anchors) func sessionsOfTheSource(_ anchor: PathsPlan.Anchor) throws {
    try expectAgreement(
      .paths(PathsPlan(input: events, event: country, anchor: anchor, depth: 4, session: amount)))
    let narrowed = Plan.filter(events, call("is not null", amount))
    try expectAgreement(.paths(PathsPlan(input: narrowed, event: country, anchor: anchor, depth: 3)))
  }

  /// At every event of every position, as many paths come as go on or end.
  @Test(arguments: anchors) func whatComesInGoesOut(_ anchor: PathsPlan.Anchor) throws {
    let log = try RandomLog.log(rows: 900, seed: 9)
    let steps = try rows(.paths(PathsPlan(input: events, event: event, anchor: anchor, depth: 6)), log)
    #expect(!steps.isEmpty)
    var coming: [[Scalar]: Int64] = [:]
    var going: [[Scalar]: Int64] = [:]
    for step in steps {
      let position = step[0].integral ?? 0
      if step[1] != .null { going[[.integer(position), step[1]], default: 0] += step[3].integral ?? 0 }
      if step[2] != .null { coming[[.integer(position + 1), step[2]], default: 0] += step[3].integral ?? 0 }
    }
    let positions = steps.compactMap { $0[0].integral }
    let (first, last) = (positions.min() ?? 0, (positions.max() ?? 0) + 1)
    for (node, number) in coming where node[0].integral != last { #expect(going[node] == number, "\(node)") }
    for (node, number) in going where node[0].integral != first { #expect(coming[node] == number, "\(node)") }
  }
}
