import Values

/// Which way the values of a figure run.
enum Orientation: Hashable, Sendable {
  /// Values rise; places run from left to right.
  case vertical
  /// Values run from left to right; places, which are names, are listed from top to bottom.
  case horizontal
}

/// The rows of one layer as numbers on the figure's axes. Where there is nothing to draw a number is `nan`.
struct LayerRows {
  let layer: Layer
  let count: Int
  /// Along the axis that the marks stand on: x, or y in a horizontal figure.
  let place: [Double]
  /// Along the other axis.
  let value: [Double]
  let low: [Double]
  let high: [Double]
  /// The numbers that a heat map's cells are coloured by.
  let heat: [Double]
  let series: [Int]
  let labels: [String?]
  /// What a flow is between; empty for other marks.
  let flow: FlowGraph
}

/// A figure with its axes found and its rows as numbers on them: all that does not depend on the drawing's
/// size.
struct Plot {
  let figure: Figure
  let orientation: Orientation
  let place: Measure
  let value: Measure
  let heat: Measure
  let placeTitle: String
  let valueTitle: String
  let rows: [LayerRows]
  let series: SeriesList
  let dodge: Dodge
  /// The places in the list beside a grid that are headings of the names below them.
  let headings: Set<Int>
  /// What the drawing leaves out.
  let notes: [String]

  /// The most names that are listed on an axis.
  static let listedNames = 40
  /// The most names that are listed beside or above a grid.
  static let listedCells = 60

  init(_ figure: Figure, size: ChartSize) {
    let rules = TimeZoneRules(named: figure.timeZone) ?? .utc
    let figure = figure.listingLongNames(size: size, rules: rules)
    let isGrid = figure.layers.contains { $0.mark == .heatmap }
    // A rule has its place on the axes of others, and names them only when it is alone.
    let layers = figure.layers.filter { $0.mark != .rule } + figure.layers.filter { $0.mark == .rule }
    let xs = layers.compactMap(\.x)
    let ys = layers.filter { $0.mark != .histogram }.compactMap(\.y)
    let isHorizontal = !isGrid && ys.contains(where: \.isCategorical) && !xs.contains(where: \.isCategorical)
    let bounds = layers.flatMap { [$0.low, $0.high].compactMap(\.self) }
    let x = AxisChannels(isHorizontal ? xs + bounds : xs, isCategory: isGrid, rules: rules)
    let y = AxisChannels(isHorizontal ? ys : ys + bounds, isCategory: isGrid, rules: rules)
    var (placeAxis, valueAxis) = isHorizontal ? (y, x) : (x, y)
    var notes = figure.notes
    var headings: Set<Int> = []
    if isGrid {
      notes += [placeAxis.cut(to: Plot.listedCells), valueAxis.cut(to: Plot.listedCells)].compactMap(\.self)
      headings = valueAxis.addHeadings()
    } else {
      notes += [placeAxis.cutToLargest(Plot.listedNames, of: figure)].compactMap(\.self)
    }

    let counts = figure.layers.map(\.rowCount)
    let series = SeriesList(figure, rowCounts: counts, rules: rules)
    rows = figure.layers.indices.map { index in
      let layer = figure.layers[index]
      let count = counts[index]
      func numbers(_ channel: Layer.Channel?, _ axis: AxisChannels) -> [Double] {
        guard let channel else { return [Double](repeating: .nan, count: count) }
        return (0..<count).map { axis.number(channel, at: $0) }
      }
      return LayerRows(
        layer: layer, count: count, place: numbers(isHorizontal ? layer.y : layer.x, placeAxis),
        value: numbers(isHorizontal ? layer.x : layer.y, valueAxis), low: numbers(layer.low, valueAxis),
        high: numbers(layer.high, valueAxis), heat: (0..<count).map { layer.color?.number(at: $0) ?? .nan },
        series: series.indices[index],
        labels: (0..<count).map { row in layer.label.flatMap { $0.text(at: row, rules) } },
        flow: FlowGraph(
          layer, rowCount: layer.mark == .flow ? count : 0, columnLimit: Flow.columnLimit(width: size.width),
          rules: rules))
    }
    notes += rows.flatMap(\.flow.notes)
    let unusable = figure.layers.reduce(0) { $0 + $1.unusableCount }
    if unusable > 0 {
      notes.append("\(unusable) \(unusable == 1 ? "value is" : "values are") not finite and not drawn")
    }

    self.figure = figure
    self.series = series
    self.notes = notes
    self.headings = headings
    orientation = isHorizontal ? .horizontal : .vertical
    place = placeAxis.measure
    value = valueAxis.measure
    let heatChannel = figure.layers.first { $0.mark == .heatmap }?.color
    heat = heatChannel?.column.type == .duration ? .duration : .number(heatChannel?.display ?? .automatic)
    let xTitle = figure.xLabel ?? xs.first?.title ?? ""
    let several = series.all.count > 1 && layers.allSatisfy { $0.color == nil } ? series.all.map(\.name) : []
    let joined = (2...3).contains(several.count) ? several.joined(separator: ", ") : nil
    let yTitle = figure.yLabel ?? joined ?? ys.first?.title ?? bounds.first?.title ?? "count"
    placeTitle = ChartText.clean(isHorizontal ? yTitle : xTitle)
    valueTitle = ChartText.clean(
      isHorizontal ? figure.xLabel ?? xs.first?.title ?? bounds.first?.title ?? "" : yTitle)
    dodge = Dodge(rows, isCategorical: placeAxis.measure.isCategory)
  }
}

extension Layer {
  private var channels: [Channel] { [x, y, low, high, color, label, source, target].compactMap(\.self) }

  /// As many rows as the longest channel has.
  fileprivate var rowCount: Int { channels.map(\.column.count).max() ?? 0 }

  /// How many numbers are there and yet cannot be drawn.
  fileprivate var unusableCount: Int {
    [x, y, low, high].compactMap(\.self).filter { $0.column.type == .double }.reduce(0) { total, channel in
      let column = channel.column
      return total + (0..<column.count).count { !column.isNull($0) && !channel.number(at: $0).isFinite }
    }
  }
}

extension Figure {
  /// The figure with bars lying down, where the names below standing bars would not fit side by side.
  fileprivate func listingLongNames(size: ChartSize, rules: TimeZoneRules) -> Figure {
    let names = layers.compactMap(\.x).filter(\.isCategorical)
    let turns = layers.allSatisfy { layer in
      switch layer.mark {
      case .bar, .interval, .point: layer.x?.isCategorical == true && layer.y?.isCategorical != true
      case .rule: layer.x == nil
      default: false
      }
    }
    guard turns, !names.isEmpty else { return self }
    let list = CategoryList(names, isOrdered: false, rules: rules).names
    let room = (size.width - 60) / Double(max(1, list.count)) - 8
    let fits = list.allSatisfy { ChartText.width($0, size: Style.label.size) <= room }
    if fits && list.count <= 16 { return self }
    var result = self
    swap(&result.xLabel, &result.yLabel)
    result.layers = layers.map { layer in
      var turned = layer
      (turned.x, turned.y) = (layer.y, layer.x)
      return turned
    }
    return result
  }
}
