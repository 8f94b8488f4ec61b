import EventStore
import Functions
import Planning
import TestSupport
import Testing
import Values

@testable import Engine

/// Activity and life cycle against counting day by day and entity by entity, on random logs of some weeks in which
/// clocks change.
struct ActivityOracleTests {
  static let zones = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"]
  private let input = Plan.filter(events, call("<>", event, text("a b")))

  @Test(arguments: zones, [CalendarUnit.day, .week, .month])
  func activity(_ zoneName: String, _ unit: CalendarUnit) throws {
    let zone = try #require(TimeZoneRules(named: zoneName))
    for (size, seed) in [(0, 1), (1, 2), (40, 3), (250, 4)] as [(Int, UInt64)] {
      let log = try RandomLog.log(rows: size, seed: seed, hours: 29)
      let source = try PlainLog(log, input, zone, unit)
      for windowDays in [nil, 1, 10, 400] as [Int64?] {
        for from in [nil, 1_773_000_000_000_000] as [Int64?] {
          for groups in [[], [named("country", country)]] {
            let plan = ActivityPlan(
              input: input, unit: unit, windowDays: windowDays, from: from, groups: groups)
            let expected = source.activity(windowDays, from: from, isGrouped: !groups.isEmpty)
            try forEachDivision(.activity(plan), log, timeZone: zone) { #expect($0.plainRows == expected) }
          }
        }
      }
    }
  }

  @Test(arguments: zones, [CalendarUnit.day, .week, .month])
  func lifecycle(_ zoneName: String, _ unit: CalendarUnit) throws {
    let zone = try #require(TimeZoneRules(named: zoneName))
    for (size, seed) in [(0, 1), (1, 2), (40, 3), (250, 4)] as [(Int, UInt64)] {
      let log = try RandomLog.log(rows: size, seed: seed, hours: 29)
      let source = try PlainLog(log, input, zone, unit)
      for from in [nil, 1_773_000_000_000_000] as [Int64?] {
        for groups in [[], [named("country", country)]] {
          let plan = LifecyclePlan(input: input, unit: unit, from: from, groups: groups)
          let expected = source.lifecycle(from: from, isGrouped: !groups.isEmpty)
          try forEachDivision(.lifecycle(plan), log, timeZone: zone) { table in
            #expect(table.plainRows == expected)
            expectInvariants(table, groups: groups.count, isWhole: from == nil)
          }
        }
      }
    }
  }

  /// Clocks that are turned back at a minute past midnight lead to the day before, on which who was there already on
  /// the next day is active too.
  @Test func daysThatComeTwice() throws {
    let zone = try #require(TimeZoneRules(named: "America/St_Johns"))
    let midnight = Calendar.day(year: 2010, month: 11, day: 7) * 86_400_000_000 + 9_000_000_000
    var dice = Dice(3)
    var table = RandomLog.table(rows: 200, seed: 4)
    let times = (0..<200).map { row in
      row == 0 ? midnight + 4 * 86_400_000_000 : midnight + Int64(dice.below(400) - 200) * 30_000_000
    }
    table.columns[1] = .integers(times, as: .timestamp)
    let log = try RandomLog.log(table)
    #expect(zone.turnsBackDays(within: midnight...midnight + 3_600_000_000))
    let source = try PlainLog(log, input, zone, .day)
    for groups in [[], [named("country", country)]] {
      let lifecycle = Plan.lifecycle(LifecyclePlan(input: input, unit: .day, groups: groups))
      #expect(
        try rows(lifecycle, log, timeZone: zone) == source.lifecycle(from: nil, isGrouped: !groups.isEmpty))
      let activity = Plan.activity(ActivityPlan(input: input, unit: .day, windowDays: 2, groups: groups))
      #expect(
        try rows(activity, log, timeZone: zone) == source.activity(2, from: nil, isGrouped: !groups.isEmpty))
    }
  }

  /// Groups are read on first rows, so they add up to what everyone together is.
  @Test func groupsOfALifeCycleAddUp() throws {
    let log = try RandomLog.log(rows: 500, seed: 9, hours: 29)
    let all = try rows(.lifecycle(LifecyclePlan(input: input, unit: .day)), log)
    let parts = try rows(
      .lifecycle(LifecyclePlan(input: input, unit: .day, groups: [named("country", country)])), log)
    for row in all {
      let same = parts.filter { $0[1] == row[0] }
      for column in 1..<row.count {
        let numbers = same.compactMap { $0[column + 1].integral }
        #expect(row[column] == (numbers.isEmpty ? .null : .integer(numbers.reduce(0, +))))
      }
    }
  }

  @Test func aTableTooLargeIsRefused() throws {
    let log = try RandomLog.log(rows: 300, seed: 5, hours: 29)
    for plan in [
      Plan.activity(ActivityPlan(input: input, unit: .day, groups: [named("user", user)])),
      .lifecycle(LifecyclePlan(input: input, unit: .day, groups: [named("user", user)])),
    ] {
      let inputs = ExecutionInputs(
        logs: ["log": log], context: EvaluationContext(timeZone: .utc),
        limits: ExecutionLimits(memoryBytes: 5000))
      #expect(throws: ExecutionError.self) { try Engine.run([plan], inputs: inputs)[0].get() }
    }
  }

  /// Times that no calendar has count as the nearest that it has.
  @Test func timesBeyondTheCalendar() throws {
    let times = [Int64.min, 0, .max]
    let table = Table(
      schema: Array(RandomLog.schema.prefix(4)),
      columns: [
        Column(repeating: .text("u"), type: .text, count: 3), Column.integers(times, as: .timestamp),
        Column(repeating: .text("view"), type: .text, count: 3),
        Column(repeating: .null, type: .text, count: 3),
      ])
    let log = try RandomLog.log(table)
    let source = Plan.events(
      EventsPlan(source: "log", schema: log.schema, log: LogColumns(entity: 0, time: 1, event: 2)))
    let found = try rows(.lifecycle(LifecyclePlan(input: source, unit: .month)), log)
    #expect(found.count == 9999 * 12)
    #expect(found.filter { $0[1] == .integer(1) }.count == 2)
    #expect(found.last?[1] == .null)
    let active = try rows(.activity(ActivityPlan(input: source, unit: .month, windowDays: 1 << 40)), log)
    #expect(active.count == found.count)
    #expect(active.dropLast().allSatisfy { $0[2] == .integer(1) })
  }

  private func expectInvariants(_ table: Table, groups: Int, isWhole: Bool) {
    var before: (keys: [Scalar], active: Int64)?
    for row in table.plainRows {
      let keys = Array(row[..<groups])
      let counts = row[(groups + 1)...].compactMap(\.integral)
      guard counts.count == 5 else { continue }
      #expect(counts[0] == counts[1] + counts[2] + counts[3])
      let active = before.flatMap { $0.keys == keys ? $0.active : nil } ?? (isWhole ? 0 : nil)
      if let active { #expect(counts[0] - active == counts[1] + counts[3] - counts[4]) }
      before = (keys, counts[0])
    }
  }
}

/// The rows of a log as plain values, and its calendar.
private struct PlainLog {
  struct Row {
    let entity: Scalar
    let day: Int64
    let country: Scalar
  }

  let zone: TimeZoneRules
  let unit: CalendarUnit
  var rows: [Row] = []
  /// The first days of the periods of the log.
  var periods: [Int64] = []
  var firstDay: Int64 = 0
  var watermark = Int64.min
  let oracle: Oracle

  init(_ log: EventLog, _ input: Plan, _ zone: TimeZoneRules, _ unit: CalendarUnit) throws {
    (self.zone, self.unit) = (zone, unit)
    oracle = Oracle(log: log, context: EvaluationContext(timeZone: zone))
    rows = try oracle.rows(input).map {
      Row(entity: $0[0], day: zone.day($0[1].integral ?? 0), country: $0[3])
    }
    let times = try oracle.rows(events).compactMap { $0[1].integral }
    guard let first = times.min(), let last = times.max() else { return }
    (firstDay, watermark) = (zone.day(first), last)
    for day in firstDay...zone.day(last) where periods.last != start(day) { periods.append(start(day)) }
  }

  private func isSame(_ a: Int64, _ b: Int64) -> Bool {
    let (left, right) = (Calendar.date(a), Calendar.date(b))
    switch unit {
    case .day: return a == b
    case .week: return Calendar.startOfWeek(a) == Calendar.startOfWeek(b)
    case .month: return left.year == right.year && left.month == right.month
    }
  }

  private func start(_ day: Int64) -> Int64 {
    var first = day
    while isSame(first - 1, day) { first -= 1 }
    return first
  }

  private func end(_ day: Int64) -> Int64 {
    var last = day
    while isSame(last + 1, day) { last += 1 }
    return last
  }

  private func isEnded(_ period: Int64) -> Bool {
    zone.timestamp(local: (end(period) + 1) * 86_400_000_000) <= watermark
  }

  private func groups(_ values: [Scalar], isGrouped: Bool) -> [[Scalar]] {
    guard isGrouped else { return [[]] }
    return oracle.ordered(Set(values).map { [$0] }, by: [0])
  }

  private func shown(_ from: Int64?) -> [Int64] {
    periods.filter { period in from.map { end(period) >= zone.day($0) } ?? true }
  }

  func activity(_ windowDays: Int64?, from: Int64?, isGrouped: Bool) -> [[Scalar]] {
    groups(rows.map(\.country), isGrouped: isGrouped).flatMap { group in
      shown(from).map { period -> [Scalar] in
        let own = rows.filter { group.isEmpty || $0.country == group[0] }
        func count(_ days: ClosedRange<Int64>) -> Int64 {
          Int64(Set(own.filter { days.contains($0.day) }.map(\.entity)).count)
        }
        let last = end(period)
        let active = count(period...last)
        let isKnown = isEnded(period)
        var row = group + [.date(period), isKnown ? .integer(active) : .null]
        if let windowDays {
          let whole = count((last - windowDays + 1)...last)
          row.append(isKnown ? .integer(whole) : .null)
          let isPart = isKnown && whole > 0 && last - period + 1 <= windowDays
          row.append(isPart ? .double(Double(active) / Double(whole)) : .null)
        }
        let first = windowDays.map { last - $0 + 1 } ?? period
        return row + [.boolean(isKnown && first >= firstDay)]
      }
    }
  }

  func lifecycle(from: Int64?, isGrouped: Bool) -> [[Scalar]] {
    var entities: [(country: Scalar, periods: Set<Int64>)] = []
    var known: [Scalar: Int] = [:]
    for row in rows {
      let index = known[row.entity] ?? entities.count
      if index == entities.count { entities.append((row.country, [])) }
      known[row.entity] = index
      entities[index].periods.insert(start(row.day))
    }
    return groups(entities.map(\.country), isGrouped: isGrouped).flatMap { group in
      shown(from).map { period -> [Scalar] in
        guard isEnded(period) else { return group + [.date(period)] + [Scalar](repeating: .null, count: 5) }
        var counts = [Int64](repeating: 0, count: 5)
        for entity in entities where group.isEmpty || entity.country == group[0] {
          let wasActive = entity.periods.contains(start(period - 1))
          let isActive = entity.periods.contains(period)
          if isActive { counts[0] += 1 }
          if isActive, entity.periods.min() == period {
            counts[1] += 1
          } else if isActive {
            counts[wasActive ? 2 : 3] += 1
          } else if wasActive {
            counts[4] += 1
          }
        }
        return group + [.date(period)] + counts.map { .integer($0) }
      }
    }
  }
}
