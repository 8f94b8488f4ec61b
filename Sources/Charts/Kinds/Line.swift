/// A line through the values of each colour, broken where a value is null.
struct Line: Kind {
  private let rows: LayerRows
  private let groups: [(series: Int, rows: [Int])]

  init(_ rows: LayerRows, in plot: Plot) {
    self.rows = rows
    groups = rows.groups
  }

  var extent: Extent {
    Extent(place: Span(rows.data.flatMap { $0.data.map(\.place) }), value: Span(rows.value))
  }

  func draw(in frame: Frame, to svg: inout SVGWriter) {
    for group in groups {
      let style = frame.plot.series[group.series]
      var path = PathData()
      for run in runs(group.rows, in: frame) {
        if run.count == 1 {
          svg.element("circle", ["cx": run[0].x, "cy": run[0].y, "r": 3.0, "fill": style.color])
          continue
        }
        path.trace(Downsampling.keepingExtremes(run))
      }
      if path.isEmpty { continue }
      svg.element(
        "path",
        [
          "d": path, "fill": "none", "stroke": style.color, "stroke-width": 2.3, "stroke-linejoin": "round",
          "stroke-linecap": "round", "stroke-dasharray": style.dash,
          "stroke-opacity": style.opacity < 1 ? SVGWriter.coordinate(style.opacity) : "",
        ])
    }
  }

  func ends(in frame: Frame) -> [EndLabel] {
    groups.compactMap { group in
      guard let last = runs(group.rows, in: frame).last?.last else { return nil }
      return EndLabel(series: group.series, x: last.x, y: last.y, hasDot: true)
    }
  }

  func summary(of plot: Plot) -> [String] { Summary.sentences("Line", rows.data, of: plot) }

  /// The points between nulls.
  private func runs(_ rows: [Int], in frame: Frame) -> [[(x: Double, y: Double)]] {
    rows.split { !self.rows.value[$0].isFinite }.map { run in
      run.map { frame.point(self.rows.place[$0], self.rows.value[$0]) }
    }
  }
}
