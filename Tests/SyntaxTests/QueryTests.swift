import Diagnostics
import Testing

@testable import Syntax

@Suite struct QueryTests {
  /// The kinds of a query's steps; what is wrong is recorded.
  private func steps(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> [Query.Kind] {
    let (query, diagnostics) = Parser.query(Fragment(text))
    #expect(diagnostics == [], sourceLocation: sourceLocation)
    return query.steps.map(\.kind)
  }

  private func step(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Query.Kind {
    steps("from events |> " + text, sourceLocation: sourceLocation).last ?? .error
  }

  private func written(_ items: [Query.NamedExpression]) -> [String] {
    items.map { $0.expression.description + ($0.name.map { " as \($0.name)" } ?? "") }
  }

  @Test func fromTakesAName() {
    for (text, expected) in [("from events", "events"), ("FROM sizing.eligible", "sizing.eligible")] {
      guard case .from(let name)? = steps(text).first else {
        Issue.record("no from: \(text)")
        continue
      }
      #expect((name.alias.map { $0.name + "." } ?? "") + name.name.name == expected)
    }
  }

  @Test func theExampleOfTheLanguage() {
    let kinds = steps(
      """
      from events
      |> where event = 'buy_page_viewed' and count_if(event = 'purchase') over prior = 0
      |> aggregate count(distinct user_id) as users, count(*) as views
         group by date_trunc('week', ts) as week
      |> order by week
      """)
    guard kinds.count == 4, case .filter(let condition) = kinds[1],
      case .aggregate(let items, let groups) = kinds[2]
    else {
      Issue.record("\(kinds)")
      return
    }
    #expect(
      condition.description == "event = 'buy_page_viewed' and count_if(event = 'purchase') over prior = 0")
    #expect(written(items) == ["count(distinct user_id) as users", "count(*) as views"])
    #expect(written(groups) == ["date_trunc('week', ts) as week"])
    guard case .order(let keys) = kinds[3] else {
      Issue.record("no order")
      return
    }
    #expect(keys.map(\.expression.description) == ["week"])
  }

  @Test func aggregateMayLackEitherHalf() {
    guard case .aggregate(let items, let groups) = step("aggregate count(*) as n,") else {
      return #expect(Bool(false))
    }
    #expect(written(items) == ["count(*) as n"])
    #expect(groups.isEmpty)
    guard case .aggregate(let none, let countries) = step("aggregate group by country, 1 + 2 as three,")
    else {
      return #expect(Bool(false))
    }
    #expect(none.isEmpty)
    #expect(written(countries) == ["country", "1 + 2 as three"])
  }

  @Test func selectHasStarsAndNames() {
    guard
      case .select(let items, isDistinct: true) = step("select distinct *, * except (a, `b c`), x + 1 as y,")
    else {
      return #expect(Bool(false))
    }
    let shown = items.map { item in
      switch item {
      case .all(let left, _): "all but \(left.map(\.name))"
      case .expression(let named): written([named])[0]
      }
    }
    #expect(shown == ["all but []", "all but [\"a\", \"b c\"]", "x + 1 as y"])
    guard case .select(let words, isDistinct: false) = step("select limit, first, set, date") else {
      return #expect(Bool(false))
    }
    #expect(words.count == 4)
  }

  @Test func columnsAreExtendedSetDroppedAndRenamed() {
    guard case .extend(let added) = step("extend a * 2 as b, last(c) over prior as d") else {
      return #expect(Bool(false))
    }
    #expect(written(added) == ["a * 2 as b", "last(c) over prior as d"])
    guard case .set(let assignments) = step("set a = b = c, d = 5%") else { return #expect(Bool(false)) }
    #expect(assignments.map { "\($0.name.name): \($0.value)" } == ["a: b = c", "d: 5%"])
    guard case .drop(let dropped) = step("drop a, \"b\"") else { return #expect(Bool(false)) }
    #expect(dropped.map(\.name) == ["a", "b"])
    guard case .rename(let renamings) = step("rename a as b, c as d") else { return #expect(Bool(false)) }
    #expect(renamings.map { $0.old.name + $0.new.name } == ["ab", "cd"])
  }

  @Test func orderAndLimit() {
    guard case .order(let keys) = step("order by a desc nulls first, b + 1 asc nulls last, c, d desc") else {
      return #expect(Bool(false))
    }
    #expect(keys.map(\.isDescending) == [true, false, false, true])
    #expect(keys.map(\.nullsFirst) == [true, false, nil, nil])
    #expect(step("limit 10") == .limit(10, offset: 0))
    #expect(step("limit 1_000 offset 20") == .limit(1000, offset: 20))
    #expect(step("distinct") == .distinct)
  }

  @Test(arguments: [
    ("join users on a = b", Query.Join.Kind.inner), ("inner join users using (a)", .inner),
    ("left join users as u using (a, b)", .left), ("left outer join users on x", .left),
    ("right join s.users on x", .right), ("full join users on x", .full), ("cross join users", .cross),
    ("semi join users using (a)", .semi), ("anti join users as u on events.a = u.a", .anti),
  ])
  func joins(text: String, kind: Query.Join.Kind) {
    guard case .join(let join) = step(text) else { return #expect(Bool(false)) }
    #expect(join.kind == kind)
    #expect(join.relation.name.name == "users")
    #expect(join.alias?.name == (text.contains("as u ") ? "u" : nil))
    switch join.condition {
    case .none: #expect(kind == .cross)
    case .on: #expect(text.contains(" on "))
    case .using(let columns): #expect(columns.map(\.name) == (text.contains("b)") ? ["a", "b"] : ["a"]))
    }
  }

  @Test(arguments: [
    ("union a, s.b", ["a", "b"], false), ("union all a", ["a"], false),
    ("union distinct a, b", ["a", "b"], true),
    ("union all (a), (b)", ["a", "b"], false), ("union a", ["a"], false),
  ])
  func unions(text: String, names: [String], isDistinct: Bool) {
    guard case .union(let relations, let distinct) = step(text) else { return #expect(Bool(false)) }
    #expect(relations.map(\.name.name) == names)
    #expect(distinct == isDistinct)
  }

  @Test func pivot() {
    guard case .pivot(let pivot) = step("pivot (sum(x) as total, count(*) for country in ('US' as us, 'DE'))")
    else {
      return #expect(Bool(false))
    }
    #expect(written(pivot.aggregates) == ["sum(x) as total", "count(*)"])
    #expect(pivot.column.name == "country")
    #expect(written(pivot.values) == ["'US' as us", "'DE'"])
  }

  @Test func funnelWithEveryOption() {
    let text = """
      funnel event = 'a' as added, immediately event = 'b' as bought, any(x) as seen
        within 7 days ties strict entry first
        excluding event = 'r' between added and bought excluding y between 1 and 2 excluding added between added and bought
        excluding not z = 1 between bought and seen
        same product, session_id
        any order each attempt
        group by country as c, platform at step bought
      """
    guard case .funnel(let funnel) = step(text) else { return #expect(Bool(false)) }
    #expect(funnel.steps.map(\.condition.description) == ["event = 'a'", "event = 'b'", "any(x)"])
    #expect(funnel.steps.map(\.name?.name) == ["added", "bought", "seen"])
    #expect(funnel.steps.map(\.isImmediate) == [false, true, false])
    #expect(funnel.within?.kind == .duration(7 * 86_400_000_000))
    #expect(funnel.ties == .strict)
    #expect(funnel.entry == .first)
    #expect(
      funnel.exclusions.map { "\($0.condition) | \($0.after?.name ?? "") | \($0.before?.name ?? "")" } == [
        "event = 'r' | added | bought", "y between 1 and 2 |  | ", "added | added | bought",
        "not z = 1 | bought | seen",
      ])
    #expect(funnel.same.map(\.name) == ["product", "session_id"])
    #expect(funnel.isAnyOrder && funnel.isEachAttempt)
    #expect(written(funnel.groups) == ["country as c", "platform"])
    guard case .step(let name) = funnel.breakdown else { return #expect(Bool(false)) }
    #expect(name.name == "bought")
  }

  @Test func funnelWithNoneOfItsOptions() {
    guard case .funnel(let funnel) = step("funnel a = 1, within > 3, immediately = 2") else {
      return #expect(Bool(false))
    }
    #expect(funnel.steps.map(\.condition.description) == ["a = 1", "within > 3", "immediately = 2"])
    #expect(funnel == Query.FunnelSyntax(steps: funnel.steps))
    for (text, breakdown) in [("at first", Query.FunnelSyntax.Breakdown.first), ("at last", .last)] {
      guard case .funnel(let funnel) = step("funnel a group by b \(text) within 1 hour") else {
        return #expect(Bool(false))
      }
      #expect(funnel.breakdown == breakdown)
      #expect(funnel.within?.kind == .duration(3_600_000_000))
    }
  }

  @Test func exclusionInParenthesesKeepsItsBetween() {
    guard case .funnel(let funnel) = step("funnel a as x, b as y excluding (z between x and y)") else {
      return #expect(Bool(false))
    }
    #expect(funnel.exclusions.map(\.condition.description) == ["z between x and y"])
    #expect(funnel.exclusions.first?.after == nil)
  }

  @Test func retentionWithEveryOption() {
    let text = """
      retention start event = 'signed_up', return event = 'opened', each week for 12 weeks
        rolling on or after first in range group by platform, country as c
      """
    guard case .retention(let retention) = step(text) else { return #expect(Bool(false)) }
    #expect(retention.start.description == "event = 'signed_up'")
    #expect(retention.comeback.description == "event = 'opened'")
    #expect(retention.unit == .week)
    #expect(retention.periods == 12)
    #expect(retention.mode == .rolling)
    #expect(retention.criterion == .onOrAfter)
    #expect(retention.cohort == .firstInRange)
    #expect(written(retention.groups) == ["platform", "country as c"])
  }

  @Test func retentionWithNoneOfItsOptions() {
    guard case .retention(let retention) = step("retention start a, return b each month") else {
      return #expect(Bool(false))
    }
    #expect(retention.unit == .month)
    #expect(retention.periods == 12)
    #expect(retention.mode == .calendar)
    #expect(retention.criterion == .on)
    #expect(retention.cohort == .firstEver)
    guard
      case .retention(let other) = step("retention start a, return b each day for 7 group by c recurring on")
    else {
      return #expect(Bool(false))
    }
    #expect(other.periods == 7)
    #expect(other.cohort == .recurring)
  }

  @Test func sessions() {
    guard case .sessions(let plain) = step("sessions gap 30 minutes") else { return #expect(Bool(false)) }
    #expect(plain.gap.kind == .duration(1_800_000_000))
    #expect(plain.maximum == nil && plain.key == nil && !plain.isSplitDaily)
    guard case .sessions(let full) = step("sessions gap 30 minutes key device split daily max 24 hours")
    else {
      return #expect(Bool(false))
    }
    #expect(full.maximum?.kind == .duration(86_400_000_000))
    #expect(full.isSplitDaily)
    #expect(full.key?.name == "device")
    guard case .sessions(let named) = step("sessions gap gap max longest") else {
      return #expect(Bool(false))
    }
    #expect(named.gap.description == "gap" && named.maximum?.description == "longest")
  }

  @Test func paths() {
    guard case .paths(let plain) = step("paths depth 3") else { return #expect(Bool(false)) }
    #expect(plain == Query.PathsSyntax(anchor: .beginning, depth: 3))
    let written = "paths from a = 1, hide b in (2, 3) keep repeats per session depth 12"
    guard case .paths(let full) = step(written), case .from(let start) = full.anchor else {
      return #expect(Bool(false))
    }
    #expect(start.description == "a = 1")
    #expect(full.depth == 12)
    #expect(full.isPerSession)
    #expect(full.repeats == .kept)
    #expect(full.hidden != nil)
    guard case .paths(let back) = step("paths to hide = depth depth 2 collapse repeats"),
      case .to(let end) = back.anchor
    else { return #expect(Bool(false)) }
    #expect(end.description == "hide = depth")
    #expect(back.repeats == .collapsed)
  }

  @Test func columnsMayBeNamedLikeOperators() {
    _ = steps(
      """
      from events
      |> order by sessions desc, limit nulls last, drop asc
      |> select a, sessions - 1 as b, set + 1, union, `where`,
         limit, join.x
      |> aggregate sum(sessions) as sessions, max(funnel) as pivot group by first, sessions
      |> where "from" is null and within > 3 and order < group
      """)
  }

  @Test func rangesOfSteps() {
    let text = "from events -- all\n|> order by a\n|> left outer join b on c\n|> select distinct *"
    let source = SourceText(name: "q", text: text)
    let (query, _) = Parser.query(Fragment(text))
    #expect(
      query.steps.map { source.text(in: $0.range) } == [
        "from", "order by", "left outer join", "select distinct",
      ])
    #expect(source.text(in: query.range) == text)
  }

  @Test(
    arguments: [
      ("", ["missing-from@"]), ("|> where a", ["missing-from@"]), ("where a", ["missing-from@where"]),
      ("events\n|> where a", ["missing-from@events"]), ("from", ["syntax@from"]),
      ("from 'x.csv'", ["not-a-table@'x.csv'"]),
      ("select a, b from events where c group by d", ["sql-query@select"]),
      ("with t as (select 1) select * from t", ["sql-query@with"]),
      ("from a, b", ["from-list@,"]), ("from a as b", ["from-alias@as"]),
      ("from a b\n|> where c", ["from-alias@b"]),
      ("from (select 1)", ["subquery@select"]), ("from a\nwhere b", ["missing-pipe@where"]),
      ("from a where b", ["missing-pipe@where"]), ("from a\n|> where b\norder by c", ["missing-pipe@order"]),
      ("from a\n| where b", ["missing-pipe@|"]), ("from a\n|> from b", ["second-from@from"]),
      ("from a\n|> group by b", ["group-by-step@group by"]),
      ("from a\n|> where b group by c", ["group-by-step@group by"]),
      ("from a\n|> aggregate count(*) group by b having c", ["sql-having@having"]),
      ("from a\n|> wher b", ["unknown-operator@wher"]), ("from a\n|> filter b", ["unknown-operator@filter"]),
      ("from a\n|> xyzzy b, c", ["unknown-operator@xyzzy"]),
      ("from a\n|> activity", ["syntax@activity"]), ("from a\n|> activity over 28 days", ["syntax@over"]),
      ("from a\n|> activity each fortnight over 28 days", ["syntax@fortnight"]),
      ("from a\n|> activity each day over 28", ["syntax@28"]),
      ("from a\n|> activity each day over 1 month", ["inexact-duration@month"]),
      ("from a\n|> activity each day group by b over 7 days over 8 days", ["repeated-clause@over"]),
      ("from a\n|> lifecycle", ["syntax@lifecycle"]),
      ("from a\n|> lifecycle each day for 3", ["no-clause@for"]),
      ("from a\n|> lifecycle each day over 28 days group by b", ["no-clause@over"]),
      ("from a\n|> attribute", ["syntax@attribute"]), ("from a\n|> attribute b", ["syntax@b"]),
      ("from a\n|> attribute b = 1, c by last credit d", ["syntax@,"]),
      ("from a\n|> attribute b to c", ["syntax@c"]),
      ("from a\n|> attribute b to c by last", ["syntax@last"]),
      ("from a\n|> attribute b to c credit d", ["syntax@d"]),
      ("from a\n|> attribute b to c by lst credit d", ["syntax@lst"]),
      ("from a\n|> attribute b to c by time credit d", ["syntax@time"]),
      ("from a\n|> attribute b to c by last credit d, e", ["syntax@,"]),
      ("from a\n|> attribute b to c by last credit d within 3", ["syntax@3"]),
      ("from a\n|> paths from b", ["syntax@b"]), ("from a\n|>", ["syntax@|>"]),
      ("from a\n|> paths depth 0", ["syntax@0"]),
      ("from a\n|> paths from b depth 2 depth 3", ["repeated-clause@depth"]),
      ("from a\n|> paths from b depth 2 per user", ["syntax@per"]),
      ("from a\n|> paths from b depth 2 keep", ["syntax@keep"]),
      ("from a\n|> paths from b depth 2 of c", ["syntax@of"]),
      ("from a\n|> |> where b", ["syntax@|>"]), ("from a\n|> where", ["syntax@where"]),
      ("from a\n|> 5", ["syntax@5"]), ("from a\n|> select", ["syntax@select"]),
      ("from a\n|> select b c", ["missing-comma@c"]),
      ("from a\n|> select b,, c", ["syntax@,"]), ("from a\n|> select , b", ["syntax@,"]),
      ("from a\n|> select b as from, c", ["reserved-word@from"]),
      ("from a\n|> select b as\n|> distinct", ["syntax@as"]),
      ("from a\n|> select * except b", ["syntax@b"]), ("from a\n|> aggregate sum(b) c", ["missing-comma@c"]),
      ("from a\n|> aggregate count(*) group b", ["syntax@group"]),
      ("from a\n|> set b => 1", ["wrong-operator@=>"]), ("from a\n|> set b == 1", ["wrong-operator@=="]),
      ("from a\n|> set b", ["syntax@b"]), ("from a\n|> set b + 1 = 2, c = 3", ["syntax@+"]),
      ("from a\n|> rename b c", ["syntax@c"]), ("from a\n|> rename b = c", ["syntax@="]),
      ("from a\n|> limit x", ["syntax@x"]), ("from a\n|> limit 1.5", ["syntax@1.5"]),
      ("from a\n|> limit -1", ["syntax@-"]),
      ("from a\n|> limit 5, 10", ["syntax@,"]), ("from a\n|> order b", ["unknown-operator@order"]),
      ("from a\n|> order by b nulls", ["syntax@nulls"]),
      ("from a\n|> order by b descending", ["syntax@descending"]),
      ("from a\n|> join b", ["syntax@b"]), ("from a\n|> join b as c\n|> where d", ["syntax@c"]),
      ("from a\n|> join b c on d = e", ["syntax@c"]),
      ("from a\n|> cross join b on c", ["cross-join-condition@cross join"]),
      ("from a\n|> left b", ["syntax@b"]), ("from a\n|> join (from b) on c", ["subquery@from"]),
      ("from a\n|> join b using c", ["syntax@c"]), ("from a\n|> union", ["syntax@union"]),
      ("from a\n|> union all (from b)", ["subquery@from"]), ("from a\n|> pivot sum(b)", ["syntax@sum"]),
      ("from a\n|> pivot (sum(b) for c)", ["syntax@)"]),
      ("from a\n|> pivot (sum(b) for c in (\"d\"))", ["double-quotes@\"d\""]),
      ("from a\n|> pivot (sum(b))", ["syntax@)"]),
      ("from a\n|> funnel", ["syntax@funnel"]), ("from a\n|> funnel b as c d as e", ["missing-comma@d"]),
      ("from a\n|> funnel b within 7", ["syntax@7"]), ("from a\n|> funnel b within", ["syntax@within"]),
      ("from a\n|> funnel b within 1 month", ["inexact-duration@month"]),
      ("from a\n|> funnel b within 1 day within 2 days", ["repeated-clause@within"]),
      ("from a\n|> funnel b ties sequ within 1 hour", ["syntax@sequ"]),
      ("from a\n|> funnel b entry best at last", ["clause-order@at"]),
      ("from a\n|> funnel b as x, c as y excluding d = 1 between x or y", ["syntax@or"]),
      ("from a\n|> retention", ["syntax@retention"]), ("from a\n|> retention start b", ["syntax@b"]),
      ("from a\n|> retention start b, return c", ["syntax@c"]),
      ("from a\n|> retention start b, c return d each day", ["syntax@c"]),
      ("from a\n|> retention start b, return c each fortnight for 3", ["syntax@fortnight"]),
      ("from a\n|> retention start b, return c each week for 3 months", ["retention-unit@months"]),
      ("from a\n|> retention start b, return c each week for 0", ["syntax@0"]),
      ("from a\n|> retention start b, return c each week first time", ["syntax@first"]),
      ("from a\n|> retention start b, return c each week group by d for 3", ["clause-order@for"]),
      ("from a\n|> retention start b, return c each week calendar rolling", ["repeated-clause@rolling"]),
      ("from a\n|> paths depth 3 from b", ["clause-order@from"]),
      ("from a\n|> paths from b to c depth 3", ["repeated-clause@to"]),
      ("from a\n|> where b within 7 days", ["no-clause@within"]),
      ("from a\n|> sessions gap 3 hours group by b", ["no-clause@group by"]),
      ("from a\n|> where b from c", ["second-from@from"]),
      ("from a\n|> select distict b, c", ["missing-comma@distict"]),
      ("from a\n|> funnel b, imediately c within 7 days", ["missing-comma@imediately"]),
      ("from a\n|> order by b dsc, c dsc", ["syntax@dsc", "syntax@dsc"]),
      ("from a\n|> sessions", ["syntax@sessions"]), ("from a\n|> sessions 30 minutes", ["syntax@30"]),
      ("from a\n|> sessions gap 30", ["syntax@30"]),
      ("from a\n|> sessions gap 30 minutes split weekly", ["syntax@split"]),
      ("from a;", ["unknown-character@;"]), ("from a\n|> where b = 'c\n|> where d", ["unclosed-text@'"]),
      ("from a\n|> where (b = 1\n|> aggregate count(*)", ["unclosed-bracket@("]),
      ("from a\n|> aggregate sum(b as c, count(*) as n group by d", ["unclosed-bracket@("]),
      ("from a\n|> where b as c", ["syntax@as"]), ("from a\n|> where b, c", ["syntax@,"]),
      ("from a\n|> select\nwhere b", ["syntax@where"]), ("from a\n|> where partition", []),
      ("from a\n|> distinct b", ["syntax@b"]),
    ] as [(String, [String])])
  func oneMistakeOneMessage(text: String, expected: [String]) {
    #expect(queryMistakes(text) == expected)
  }

  @Test func everyMistakeIsReported() {
    let text = """
      from events as e
      |> where event == 'a' and (price > 3
      |> extend price * as double, 'a' || as b, 3 months as c, ok as d
      |> agregate count(*)
      |> aggregate count(* as n, sum(price) as s group country
      |> select a b, c
      where x = "US"
      |> funnel a = as x, b within 'soon' ties none group by
      |> retention start a = , return b each wek
      |> sessions gap 'soon' max 3
      |> order by ) desc
      """
    #expect(
      queryMistakes(text) == [
        "from-alias@as", "wrong-operator@==", "unclosed-bracket@(", "syntax@as", "syntax@as",
        "inexact-duration@months",
        "unknown-operator@agregate", "unclosed-bracket@(", "syntax@group", "missing-comma@b",
        "missing-pipe@where",
        "double-quotes@\"US\"", "syntax@as", "syntax@'soon'", "syntax@none", "syntax@by", "syntax@,",
        "syntax@wek",
        "syntax@'soon'", "syntax@3", "syntax@)",
      ])
  }

  @Test func whatIsRightAroundAMistakeIsRead() {
    let (query, diagnostics) = Parser.query(
      Fragment("from events\n|> extend a + as b, c as d\n|> frobnicate\n|> limit 5"))
    #expect(diagnostics.count == 2)
    guard query.steps.count == 4, case .extend(let items) = query.steps[1].kind else {
      return #expect(Bool(false))
    }
    #expect(items.map(\.name?.name) == ["b", "d"])
    #expect(query.steps[2].kind == .error)
    #expect(query.steps[3].kind == .limit(5, offset: 0))
  }

  @Test func aDiagnosticReadsWell() {
    let text = "from events\n|> filter country = 'US'"
    let (_, diagnostics) = Parser.query(Fragment(text))
    #expect(
      diagnostics.map { $0.rendered(in: SourceText(name: "a.md", text: text)) } == [
        """
        error[unknown-operator]: no operator is named 'filter'
           ╭ a.md:2:4
         2 │ |> filter country = 'US'
           │    ^^^^^^ not an operator
           hint: write '|> where'
        """
      ])
  }
}
