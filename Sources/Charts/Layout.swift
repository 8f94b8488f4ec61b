import Values

/// Where everything in a chart goes.
struct Layout {
  let size: ChartSize
  let plot: Plot
  let header: Header
  /// The area that the marks are drawn in.
  let area: Area
  /// The scaled area; none when there is nothing to draw.
  let frame: Frame?
  /// Where a key of tints begins above the marks, if there is one.
  let keyStart: Double?
  /// The names of the colours at the ends of their lines; none when there is a legend.
  let endLabels: [EndLabel]
  let height: Double
  private let noteLines: [String]

  init(_ plot: Plot, _ kinds: [any Kind], size: ChartSize) {
    self.size = size
    self.plot = plot
    noteLines = plot.notes.flatMap {
      ChartText.wrapped("\($0).", to: size.width, size: Style.label.size, lines: 2)
    }
    let notesHeight = Double(noteLines.count) * Style.label.line
    let extents = kinds.map(\.extent)
    guard extents.contains(where: { !$0.place.isEmpty || !$0.value.isEmpty }) else {
      header = Header(plot, legend: .none, labelsValues: false, width: size.width)
      area = Area(x: 1, y: header.height + 1, width: size.width - 2, height: 130)
      frame = nil
      keyStart = nil
      endLabels = []
      height = area.bottom + 8 + notesHeight
      return
    }
    var extent = Extent()
    for part in extents {
      extent.place.include(part.place)
      extent.value.include(part.value)
      extent.isFromZero = extent.isFromZero || part.isFromZero
      extent.isPadded = extent.isPadded || part.isPadded
    }
    let labelled = Layout.compose(plot, kinds, extent, size: size, names: .atEnds)
    let composed = labelled ?? Layout.compose(plot, kinds, extent, size: size, names: .inLegend)
    header = composed?.header ?? Header(plot, legend: .none, labelsValues: false, width: size.width)
    frame = composed?.frame
    keyStart = composed.flatMap { layout in
      kinds.compactMap { ($0 as? Heatmap)?.keyStart(in: layout.frame) }.min()
    }
    area = composed?.frame.area ?? Area(x: 0, y: 0, width: size.width, height: 0)
    endLabels = composed?.endLabels ?? []
    height = area.bottom + (frame?.axisHeight ?? 0) + 6 + notesHeight
  }

  private enum Names { case atEnds, inLegend }

  private static let narrowestBars = 60.0

  /// The layout with the names of the colours at a place; nothing when they do not fit at the ends of the
  /// lines.
  private static func compose(
    _ plot: Plot, _ kinds: [any Kind], _ extent: Extent, size: ChartSize, names: Names
  ) -> (header: Header, frame: Frame, endLabels: [EndLabel])? {
    let count = plot.series.all.count
    if names == .atEnds, !(2...5).contains(count) || !plot.endsAtRight { return nil }
    let labelsValues = plot.labelsValues(extent)
    let header = Header(
      plot, legend: names == .inLegend && count > 1 ? .shown : .none, labelsValues: labelsValues,
      width: size.width)
    let flow = kinds.compactMap { $0 as? Flow }.first
    let areaHeight = flow?.height ?? plot.listHeight(kinds, width: size.width) ?? size.plotHeight
    let value = Scale(
      plot.value, over: extent.value, fit: extent.isFromZero ? .roundFromZero : .round,
      ticks: plot.orientation == .vertical ? max(3, Int(areaHeight / 50)) : Int(size.width / 130))

    var right = 24.0
    if names == .atEnds {
      let widest = plot.series.all.map { EndLabel.width($0.name) }.max() ?? 0
      if widest > size.width * 0.26 { return nil }
      right = widest + 10
    } else if labelsValues {
      right = widestValue(plot, kinds) + 10
    } else if plot.has(.heatmap) {
      right = 2
    } else if flow != nil {
      right = 0
    }
    let ticks = value.ticks.map { ChartText.width($0.label, size: Style.label.size) }
    let left = flow != nil ? 0 : plot.listWidth(width: size.width) ?? 10 + (ticks.max() ?? 0)
    let slant = plot.has(.heatmap) ? Slant(plot.place, columnsFrom: left, to: size.width - right) : nil
    // Where names and values would leave nothing for the bars, values stand over them.
    if labelsValues { right = max(0, min(right, size.width - left - Layout.narrowestBars)) }
    let area = Area(
      x: left, y: header.height + (slant?.height ?? 0), width: size.width - left - right, height: areaHeight)
    let placeLimit = Int(area.width / (plot.place.isTime ? 74 : 96))
    let place = Scale(
      plot.place, over: extent.place, fit: extent.isPadded ? .padded : .exact, ticks: max(2, placeLimit))
    let frame = Frame(
      plot, area: area, chartWidth: size.width, place: place, value: value, labelsValues: labelsValues,
      slant: slant)
    guard count > 1, header.legend.isEmpty else { return (header, frame, []) }
    let ends = kinds.flatMap { $0.ends(in: frame) }
    guard let labels = EndLabel.resolved(ends, in: area) else { return nil }
    return (header, frame, labels)
  }

  /// How much room the values beside bars need.
  private static func widestValue(_ plot: Plot, _ kinds: [any Kind]) -> Double {
    if let funnel = kinds.compactMap({ $0 as? Funnel }).first { return funnel.widestText(in: plot) }
    let values = plot.rows.flatMap(\.value).filter(\.isFinite)
    return values.map { ChartText.width(plot.value.text($0), size: Style.label.size) }.max() ?? 0
  }

  /// Draws what the chart says about itself, below everything else.
  func drawNotes(to svg: inout SVGWriter) {
    for (index, line) in noteLines.enumerated() {
      let above = Double(noteLines.count - index - 1) * Style.label.line
      svg.element("text", ["x": 0, "y": height - 6 - above, "fill": Style.muted], containing: line)
    }
  }
}

extension Plot {
  /// Whether a layer has a mark.
  func has(_ mark: Layer.Mark) -> Bool { rows.contains { $0.layer.mark == mark } }

  /// Whether colours can be named at the right ends of their marks.
  fileprivate var endsAtRight: Bool {
    let marks = rows.map(\.layer.mark)
    return marks.allSatisfy { [.line, .area, .band, .rule].contains($0) }
      && marks.contains { $0 == .line || $0 == .area } && !place.isCategory
  }

  /// The names listed from top to bottom, if there are such.
  private var list: [String]? {
    guard case .category(let names, _) = orientation == .horizontal ? place : value else { return nil }
    return names
  }

  /// The room to the left of the marks for listed names.
  fileprivate func listWidth(width: Double) -> Double? {
    guard let list else { return nil }
    let names = headings.isEmpty ? list : nameLines(list, in: .infinity).compactMap(\.first)
    let widest = names.map { ChartText.width($0, size: Style.label.size) }.max() ?? 0
    // Of a name in parts something of the first is to be seen beside the last.
    let least: Double = names.contains { $0.contains(ChartText.joint) } ? 180 : 150
    return min(widest + 12, max(width * 0.36, least))
  }

  /// The height of the marks beside listed names.
  fileprivate func listHeight(_ kinds: [any Kind], width: Double) -> Double? {
    guard let list, let room = listWidth(width: width) else { return nil }
    let count = Double(list.count)
    if has(.heatmap) { return count * (count > 24 ? 24 : 31) }
    if let funnel = kinds.compactMap({ $0 as? Funnel }).first {
      return count * funnel.height(colors: dodge.count, width: width - room)
    }
    guard orientation == .horizontal else { return nil }
    let isWrapped = nameLines(list, in: room).contains { $0.count > 1 }
    return count * max(isWrapped ? 42 : 30, Double(min(dodge.count, 16)) * 20 + 10)
  }

  /// Listed names as they are written: on two lines where they do not fit on one, cut where they do not fit on two. What
  /// a heading says is not said again below it.
  func nameLines(_ names: [String], in width: Double) -> [[String]] {
    guard !headings.isEmpty else {
      return ChartText.wrapped(names, to: width - 10, size: Style.label.size, lines: has(.heatmap) ? 1 : 2)
    }
    let parts = names.enumerated().map { index, name in
      let joint = headings.contains(index) ? nil : name.ranges(of: ChartText.joint).last
      return joint.map { String(name[$0.upperBound...]) } ?? ""
    }
    return ChartText.wrapped(parts, to: width - 10, size: Style.label.size, lines: 1)
  }

  /// Whether bars are labelled with their values: lying ones with nothing else to read from an axis.
  fileprivate func labelsValues(_ extent: Extent) -> Bool {
    guard orientation == .horizontal else { return false }
    if has(.funnel) { return true }
    return extent.value.low >= 0
      && rows.allSatisfy { $0.layer.mark == .bar && !$0.layer.isStacked && $0.layer.label == nil }
  }
}
