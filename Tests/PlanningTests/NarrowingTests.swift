import Foundation
import Planning
import Testing

/// Which events a query reads: those whose names can matter, and all where any can.
@Suite struct NarrowingTests {
  @Test(arguments: [
    ("|> where event = 'purchase'", "events 'purchase' of shop"),
    ("|> where event in ('b', 'a') and price > 1", "events 'a', 'b' of shop"),
    ("|> where event = 'a' or 'b' = event", "events 'a', 'b' of shop"),
    ("|> where event = 'a' or price > 1", "events of shop"),
    ("|> where event in ('a', 'b') |> where event in ('b', 'c')", "events 'b' of shop"),
    ("|> where event = 'a' and event = 'b'", "no events of shop"),
    ("|> where not (event = 'a')", "events of shop"),
    ("|> where event <> 'a'", "events of shop"),
    ("|> where event = 'it''s'", "events 'it''s' of shop"),
    ("|> set event = upper(event) |> where event = 'A'", "events of shop"),
    ("|> rename event as name |> where name = 'a'", "events 'a' of shop"),
    ("|> limit 5 |> where event = 'a'", "events of shop"),
    ("|> where event = 'a' |> limit 5", "events 'a' of shop"),
    ("|> distinct |> where event = 'a'", "events of shop"),
  ])
  func `A condition on the name says which events are read`(steps: String, leaf: String) throws {
    #expect(try source(steps) == leaf)
  }

  @Test(arguments: [
    (
      "|> where event = 'viewed' and count_if(event = 'purchase') over prior = 0",
      "events 'viewed' of shop"
    ),
    (
      "|> extend sum(price) filter (where event = 'purchase') over (later 7 days) as spent |> where event = 'viewed'",
      "events 'viewed' of shop"
    ),
    ("|> where event = 'viewed' and count(*) over prior = 0", "events of shop"),
    ("|> where event = 'viewed' |> extend count(*) over prior as before", "events 'viewed' of shop"),
    ("|> where event = 'viewed' and any(event = 'purchase') over prior", "events of shop"),
    ("|> extend count_if(event = 'purchase') over prior as before", "events of shop"),
    ("|> sessions gap 30 minutes |> where event = 'viewed'", "events of shop"),
    ("|> where event = 'viewed' |> sessions gap 30 minutes", "events 'viewed' of shop"),
  ])
  func
    `Windows look at events of a name beside those that are asked, and need all events where any can matter`(
      steps: String, leaf: String
    ) throws
  {
    #expect(try source(steps) == leaf)
  }

  @Test(arguments: [
    ("|> funnel event = 'a', event = 'b' and price > 1 within 7 days", "events 'a', 'b' of shop"),
    ("|> funnel event = 'a', event = 'b' excluding event = 'c'", "events 'a', 'b', 'c' of shop"),
    ("|> funnel event = 'a', immediately event = 'b'", "events of shop"),
    ("|> funnel event = 'a', price > 1", "events of shop"),
    ("|> where event in ('a', 'b') |> funnel event = 'a', event = 'c'", "events 'a' of shop"),
    ("|> retention start event = 'a', return event = 'b' each week for 4", "events 'a' of shop"),
    ("|> retention start event = 'a', return true each week for 4", "events of shop"),
    (
      "|> aggregate count(*) filter (where event = 'a'), count_if(event = 'b') as b",
      "events 'a', 'b' of shop"
    ),
    ("|> aggregate count(*) filter (where event = 'a'), count(*) as n", "events of shop"),
    ("|> aggregate count(*) filter (where event = 'a') group by country", "events of shop"),
    ("|> join users using (user_id) |> where event = 'a'", "events 'a' of shop"),
    ("|> full join users using (user_id) |> where event = 'a'", "events of shop"),
  ])
  func `Operators that look at some events need these alone`(steps: String, leaf: String) throws {
    #expect(try source(steps) == leaf)
  }

  @Test func `A source that is not worth it is read as a whole`() throws {
    let plan = try #require(checked("from events |> where event = 'a'").plan)
    #expect(plan.narrowed { _, names in names.count > 1 } == plan)
  }

  /// The part of the narrowed plan that is the log.
  private func source(_ steps: String) throws -> String? {
    let checked = checked("from events \(steps)")
    // The names here are short ones, which the shop has not seen.
    #expect(checked.diagnostics.filter { $0.id != "unseen-event" }.map(\.id) == [])
    let lines = try #require(checked.plan).narrowed().description().split(separator: "\n")
    return lines.map { $0.trimmingCharacters(in: .whitespaces) }.first { $0.hasSuffix("of shop") }
  }
}
