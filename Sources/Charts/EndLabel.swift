/// The name of a colour at the right end of its marks.
struct EndLabel {
  let series: Int
  let x: Double
  /// Where the marks end.
  let y: Double
  /// Whether the end is marked.
  let hasDot: Bool
  /// Where the name stands, so that names do not overlap.
  var labelY = 0.0

  /// The labels moved apart; nothing when that is not possible, or an end does not lie at the right side.
  static func resolved(_ ends: [EndLabel], in area: Area) -> [EndLabel]? {
    var labels = ends.sorted { ($0.y, $0.series) < ($1.y, $1.series) }
    let distance = Style.label.line
    guard !labels.isEmpty, Double(labels.count) * distance <= area.height,
      Set(labels.map(\.series)).count == labels.count,
      labels.allSatisfy({ $0.x >= area.right - area.width * 0.04 })
    else { return nil }
    for index in labels.indices {
      let lowest = index == 0 ? area.y : labels[index - 1].labelY + distance
      labels[index].labelY = max(labels[index].y, lowest)
    }
    for index in labels.indices.reversed() {
      let highest = index == labels.count - 1 ? area.bottom - 4 : labels[index + 1].labelY - distance
      labels[index].labelY = min(labels[index].labelY, highest)
    }
    // Far from its line a name would be taken for that of another one.
    return labels.allSatisfy { abs($0.labelY - $0.y) <= distance * 2 } ? labels : nil
  }

  /// How wide a name is at the end of its line, where it is bold.
  static func width(_ name: String) -> Double { ChartText.width(name, size: Style.label.boldSize) }

  /// Draws the mark of the end and the name.
  func draw(in frame: Frame, to svg: inout SVGWriter) {
    let series = frame.plot.series[series]
    if hasDot {
      svg.element("circle", ["cx": x, "cy": y, "r": 3.2, "fill": series.color])
    }
    let left = frame.area.right + 9
    svg.element(
      "text", ["x": left, "y": labelY, "dy": ".35em", "fill": series.color, "font-weight": "600"],
      containing: series.name)
  }
}
