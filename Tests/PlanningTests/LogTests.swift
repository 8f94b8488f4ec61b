import Planning
import Testing
import Values

/// Whether rows are still a log decides what windows and event operators may be used on.
@Suite struct LogTests {
  @Test(
    arguments: [
      ("where price > 0", [0, 1, 2]),
      ("extend 1 as one", [0, 1, 2]),
      ("where count(*) over prior = 0", [0, 1, 2]),
      ("extend count(*) over prior as n", [0, 1, 2]),
      ("select price, event, ts, user_id", [3, 2, 1]),
      ("select ts as at, user_id as who, event", [1, 0, 2]),
      ("rename user_id as who", [0, 1, 2]),
      ("drop country", [0, 1, 2]),
      ("set price = 0", [0, 1, 2]),
      ("join users using (user_id)", [0, 1, 2]),
      ("left join users using (user_id)", [0, 1, 2]),
      ("semi join users using (user_id)", [0, 1, 2]),
      ("anti join users using (user_id)", [0, 1, 2]),
      ("join users using (user_id) |> select age, ts, user_id, event", [2, 1, 3]),
      ("sessions gap 30 minutes", [0, 1, 2]),
    ] as [(String, [Int])])
  func rowsStayALog(step: String, positions: [Int]) throws {
    let checked = checked("from events |> \(step)")
    #expect(checked.marks == [])
    let plan = try #require(checked.plan)
    #expect(plan.log == LogColumns(entity: positions[0], time: positions[1], event: positions[2]))
  }

  @Test(
    arguments: [
      "select event, ts", "drop user_id", "set ts = ts + 1 day", "set user_id = upper(user_id)",
      "order by ts",
      "limit 5", "distinct", "union events", "right join users using (user_id)",
      "full join users using (user_id)", "aggregate count(*) as n group by user_id, ts, event",
      "funnel event = 'viewed', event = 'purchase'",
    ])
  func rowsAreNoLongerALog(step: String) throws {
    let checked = checked("from events |> \(step)")
    #expect(checked.marks == [])
    #expect(try #require(checked.plan).log == nil)
    #expect(marks("|> \(step) |> sessions gap 1 hour") == ["not-a-log@sessions"])
    #expect(marks("|> \(step) |> extend count(*) over prior as c") == ["not-a-log@over prior"])
  }

  @Test func aLogWithoutTheEventsNameIsOneStill() throws {
    let plan = try #require(checked("from events |> select user_id, ts |> sessions gap 1 hour").plan)
    #expect(plan.log == LogColumns(entity: 0, time: 1, event: nil))
    #expect(
      plan.schema.map(\.name)
        == ["user_id", "ts", "session_id", "session_start", "session_position", "session_duration"])
  }

  @Test func aTableIsNoLog() {
    #expect(checked("from users |> sessions gap 1 hour").marks == ["not-a-log@sessions"])
  }
}
