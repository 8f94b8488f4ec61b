/// How much room a chart takes. The drawing scales with the page; the sizes are in units of its view box.
public enum ChartSize: Hashable, Sendable {
  /// For the width of a column of text.
  case regular
  /// For two charts side by side.
  case compact
  /// For a chart that runs over the whole page.
  case wide

  /// The width of the view box.
  var width: Double {
    switch self {
    case .regular: 680
    case .compact: 440
    case .wide: 960
    }
  }

  /// The height of the area between the axes, for charts whose height does not follow from their rows.
  var plotHeight: Double {
    switch self {
    case .regular: 270
    case .compact: 220
    case .wide: 340
    }
  }
}
