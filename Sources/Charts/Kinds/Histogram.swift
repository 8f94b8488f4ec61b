import Foundation

/// Bars over bins of equal width, as high as there are values in them; colours lie on top of each other.
struct Histogram: Kind {
  private let edges: [Double]
  private let counts: [(series: Int, counts: [Int])]

  init(_ rows: LayerRows, in plot: Plot) {
    let values = rows.place.filter(\.isFinite).sorted()
    var edges = Histogram.edges(values, bins: rows.layer.bins)
    // Names have a bin each.
    if case .category(let names, _) = plot.place { edges = (0...names.count).map { Double($0) - 0.5 } }
    self.edges = edges
    counts = rows.groups.map { group in
      var counts = [Int](repeating: 0, count: max(0, edges.count - 1))
      for row in group.rows { counts[Histogram.bin(rows.place[row], edges)] += 1 }
      return (group.series, counts)
    }
  }

  var extent: Extent {
    Extent(place: Span(edges), value: Span(totals.map { Double($0) }), isFromZero: true)
  }

  func draw(in frame: Frame, to svg: inout SVGWriter) {
    var floor = [Int](repeating: 0, count: max(0, edges.count - 1))
    for group in counts {
      var path = PathData()
      for (bin, count) in group.counts.enumerated() where count > 0 {
        path.rectangle(
          Area(
            from: frame.point(edges[bin], Double(floor[bin])),
            to: frame.point(edges[bin + 1], Double(floor[bin] + count))))
        floor[bin] += count
      }
      let color = frame.plot.series[group.series].color
      svg.element("path", ["d": path, "fill": color, "stroke": Style.surface])
    }
  }

  func summary(of plot: Plot) -> [String] {
    let total = totals.reduce(0, +)
    guard let largest = totals.indices.max(by: { (totals[$0], -$0) < (totals[$1], -$1) }), total > 0,
      let first = edges.first, let last = edges.last
    else { return [] }
    func text(_ value: Double) -> String { plot.place.text(value) }
    let name = plot.placeTitle.isEmpty ? "" : " of \(plot.placeTitle)"
    let number = NumberText.fixed(Double(total), decimals: 0)
    let peak = NumberText.fixed(Double(totals[largest]), decimals: 0)
    return [
      "Histogram\(name), \(number) \(total == 1 ? "value" : "values") from \(text(first)) to \(text(last)).",
      "Most, \(peak), lie between \(text(edges[largest])) and \(text(edges[largest + 1])).",
    ]
  }

  private var totals: [Int] {
    guard let first = counts.first else { return [] }
    return counts.dropFirst().reduce(first.counts) { zip($0, $1.counts).map(+) }
  }

  /// The bin of a value: a bin holds its lower edge, and the last one both.
  private static func bin(_ value: Double, _ edges: [Double]) -> Int {
    var low = 0
    var high = edges.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle } else { high = middle }
    }
    return low
  }

  /// The edges of bins over ascending values: as many as asked for, or of a round width near the one of
  /// Freedman and Diaconis, "On the histogram as a density estimator" (1981): twice the interquartile range
  /// over the cube root of n.
  static func edges(_ values: [Double], bins: Int?) -> [Double] {
    guard let first = values.first, let last = values.last else { return [] }
    if first == last {
      let half = first == 0 ? 0.5 : first.magnitude * 0.05
      return [first - half, first + half]
    }
    if let bins {
      let count = max(1, min(bins, 400))
      return (0...count).map { first + (last - first) * Double($0) / Double(count) }
    }
    let count = Double(values.count)
    let spread = values[values.count * 3 / 4] - values[values.count / 4]
    let width = 2 * spread / cbrt(count)
    // Half of the values at one point leave no spread: then as many bins as the root of their number.
    let wanted = width > 0 ? width : (last - first) / max(1, count.squareRoot())
    var step = Ticks.niceStep(atLeast: min(last - first, max(wanted * 0.7, (last - first) / 80)))
    if values.allSatisfy({ $0 == $0.rounded() }) { step = max(1, step) }
    let start = (first / step).rounded(.down)
    let end = (last / step).rounded(.down) + 1
    guard end - start < 400 else { return [first, last] }
    return (0...Int(end - start)).map { (start + Double($0)) * step }
  }
}
