/// A filled area below the values; the areas of several colours lie on top of each other.
struct StackedArea: Kind {
  private struct Stratum {
    let series: Int
    let from: [Double]
    let to: [Double]
  }

  private let rows: LayerRows
  private let places: [Double]
  private let layers: [Stratum]

  init(_ rows: LayerRows, in plot: Plot) {
    self.rows = rows
    let data = rows.data
    // The places of rows without a value are among them, and leave a gap.
    let places = Set(rows.place.filter(\.isFinite)).sorted()
    var floor = [Double](repeating: 0, count: places.count)
    var layers: [Stratum] = []
    for group in data {
      var values: [Double: Double] = [:]
      for datum in group.data { values[datum.place] = datum.value }
      // A colour without a value at a place adds nothing there; alone it leaves a gap.
      let missing = data.count == 1 ? Double.nan : 0
      let top = zip(floor, places).map { $0 + (values[$1] ?? missing) }
      layers.append(Stratum(series: group.series, from: floor, to: top))
      floor = top
    }
    self.places = places
    self.layers = layers
  }

  var extent: Extent {
    Extent(
      place: Span(rows.data.flatMap { $0.data.map(\.place) }), value: Span(layers.flatMap(\.to)),
      isFromZero: true)
  }

  func draw(in frame: Frame, to svg: inout SVGWriter) {
    let isStacked = layers.count > 1
    for layer in layers {
      let color = frame.plot.series[layer.series].color
      var path = PathData()
      var edge = PathData()
      for run in places.indices.split(whereSeparator: { !layer.to[$0].isFinite }) {
        let top = Downsampling.keepingExtremes(run.map { frame.point(places[$0], layer.to[$0]) })
        let bottom = Downsampling.keepingExtremes(run.map { frame.point(places[$0], layer.from[$0]) })
        path.trace(top + bottom.reversed())
        path.close()
        edge.trace(top)
      }
      let opacity = isStacked ? "0.82" : "0.22"
      svg.element("path", ["d": path, "fill": color, "fill-opacity": opacity])
      svg.element(
        "path",
        [
          "d": edge, "fill": "none", "stroke": isStacked ? Style.surface : color,
          "stroke-width": isStacked ? 1.2 : 2.3, "stroke-linejoin": "round",
        ])
    }
  }

  func ends(in frame: Frame) -> [EndLabel] {
    layers.compactMap { layer in
      guard let last = layer.to.lastIndex(where: \.isFinite) else { return nil }
      let point = frame.point(places[last], (layer.from[last] + layer.to[last]) / 2)
      return EndLabel(series: layer.series, x: point.x, y: point.y, hasDot: false)
    }
  }

  func summary(of plot: Plot) -> [String] {
    Summary.sentences(layers.count > 1 ? "Stacked areas" : "Area", rows.data, of: plot)
  }
}
