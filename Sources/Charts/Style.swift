/// The look of every chart: colours by custom properties of the page, sizes, dashes and markers.
enum Style {
  static let text = "var(--chart-text,#1c2126)"
  static let muted = "var(--chart-muted,#5b6470)"
  static let grid = "var(--chart-grid,#e4e7eb)"
  static let axis = "var(--chart-axis,#8a929c)"
  static let surface = "var(--chart-surface,#fff)"
  /// The full tone of a heat map, of which cells have a share; texts lie on it.
  static let heat = "var(--chart-heat,var(--series-1,#0b6aa8))"

  /// Eight colours that differ in hue and lightness for all kinds of colour vision, each at least 3:1 on
  /// white.
  private static let series = [
    "#0b6aa8", "#c8500a", "#00805f", "#a8467f", "#8a6d00", "#2b8fc4", "#7a3b2e", "#6a6f76",
  ]
  static let seriesCount = series.count

  /// The colour of a series; those beyond the eighth are muted.
  static func color(_ index: Int) -> String {
    index < series.count ? "var(--series-\(index + 1),\(series[index]))" : muted
  }

  /// How the line of a series is broken, which tells it apart without its colour.
  static func dash(_ index: Int) -> String { ["", "7 4", "2 4", "10 3 2 3"][index % 4] }

  /// The size of a kind of text, and the height of its lines.
  struct TextSize {
    let size: Double
    let line: Double

    /// The size by which bold text is measured, which is wider.
    var boldSize: Double { size * 1.1 }
  }

  static let label = TextSize(size: 13, line: 20)
  static let title = TextSize(size: 17, line: 23)
  static let subtitle = TextSize(size: 14, line: 19)
  static let cell = 12.0

  /// The style sheet of one chart, whose rules hold for the element with the given id alone.
  static func sheet(id: String) -> String {
    """
    #\(id){font-family:inherit;font-size:\(Int(label.size))px;font-variant-numeric:tabular-nums}
    #\(id) .title{font-size:\(Int(title.size))px;font-weight:650}
    #\(id) .subtitle{font-size:\(Int(subtitle.size))px}
    #\(id) .cell{font-size:\(Int(cell))px}
    #\(id) .halo{paint-order:stroke;stroke:\(surface);stroke-width:4px;stroke-linejoin:round}
    """
  }
}
