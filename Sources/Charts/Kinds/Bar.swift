import Values

/// A bar from zero at each place; several colours stand side by side or on top of each other.
struct Bar: Kind {
  private struct Piece {
    let series: Int
    let place: Double
    let from: Double
    let to: Double
    let label: String?
  }

  private let rows: LayerRows
  private let pieces: [Piece]
  /// The distance of neighbouring places.
  private let pitch: Double

  init(_ rows: LayerRows, in plot: Plot) {
    self.rows = rows
    pitch = plot.place.isCategory ? 1 : Bar.pitch(plot.rows, alone: plot.place.isTime ? 86_400e6 : 1)
    var positive: [Double: Double] = [:]
    var negative: [Double: Double] = [:]
    let order = rows.groups.flatMap { group in group.rows.map { (group.series, $0) } }
    pieces = order.compactMap { series, row in
      let place = rows.place[row]
      let value = rows.value[row]
      guard value.isFinite else { return nil }
      guard rows.layer.isStacked else {
        return Piece(series: series, place: place, from: 0, to: value, label: rows.labels[row])
      }
      let from = (value < 0 ? negative[place] : positive[place]) ?? 0
      if value < 0 { negative[place] = from + value } else { positive[place] = from + value }
      return Piece(series: series, place: place, from: from, to: from + value, label: rows.labels[row])
    }
  }

  var extent: Extent {
    var extent = Extent(isFromZero: true)
    for piece in pieces {
      extent.place.include(piece.place - pitch / 2)
      extent.place.include(piece.place + pitch / 2)
      extent.value.include(piece.to)
    }
    return extent
  }

  func draw(in frame: Frame, to svg: inout SVGWriter) {
    for series in Set(pieces.map(\.series)).sorted() {
      var path = PathData()
      for piece in pieces where piece.series == series { path.rectangle(area(piece, in: frame)) }
      let style = frame.plot.series[series]
      let edge = rows.layer.isStacked ? Style.surface : ""
      let opacity = style.opacity < 1 ? SVGWriter.coordinate(style.opacity) : ""
      svg.element("path", ["d": path, "fill": style.color, "fill-opacity": opacity, "stroke": edge])
    }
    drawLabels(in: frame, to: &svg)
  }

  func summary(of plot: Plot) -> [String] {
    Summary.sentences(rows.layer.isStacked ? "Stacked bars" : "Bars", rows.data, of: plot)
  }

  private func drawLabels(in frame: Frame, to svg: inout SVGWriter) {
    let isHorizontal = frame.plot.orientation == .horizontal
    let labels = pieces.map { $0.label ?? (frame.labelsValues ? frame.plot.value.text($0.to) : nil) }
    let left = isHorizontal ? frame.area.x : 0
    let texts = ChartText.shortened(
      labels.map { $0 ?? "" }, to: frame.chartWidth - left, size: Style.label.size)
    for ((piece, label), text) in zip(zip(pieces, labels), texts) {
      guard let label else { continue }
      let area = area(piece, in: frame)
      if isHorizontal {
        // Where there is no room beside the bar the text stands over it.
        let isNegative = piece.to < 0
        let width = ChartText.width(text, size: Style.label.size)
        let natural = isNegative ? area.x - 6 : area.right + 6
        let x = isNegative ? max(natural, left + width) : max(left, min(natural, frame.chartWidth - width))
        svg.element(
          "text",
          [
            "class": x == natural ? "" : "halo", "x": x, "y": area.y + area.height / 2, "dy": ".35em",
            "text-anchor": isNegative ? "end" : "", "fill": Style.text,
          ], containing: text, full: label)
      } else {
        svg.element(
          "text",
          [
            "x": frame.inside(area.x + area.width / 2, text),
            "y": piece.to < 0 ? area.bottom + 16 : area.y - 5, "text-anchor": "middle", "fill": Style.text,
          ], containing: text, full: label)
      }
    }
  }

  private func area(_ piece: Piece, in frame: Frame) -> Area {
    let dodge = frame.plot.dodge
    let isDodged = !rows.layer.isStacked && dodge.count > 1
    let middle = piece.place + (isDodged ? dodge.offset(piece.series) * pitch : 0)
    let half = (isDodged ? dodge.width : 0.76) * pitch / 2
    var area = Area(
      from: frame.point(middle - half, piece.from), to: frame.point(middle + half, piece.to))
    // A hairline between neighbours, and a visible trace of a value that is not quite zero.
    if isDodged, frame.plot.orientation == .vertical, area.width > 4 { area.width -= 1 }
    if isDodged, frame.plot.orientation == .horizontal, area.height > 4 { area.height -= 1 }
    return area
  }

  /// The smallest distance of two places with bars, or the given one when there is a single place.
  private static func pitch(_ rows: [LayerRows], alone: Double) -> Double {
    let bars = rows.filter { $0.layer.mark == .bar }
    let places = Set(bars.flatMap(\.place).filter(\.isFinite)).sorted()
    let gaps = zip(places, places.dropFirst()).map { $1 - $0 }
    guard let smallest = gaps.min(), let last = places.last, let first = places.first else {
      return alone
    }
    return max(smallest, (last - first) / 2000)
  }
}
