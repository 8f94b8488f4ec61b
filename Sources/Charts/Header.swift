import Values

/// What stands above the marks: title, subtitle, legend, and the name of the values.
struct Header {
  enum LegendUse { case shown, none }

  let titles: [String]
  let subtitles: [String]
  let legend: Legend
  /// The name of the values, in place of a rotated one beside the axis.
  let valueTitle: String
  /// Where the marks begin.
  let height: Double

  /// - Parameter labelsValues: whether the values stand beside their bars, so that no axis names them.
  init(_ plot: Plot, legend use: LegendUse, labelsValues: Bool, width: Double) {
    let figure = plot.figure
    titles = ChartText.wrapped(
      ChartText.clean(figure.title ?? ""), to: width, size: Style.title.size, lines: 3)
    subtitles = ChartText.wrapped(
      ChartText.clean(figure.subtitle ?? ""), to: width, size: Style.subtitle.size, lines: 3)
    legend = use == .shown ? Legend(plot, width: width) : Legend()
    if plot.has(.flow) {
      valueTitle = ""
    } else if plot.has(.heatmap) {
      valueTitle = plot.placeTitle
    } else if plot.orientation == .horizontal {
      valueTitle = labelsValues && !plot.has(.funnel) ? plot.valueTitle : ""
    } else {
      valueTitle = plot.valueTitle
    }
    var height = Double(titles.count) * Style.title.line + Double(subtitles.count) * Style.subtitle.line
    height += legend.height
    if !valueTitle.isEmpty || plot.has(.heatmap) {
      height += Style.label.line + (height > 0 && legend.isEmpty ? 5 : 0)
    }
    let isRoomy = plot.orientation == .vertical || plot.has(.rule)
    self.height = height + (plot.has(.heatmap) ? 30 : isRoomy ? 16 : 6)
  }

  /// Draws the texts, from the top.
  func draw(in layout: Layout, to svg: inout SVGWriter) {
    var y = 0.0
    for line in titles {
      y += Style.title.line
      svg.element("text", ["class": "title", "x": 0, "y": y - 7, "fill": Style.text], containing: line)
    }
    for line in subtitles {
      y += Style.subtitle.line
      svg.element("text", ["class": "subtitle", "x": 0, "y": y - 5, "fill": Style.muted], containing: line)
    }
    legend.draw(at: y, in: layout.plot, to: &svg)
    guard !valueTitle.isEmpty, layout.frame != nil else { return }
    let isAbove = layout.plot.has(.heatmap) || layout.plot.orientation == .horizontal
    let end = layout.keyStart.map { $0 - 12 } ?? layout.size.width
    let width = ChartText.width(valueTitle, size: Style.label.size)
    // Beside a key there may be no room above the marks.
    let x = isAbove && layout.area.x + width <= end ? layout.area.x : 0
    svg.element(
      "text",
      [
        "x": x, "y": y + legend.height + 15 + (y > 0 && legend.isEmpty ? 5 : 0), "fill": Style.muted,
      ],
      containing: ChartText.truncated(
        valueTitle, to: min(end - x, layout.size.width * 0.9), size: Style.label.size),
      full: valueTitle)
  }
}
