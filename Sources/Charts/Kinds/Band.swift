/// The area between two bounds along the places, broken where one of them is null.
struct Band: Kind {
  private let rows: LayerRows

  init(_ rows: LayerRows, in plot: Plot) { self.rows = rows }

  var extent: Extent {
    var extent = Extent()
    for row in 0..<rows.count where isDrawn(row) {
      extent.place.include(rows.place[row])
      extent.value.include(rows.low[row])
      extent.value.include(rows.high[row])
    }
    return extent
  }

  func draw(in frame: Frame, to svg: inout SVGWriter) {
    for group in rows.groups {
      var path = PathData()
      for run in group.rows.split(whereSeparator: { !isDrawn($0) }) {
        let upper = run.map { frame.point(rows.place[$0], rows.high[$0]) }
        let lower = run.map { frame.point(rows.place[$0], rows.low[$0]) }
        let outline = Downsampling.keepingExtremes(upper) + Downsampling.keepingExtremes(lower).reversed()
        path.trace(outline)
        path.close()
      }
      if path.isEmpty { continue }
      let color = frame.plot.series[group.series].color
      svg.element("path", ["d": path, "fill": color, "fill-opacity": "0.2"])
    }
  }

  func summary(of plot: Plot) -> [String] {
    let value = extent.value
    if value.isEmpty { return [] }
    return ["Band from \(plot.value.text(value.low)) to \(plot.value.text(value.high))."]
  }

  private func isDrawn(_ row: Int) -> Bool {
    rows.place[row].isFinite && rows.low[row].isFinite && rows.high[row].isFinite
  }
}
