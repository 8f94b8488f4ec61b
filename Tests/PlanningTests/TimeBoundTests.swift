import Planning
import Testing
import Values

@Suite struct TimeBoundTests {
  private func bound(_ steps: String, in zone: TimeZoneRules = .utc) throws -> TimeBound {
    let plan = try #require(checked("from events \(steps)").plan, "\(steps)")
    return plan.timeBound(in: zone)
  }

  private func time(_ day: Int64, _ microseconds: Int64 = 0) -> Int64 {
    Calendar.day(year: 2026, month: 1, day: day) * Calendar.microsecondsPerDay + microseconds
  }

  @Test(arguments: [
    ("ts >= '2026-01-05'", 5, nil), ("ts < '2026-01-05'", nil, 5), ("'2026-01-05' > ts", nil, 5),
    ("'2026-01-05' <= ts", 5, nil), ("date(ts) >= '2026-01-05'", 5, nil), ("date(ts) > '2026-01-05'", 6, nil),
    ("date(ts) < '2026-01-05'", nil, 5), ("date(ts) <= '2026-01-05'", nil, 6),
    ("date(ts) = '2026-01-05'", 5, 6), ("cast(ts as date) between '2026-01-03' and '2026-01-05'", 3, 6),
    ("ts >= '2026-01-05' and ts >= '2026-01-07' and ts < '2026-01-09' and ts < '2026-01-08'", 7, 8),
    ("ts >= '2026-01-05' or ts < '2026-01-03'", nil, nil), ("not ts >= '2026-01-05'", nil, nil),
    ("day >= '2026-01-05'", nil, nil), ("ts <> '2026-01-05'", nil, nil),
    ("ts + 1 day > '2026-01-05'", nil, nil),
  ])
  func conditions(_ condition: String, _ from: Int64?, _ end: Int64?) throws {
    let found = try bound("|> where \(condition)")
    #expect(found.from == from.map { time($0) })
    #expect(found.end == end.map { time($0) })
  }

  @Test func momentsAreIncludedOrNot() throws {
    #expect(try bound("|> where ts > '2026-01-05'").from == time(5, 1))
    #expect(try bound("|> where ts <= '2026-01-05'").end == time(5, 1))
    let moment = try bound("|> where ts = '2026-01-05'")
    #expect((moment.from, moment.end) == (time(5), time(5, 1)))
  }

  @Test func datesAreThoseOfTheZone() throws {
    let berlin = try #require(TimeZoneRules(named: "Europe/Berlin"))
    // Clocks go forward on 29 March 2026.
    let day = try bound("|> where date(ts) = '2026-03-29'", in: berlin)
    #expect((day.end ?? 0) - (day.from ?? 0) == 23 * 3_600_000_000)
  }

  @Test func stepsThatKeepTheTimeKeepItsBounds() throws {
    let steps = [
      "|> where ts >= '2026-01-05' |> extend price * 2 as twice |> where twice > 3",
      "|> where ts >= '2026-01-05' |> select country, ts, user_id",
      "|> where ts >= '2026-01-05' |> sessions gap 1 hour",
      "|> select user_id, ts |> where ts >= '2026-01-05'",
      "|> where ts >= '2026-01-05' and count(*) over prior > 1",
    ]
    for step in steps { #expect(try bound(step).from == time(5), "\(step)") }
    #expect(try bound("|> where ts >= '2026-01-05' |> distinct") == TimeBound())
  }

  @Test func datesFarAwayAreNoBounds() throws {
    #expect(try bound("|> where date(ts) < '9999-12-31'").end != nil)
    #expect(TimeBound() == (try bound("")))
  }
}
