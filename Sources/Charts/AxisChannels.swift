import Values

/// The channels that share one axis, and what they make of it.
struct AxisChannels {
  private(set) var measure: Measure
  private let rules: TimeZoneRules
  private var categories: CategoryList?
  private let isTemporal: Bool

  /// - Parameter isCategory: whether the values are names, whatever their type.
  init(_ channels: [Layer.Channel], isCategory: Bool, rules: TimeZoneRules) {
    let types = channels.map(\.column.type)
    isTemporal = !types.isEmpty && types.allSatisfy { $0 == .date || $0 == .timestamp }
    // Dates alone are spaced evenly; beside times they begin at midnight in the zone.
    self.rules = types.contains(.timestamp) ? rules : .utc
    if isCategory || channels.contains(where: \.isCategorical) {
      let isOrdered = !channels.contains { $0.column.type == .text }
      let gaps = channels.first?.gaps(between: channels, self.rules).map { [$0] } ?? []
      let list = CategoryList(channels + gaps, isOrdered: isOrdered, rules: rules)
      categories = list
      measure = .category(list.names, isOrdered: isOrdered)
    } else if types.contains(.timestamp) || types.contains(.date) {
      let rhythm = Rhythm(channels, self.rules)
      measure = .time(self.rules, shortest: rhythm.step, weekday: rhythm.weekday)
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

  /// Leaves only the first names, or the last where they are times. Returns a note if some are left out.
  mutating func cut(to limit: Int) -> String? {
    guard let list = categories, list.names.count > limit else { return nil }
    let all = list.names.indices
    keep(Array(isTemporal ? all.suffix(limit) : all.prefix(limit)))
    return "The \(isTemporal ? "last" : "first") \(limit) of \(list.names.count) are drawn"
  }

  /// Puts headings before names of several parts that begin alike. Returns their positions.
  mutating func addHeadings() -> Set<Int> {
    guard case .category(_, isOrdered: false) = measure else { return [] }
    let headings = categories?.addHeadings() ?? []
    measure = .category(categories?.names ?? [], isOrdered: false)
    return headings
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
}
