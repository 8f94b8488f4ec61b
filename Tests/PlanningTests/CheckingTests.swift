import Diagnostics
import Planning
import Testing
import Values

@Suite struct CheckingTests {
  // MARK: Events that no one has logged

  @Test(
    arguments: [
      "|> where event = 'purchased'", "|> where 'purchased' = event", "|> where event <> 'purchased'",
      "|> where event in ('viewed', 'purchased')", "|> extend count_if(event = 'purchased') over prior as n",
      "|> aggregate count_if(event = 'purchased') as n",
      "|> rename event as name |> where name = 'purchased'",
      "|> funnel event = 'viewed', event = 'purchased'",
      "|> join users using (user_id) |> where event = 'purchased'",
    ])
  func anUnseenEventIsAWarning(steps: String) throws {
    let checked = checked("from events \(steps)")
    #expect(checked.plan != nil)
    #expect(checked.marks == ["unseen-event@'purchased'"])
    let warning = try #require(checked.diagnostics.first)
    #expect(warning.severity == .warning)
    #expect(warning.notes == ["the log has 'purchase', 'signed_up', 'viewed'"])
    #expect(warning.hints == ["did you mean 'purchase'?"])
  }

  @Test(
    arguments: [
      "|> where event = 'purchase'", "|> where country = 'purchased'", "|> where event = country",
      "|> where event like 'purchased'",
      "|> drop event |> extend country as event |> where event = 'purchased'",
      "|> limit 5 |> where event = 'purchased'",
    ])
  func otherComparisonsAreNone(steps: String) { #expect(marks(steps) == []) }

  // MARK: Overloads

  @Test(
    arguments: [
      // An integer stays one where the function takes integers, and becomes a double beside one.
      ("orders + 1", ScalarType.integer, "orders + 1"),
      ("orders + price", .double, "double(orders) + price"),
      ("orders + 0.5", .double, "double(orders) + 0.5"),
      ("orders / 2", .double, "double(orders) / 2"),
      ("ts + 1 day", .timestamp, "ts + 1 day"),
      ("ts - ts", .duration, "ts - ts"),
      // A text that is written in place reads as what it is compared with.
      ("ts >= '2026-01-01'", .boolean, "ts >= timestamp '2026-01-01'"),
      ("day = '2026-01-01'", .boolean, "day = date '2026-01-01'"),
      ("day = ts", .boolean, "timestamp(day) = ts"),
      ("coalesce(orders, price)", .double, "coalesce(double(orders), price)"),
      ("if(price > 1, orders, 0.5)", .double, "case when price > 1 then double(orders) else 0.5 end"),
      ("orders in (1, null)", .boolean, "orders in (1, null)"),
      ("price in (1, 2)", .boolean, "price in (1, 2)"),
      ("null + orders", .integer, "null + orders"),
      ("not (price > 1 or orders is null)", .boolean, "not ((price > 1) or (orders is null))"),
    ] as [(String, ScalarType, String)])
  func theOverloadWithTheFewestConversionsIsTaken(written: String, type: ScalarType, meant: String) throws {
    let checked = checked("from events |> select \(written) as x")
    #expect(checked.marks == [])
    guard case .project(_, let columns)? = checked.plan else {
      Issue.record("no columns")
      return
    }
    #expect(columns[0].field.type == type)
    #expect(columns[0].expression.type == type)
    #expect(columns[0].expression.text(Shop.log) == meant)
  }

  @Test(
    arguments: [
      ("country + 1", "type-mismatch@+"), ("ts + 1", "type-mismatch@+"),
      ("country = orders", "type-mismatch@="),
      ("ts = country", "type-mismatch@="), ("ts >= 'soon'", "bad-literal@'soon'"),
      ("upper(orders)", "no-overload@upper"), ("upper(word => country)", "no-parameter@word"),
      ("uper(country)", "no-function@uper"), ("contry", "no-column@contry"),
      ("sum(price)", "aggregate-of-rows@sum(price)"), ("case when price then 1 end", "type-mismatch@price"),
      ("if(price > 1, country, orders)", "type-mismatch@orders"), ("weekly", "not-plain@weekly"),
    ])
  func mistakesAreReportedWhereTheyStand(written: String, mark: String) {
    let checked = checked("from events |> select \(written) as x")
    #expect(checked.plan == nil)
    #expect(checked.marks == [mark])
  }

  @Test func aMistakeSilencesWhatDependsOnIt() {
    #expect(
      marks("|> where contry = 'US' and upper(contry) = 1 |> extend foo as x") == [
        "no-column@contry", "no-column@contry",
      ])
    #expect(checked("from broken |> where a = 1").marks == [])
    #expect(marks("|> extend mistaken + 1 as x") == [])
  }

  // MARK: Names of the document

  @Test func aValueOfTheDocumentIsAConstantOfTheQuery() throws {
    #expect(try shape("from users |> where age > rate * 100").hasPrefix("where double(age) > (0.25 * 100)"))
    let shop = Shop()
    shop.values = [:]
    #expect(try shape("from users |> where age > rate", in: shop).hasPrefix("where double(age) > null"))
  }

  @Test func aColumnStandsBeforeANameOfTheDocument() throws {
    let shop = Shop()
    shop.bindings["age"] = Binding(type: .scalar(.text, .automatic))
    #expect(try shape("from users |> where age > 1", in: shop).hasPrefix("where age > 1"))
  }

  @Test func namesOfRelationsAreNotNamesOfValues() {
    #expect(checked("from rate").marks == ["not-a-relation@rate"])
    #expect(checked("from event").marks == ["no-relation@event"])
    #expect(checked("from event").diagnostics.first?.hints == ["did you mean 'events'?"])
  }

  // MARK: Columns

  @Test(
    arguments: [
      ("|> extend 1 as price", "duplicate-column@price"),
      ("|> select ts, event as TS", "duplicate-column@TS"),
      ("|> extend price * 2", "needs-name@price * 2"), ("|> extend null as x", "untyped-null@null"),
      ("|> rename prise as cost", "no-column@prise"),
      ("|> funnel event = 'viewed', event = 'viewed'", "duplicate-step@event = 'viewed'"),
    ])
  func columnsHaveOneNameEach(steps: String, mark: String) {
    let (plan, found) = { ($0.plan, $0.marks) }(checked("from events \(steps)"))
    #expect(plan == nil)
    #expect(found == [mark])
  }

  @Test func theSecondOfTwoStepsOfOneNameIsReportedEveryTime() {
    for _ in 0..<20 {
      let found = marks(
        "|> funnel event = 'viewed' as a, price > 1 as b, price > 2 as b, price > 3 as a, price > 4 as c")
      #expect(found == ["duplicate-step@b"])
    }
  }

  @Test func formatsFollowFromWhatIsShown() throws {
    let plan = try #require(
      checked(
        """
        from events
        |> aggregate sum(price) as revenue, sum(price) / count(*) as mean, max(price) - min(price) as spread,
           count(*) as n, percent(avg(price), 2) as share
        """
      ).plan)
    let money = Display.money(currency: "EUR")
    #expect(plan.schema.map(\.display) == [money, money, money, .automatic, .percent(decimals: 2)])
  }
}
