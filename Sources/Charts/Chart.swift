import Values

/// Draws figures.
public enum Chart {
  /// A figure as one static `<svg>` element, without scripts and references, that can stand in a page or a
  /// file.
  ///
  /// Colours are custom properties of the page, with fallbacks for a light one: `--series-1` to `--series-8`,
  /// `--chart-text`, `--chart-muted`, `--chart-grid`, `--chart-axis`, `--chart-surface`, and `--chart-heat`
  /// for the cells of heat maps, which is the first series' colour unless it is given.
  ///
  /// - Parameters:
  ///   - id: the element's `id`, and the start of all others in it; unique in the page.
  ///   - size: also the name of a class of the element, so that a page can show the one that fits.
  public static func svg(_ figure: Figure, id: String, size: ChartSize = .regular) -> String {
    let plot = Plot(figure, size: size)
    let kinds = plot.rows.map { $0.layer.mark.kind.init($0, in: plot) }
    let id = SVGWriter.identifier(id)
    let layout = Layout(plot, kinds, size: size)
    var svg = SVGWriter()
    svg.open(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "id": id, "class": "chart \(size.rawValue)", "role": "img",
        "aria-labelledby": "\(id)-title \(id)-desc", "width": "100%",
        "viewBox": "0 0 \(SVGWriter.coordinate(size.width)) \(SVGWriter.coordinate(layout.height))",
      ])
    svg.element("title", ["id": "\(id)-title"], containing: title(of: plot))
    svg.element("desc", ["id": "\(id)-desc"], containing: description(of: plot, kinds))
    svg.style(Style.sheet(id: id))
    layout.header.draw(in: layout, to: &svg)
    if let frame = layout.frame {
      frame.drawGrid(to: &svg)
      for kind in kinds { kind.draw(in: frame, to: &svg) }
      frame.drawAxes(to: &svg)
      for label in layout.endLabels { label.draw(in: frame, to: &svg) }
    } else {
      drawEmptyPanel(layout, to: &svg)
    }
    layout.drawNotes(to: &svg)
    svg.close("svg")
    return svg.text
  }

  /// The figure's title, or what it shows by what.
  private static func title(of plot: Plot) -> String {
    if let title = plot.figure.title { return ChartText.clean(title) }
    let names = [plot.valueTitle, plot.placeTitle].filter { !$0.isEmpty }
    return names.isEmpty ? "Chart" : names.joined(separator: " by ")
  }

  /// What a reader who does not see the chart is told.
  private static func description(of plot: Plot, _ kinds: [any Kind]) -> String {
    let ordered = kinds.filter { !($0 is Rule) } + kinds.filter { $0 is Rule }
    let sentences = ordered.flatMap { $0.summary(of: plot) }
    let shown = sentences.isEmpty ? ["There is nothing to draw."] : sentences
    return (shown + plot.notes.map { "\($0)." }).joined(separator: " ")
  }

  private static func drawEmptyPanel(_ layout: Layout, to svg: inout SVGWriter) {
    let area = layout.area
    svg.element(
      "rect",
      [
        "x": area.x, "y": area.y, "width": area.width, "height": area.height, "rx": 6, "fill": "none",
        "stroke": Style.grid, "stroke-width": 1.5, "stroke-dasharray": "5 5",
      ])
    svg.element(
      "text",
      [
        "x": area.x + area.width / 2, "y": area.y + area.height / 2, "dy": ".35em", "text-anchor": "middle",
        "fill": Style.muted,
      ], containing: "No data")
  }
}
