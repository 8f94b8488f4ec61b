/// A straight line across the figure at each x or y, with its label.
struct Rule: Kind {
  private let rows: LayerRows
  /// Whether the lines stand at places; otherwise they lie at values.
  private let isAtPlace: Bool

  init(_ rows: LayerRows, in plot: Plot) {
    self.rows = rows
    isAtPlace = plot.orientation == .vertical ? rows.layer.x != nil : rows.layer.y != nil
  }

  var extent: Extent {
    isAtPlace ? Extent(place: Span(rows.place)) : Extent(value: Span(rows.value))
  }

  func draw(in frame: Frame, to svg: inout SVGWriter) {
    let isUpright = isAtPlace == (frame.plot.orientation == .vertical)
    let area = frame.area
    for (row, position) in (isAtPlace ? rows.place : rows.value).enumerated() where position.isFinite {
      let at = (isAtPlace ? frame.place : frame.value).position(position)
      let color = rows.series.isEmpty ? Style.text : frame.plot.series[rows.series[row]].color
      var path = PathData()
      path.move(isUpright ? at : area.x, isUpright ? area.y : at)
      path.line(isUpright ? at : area.right, isUpright ? area.bottom : at)
      svg.element("path", ["d": path, "stroke": color, "stroke-width": 1.3, "stroke-dasharray": "5 4"])
      guard let name = rows.labels[row] else { continue }
      let label = ChartText.truncated(name, to: frame.chartWidth, size: Style.label.size)
      // Above the marks a name hides none of them; beside a level it stands over its line.
      svg.element(
        "text",
        [
          "class": isUpright ? "" : "halo", "x": isUpright ? frame.inside(at, label) : area.right,
          "y": isUpright ? area.y - 4 : at - 6, "text-anchor": isUpright ? "middle" : "end", "fill": color,
        ], containing: label, full: name)
    }
  }

  func summary(of plot: Plot) -> [String] {
    let measure = isAtPlace ? plot.place : plot.value
    return (isAtPlace ? rows.place : rows.value).enumerated().prefix(6).compactMap { row, position in
      guard position.isFinite else { return nil }
      return "Line at \(measure.text(position))\(rows.labels[row].map { ": \($0)" } ?? "")."
    }
  }
}
