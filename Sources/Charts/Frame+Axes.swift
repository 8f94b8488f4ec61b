import Values

extension Frame {
  init(
    _ plot: Plot, area: Area, chartWidth: Double, place: Scale, value: Scale, labelsValues: Bool,
    slant: Slant?
  ) {
    var place = place
    var value = value
    let isListed = value.measure.isCategory
    if plot.orientation == .vertical {
      place.range = (area.x, area.right)
      value.range = isListed ? (area.y, area.bottom) : (area.bottom, area.y)
    } else {
      place.range = (area.y, area.bottom)
      value.range = (area.x, area.right)
    }
    self.area = area
    self.chartWidth = chartWidth
    self.place = place
    self.value = value
    self.plot = plot
    self.labelsValues = labelsValues
    self.slant = slant
  }

  /// The scales by where they run.
  private var across: Scale { plot.orientation == .vertical ? place : value }
  private var upwards: Scale { plot.orientation == .vertical ? value : place }
  private var hasTopAxis: Bool { plot.has(.heatmap) }
  private var hasAcrossAxis: Bool { !labelsValues && !hasTopAxis && hasAxes }
  /// Whether marks stand on axes at all.
  private var hasAxes: Bool { !plot.has(.flow) }

  /// The name of the axis below the marks; nothing where its labels speak for themselves.
  private var acrossTitle: String {
    let given = plot.figure.xLabel != nil && plot.orientation == .vertical
    let isPlain = across.measure.isCategory || across.measure.isTime
    if isPlain && !given { return "" }
    return plot.orientation == .vertical ? plot.placeTitle : plot.valueTitle
  }

  /// The room below the marks.
  var axisHeight: Double {
    guard hasAcrossAxis else { return 4 }
    let hasContext = across.ticks.contains { $0.context != nil }
    return 25 + (hasContext ? 18 : 0) + (acrossTitle.isEmpty ? 0 : Style.label.line)
  }

  /// Draws the lines that values are read from, below the marks.
  func drawGrid(to svg: inout SVGWriter) {
    guard hasAxes else { return }
    var path = PathData()
    if plot.orientation == .horizontal {
      guard hasAcrossAxis else { return }
      for tick in value.ticks {
        path.move(value.position(tick.value), area.y)
        path.line(value.position(tick.value), area.bottom)
      }
    } else if !value.measure.isCategory {
      for tick in value.ticks {
        path.move(area.x, value.position(tick.value))
        path.line(area.right, value.position(tick.value))
      }
    }
    if path.isEmpty { return }
    svg.element("path", ["d": path, "stroke": Style.grid])
  }

  /// Draws the axes' lines, labels and the name of the lower one.
  func drawAxes(to svg: inout SVGWriter) {
    guard hasAxes else { return }
    drawBaseline(to: &svg)
    drawLabelsAtLeft(to: &svg)
    if hasTopAxis { drawLabelsAbove(to: &svg) }
    guard hasAcrossAxis else { return }
    drawLabelsBelow(to: &svg)
    if acrossTitle.isEmpty { return }
    svg.element(
      "text",
      ["x": area.right, "y": area.bottom + axisHeight - 4, "text-anchor": "end", "fill": Style.muted],
      containing: ChartText.truncated(acrossTitle, to: area.width, size: Style.label.size),
      full: acrossTitle)
  }

  private func drawBaseline(to svg: inout SVGWriter) {
    if hasTopAxis { return }
    var path = PathData()
    let hasZero = !value.measure.isCategory && value.domain.contains(0)
    if plot.orientation == .horizontal {
      guard hasZero else { return }
      path.move(value.position(0), area.y)
      path.line(value.position(0), area.bottom)
    } else {
      let level = hasZero ? value.position(0) : area.bottom
      path.move(area.x, level)
      path.line(area.right, level)
      if place.measure.isTime {
        for tick in place.ticks {
          path.move(place.position(tick.value), area.bottom)
          path.line(place.position(tick.value), area.bottom + 5)
        }
      }
    }
    svg.element("path", ["d": path, "stroke": Style.axis, "stroke-width": 1.2])
  }

  private func drawLabelsAtLeft(to svg: inout SVGWriter) {
    let isList = upwards.measure.isCategory
    svg.open("g", ["text-anchor": "end", "fill": isList ? Style.text : Style.muted])
    let labels = upwards.ticks.map(\.label)
    let texts = isList ? plot.nameLines(labels, in: area.x) : labels.map { [$0] }
    for (tick, lines) in zip(upwards.ticks, texts) {
      var y = upwards.position(tick.value)
      if plot.has(.funnel) {
        y = y - upwards.length(1) / 2 + (plot.dodge.count > 1 ? upwards.length(0.5) - 6 : 21)
      }
      y -= Double(lines.count - 1) * 9
      for (index, line) in lines.enumerated() {
        svg.element(
          "text", ["x": area.x - 8, "y": y + Double(index) * 18, "dy": ".35em"], containing: line,
          full: tick.label)
      }
    }
    svg.close("g")
    drawHeadings(to: &svg)
  }

  private func drawHeadings(to svg: inout SVGWriter) {
    let headings = upwards.ticks.enumerated().filter { plot.headings.contains($0.offset) }.map(\.element)
    let texts = ChartText.shortened(headings.map(\.label), to: chartWidth, size: Style.label.boldSize)
    for (tick, text) in zip(headings, texts) {
      svg.element(
        "text",
        [
          "x": 0, "y": upwards.position(tick.value) + 3, "dy": ".35em", "fill": Style.text,
          "font-weight": "600",
        ],
        containing: text, full: tick.label)
    }
  }

  private func drawLabelsAbove(to svg: inout SVGWriter) {
    if let slant { return drawSlantedLabels(slant, to: &svg) }
    let every = labelStride
    let room = place.length(Double(every)) - 4
    let texts = ChartText.shortened(place.ticks.map(\.label), to: room, size: Style.label.size)
    var end = -Double.infinity
    svg.open("g", ["text-anchor": "middle", "fill": Style.muted])
    for (index, tick) in place.ticks.enumerated() where index % every == 0 {
      let label = texts[index]
      let x = inside(place.position(tick.value), label)
      let half = ChartText.width(label, size: Style.label.size) / 2
      // One that was moved from the edge may have come too near to the one before.
      if x - half < end { continue }
      end = x + half
      svg.element("text", ["x": x, "y": area.y - 9], containing: label, full: tick.label)
    }
    svg.close("g")
  }

  /// Names that do not fit side by side: each comes down to its column from the left.
  private func drawSlantedLabels(_ slant: Slant, to svg: inout SVGWriter) {
    svg.open("g", ["text-anchor": "end", "fill": Style.muted])
    for (tick, text) in zip(place.ticks, slant.texts) {
      let x = SVGWriter.coordinate(place.position(tick.value) + 2)
      let y = SVGWriter.coordinate(area.y - 8)
      svg.element(
        "text", ["x": x, "y": y, "transform": "rotate(45 \(x) \(y))"], containing: text, full: tick.label)
    }
    svg.close("g")
  }

  private func drawLabelsBelow(to svg: inout SVGWriter) {
    let scale = across
    let isList = scale.measure.isCategory
    let every = isList ? labelStride : 1
    svg.open("g", ["text-anchor": "middle", "fill": isList ? Style.text : Style.muted])
    let room = isList ? scale.length(Double(every)) - 4 : .infinity
    let texts = ChartText.shortened(scale.ticks.map(\.label), to: room, size: Style.label.size)
    for (index, tick) in scale.ticks.enumerated() where index % every == 0 {
      let x = scale.position(tick.value)
      svg.element(
        "text", ["x": inside(x, texts[index]), "y": area.bottom + 21],
        containing: texts[index], full: tick.label)
      guard let context = tick.context else { continue }
      svg.element("text", ["x": inside(x, context), "y": area.bottom + 40], containing: context)
    }
    svg.close("g")
  }

  /// The middle of a text, moved so that all of it lies in the drawing.
  func inside(_ x: Double, _ text: String) -> Double {
    let half = ChartText.width(text, size: Style.label.size) / 2
    return max(half, min(x, chartWidth - half))
  }

  /// Every how many names one can be written below or above the marks. Dates and numbers are left out rather than cut:
  /// their neighbours tell what they are.
  private var labelStride: Int {
    let widest = place.ticks.map { ChartText.width($0.label, size: Style.label.size) }.max() ?? 0
    let isOrdered = if case .category(_, isOrdered: true) = place.measure { true } else { false }
    let wanted = (isOrdered ? widest : min(widest, 60)) + 6
    return max(1, Int((wanted / max(0.1, place.length(1))).rounded(.up)))
  }
}
