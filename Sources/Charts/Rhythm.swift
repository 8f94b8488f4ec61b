import Values

/// The calendar periods that some times are the beginnings of.
struct Rhythm {
  /// The longest period that each time is the beginning of, as far as their number tells.
  let step: TimeStep
  /// The day that weeks begin on, Monday 1 to Sunday 7.
  let weekday: Int64
  /// The local times, in microseconds.
  let times: Set<Int64>

  init(_ channels: [Layer.Channel], _ rules: TimeZoneRules) {
    var times: Set<Int64> = []
    for channel in channels {
      for row in 0..<channel.column.count {
        let time = channel.time(at: row, rules)
        if time.isFinite { times.insert(rules.local(Int64(time))) }
      }
    }
    self.times = times
    let perDay = Calendar.microsecondsPerDay
    guard times.allSatisfy({ Calendar.floorModulo($0, perDay) == 0 }) else {
      let isHourly = times.allSatisfy { Calendar.floorModulo($0, Rhythm.hour) == 0 }
      (step, weekday) = (.seconds(isHourly ? 3600 : 1), 1)
      return
    }
    let days = times.map { Calendar.floorDivide($0, perDay) }
    let weekdays = Set(days.map(Calendar.weekday))
    let months = days.map { day -> Int64? in
      let date = Calendar.date(day)
      return date.day == 1 ? date.month - 1 : nil
    }
    let ofMonths: [(length: Int64, step: TimeStep)] = [(12, .years(1)), (3, .months(3)), (1, .months(1))]
    if days.count < 2 {
      (step, weekday) = (.days(1), 1)
    } else if let longest = ofMonths.first(where: { length, _ in
      months.allSatisfy { $0.map { $0 % length == 0 } ?? false }
    }) {
      (step, weekday) = (longest.step, 1)
    } else if let only = weekdays.first, weekdays.count == 1 {
      (step, weekday) = (.weeks(1), only)
    } else {
      (step, weekday) = (.days(1), 1)
    }
  }

  /// The periods between the first and the last of some times that are not among them. Nothing where they are so many
  /// that the times would hardly be seen: more than `limit` together, and more than there are times.
  func gaps(in times: Set<Int64>, upTo limit: Int) -> [Int64] {
    guard step != .seconds(1), let first = times.min(), let last = times.max() else { return [] }
    let all = step.boundaries(from: first, to: last, weekday: weekday)
    guard all.last == last, all.count <= max(limit, 2 * times.count) else { return [] }
    return all.filter { !times.contains($0) }
  }

  private static let hour = 3600 * Calendar.microsecondsPerSecond
}
