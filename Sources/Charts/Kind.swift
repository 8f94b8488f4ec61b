import Values

/// What a layer's marks are on the axes, and how they are drawn. Each kind of mark has a file in `Kinds`.
protocol Kind {
  init(_ rows: LayerRows, in plot: Plot)

  /// What the axes must hold.
  var extent: Extent { get }

  /// Draws the marks.
  func draw(in frame: Frame, to svg: inout SVGWriter)

  /// Where the name of each colour can stand at the right end; nothing where the marks have no such end.
  func ends(in frame: Frame) -> [EndLabel]

  /// Sentences that say what the marks show.
  func summary(of plot: Plot) -> [String]
}

extension Kind {
  func ends(in frame: Frame) -> [EndLabel] { [] }
}

/// The part of the axes that some marks need.
struct Extent {
  var place = Span()
  var value = Span()
  /// Whether the marks are read by their length, so that their axis must begin at zero.
  var isFromZero = false
  /// Whether the marks need room around the outermost places.
  var isPadded = false
}

/// The area that marks are drawn in, with its scales.
struct Frame {
  let area: Area
  /// The width of the whole drawing.
  let chartWidth: Double
  let place: Scale
  let value: Scale
  let plot: Plot
  /// Whether bars are labelled with their values, instead of standing before an axis.
  let labelsValues: Bool
  /// The names above a grid, where they do not fit side by side.
  let slant: Slant?

  /// The point of the drawing at a place and a value.
  func point(_ place: Double, _ value: Double) -> (x: Double, y: Double) {
    let along = self.place.position(place)
    let across = self.value.position(value)
    return plot.orientation == .vertical ? (along, across) : (across, along)
  }

  /// How far marks of a colour are moved from their place, in values of the place's axis.
  func dodged(_ series: Int) -> Double { place.measure.isCategory ? plot.dodge.offset(series) : 0 }
}

extension Layer.Mark {
  /// The type that draws the mark.
  var kind: any Kind.Type {
    switch self {
    case .line: Line.self
    case .area: StackedArea.self
    case .band: Band.self
    case .bar: Bar.self
    case .point: Point.self
    case .interval: Interval.self
    case .histogram: Histogram.self
    case .heatmap: Heatmap.self
    case .rule: Rule.self
    case .funnel: Funnel.self
    case .flow: Flow.self
    }
  }
}
