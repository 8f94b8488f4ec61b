import Values

/// The steps of a funnel: a bar for each, with its number and its share of the first step, and a note below.
struct Funnel: Kind {
  private let rows: LayerRows
  private let first: [Int: Double]
  /// Whether the bars are shares already.
  private let isShare: Bool

  init(_ rows: LayerRows, in plot: Plot) {
    self.rows = rows
    if case .number(.percent) = plot.value { isShare = true } else { isShare = false }
    first = Dictionary(
      rows.data.compactMap { group in group.data.first.map { (group.series, $0.value) } },
      uniquingKeysWith: { first, _ in first })
  }

  private static let noteLine = 16.0

  /// How high a step is, for a number of colours and a width that the notes of a single colour have.
  func height(colors: Int, width: Double) -> Double {
    if colors > 1 { return Double(colors) * 24 + 18 }
    let lines = rows.labels.map { $0.map { Funnel.noteLines($0, in: width).count } ?? 0 }.max() ?? 0
    return 62 + Double(max(0, lines - 1)) * Funnel.noteLine
  }

  /// A note on one line, or on two, of which the second begins after its last comma.
  private static func noteLines(_ note: String, in width: Double) -> [String] {
    let (room, size) = (width - 2, Style.label.size)
    guard ChartText.width(note, size: size) > room, let comma = note.ranges(of: ", ").last else {
      return ChartText.wrapped(note, to: room, size: size, lines: 2)
    }
    return [note[..<comma.lowerBound] + ",", note[comma.upperBound...]].map {
      ChartText.truncated(String($0), to: room, size: size)
    }
  }

  var extent: Extent {
    let data = rows.data.flatMap(\.data)
    return Extent(place: Span(data.map(\.place)), value: Span(data.map(\.value)), isFromZero: true)
  }

  func draw(in frame: Frame, to svg: inout SVGWriter) {
    let step = frame.place.length(1)
    let count = Double(frame.plot.dodge.count)
    let height = count > 1 ? 22.0 : 30.0
    for group in rows.groups {
      let style = frame.plot.series[group.series]
      let slot = (frame.plot.dodge.offset(group.series) / frame.plot.dodge.width + (count - 1) / 2).rounded()
      var previous: Double?
      for row in group.rows where rows.value[row].isFinite {
        let top = frame.place.position(rows.place[row]) - step / 2 + 6 + slot * (height + 2)
        let origin = frame.value.position(0)
        let end = max(origin + 1, frame.value.position(rows.value[row]))
        let middle = top + height / 2
        // What the step before had, as a shade behind.
        if let previous, previous > end {
          svg.element(
            "rect",
            [
              "x": origin, "y": top, "width": previous - origin, "height": height, "fill": style.color,
              "fill-opacity": "0.14",
            ])
        }
        previous = end
        svg.element(
          "rect", ["x": origin, "y": top, "width": end - origin, "height": height, "fill": style.color])
        let text = Funnel.text(rows.value[row], row: row, of: self, in: frame.plot)
        let width = ChartText.width(text, size: Style.label.size)
        let x = max(0, min(end + 8, frame.chartWidth - width))
        svg.element(
          "text",
          [
            "class": x < end ? "halo" : "", "x": x, "y": middle, "dy": ".35em", "fill": Style.text,
          ], containing: text)
        guard count == 1, let note = rows.labels[row] else { continue }
        let lines = Funnel.noteLines(note, in: frame.chartWidth - frame.area.x)
        for (index, line) in lines.enumerated() {
          let below = top + height + 15 + Double(index) * Funnel.noteLine
          svg.element(
            "text", ["x": origin + 2, "y": below, "fill": Style.muted], containing: line, full: note)
        }
      }
    }
  }

  func summary(of plot: Plot) -> [String] {
    rows.groups.flatMap { group -> [String] in
      let name = plot.series.all.count > 1 ? " \(plot.series[group.series].name)" : ""
      let steps = group.rows.filter { rows.value[$0].isFinite }
      return ["Funnel\(name) of \(steps.count) \(steps.count == 1 ? "step" : "steps")."]
        + steps.prefix(12).map { row in
          let note = rows.labels[row].map { $0.isEmpty ? "" : ", \($0)" } ?? ""
          let text = Funnel.text(rows.value[row], row: row, of: self, in: plot)
          return "\(plot.place.text(rows.place[row])): \(text)\(plot.dodge.count > 1 ? "" : note)."
        }
    }
  }

  /// The widest text beside a bar.
  func widestText(in plot: Plot) -> Double {
    (0..<rows.count).filter { rows.value[$0].isFinite }
      .map { Funnel.text(rows.value[$0], row: $0, of: self, in: plot) }
      .map { ChartText.width($0, size: Style.label.size) }.max() ?? 0
  }

  private static func text(_ value: Double, row: Int, of funnel: Funnel, in plot: Plot) -> String {
    let number = plot.value.text(value)
    if funnel.isShare {
      let label = funnel.rows.labels[row] ?? ""
      return label.isEmpty || plot.dodge.count == 1 ? number : "\(number)  ·  \(label)"
    }
    guard let first = funnel.first[funnel.rows.series[row]], first > 0 else { return number }
    return "\(number)  ·  \(NumberText.exact(value / first, .percent(decimals: 1)))"
  }
}
