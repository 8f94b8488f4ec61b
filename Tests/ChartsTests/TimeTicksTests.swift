import Testing
import Values

@testable import Charts

@Suite struct TimeTicksTests {
  private static let perDay = Double(Calendar.microsecondsPerDay)

  private func ticks(
    _ from: (Int64, Int64, Int64), _ to: (Int64, Int64, Int64), limit: Int = 8, zone: String = "UTC",
    shortest: TimeStep = .days(1), weekday: Int64 = 1
  ) throws -> [TimeTick] {
    let rules = try #require(TimeZoneRules(named: zone))
    func time(_ date: (Int64, Int64, Int64)) -> Double {
      let day = Calendar.day(year: date.0, month: date.1, day: date.2)
      return Double(rules.timestamp(local: day * Calendar.microsecondsPerDay))
    }
    return TimeTick.ticks(
      in: time(from)...time(to), rules: rules, limit: limit, shortest: shortest, weekday: weekday)
  }

  @Test func daysNameTheYearOnceAndWhereItChanges() throws {
    let ticks = try ticks((2026, 12, 29), (2027, 1, 3))
    #expect(ticks.map(\.label) == ["29 Dec", "30 Dec", "31 Dec", "1 Jan", "2 Jan", "3 Jan"])
    #expect(ticks.map(\.context) == ["2026", nil, nil, "2027", nil, nil])
  }

  @Test func weeksBeginOnMondayOrOnTheDayOfTheData() throws {
    #expect(
      try ticks((2026, 3, 4), (2026, 4, 8)).map(\.label) == ["9 Mar", "16 Mar", "23 Mar", "30 Mar", "6 Apr"])
    #expect(
      try ticks((2026, 3, 1), (2026, 3, 29), shortest: .weeks(1), weekday: 7).map(\.label)
        == ["1 Mar", "8 Mar", "15 Mar", "22 Mar", "29 Mar"])
  }

  @Test func monthsQuartersAndYearsAlign() throws {
    #expect(try ticks((2026, 2, 10), (2026, 7, 1)).map(\.label) == ["Mar", "Apr", "May", "Jun", "Jul"])
    #expect(
      try ticks((2026, 2, 10), (2027, 11, 1)).map(\.label) == [
        "Apr", "Jul", "Oct", "Jan", "Apr", "Jul", "Oct",
      ])
    #expect(
      try ticks((1955, 6, 1), (1991, 1, 1)).map(\.label) == [
        "1960", "1965", "1970", "1975", "1980", "1985", "1990",
      ])
  }

  @Test func monthlyDataHasNoDays() throws {
    let ticks = try ticks((2026, 1, 1), (2026, 3, 1), shortest: .months(1))
    #expect(ticks.map(\.label) == ["Jan", "Feb", "Mar"])
  }

  @Test func hoursFollowTheClockWhereItChanges() throws {
    // In Berlin the clock goes from 02:00 to 03:00 on 29 March 2026 and from 03:00 to 02:00 on 25 October.
    let spring = try ticks((2026, 3, 29), (2026, 3, 30), zone: "Europe/Berlin", shortest: .seconds(1))
    #expect(
      spring.map(\.label) == [
        "00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "00:00",
      ])
    #expect(spring[1].timestamp - spring[0].timestamp == 2 * 3_600_000_000)
    #expect(spring.map(\.context) == ["29 Mar 2026"] + [String?](repeating: nil, count: 7) + ["30 Mar 2026"])
    let autumn = try ticks((2026, 10, 24), (2026, 10, 27), zone: "Europe/Berlin", shortest: .seconds(1))
    #expect(autumn.map(\.label) == ["00:00", "12:00", "00:00", "12:00", "00:00", "12:00", "00:00"])
    #expect(autumn[4].timestamp - autumn[2].timestamp == 25 * 3_600_000_000)
  }

  @Test func skippedHoursGiveOneTick() throws {
    let rules = try #require(TimeZoneRules(named: "Europe/Berlin"))
    let midnight = rules.timestamp(
      local: Calendar.day(year: 2026, month: 3, day: 29) * Calendar.microsecondsPerDay)
    let ticks = TimeTick.ticks(
      in: Double(midnight)...Double(midnight + 4 * 3_600_000_000), rules: rules, limit: 6,
      shortest: .seconds(1), weekday: 1)
    #expect(ticks.map(\.label) == ["00:00", "01:00", "03:00", "04:00", "05:00"])
  }

  @Test func oneMomentHasOneTick() throws {
    let ticks = try ticks((1969, 7, 20), (1969, 7, 20))
    #expect(ticks.map(\.label) == ["20 Jul"])
    #expect(ticks.map(\.context) == ["1969"])
  }
}
