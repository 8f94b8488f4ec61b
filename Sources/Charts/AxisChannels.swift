import Values

/// The channels that share one axis, and what they make of it.
struct AxisChannels {
  private(set) var measure: Measure
  private let rules: TimeZoneRules
  private var categories: CategoryList?

  /// - Parameter isCategory: whether the values are names, whatever their type.
  init(_ channels: [Layer.Channel], isCategory: Bool, rules: TimeZoneRules) {
    let types = channels.map(\.column.type)
    // Dates alone are spaced evenly; beside times they begin at midnight in the zone.
    self.rules = types.contains(.timestamp) ? rules : .utc
    if isCategory || channels.contains(where: \.isCategorical) {
      let isOrdered = !channels.contains { $0.column.type == .text }
      let list = CategoryList(channels, isOrdered: isOrdered, rules: rules)
      categories = list
      measure = .category(list.names, isOrdered: isOrdered)
    } else if types.contains(.timestamp) || types.contains(.date) {
      let (shortest, weekday) = AxisChannels.rhythm(channels, self.rules)
      measure = .time(self.rules, shortest: shortest, weekday: weekday)
    } else if types.contains(.duration) {
      measure = .duration
    } else {
      measure = .number(channels.map(\.display).first { $0 != .automatic } ?? .automatic)
    }
  }

  /// A value of one of the channels as a number on the axis.
  func number(_ channel: Layer.Channel, at row: Int) -> Double {
    switch measure {
    case .category:
      return categories?.index(of: channel.text(at: row, rules) ?? ChartText.missing).map { Double($0) }
        ?? .nan
    case .time: return channel.time(at: row, rules)
    case .number, .duration: return channel.number(at: row)
    }
  }

  /// Leaves only the first names. Returns a note if some are left out.
  mutating func cut(to limit: Int) -> String? {
    guard let list = categories, list.names.count > limit else { return nil }
    keep(Array(0..<limit))
    return "The first \(limit) of \(list.names.count) are drawn"
  }

  /// Leaves only the names with the largest values, in their order. Returns a note if some are left out.
  mutating func cutToLargest(_ limit: Int, of figure: Figure) -> String? {
    guard let list = categories, list.names.count > limit else { return nil }
    var totals = [Double](repeating: 0, count: list.names.count)
    for layer in figure.layers {
      let isAcross = layer.y?.isCategorical == true && layer.x?.isCategorical != true
      guard let names = isAcross ? layer.y : layer.x else { continue }
      let values = (isAcross ? layer.x : layer.y) ?? layer.high
      for row in 0..<names.column.count {
        guard let index = list.index(of: names.text(at: row, rules) ?? ChartText.missing) else { continue }
        let value = values?.number(at: row) ?? 0
        if value.isFinite { totals[index] += value.magnitude }
      }
    }
    let largest = totals.indices.sorted { (-totals[$0], $0) < (-totals[$1], $1) }.prefix(limit)
    keep(largest.sorted())
    return "The \(limit) largest of \(list.names.count) are drawn"
  }

  private mutating func keep(_ order: [Int]) {
    categories?.keep(order)
    guard case .category(_, let isOrdered) = measure else { return }
    measure = .category(categories?.names ?? [], isOrdered: isOrdered)
  }

  /// The finest step of time that the values tell apart, and the day that their weeks begin on.
  private static func rhythm(
    _ channels: [Layer.Channel], _ rules: TimeZoneRules
  ) -> (shortest: TimeStep, weekday: Int64) {
    var shortest = TimeStep.years(1)
    var weekdays: Set<Int64> = []
    var times: Set<Double> = []
    for channel in channels {
      for row in 0..<channel.column.count {
        let time = channel.time(at: row, rules)
        guard time.isFinite, times.insert(time).inserted else { continue }
        let local = rules.local(Int64(time))
        if Calendar.floorModulo(local, Calendar.microsecondsPerDay) != 0 { return (.seconds(1), 1) }
        let day = Calendar.floorDivide(local, Calendar.microsecondsPerDay)
        weekdays.insert(Calendar.weekday(day))
        let date = Calendar.date(day)
        if shortest == .years(1), date.day == 1, date.month != 1 { shortest = .months(1) }
        if date.day != 1 { shortest = .days(1) }
      }
    }
    guard times.count > 1 else { return (.days(1), 1) }
    guard shortest == .days(1), let weekday = weekdays.first, weekdays.count == 1 else {
      return (shortest, 1)
    }
    return (.weeks(1), weekday)
  }
}
