import Values

/// A grid of cells, each tinted by its number and labelled with it where there is room.
struct Heatmap: Kind {
  private struct Cell {
    let place: Double
    let value: Double
    let heat: Double
    let label: String
  }

  private let cells: [Cell]
  private let strongest: Double
  private let title: String

  init(_ rows: LayerRows, in plot: Plot) {
    cells = (0..<rows.count).compactMap { row in
      guard rows.place[row].isFinite, rows.value[row].isFinite, rows.heat[row].isFinite else { return nil }
      return Cell(
        place: rows.place[row], value: rows.value[row], heat: rows.heat[row],
        label: rows.labels[row] ?? plot.heat.text(rows.heat[row]))
    }
    strongest = cells.map(\.heat.magnitude).max() ?? 0
    title = rows.layer.color?.title ?? ""
  }

  var extent: Extent { Extent(place: Span(cells.map(\.place)), value: Span(cells.map(\.value))) }

  func draw(in frame: Frame, to svg: inout SVGWriter) {
    var paths: [Int: PathData] = [:]
    for cell in cells {
      let corner = frame.point(cell.place - 0.5, cell.value - 0.5)
      var area = Area(from: corner, to: frame.point(cell.place + 0.5, cell.value + 0.5))
      (area.width, area.height) = (Heatmap.withoutGap(area.width), Heatmap.withoutGap(area.height))
      paths[tint(cell.heat), default: PathData()].rectangle(area)
    }
    for (tint, path) in paths.sorted(by: { $0.key < $1.key }) {
      let fill = fill(tint)
      svg.element("path", ["d": path, "fill": fill.color, "fill-opacity": fill.opacity])
    }
    if hasLabels(in: frame) {
      drawLabels(in: frame, to: &svg)
    } else if !cells.isEmpty {
      drawKey(in: frame, to: &svg)
    }
  }

  /// What of the distance between cells is coloured: all but a hairline, and all of it where they are narrow.
  private static func withoutGap(_ distance: Double) -> Double {
    distance - min(1.5, max(0, (distance - 3) / 2))
  }

  /// Where what the tints mean begins, above the cells; nothing where these are labelled.
  func keyStart(in frame: Frame) -> Double? {
    if cells.isEmpty || hasLabels(in: frame) { return nil }
    let ends = [heats.low, heats.high].map {
      ChartText.width(frame.plot.heat.text($0), size: Style.label.size)
    }
    return frame.area.right - ends[0] - ends[1] - 8 - 96
  }

  private var heats: Span { Span(cells.map(\.heat)) }

  func summary(of plot: Plot) -> [String] {
    guard let lowest = cells.min(by: { $0.heat < $1.heat }),
      let highest = cells.max(by: { $0.heat < $1.heat })
    else { return [] }
    func text(_ cell: Cell) -> String {
      "\(plot.heat.text(cell.heat)) (\(plot.value.text(cell.value)), \(plot.place.text(cell.place)))"
    }
    let name = title.isEmpty ? "" : " of \(title)"
    return [
      "Heat map\(name) by \(plot.valueTitle) and \(plot.placeTitle), \(cells.count) cells.",
      "Lowest \(text(lowest)), highest \(text(highest)).",
    ]
  }

  /// Draws what the tints mean, above the cells at the right, where they cannot be labelled.
  private func drawKey(in frame: Frame, to svg: inout SVGWriter) {
    let span = heats
    let y = frame.area.y - 40 - (frame.slant?.height ?? 0)
    let high = frame.plot.heat.text(span.high)
    let right = frame.area.right - ChartText.width(high, size: Style.label.size) - 8
    svg.element(
      "text", ["x": right + 3, "y": y + 5, "fill": Style.muted], containing: high)
    svg.element(
      "text", ["x": right - 96, "y": y + 5, "text-anchor": "end", "fill": Style.muted],
      containing: frame.plot.heat.text(span.low))
    for step in 0..<5 {
      let fill = fill(tint(span.low + (span.high - span.low) * Double(step) / 4))
      svg.element(
        "rect",
        [
          "x": right - 88 + Double(step) * 17, "y": y - 7, "width": 16, "height": 14, "fill": fill.color,
          "fill-opacity": fill.opacity,
        ])
    }
  }

  /// The colour of a tint: up to one that text can still be read on, from one that can still be seen.
  private func fill(_ tint: Int) -> (color: String, opacity: String) {
    let opacity = 5 + tint.magnitude * 3
    return (tint < 0 ? Style.color(1) : Style.heat, opacity < 10 ? "0.0\(opacity)" : "0.\(opacity)")
  }

  /// How strong a cell is, from 0 to 18; negative for numbers below zero.
  private func tint(_ heat: Double) -> Int {
    if strongest == 0 { return 0 }
    return Int((heat / strongest * 18).rounded())
  }

  /// The width of the widest label, in sizes of its letters.
  private var widest: Double { cells.map { ChartText.width($0.label, size: 1) }.max() ?? 0 }

  private func room(in frame: Frame) -> Double { frame.place.length(1) - 3 }

  private func hasLabels(in frame: Frame) -> Bool {
    widest * Style.cell <= room(in: frame) && frame.value.length(1) >= Style.cell + 3
  }

  private func drawLabels(in frame: Frame, to svg: inout SVGWriter) {
    let fixed = widest * Style.label.size > room(in: frame) ? "cell" : ""
    svg.open("g", ["text-anchor": "middle", "fill": Style.text, "class": fixed])
    for cell in cells {
      let point = frame.point(cell.place, cell.value)
      svg.element("text", ["x": point.x - 0.8, "y": (point.y + 4).rounded()], containing: cell.label)
    }
    svg.close("g")
  }
}
