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

  /// The chart of a life cycle's result: for each period who is active, by kind, above zero, and who went dormant
  /// below.
  ///
  /// Groups add up, so those of a breakdown are drawn together.
  public static func lifecycle(of table: Table) -> Figure {
    guard let period = table.channel("period") else { return Figure(layers: []) }
    let kinds = ["new", "returning", "resurrected", "dormant"]
    var sums: [Scalar: [Double]] = [:]
    var order: [Scalar] = []
    for row in 0..<table.count {
      let numbers = kinds.map { table.channel($0)?.number(at: row) ?? .nan }
      let key = period.scalar(at: row)
      if let known = sums[key] {
        sums[key] = zip(known, numbers).map { $0 + $1 }
      } else {
        sums[key] = numbers
        order.append(key)
      }
    }
    var periods = ColumnBuilder(period.column.type)
    var names = ColumnBuilder(.text)
    var values = ColumnBuilder(.double)
    for (index, kind) in kinds.enumerated() {
      for key in order {
        let sum = sums[key]?[index] ?? .nan
        periods.append(key)
        names.append(.text(kind))
        values.append(sum.isFinite ? .double(kind == "dormant" ? 0 - sum : sum) : .null)
      }
    }
    return Figure(
      layers: [
        Layer(
          .bar, x: Layer.Channel(name: period.name, column: periods.build(), display: period.display),
          y: Layer.Channel(name: "entities", column: values.build(), display: .number(decimals: 0)),
          color: Layer.Channel(name: "kind", column: names.build()), isStacked: true)
      ])
  }

  /// The chart of an attribution's result: a bar for each value that was credited, as long as the conversions that it
  /// is owed; with a breakdown parted by group.
  public static func attribution(of table: Table) -> Figure {
    guard let position = table.schema.position(of: "conversions"), position > 0,
      let conversions = table.channel("conversions"),
      let touch = table.channel(table.schema[position - 1].name)
    else { return Figure(layers: []) }
    // A value that touches lack is another thing than a conversion without a touch.
    let names = touch.column.scalars.map { $0 == .null ? .text("(no value)") : $0 }
    let credited = Layer.Channel(name: touch.name, column: Column(.text, names), display: touch.display)
    let own = Set(table.schema[(position - 1)...].map { $0.name.lowercased() })
    let groups = table.breakdown(besides: own)
    return Figure(layers: [Layer(.bar, x: conversions, y: credited, color: groups, isStacked: groups != nil)])
  }
}
