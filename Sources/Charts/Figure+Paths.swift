import Values

extension Figure {
  /// The chart of a result of paths: events in columns by their positions, with bands for the steps between them.
  public static func paths(of table: Table) -> Figure {
    guard let position = table.channel("position"), let source = table.channel("source"),
      let target = table.channel("target"), let paths = table.channel("paths")
    else { return Figure(layers: []) }
    return Figure(layers: [Layer(.flow, x: position, y: paths, source: source, target: target)])
  }
}
