import Foundation
import Testing
import Values

@Suite struct TimeZoneRulesTests {
  /// North and south of the equator, with half and quarter hours, a clock change of half an hour, a day that was left
  /// out, negative daylight saving, and zones that gave it up.
  static let names = [
    "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Sao_Paulo",
    "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran", "Australia/Sydney", "Australia/Adelaide",
    "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Africa/Casablanca", "America/Santiago",
  ]

  private func rules(_ name: String) throws -> TimeZoneRules { try #require(TimeZoneRules(named: name)) }

  private func seconds(
    _ year: Int64, _ month: Int64, _ day: Int64, _ hour: Int64 = 0, _ minute: Int64 = 0
  ) -> Int64 {
    Calendar.day(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60
  }

  @Test(arguments: names) func offsetsAreThoseOfTheSystem(name: String) throws {
    let rules = try rules(name)
    let zone = try #require(TimeZone(identifier: name))
    // Every 18 hours and a bit, so that all times of day come by.
    var differing: [Int64] = []
    for moment in stride(from: seconds(1965, 1, 1), to: seconds(2045, 1, 1), by: 66_337) {
      let expected = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment)))
      if rules.offset(at: moment) != Int64(expected) { differing.append(moment) }
    }
    #expect(differing.prefix(3) == [])
  }

  @Test(arguments: names) func offsetsChangeAtTheSystemsVerySecond(name: String) throws {
    let rules = try rules(name)
    let zone = try #require(TimeZone(identifier: name))
    var moment = Date(timeIntervalSince1970: Double(seconds(1975, 1, 1)))
    while let next = zone.nextDaylightSavingTimeTransition(after: moment),
      next.timeIntervalSince1970 < Double(seconds(2040, 1, 1))
    {
      moment = next
      let at = Int64(next.timeIntervalSince1970)
      for second in [at - 1, at, at + 1] {
        let expected = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
        #expect(rules.offset(at: second) == Int64(expected))
      }
    }
  }

  @Test(arguments: names) func aTimeComesBackUnlessItsLocalTimeOccursTwice(name: String) throws {
    let rules = try rules(name)
    for moment in stride(from: seconds(1999, 12, 31), to: seconds(2030, 1, 1), by: 10_007) {
      let timestamp = moment * 1_000_000 + 123_456
      let local = rules.local(timestamp)
      let back = rules.timestamp(local: local)
      #expect(rules.local(back) == local)
      #expect(back <= timestamp, "of two times the earlier one is taken")
    }
  }

  /// The local time on both sides of a clock change: what the clock shows, the times it can stand for, and the one
  /// that is taken.
  @Test(
    arguments: [
      // Berlin goes from 02:00 to 03:00: 02:30 does not occur and is taken as winter time.
      ("Europe/Berlin", [2026, 3, 29, 2, 30], [2026, 3, 29, 1, 30]),
      ("Europe/Berlin", [2026, 3, 29, 1, 59], [2026, 3, 29, 0, 59]),
      ("Europe/Berlin", [2026, 3, 29, 3, 0], [2026, 3, 29, 1, 0]),
      // And from 03:00 back to 02:00: 02:30 occurs twice, and the first is still summer time.
      ("Europe/Berlin", [2026, 10, 25, 2, 30], [2026, 10, 25, 0, 30]),
      ("Europe/Berlin", [2026, 10, 25, 3, 0], [2026, 10, 25, 2, 0]),
      ("America/New_York", [2026, 3, 8, 2, 30], [2026, 3, 8, 7, 30]),
      ("America/New_York", [2026, 11, 1, 1, 30], [2026, 11, 1, 5, 30]),
      // Summer is in January here.
      ("Australia/Sydney", [2026, 10, 4, 2, 30], [2026, 10, 3, 16, 30]),
      ("Australia/Sydney", [2026, 4, 5, 2, 30], [2026, 4, 4, 15, 30]),
      ("Australia/Sydney", [2026, 1, 15, 12, 0], [2026, 1, 15, 1, 0]),
      // Half an hour is skipped, and half an hour repeated.
      ("Australia/Lord_Howe", [2026, 10, 4, 2, 15], [2026, 10, 3, 15, 45]),
      ("Australia/Lord_Howe", [2026, 4, 5, 1, 45], [2026, 4, 4, 14, 45]),
      ("Asia/Kolkata", [2026, 6, 1, 5, 30], [2026, 6, 1, 0, 0]),
      ("Asia/Kathmandu", [2026, 6, 1, 5, 45], [2026, 6, 1, 0, 0]),
      // Samoa left out 30 December 2011.
      ("Pacific/Apia", [2011, 12, 31, 0, 0], [2011, 12, 30, 10, 0]),
      ("Pacific/Apia", [2011, 12, 29, 23, 59], [2011, 12, 30, 9, 59]),
    ] as [(String, [Int64], [Int64])])
  func aLocalTimeAtAClockChangeIsOneTime(name: String, local: [Int64], utc: [Int64]) throws {
    let shown = seconds(local[0], local[1], local[2], local[3], local[4]) * 1_000_000
    let meant = seconds(utc[0], utc[1], utc[2], utc[3], utc[4]) * 1_000_000
    #expect(try rules(name).timestamp(local: shown) == meant)
  }

  @Test func microsecondsBeforeTheEpochAreKept() throws {
    let berlin = try rules("Europe/Berlin")
    #expect(berlin.local(-1) == 3_600_000_000 - 1)
    #expect(berlin.timestamp(local: 3_600_000_000 - 1) == -1)
    #expect(berlin.day(-3_600_000_001) == -1)
    #expect(berlin.day(-3_600_000_000) == 0)
  }

  @Test(arguments: names) func everyDayStartsOnce(name: String) throws {
    let rules = try rules(name)
    for day in Calendar.day(year: 2009, month: 1, day: 1)...Calendar.day(year: 2027, month: 1, day: 1) {
      let start = rules.timestamp(local: day * Calendar.microsecondsPerDay)
      // Where midnight is skipped, the day starts as the clock goes on; the day that Samoa left out has no time.
      guard !(name == "Pacific/Apia" && day == Calendar.day(year: 2011, month: 12, day: 30)) else { continue }
      #expect(rules.day(start) == day)
    }
  }

  @Test func utcIsNeverOff() throws {
    #expect(TimeZoneRules.utc.isUTC)
    #expect(TimeZoneRules(named: "UTC") == .utc)
    #expect(try rules("Africa/Abidjan").offset(at: seconds(2026, 1, 1)) == 0)
    #expect(try !rules("Europe/London").isUTC)
    for time in [Int64.min, -1, 0, 1, .max] {
      #expect(TimeZoneRules.utc.local(time) == time)
      #expect(TimeZoneRules.utc.timestamp(local: time) == time)
    }
  }

  @Test(arguments: [
    "", "Berlin", "Europe/Atlantis", "CET+1", "+02:00", "../../etc/passwd", "Europe/Berlin\0",
  ])
  func otherNamesAreNotZones(name: String) {
    #expect(TimeZoneRules(named: name) == nil)
  }
}
