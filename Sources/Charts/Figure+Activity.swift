import Values

extension Figure {
  /// The chart of an activity's result: lines of those active in each period and in the window that ends with it; with
  /// a breakdown a line for each group, of the window where there is one.
  ///
  /// What the log does not cover whole is left out, and the subtitle says so.
  public static func activity(of table: Table) -> Figure {
    let known: Set = ["period", "active", "in_window", "stickiness", "full_window"]
    guard let period = table.channel("period"), let active = table.channel("active"),
      let isFull = table.channel("full_window")
    else { return Figure(layers: []) }
    let window = table.channel("in_window")
    var covered = window ?? active
    var uncovered = Set<Scalar>()
    var values = ColumnBuilder(.integer)
    for row in 0..<table.count {
      let value = covered.scalar(at: row)
      let isCovered = isFull.scalar(at: row) == .boolean(true)
      if !isCovered, value != .null { uncovered.insert(period.scalar(at: row)) }
      values.append(isCovered ? value : .null)
    }
    covered.column = values.build()
    let groups = table.breakdown(besides: known)
    var layers = [Layer(.line, x: period, y: covered, color: groups)]
    if groups == nil, window != nil { layers.insert(Layer(.line, x: period, y: active), at: 0) }
    var figure = Figure(layers: layers, yLabel: layers.count > 1 ? "entities" : nil)
    if !uncovered.isEmpty {
      let part = window == nil ? "" : " whose window"
      let subject = uncovered.count == 1 ? "1 period" : "\(uncovered.count) periods"
      let begins = window == nil && uncovered.count > 1 ? "begin" : "begins"
      figure.subtitle = "Left out: \(subject)\(part.isEmpty ? " that" : part) \(begins) before the log"
    }
    return figure
  }
}
