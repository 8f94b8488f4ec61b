import Foundation
import Planning
import Testing
import Values

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
    #expect(plan.narrowed(by: LogFacts(isReadByNames: { _, names in names.count > 1 })) == plan)
  }

  @Test(arguments: [
    ("|> where price > 1", "events 'purchase', 'refund' of shop"),
    ("|> where price is not null and country = 'DE'", "events 'purchase', 'refund' of shop"),
    ("|> where price in (1, 2)", "events 'purchase', 'refund' of shop"),
    ("|> where not (price = 1)", "events 'purchase', 'refund' of shop"),
    ("|> where price > 1 and orders = 2", "events 'purchase' of shop"),
    ("|> where price > 1 and event = 'a'", "no events of shop"),
    ("|> where price > 1 or orders = 2", "events 'purchase', 'refund', 'viewed' of shop"),
    ("|> where price > 1 or country = 'DE'", "events of shop"),
    ("|> where price > 1 or price < 0 and orders = 2", "events 'purchase', 'refund' of shop"),
    ("|> where price > 1 or event = 'a'", "events 'a', 'purchase', 'refund' of shop"),
    ("|> where price + orders > 1", "events 'purchase' of shop"),
    ("|> where price is null", "events of shop"),
    ("|> where not (price is not null)", "events of shop"),
    ("|> where price is distinct from 1", "events of shop"),
    ("|> where coalesce(price, 0) > 1", "events of shop"),
    ("|> where coalesce(price, orders) > 1", "events of shop"),
    ("|> where coalesce(price, price + orders) > 1", "events 'purchase', 'refund' of shop"),
    ("|> where case when price > 1 then true else true end", "events of shop"),
    ("|> where country = 'DE'", "events of shop"),
    ("|> extend price * 2 as twice |> where twice > 1", "events 'purchase', 'refund' of shop"),
    ("|> select user_id, ts, price as p |> where p > 1", "events 'purchase', 'refund' of shop"),
    ("|> rename price as p |> where p > 1", "events 'purchase', 'refund' of shop"),
    ("|> set price = 1 |> where price = 1", "events of shop"),
    ("|> join users using (user_id) |> where price > 1", "events 'purchase', 'refund' of shop"),
    ("|> full join users using (user_id) |> where price > 1", "events of shop"),
    ("|> limit 5 |> where price > 1", "events of shop"),
    ("|> where price > 1 |> limit 5", "events 'purchase', 'refund' of shop"),
    ("|> sessions gap 30 minutes |> where price > 1", "events of shop"),
    ("|> where price > 1 and count(*) over prior > 2", "events of shop"),
    (
      "|> where price > 1 and count_if(event = 'a') over prior > 2",
      "events 'purchase', 'refund' of shop"
    ),
    ("|> where price > 1 |> where count(*) over prior > 2", "events 'purchase', 'refund' of shop"),
    ("|> aggregate sum(orders) filter (where price > 1)", "events 'purchase', 'refund' of shop"),
    ("|> aggregate count_if(price > 1) as n group by country", "events of shop"),
    ("|> funnel event = 'a' as a, price > 1 as b within 1 day", "events 'a', 'purchase', 'refund' of shop"),
  ])
  func `A condition on a property that few events have says which events are read`(
    steps: String, leaf: String
  ) throws {
    let names = [4: ["purchase", "refund"], 5: ["purchase", "viewed"]]
    let facts = LogFacts(namesWithValues: { source, column in
      source == "shop" ? names[column].map { .some(Set($0.map(ExactText.init))) } ?? .all : .all
    })
    #expect(try source(steps, facts) == leaf)
  }

  /// The part of the narrowed plan that is the log.
  private func source(_ steps: String, _ facts: LogFacts = LogFacts()) throws -> String? {
    let checked = checked("from events \(steps)")
    // The names here are short ones, which the shop has not seen.
    #expect(checked.diagnostics.filter { $0.id != "unseen-event" }.map(\.id) == [])
    let lines = try #require(checked.plan).narrowed(by: facts).description().split(separator: "\n")
    return lines.map { $0.trimmingCharacters(in: .whitespaces) }.first { $0.hasSuffix("of shop") }
  }
}
