/// The names of colours in rows, for charts that cannot be labelled directly.
struct Legend {
  private struct Item {
    let series: Int
    let name: String
    let full: String
    let x: Double
    let row: Int
  }

  private var items: [Item] = []
  private var title = ""
  private(set) var height = 0.0
  private static let swatch = 22.0
  private static let line = 26.0

  /// A legend of nothing.
  init() {}

  init(_ plot: Plot, width: Double) {
    title = ChartText.truncated(plot.series.title ?? "", to: width * 0.3, size: Style.label.size)
    var x = title.isEmpty ? 0 : ChartText.width(title, size: Style.label.size) + 14
    var row = 0
    let shown = plot.series.all.count > Style.seriesCount + 1 ? Style.seriesCount : plot.series.all.count
    var names = plot.series.all.prefix(shown).map(\.name)
    let hidden = plot.series.all.count - shown
    if hidden > 0 { names.append("\(hidden) more") }
    // A long name has a row for itself before it is cut.
    let limit = min(width - Legend.swatch, max(width * 0.4, 300))
    let texts = ChartText.shortened(names, to: limit, size: Style.label.size)
    for (index, (name, text)) in zip(names, texts).enumerated() {
      let room = Legend.swatch + ChartText.width(text, size: Style.label.size) + 12
      if x > 0, x + room - 12 > width { (x, row) = (0, row + 1) }
      items.append(Item(series: index, name: text, full: name, x: x, row: row))
      x += room
    }
    height = items.isEmpty ? 0 : Double(row + 1) * Legend.line + 4
  }

  var isEmpty: Bool { items.isEmpty }

  /// Draws the legend with its top at a height.
  func draw(at top: Double, in plot: Plot, to svg: inout SVGWriter) {
    if !title.isEmpty {
      svg.element("text", ["x": 0, "y": top + 13, "dy": ".35em", "fill": Style.muted], containing: title)
    }
    for item in items {
      let middle = top + Double(item.row) * Legend.line + 13
      draw(plot.series[item.series], atX: item.x, y: middle, in: plot, to: &svg)
      svg.element(
        "text", ["x": item.x + Legend.swatch, "y": middle, "dy": ".35em", "fill": Style.text],
        containing: item.name, full: item.full)
    }
  }

  /// Draws a sample of the marks.
  private func draw(_ series: Series, atX x: Double, y: Double, in plot: Plot, to svg: inout SVGWriter) {
    var path = PathData()
    if plot.has(.line) {
      path.move(x, y)
      path.line(x + 17, y)
      svg.element(
        "path",
        ["d": path, "stroke": series.color, "stroke-width": 2.5, "stroke-dasharray": series.dash])
    } else if plot.has(.point) || plot.has(.interval) {
      Marker.add(series.marker, at: (x + 8, y), to: &path)
      svg.element("path", ["d": path, "fill": series.color, "fill-opacity": opacity(series)])
    } else {
      svg.element(
        "rect",
        [
          "x": x, "y": y - 7, "width": 14, "height": 14, "rx": 2, "fill": series.color,
          "fill-opacity": opacity(series),
        ])
    }
  }

  private func opacity(_ series: Series) -> String {
    series.opacity < 1 ? SVGWriter.coordinate(series.opacity) : ""
  }
}
