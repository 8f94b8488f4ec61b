/// How much room a chart takes. The drawing scales with the page; the sizes are in units of its view box.
public enum ChartSize: String, Hashable, Sendable, CaseIterable {
  /// For the width of a column of text.
  case regular
  /// For the width of a phone.
  case narrow

  /// The width of the view box.
  var width: Double {
    switch self {
    case .regular: 680
    case .narrow: 350
    }
  }

  /// The height of the area between the axes, for charts whose height does not follow from their rows.
  var plotHeight: Double {
    switch self {
    case .regular: 270
    case .narrow: 220
    }
  }
}
