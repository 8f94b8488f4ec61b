import Planning
import Testing
import Values

@Suite struct PlanShapeTests {
  @Test func stepsStandAboveWhatTheyRead() throws {
    #expect(
      try shape("from events |> where price > 1 |> extend price * 2 as double_price |> limit 3 offset 1")
        == """
        limit 3 offset 1
          extend price * 2 as double_price
            where price > 1
              events of shop
        """)
  }

  @Test func aWindowIsComputedBelowTheStepThatAsksForIt() throws {
    #expect(
      try shape("from events |> where count_if(event = 'purchase') over (prior 30 days) = 0") == """
        select user_id, ts, event, country, price, orders, day
          where count_if = 0
            windows count_if(event = 'purchase') over (prior 30 days)
              events of shop
        """)
    let checked = checked("from events |> extend count(*) over lifetime as all_events")
    #expect(checked.plan?.schema.map(\.name) == Shop.log.map(\.name) + ["all_events"])
  }

  @Test func equalWindowsAreComputedOnce() throws {
    let checked = checked(
      "from events |> extend sum(price) over prior as a, sum(price) over prior + 1 as b, sum(price) over later as c"
    )
    guard case .project(.windows(_, let calls), _)? = checked.plan else {
      Issue.record("no windows below the columns")
      return
    }
    let kinds = calls.map { call -> EventWindow.Kind? in
      if case .aggregate(_, over: let window) = call { window.kind } else { nil }
    }
    #expect(kinds == [.prior, .later])
  }

  @Test func equalLookUpsAreComputedOnce() throws {
    let query = """
      from events
      |> extend lag(price) as a, lag(price) + 1 as b, lag(price, 1, 0) as c, lag(event, 2) as d, lead(price) as e
      """
    #expect(
      try shape(query).contains("windows lag(price), lag(true), lag(event, 2), lead(price)"))
  }

  @Test func sinceIsTheTimeSinceTheLatestRow() throws {
    #expect(
      try shape("from events |> extend since(event = 'purchase') as gap").contains(
        "windows max(ts) filter (where event = 'purchase') over prior"))
  }

  @Test func pathsAreDescribedAsTheyAreWritten() throws {
    let written = "paths from event = 'purchase', depth 5 keep repeats hide price is null"
    #expect(try shape("from events |> \(written)").hasPrefix(written))
    #expect(
      try shape("from events |> paths to event = 'purchase', depth 2").hasPrefix(
        "paths to event = 'purchase', depth 2")
    )
    let perSession = "from events |> sessions gap 30 minutes |> paths per session collapse repeats depth 3"
    #expect(try shape(perSession).hasPrefix("paths depth 3 per session\n  sessions"))
  }

  @Test func aggregatesThatAreComputedWithGetAStepOfTheirOwn() throws {
    #expect(
      try shape("from events |> aggregate sum(price) as revenue, count(*) as n group by country") == """
        aggregate sum(price) as revenue, count(*) as n group by country
          events of shop
        """)
    #expect(
      try shape("from events |> aggregate sum(price) / count(*) as mean, count(*) as n group by country")
        == """
        select country, sum / double(count) as mean, count as n
          aggregate sum(price) as sum, count(*) as count group by country
            events of shop
        """)
  }

  @Test func groupKeysCanBeUsedAndOtherColumnsCannot() throws {
    #expect(
      try shape("from events |> aggregate upper(country) as big, count(*) as n group by country").hasPrefix(
        "select country, upper(country) as big, count as n\n"))
    #expect(marks("|> aggregate event, count(*) group by country") == ["not-grouped@event"])
  }

  @Test func aPivotIsAFilteredAggregateForEachValue() throws {
    let shape = try shape(
      "from users |> pivot (sum(age) as total, count(*) as n for country in ('US' as us, 'DE'))")
    #expect(
      shape == """
        aggregate sum(age) filter (where country = 'US') as total_us, \
        count(*) filter (where country = 'US') as n_us, \
        sum(age) filter (where country = 'DE') as total_DE, \
        count(*) filter (where country = 'DE') as n_DE group by user_id
          table users (user_id, country, age)
        """)
  }

  @Test(
    arguments: ["sum(age) + 1", "sum(age) / count(*)", "2", "sum(age) as a, sum(age) as b"])
  func aPivotTakesPlainAggregatesAlone(aggregates: String) {
    let checked = checked("from users |> pivot (\(aggregates) for country in ('US'))")
    #expect(checked.plan == nil)
    #expect(checked.diagnostics.map(\.id) == ["pivot-aggregates"])
  }

  @Test func ofAJoinEqualSharedColumnsStandOnce() throws {
    #expect(
      try shape("from events |> join users using (user_id)") == """
        inner join on user_id = user_id
          events of shop
          table users (user_id, country, age)
        """)
    let joined = checked("from events |> join users using (user_id)").plan
    #expect(joined?.schema.map(\.name) == Shop.log.map(\.name) + ["users_country", "age"])
    #expect(
      checked("from events |> semi join users using (user_id)").plan?.schema.map(\.name)
        == Shop.log.map(\.name))
  }

  @Test func equalitiesOfAJoinBecomeKeysAndTheRestACondition() throws {
    let checked = checked(
      "from events |> left join users as u on u.age > orders and u.user_id = events.user_id and price > 0")
    #expect(checked.marks == [])
    guard case .join(let join)? = checked.plan else {
      Issue.record("no join")
      return
    }
    #expect(join.leftKeys == [.column(0, .text)])
    #expect(join.rightKeys == [.column(0, .text)])
    let both = Shop.log + Shop.users
    #expect(join.condition?.text(both) == "(age > orders) and (price > 0)")
    #expect(join.output.last?.expression == .column(Shop.log.count + 2, .integer))
  }

  @Test func aFullJoinTakesASharedKeyFromEitherSide() throws {
    guard case .join(let join)? = checked("from users |> full join users as other using (user_id)").plan
    else {
      Issue.record("no join")
      return
    }
    #expect(join.output[0].expression == .coalesce([.column(0, .text), .column(3, .text)], .text))
    #expect(join.output.map(\.field.name) == ["user_id", "country", "age", "other_country", "other_age"])
  }

  @Test func aUnionConvertsColumnByColumn() throws {
    #expect(
      try shape("from events |> select price |> union users_ages", in: shopWithAges()) == """
        union of 2
          select price
            events of shop
          select double(age) as price
            table users_ages (age)
        """)
    #expect(marks("|> union users") == ["union-columns@users"])
  }

  private func shopWithAges() -> Shop {
    let shop = Shop()
    shop.relations["users_ages"] = .plan(.relation("users_ages", [Field("age", .integer)]), eventNames: [])
    return shop
  }

  @Test func sortingSaysDirectionAndPlaceOfNulls() throws {
    #expect(
      try shape("from users |> order by age desc, country nulls first, user_id") == """
        order by age desc, country nulls first, user_id
          table users (user_id, country, age)
        """)
  }

  @Test func whatIsKnownOfAPlanStandsBesideIt() throws {
    let plan = try #require(checked("from events |> distinct").plan)
    #expect(
      plan.description { plan in if case .events = plan { "3 rows" } else { nil } } == """
        distinct
          events of shop  -- 3 rows
        """)
  }

  @Test func theRangeOfARetentionIsFoundInAllFiltersBelowIt() throws {
    let checked = checked(
      """
      from events
      |> where ts >= timestamp '2026-01-01' and country = 'US'
      |> where ts < timestamp '2026-02-01'
      |> where price is null
      |> retention start event = 'signed_up', return event = 'viewed' each week for 4
      """)
    #expect(checked.marks == [])
    guard case .retention(let retention)? = checked.plan, case .filter(.events, let rest) = retention.input
    else {
      Issue.record("no retention over one filter")
      return
    }
    #expect(rest.text(Shop.log) == "(country = 'US') and (price is null)")
    #expect(retention.range?.columns == [1])
    #expect(retention.range?.conjuncts.count == 2)
  }

  @Test func theFirstInTheRangeReadsTheRangeAlone() throws {
    let checked = checked(
      """
      from events |> where ts >= timestamp '2026-01-01'
      |> retention start event = 'signed_up', return event = 'viewed' each week for 4 first in range
      """)
    guard case .retention(let retention)? = checked.plan, case .filter = retention.input else {
      Issue.record("no retention over a filter")
      return
    }
    #expect(retention.range == nil)
  }

  @Test func historyIsWhatLiesBeforeTheTimeThatIsLookedAt() throws {
    #expect(
      try shape(
        """
        from events
        |> where ts >= '2026-01-01' and country = 'US'
        |> where ts < '2026-03-01' and ts > '2025-12-31'
        |> lifecycle each week group by country
        """) == """
          lifecycle each week from timestamp '2026-01-01' group by country
            where (country = 'US') and (ts < timestamp '2026-03-01')
              events of shop
          """)
    #expect(
      try shape("from events |> where date(ts) between '2026-01-01' and '2026-01-31' |> activity each day")
        == """
        activity each day from timestamp '2026-01-01'
          where date(ts) <= date '2026-01-31'
            events of shop
        """)
    #expect(
      try shape("from events |> where '2026-01-05' = date(ts) |> activity each day over 28 days") == """
        activity each day over 28 days from timestamp '2026-01-05'
          where ts < timestamp '2026-01-06'
            events of shop
        """)
    #expect(
      try shape("from events |> where hour(ts) >= 9 or ts > '2026-01-01' |> lifecycle each day").hasPrefix(
        "lifecycle each day\n  where "))
  }

  @Test func anAttributionSaysAllThatItDoes() throws {
    #expect(
      try shape(
        """
        from events |> where ts >= '2026-01-01'
        |> attribute event = 'viewed' to event = 'purchase' within 30 days
           by time decay half life 12 hours credit upper(country) as land, value orders group by event
        """) == """
          attribute event = 'viewed' to event = 'purchase' within 30 days by time decay half life 12 hours \
          credit upper(country) as land value double(orders) as orders from timestamp '2026-01-01' \
          group by event
            events of shop
          """)
    let schema = try #require(
      checked("from events |> attribute event = 'a' to price > 1 by last credit country value price as worth")
        .plan
    ).schema
    #expect(schema.map(\.name) == ["country", "conversions", "share", "touches", "worth"])
    #expect(marks("|> attribute true to true by last credit orders") == ["type-mismatch@orders"])
    #expect(marks("|> attribute event to true by last credit country") == ["type-mismatch@event"])
    #expect(marks("|> attribute true to true by last credit country value event") == ["type-mismatch@event"])
    #expect(marks("|> attribute true to true by last credit country as share") == ["duplicate-column@share"])
    #expect(
      marks("|> attribute true to true by last credit country group by country") == [
        "duplicate-column@country"
      ])
    #expect(marks("|> activity each day group by ts > ts") == ["needs-name@ts > ts"])
    #expect(marks("|> lifecycle each day group by country as new") == ["duplicate-column@new"])
    #expect(marks("|> distinct |> lifecycle each day") == ["not-a-log@lifecycle"])
  }
}
