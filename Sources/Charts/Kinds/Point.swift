/// A marker at each place and value; colours differ in shape too.
struct Point: Kind {
  private let rows: LayerRows

  init(_ rows: LayerRows, in plot: Plot) { self.rows = rows }

  var extent: Extent {
    var extent = Extent(isPadded: true)
    for datum in rows.data.flatMap(\.data) {
      extent.place.include(datum.place)
      extent.value.include(datum.value)
    }
    return extent
  }

  func draw(in frame: Frame, to svg: inout SVGWriter) {
    for group in rows.data {
      let style = frame.plot.series[group.series]
      let shift = frame.dodged(group.series)
      let points = group.data.map { frame.point($0.place + shift, $0.value) }
      var path = PathData()
      if points.count > 300 {
        // Many points are dots, drawn once for each small square of the view box.
        let square = points.count > 3000 ? 2.0 : 1.0
        var seen: Set<[Double]> = []
        for point in points {
          let (x, y) = ((point.x / square).rounded() * square, (point.y / square).rounded() * square)
          guard seen.insert([x, y]).inserted else { continue }
          path.move(x, y)
          path.close()
        }
        svg.element(
          "path",
          [
            "d": path, "fill": "none", "stroke": style.color, "stroke-width": 3.5, "stroke-linecap": "round",
            "stroke-opacity": style.opacity < 1 ? SVGWriter.coordinate(style.opacity) : "0.55",
          ])
        continue
      }
      for point in points { Marker.add(style.marker, at: point, to: &path) }
      svg.element(
        "path",
        [
          "d": path, "fill": style.color, "stroke": Style.surface,
          "fill-opacity": style.opacity < 1 ? SVGWriter.coordinate(style.opacity) : "",
        ])
    }
    drawLabels(in: frame, to: &svg)
  }

  func summary(of plot: Plot) -> [String] { Summary.sentences("Points", rows.data, of: plot) }

  private func drawLabels(in frame: Frame, to svg: inout SVGWriter) {
    var labels: [(text: String, point: (x: Double, y: Double), isLeft: Bool)] = []
    var limit = Double.infinity
    for row in 0..<rows.count where rows.place[row].isFinite && rows.value[row].isFinite {
      guard let label = rows.labels[row] else { continue }
      let point = frame.point(rows.place[row] + frame.dodged(rows.series[row]), rows.value[row])
      let width = ChartText.width(label, size: Style.label.size)
      let (left, right) = (point.x - frame.area.x - 8, frame.chartWidth - point.x - 8)
      let isLeft = width > right && left > right
      if width > max(left, right) { limit = min(limit, max(left, right)) }
      labels.append((label, point, isLeft))
    }
    let texts = ChartText.shortened(labels.map(\.text), to: limit, size: Style.label.size)
    for (label, text) in zip(labels, texts) {
      svg.element(
        "text",
        [
          "class": "halo", "x": label.point.x + (label.isLeft ? -8 : 8), "y": label.point.y, "dy": ".35em",
          "text-anchor": label.isLeft ? "end" : "", "fill": Style.text,
        ], containing: text, full: label.text)
    }
  }
}

/// The shapes that tell series apart.
enum Marker {
  /// Adds the shape of a number to a path.
  static func add(_ number: Int, at point: (x: Double, y: Double), to path: inout PathData) {
    let corners: [(Double, Double)] =
      switch number % 6 {
      case 0: (0..<12).map { circle[$0] }
      case 1: [(-4, -4), (4, -4), (4, 4), (-4, 4)]
      case 2: [(0, -5), (5, 4), (-5, 4)]
      case 3: [(0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0)]
      case 4: [(0, 5), (5, -4), (-5, -4)]
      default:
        [
          (-1.6, -5), (1.6, -5), (1.6, -1.6), (5, -1.6), (5, 1.6), (1.6, 1.6), (1.6, 5), (-1.6, 5),
          (-1.6, 1.6),
          (-5, 1.6), (-5, -1.6), (-1.6, -1.6),
        ]
      }
    path.move(point.x + corners[0].0, point.y + corners[0].1)
    for corner in corners.dropFirst() { path.line(point.x + corner.0, point.y + corner.1) }
    path.close()
  }

  /// Twelve points on a circle, which at this size is round.
  private static let circle: [(Double, Double)] = [
    (4.5, 0), (3.9, 2.2), (2.2, 3.9), (0, 4.5), (-2.2, 3.9), (-3.9, 2.2), (-4.5, 0), (-3.9, -2.2),
    (-2.2, -3.9),
    (0, -4.5), (2.2, -3.9), (3.9, -2.2),
  ]
}
