/// A chart as data: what is drawn, before anything is drawn. `Charts` makes SVG of it.
public struct Figure: Sendable {
  /// Drawn one over another, the first lowest.
  public var layers: [Layer]
  /// Above the figure.
  public var title: String?
  /// In smaller type below the title.
  public var subtitle: String?
  /// Axis labels; by default the channels' names.
  public var xLabel: String?
  /// Along the vertical axis.
  public var yLabel: String?
  /// The zone that times are shown in, an IANA name.
  public var timeZone: String
  /// What is left out of the layers already, below the figure.
  public var notes: [String] = []

  /// Layers without texts, in UTC, unless said otherwise.
  public init(
    layers: [Layer], title: String? = nil, subtitle: String? = nil, xLabel: String? = nil,
    yLabel: String? = nil, timeZone: String = "UTC"
  ) {
    self.layers = layers
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.timeZone = timeZone
  }

  /// Both figures' layers over each other; the left one's title and labels win.
  public static func + (left: Figure, right: Figure) -> Figure {
    var sum = Figure(
      layers: left.layers + right.layers, title: left.title ?? right.title,
      subtitle: left.subtitle ?? right.subtitle, xLabel: left.xLabel ?? right.xLabel,
      yLabel: left.yLabel ?? right.yLabel, timeZone: left.timeZone)
    sum.notes = left.notes + right.notes
    return sum
  }
}

/// One mark, drawn once for each row or each group of rows.
public struct Layer: Sendable {
  /// The shape that stands for a row or a group of rows.
  public enum Mark: String, Hashable, Sendable, Codable, CaseIterable {
    /// A line through the points in order of x, one for each colour.
    case line
    /// A line with the area below it filled; areas of several colours are stacked.
    case area
    /// The area between `low` and `high` along x.
    case band
    /// A bar from zero; horizontal when y is the category; bars of several colours stand side by side, or stacked.
    case bar
    case point
    /// A line from `low` to `high`, with a point at the value if there is one.
    case interval
    /// Bars over bins of x.
    case histogram
    /// A grid of cells, coloured by `color`, labelled with its value.
    case heatmap
    /// A straight line across the figure at x or at y, with its label.
    case rule
    /// Steps of a funnel, each a bar with its rate.
    case funnel
    /// Bands between events at successive positions x, as wide as the number y of those that take the step.
    case flow
  }

  /// The values of one visual property, one for each row, or a single one for all rows.
  public struct Channel: Sendable {
    /// The label of its axis or legend.
    public var name: String
    /// As long as the layer's other channels, or of length 1.
    public var column: Column
    /// How the values are written at ticks and in legends.
    public var display: Display

    /// A column under the name it is shown by.
    public init(name: String, column: Column, display: Display = .automatic) {
      self.name = name
      self.column = column
      self.display = display
    }
  }

  /// What is drawn; it decides which of the channels below are used.
  public var mark: Mark
  /// Along the horizontal axis.
  public var x: Channel?
  /// Along the vertical axis.
  public var y: Channel?
  /// The lower end of a band or an interval.
  public var low: Channel?
  /// The upper end of a band or an interval.
  public var high: Channel?
  /// Distinguishes series by a discrete value; of a heatmap, shades a cell by a number.
  public var color: Channel?
  /// A text for each mark.
  public var label: Channel?
  /// What each band of a flow comes from; null where what flows begins.
  public var source: Channel?
  /// What each band of a flow leads to; null where what flows ends.
  public var target: Channel?
  /// Bars of several colours on top of each other.
  public var isStacked: Bool
  /// How many bins a histogram has; by default by Freedman and Diaconis' rule.
  public var bins: Int?

  /// A mark with the channels that it needs; the others stay empty.
  public init(
    _ mark: Mark, x: Channel? = nil, y: Channel? = nil, low: Channel? = nil, high: Channel? = nil,
    color: Channel? = nil, label: Channel? = nil, source: Channel? = nil, target: Channel? = nil,
    isStacked: Bool = false, bins: Int? = nil
  ) {
    self.mark = mark
    self.x = x
    self.y = y
    self.low = low
    self.high = high
    self.color = color
    self.label = label
    self.source = source
    self.target = target
    self.isStacked = isStacked
    self.bins = bins
  }
}
