import Values

/// What one colour of a chart stands for.
struct Series {
  var name: String
  var color: String
  var dash: String
  /// The number of its marker's shape.
  var marker: Int
  var opacity: Double
}

/// The colours of a figure, shared by its layers and in the order of the legend.
struct SeriesList {
  private(set) var all: [Series] = []
  /// What the colours are values of, where they do not say so themselves as names do.
  private(set) var title: String?
  /// The series of each row of each layer.
  private(set) var indices: [[Int]] = []

  subscript(index: Int) -> Series { all[index] }

  /// The series of a figure: one for each value of `color`, and one for each layer without it that shows
  /// values.
  init(_ figure: Figure, rowCounts: [Int], rules: TimeZoneRules) {
    let classes = ColorClasses(figure)
    var names: [String] = classes?.names ?? SeriesList.orderedNames(figure, rules: rules)
    var known: [String: Int] = [:]
    for (index, name) in names.enumerated() { known[name] = index }
    func index(of name: String) -> Int {
      if let index = known[name] { return index }
      known[name] = names.count
      names.append(name)
      return names.count - 1
    }
    let lead = figure.layers.first { $0.color == nil && $0.leadsSeries }
    for (layer, count) in zip(figure.layers, rowCounts) {
      if layer.mark == .heatmap || layer.mark == .rule && layer.color == nil {
        indices.append([])
      } else if let color = layer.color {
        if color.column.type != .text { title = title ?? color.title }
        indices.append(
          (0..<count).map { row in
            classes?.index(color.number(at: row))
              ?? index(of: color.text(at: row, rules) ?? ChartText.missing)
          })
      } else {
        let named = layer.leadsSeries ? layer : lead ?? layer
        let own = index(of: (named.valueChannel ?? layer.valueChannel)?.title ?? "")
        indices.append([Int](repeating: own, count: count))
      }
    }
    let isLined = figure.layers.allSatisfy { [.line, .band, .rule].contains($0.mark) }
    all = names.enumerated().map { index, name in
      guard let classes else {
        let dash = isLined && names.count > 5 && index < Style.seriesCount ? Style.dash(index) : ""
        return Series(
          name: name, color: Style.color(index), dash: dash, marker: index,
          opacity: index < Style.seriesCount ? 1 : 0.5)
      }
      return Series(
        name: name, color: Style.color(0), dash: "", marker: 0, opacity: classes.opacity(index))
    }
  }

  /// The values of the layers' colours: texts as they come, other values in their own order.
  private static func orderedNames(_ figure: Figure, rules: TimeZoneRules) -> [String] {
    let channels = figure.layers.filter { $0.mark != .heatmap }.compactMap(\.color)
    let isOrdered = !channels.isEmpty && channels.allSatisfy { $0.column.type != .text }
    return CategoryList(channels, isOrdered: isOrdered, rules: rules).names
  }
}

/// Ranges of a number that colours show, where it has too many values for a colour each.
private struct ColorClasses {
  private let bounds: [Double]
  private let display: Display

  init?(_ figure: Figure) {
    let channels = figure.layers.filter { $0.mark != .heatmap }.compactMap(\.color)
    guard let first = channels.first, channels.allSatisfy({ [.integer, .double].contains($0.column.type) })
    else { return nil }
    let values = channels.flatMap { channel in (0..<channel.column.count).map { channel.number(at: $0) } }
    let span = Span(values)
    guard !span.isEmpty, Set(values.filter(\.isFinite)).count > Style.seriesCount else { return nil }
    let step = Ticks.niceStep(atLeast: (span.high - span.low) / 5)
    let range = (span.low / step).rounded(.down) * step...(span.high / step).rounded(.up) * step
    bounds = Ticks.multiples(of: step, in: range)
    display = first.display
    if bounds.count < 3 { return nil }
  }

  var names: [String] {
    zip(bounds, bounds.dropFirst()).map {
      NumberText.exact($0, display) + "–" + NumberText.exact($1, display)
    }
  }

  /// The class of a value; the lowest one when there is none.
  func index(_ value: Double) -> Int {
    let above = bounds.dropFirst().dropLast().firstIndex { value < $0 } ?? bounds.count - 1
    return value.isFinite ? above - 1 : 0
  }

  /// Darker for larger values.
  func opacity(_ index: Int) -> Double {
    0.4 + 0.6 * Double(index) / Double(max(1, bounds.count - 2))
  }
}

extension Layer {
  /// Whether the layer's values give a series its name, rather than going with those of another layer.
  fileprivate var leadsSeries: Bool {
    switch mark {
    case .line, .area, .bar, .point, .histogram, .funnel, .flow: true
    case .band, .interval, .heatmap, .rule: false
    }
  }

  /// The channel whose values the marks show.
  var valueChannel: Channel? {
    switch mark {
    case .histogram: return x
    case .band: return high
    case .line, .area, .bar, .point, .interval, .heatmap, .rule, .funnel, .flow:
      if let y, y.isCategorical, let x, !x.isCategorical { return x }
      return y ?? high ?? x
    }
  }
}
