import Values

/// Events in columns, one for each position, as bars that are as high as many come by, with bands between them.
struct Flow: Kind {
  private let rows: LayerRows
  private let graph: FlowGraph

  private static let barWidth = 9.0
  /// The room that the two lines of a label take, and the gap below it.
  private static let labelHeight = 40.0
  private static let gap = 8.0
  private static let headHeight = 26.0
  /// The height of all bars of the fullest column together.
  private static let barsHeight = 240.0

  init(_ rows: LayerRows, in plot: Plot) {
    self.rows = rows
    graph = rows.flow
  }

  /// How many columns fit side by side with their labels.
  static func columnLimit(width: Double) -> Int { max(2, Int(width / 115)) }

  /// The height of the tallest column.
  var height: Double {
    let scale = self.scale
    let columns = graph.columns.map { nodes in nodes.reduce(0) { $0 + Flow.slot($1, scale) + Flow.gap } }
    return Flow.headHeight + (columns.max() ?? 0)
  }

  /// The height that a bar or its label takes.
  private static func slot(_ node: FlowGraph.Node, _ scale: Double) -> Double {
    max(node.size * scale, labelHeight)
  }

  var extent: Extent {
    guard !graph.columns.isEmpty else { return Extent() }
    return Extent(place: Span(graph.positions.map(Double.init)), value: Span(rows.value))
  }

  /// A bar, and how much of its sides has been given to bands.
  private struct Bar {
    let x: Double
    let y: Double
    let height: Double
    var taken = (left: 0.0, right: 0.0)
  }

  func draw(in frame: Frame, to svg: inout SVGWriter) {
    let pitch = frame.area.width / Double(max(1, graph.columns.count))
    let scale = self.scale
    var bars = graph.columns.enumerated().map { column, nodes -> [Bar] in
      var y = frame.area.y + Flow.headHeight
      return nodes.map { node in
        defer { y += Flow.slot(node, scale) + Flow.gap }
        return Bar(x: frame.area.x + Double(column) * pitch, y: y, height: max(1, node.size * scale))
      }
    }
    drawBands(&bars, scale, to: &svg)
    for (column, nodes) in graph.columns.enumerated() {
      for (place, node) in nodes.enumerated() {
        drawBar(bars[column][place], node, column, scale, to: &svg)
      }
    }
    drawLabels(bars, room: pitch - Flow.barWidth - 12, to: &svg)
  }

  /// The height of one path.
  private var scale: Double {
    let total = graph.columns.map { $0.reduce(0) { $0 + $1.size } }.max() ?? 0
    return total > 0 ? Flow.barsHeight / total : 0
  }

  private func drawBands(_ bars: inout [[Bar]], _ scale: Double, to svg: inout SVGWriter) {
    svg.open("g", ["fill": Style.color(0), "fill-opacity": "0.24"])
    for link in graph.links {
      let (source, target) = (bars[link.column][link.source], bars[link.column + 1][link.target])
      let height = link.size * scale
      let start = (x: source.x + Flow.barWidth, y: source.y + source.taken.right)
      let end = (x: target.x, y: target.y + target.taken.left)
      let middle = (start.x + end.x) / 2
      var path = PathData()
      path.move(start.x, start.y)
      path.curve((middle, start.y), (middle, end.y), to: end)
      path.line(end.x, end.y + height)
      path.curve((middle, end.y + height), (middle, start.y + height), to: (start.x, start.y + height))
      path.close()
      svg.element("path", ["d": path])
      bars[link.column][link.source].taken.right += height
      bars[link.column + 1][link.target].taken.left += height
    }
    svg.close("g")
  }

  /// Draws a bar, with stubs for the paths that begin or end at it.
  private func drawBar(
    _ bar: Bar, _ node: FlowGraph.Node, _ column: Int, _ scale: Double, to svg: inout SVGWriter
  ) {
    func stub(_ size: Double, x: Double, y: Double) {
      guard size > 0 else { return }
      svg.element(
        "rect",
        [
          "x": x, "y": y, "width": 16, "height": max(1, size * scale), "fill": Style.muted,
          "fill-opacity": "0.4",
        ])
    }
    if column + 1 < graph.columns.count {
      stub(node.ended, x: bar.x + Flow.barWidth, y: bar.y + bar.taken.right)
    }
    if column > 0 { stub(node.begun, x: bar.x - 16, y: bar.y + bar.taken.left) }
    let color = node.event == nil ? Style.muted : Style.color(0)
    svg.element(
      "rect", ["x": bar.x, "y": bar.y, "width": Flow.barWidth, "height": bar.height, "fill": color])
  }

  private func drawLabels(_ bars: [[Bar]], room: Double, to svg: inout SVGWriter) {
    let labels = graph.columns.joined().map(\.label)
    var texts = ChartText.shortened(labels, to: room, size: Style.label.size)[...]
    for (column, nodes) in graph.columns.enumerated() {
      guard let first = bars[column].first else { continue }
      svg.element(
        "text", ["x": first.x, "y": first.y - 11, "fill": Style.muted],
        containing: NumberText.exact(Double(graph.positions[column]), .plain))
      for (bar, node) in zip(bars[column], nodes) {
        let x = bar.x + Flow.barWidth + 6
        svg.element(
          "text", ["class": "halo", "x": x, "y": bar.y + 14, "fill": Style.text],
          containing: texts.removeFirst(), full: node.label)
        svg.element(
          "text", ["class": "halo", "x": x, "y": bar.y + 33, "fill": Style.muted],
          containing: NumberText.exact(node.size, .automatic))
      }
    }
  }

  func summary(of plot: Plot) -> [String] {
    guard !graph.columns.isEmpty else { return [] }
    let count = graph.columns.count
    let largest = graph.links.enumerated().sorted {
      ($1.element.size, $0.offset) < ($0.element.size, $1.offset)
    }
    return ["Flow\(Summary.heading(plot)), \(count) \(count == 1 ? "position" : "positions")."]
      + largest.prefix(12).map { _, link in
        let source = graph.columns[link.column][link.source].label
        let target = graph.columns[link.column + 1][link.target].label
        let position = graph.positions[link.column]
        return "\(position): \(source) to \(target), \(plot.value.text(link.size))."
      }
  }
}
