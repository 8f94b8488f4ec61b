import Planning
import TestSupport
import Testing
import Values

@testable import Engine

/// The matcher against one that asks of every row and every period, on random entities with ties, in time
/// zones whose clocks change.
struct RetentionOracleTests {
  @Test(arguments: ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
  func members(_ zone: String) throws {
    let timeZone = try #require(TimeZoneRules(named: zone))
    let units: [RetentionPlan.Unit] = [.hour, .day, .week, .month, .quarter, .year]
    var dice = Dice(5)
    for round in 0..<3000 {
      let unit = units[round % units.count]
      let entity = SmallEntity(&dice, unit)
      // With and without a table of the periods of these times.
      let times = entity.times.first.flatMap { first in entity.times.last.map { first...$0 } }
      let periods = RetentionPeriods(
        unit: unit, mode: dice.chance(50) ? .calendar : .rolling, timeZone: timeZone,
        mostly: dice.chance(50) ? times : nil)
      let matcher = RetentionMatcher(
        periods, lastPeriod: dice.below(6), criterion: dice.chance(50) ? .on : .onOrAfter,
        cohort: [.firstEver, .firstInRange, .recurring][dice.below(3)],
        watermark: (entity.times.last ?? 0) + Int64(dice.below(3)) * 40_000_000_000)
      let found = matcher.members(
        times: entity.times, starts: entity.isStart.map { $0 ? 1 : 0 },
        comebacks: entity.isReturn.map { $0 ? 1 : 0 }, range: entity.isInRange.map { $0 ? 1 : 0 })
      let expected = entity.members(matcher)
      #expect(found == expected, "\(unit) \(matcher) \(entity)")
      if found != expected { return }
    }
  }

  @Test func periodsOfTheCalendar() throws {
    let berlin = try #require(TimeZoneRules(named: "Europe/Berlin"))
    // Thursday, 31 October 2024, 23:30 in Berlin.
    let start = berlin.timestamp(local: local(2024, 10, 31, 23, 30))
    func ends(_ unit: RetentionPlan.Unit, _ mode: RetentionPlan.Mode, after period: Int64) -> Int64 {
      let periods = RetentionPeriods(unit: unit, mode: mode, timeZone: berlin)
      return berlin.local(periods.beginning(of: period + 1, from: start))
    }
    #expect(ends(.day, .calendar, after: 0) == local(2024, 11, 1))
    #expect(ends(.week, .calendar, after: 0) == local(2024, 11, 4))
    #expect(ends(.month, .calendar, after: 1) == local(2024, 12, 1))
    #expect(ends(.quarter, .calendar, after: 0) == local(2025, 1, 1))
    #expect(ends(.year, .calendar, after: 1) == local(2026, 1, 1))
    #expect(ends(.month, .rolling, after: 0) == local(2024, 11, 30, 23, 30))
    #expect(ends(.month, .rolling, after: 1) == local(2024, 12, 31, 23, 30))
    #expect(ends(.month, .rolling, after: 3) == local(2025, 2, 28, 23, 30))
    #expect(ends(.year, .rolling, after: 0) == local(2025, 10, 31, 23, 30))
    #expect(ends(.hour, .calendar, after: 0) == local(2024, 11, 1))
    let periods = RetentionPeriods(unit: .quarter, mode: .calendar, timeZone: berlin)
    #expect(periods.cohort(start) == Calendar.day(year: 2024, month: 10, day: 1))
    #expect(periods.cohort(start) != Calendar.day(year: 2024, month: 10, day: 31))
  }

  /// A day on which clocks change is one calendar day of 25 hours, and 24 hours when days roll.
  @Test func daysOnWhichClocksChange() throws {
    let berlin = try #require(TimeZoneRules(named: "Europe/Berlin"))
    let start = berlin.timestamp(local: local(2024, 10, 27, 0, 30))
    let calendar = RetentionPeriods(unit: .day, mode: .calendar, timeZone: berlin)
    let rolling = RetentionPeriods(unit: .day, mode: .rolling, timeZone: berlin)
    #expect(calendar.beginning(of: 1, from: start) - start == 24 * 3_600_000_000 + 1_800_000_000)
    #expect(rolling.beginning(of: 1, from: start) - start == 24 * 3_600_000_000)
  }

  private func local(_ year: Int64, _ month: Int64, _ day: Int64, _ hour: Int64 = 0, _ minute: Int64 = 0)
    -> Int64
  {
    Calendar.day(year: year, month: month, day: day) * Calendar.microsecondsPerDay
      + (hour * 60 + minute) * 60_000_000
  }
}

private struct SmallEntity: CustomStringConvertible {
  let times: [Int64]
  let isStart: [Bool]
  let isReturn: [Bool]
  let isInRange: [Bool]

  init(_ dice: inout Dice, _ unit: RetentionPlan.Unit) {
    let rowCount = dice.below(9)
    let hours =
      switch unit {
      case .hour: 8
      case .day: 120
      case .week: 24 * 40
      case .month: 24 * 200
      case .quarter: 24 * 500
      case .year: 24 * 2000
      }
    // Around the days on which clocks change in autumn.
    let base = Calendar.day(year: 2024, month: 10, day: 25) * Calendar.microsecondsPerDay
    times = (0..<rowCount).map { _ in base + Int64(dice.below(hours)) * 3_600_000_000 }.sorted()
      .map { dice.chance(20) ? $0 : $0 / 86_400_000_000 * 86_400_000_000 }.sorted()
    isStart = (0..<rowCount).map { _ in dice.chance(40) }
    isReturn = (0..<rowCount).map { _ in dice.chance(60) }
    // Rows of one time are in the range together.
    let limit = base + Int64(dice.below(hours)) * 1_800_000_000
    let isAll = dice.chance(50)
    isInRange = times.map { isAll || $0 >= limit }
  }

  var description: String { "times \(times) starts \(isStart) returns \(isReturn) range \(isInRange)" }

  func members(_ matcher: RetentionMatcher) -> [RetentionMember] {
    let periods = matcher.periods
    var starts = times.indices.filter { isStart[$0] && (matcher.cohort == .firstEver || isInRange[$0]) }
    if matcher.cohort != .recurring { starts = Array(starts.prefix(1)) }
    var cohorts = Set<Int64>()
    starts = starts.filter { isInRange[$0] && cohorts.insert(periods.cohort(times[$0])).inserted }
    return starts.map { start in
      let time = times[start]
      // Any start of that very time may be the one that is returned from.
      let others = times.indices.filter {
        times[$0] == time && isStart[$0] && (matcher.cohort == .firstEver || isInRange[$0])
      }
      let back = times.indices.filter { row in
        isReturn[row] && isInRange[row] && times[row] >= time && others.contains { $0 != row }
      }
      func contains(_ period: Int, _ time: Int64) -> Bool {
        let begins = period == 0 ? .min : periods.beginning(of: Int64(period), from: times[start])
        let isBefore = time < periods.beginning(of: Int64(period) + 1, from: times[start])
        return begins <= time && (isBefore || matcher.criterion == .onOrAfter)
      }
      let all = 0..<matcher.periodCount
      let ended = all.filter { periods.beginning(of: Int64($0) + 1, from: time) <= matcher.watermark }
      return RetentionMember(
        row: Int32(start), cohort: periods.cohort(time), endedPeriods: ended.count,
        retained: ended.filter { period in back.contains { contains(period, times[$0]) } })
    }
  }
}
