import Diagnostics
import Testing

@testable import Syntax

@Suite struct ActivityTests {
  private func step(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Query.Kind {
    let (query, diagnostics) = Parser.query(Fragment("from events |> " + text))
    #expect(diagnostics == [], sourceLocation: sourceLocation)
    return query.steps.last?.kind ?? .error
  }

  private func written(_ items: [Query.NamedExpression]) -> [String] {
    items.map { $0.expression.description + ($0.name.map { " as \($0.name)" } ?? "") }
  }

  @Test func activity() {
    #expect(step("activity each week") == .activity(Query.ActivitySyntax(unit: .week)))
    for text in ["over 28 days group by platform as p, b", "group by platform as p, b over 4 weeks"] {
      guard case .activity(let activity) = step("Activity EACH day \(text)") else {
        Issue.record("no activity: \(text)")
        continue
      }
      #expect(activity.unit == .day)
      #expect(activity.window?.kind == .duration(28 * 86_400_000_000))
      #expect(written(activity.groups) == ["platform as p", "b"])
    }
  }

  @Test func lifecycle() {
    guard case .lifecycle(let lifecycle) = step("lifecycle each month group by platform") else {
      Issue.record("no life cycle")
      return
    }
    #expect(lifecycle.unit == .month)
    #expect(written(lifecycle.groups) == ["platform"])
  }

  @Test func attributionWithEveryOption() {
    let text = """
      attribute event = 'ad' and to = 1 to event = 'buy' group by country as c by position
        within 30 days credit lower(channel) as channel, value price * 2 as worth
      """
    guard case .attribute(let attribution) = step(text) else {
      Issue.record("no attribution")
      return
    }
    #expect(attribution.touch.description == "event = 'ad' and to = 1")
    #expect(attribution.conversion.description == "event = 'buy'")
    #expect(attribution.within?.kind == .duration(30 * 86_400_000_000))
    #expect(attribution.model == .position)
    #expect(written([attribution.credit]) == ["lower(channel) as channel"])
    #expect(written(attribution.value.map { [$0] } ?? []) == ["price * 2 as worth"])
    #expect(written(attribution.groups) == ["country as c"])
  }

  @Test(arguments: [
    ("last", Query.AttributionSyntax.Model.last), ("FIRST", .first), ("linear", .linear),
    ("position", .position), ("participation", .participation),
    ("time decay", .timeDecay(halfLife: nil)),
  ])
  func models(_ words: String, _ model: Query.AttributionSyntax.Model) {
    guard case .attribute(let attribution) = step("attribute a to b by \(words) credit value") else {
      Issue.record("no attribution by \(words)")
      return
    }
    #expect(attribution.model == model)
    #expect(attribution.within == nil)
    #expect(written([attribution.credit]) == ["value"])
  }

  @Test(arguments: ["12 hours", "patience", "settings.patience"]) func halfLives(_ duration: String) {
    let text = "attribute a to b by time decay half life \(duration) credit value"
    guard case .attribute(let attribution) = step(text), case .timeDecay(let halfLife?) = attribution.model
    else {
      Issue.record("no half life of \(duration)")
      return
    }
    #expect(halfLife.description == duration)
  }

  @Test func columnsMayBeNamedLikeTheWords() {
    _ = step(
      """
      select activity, attribute, lifecycle, credit, value, time, to, position, life, half
      |> where attribute = 1 and activity > lifecycle |> order by attribute desc, lifecycle
      """)
  }
}
