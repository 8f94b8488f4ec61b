/// A line from `low` to `high` at each place, with a point at the value.
struct Interval: Kind {
  private let rows: LayerRows

  init(_ rows: LayerRows, in plot: Plot) { self.rows = rows }

  var extent: Extent {
    var extent = Extent(isPadded: true)
    for row in drawn {
      extent.place.include(rows.place[row])
      for bound in [rows.low[row], rows.high[row], rows.value[row]] { extent.value.include(bound) }
    }
    return extent
  }

  func draw(in frame: Frame, to svg: inout SVGWriter) {
    let room = frame.chartWidth - (frame.plot.orientation == .horizontal ? frame.area.x : 0)
    let texts = ChartText.shortened(rows.labels.map { $0 ?? "" }, to: room, size: Style.label.size)
    for group in rows.groups {
      let style = frame.plot.series[group.series]
      let shift = frame.dodged(group.series)
      var lines = PathData()
      var points = PathData()
      for row in group.rows where isDrawn(row) {
        let place = rows.place[row] + shift
        let low = frame.point(place, rows.low[row])
        let high = frame.point(place, rows.high[row])
        lines.move(low.x, low.y)
        lines.line(high.x, high.y)
        if rows.value[row].isFinite {
          Marker.add(style.marker, at: frame.point(place, rows.value[row]), to: &points)
        }
        if let label = rows.labels[row] { draw(texts[row], of: label, at: high, in: frame, to: &svg) }
      }
      if lines.isEmpty { continue }
      svg.element(
        "path", ["d": lines, "stroke": style.color, "stroke-width": 2.3, "stroke-linecap": "round"])
      if points.isEmpty { continue }
      svg.element(
        "path", ["d": points, "fill": style.color, "stroke": Style.surface, "stroke-width": 1.5])
    }
  }

  func summary(of plot: Plot) -> [String] {
    let shown = drawn.prefix(12).map { row in
      let bounds = "\(plot.value.text(rows.low[row])) to \(plot.value.text(rows.high[row]))"
      let value = rows.value[row].isFinite ? "\(plot.value.text(rows.value[row])), from " : "from "
      let series = plot.series.all.count > 1 ? " (\(plot.series[rows.series[row]].name))" : ""
      return "\(plot.place.text(rows.place[row]))\(series): \(value)\(bounds)."
    }
    if shown.isEmpty { return [] }
    let rest = drawn.count - shown.count
    return ["\(drawn.count == 1 ? "Interval" : "Intervals")\(Summary.heading(plot))."] + shown
      + (rest > 0 ? ["And \(rest) more."] : [])
  }

  private var drawn: [Int] { (0..<rows.count).filter(isDrawn) }

  private func isDrawn(_ row: Int) -> Bool {
    rows.place[row].isFinite && rows.low[row].isFinite && rows.high[row].isFinite
  }

  private func draw(
    _ text: String, of label: String, at point: (x: Double, y: Double), in frame: Frame,
    to svg: inout SVGWriter
  ) {
    let isHorizontal = frame.plot.orientation == .horizontal
    let width = ChartText.width(text, size: Style.label.size)
    let x = isHorizontal ? max(point.x, frame.area.x + width) : frame.inside(point.x, text)
    svg.element(
      "text",
      [
        "class": "halo", "x": x, "y": point.y - 8, "text-anchor": isHorizontal ? "end" : "middle",
        "fill": Style.text,
      ], containing: text, full: label)
  }
}
