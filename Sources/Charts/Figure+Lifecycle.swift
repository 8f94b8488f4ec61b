import Values

extension Figure {
  /// The chart of a life cycle's result: for each period who is active, by kind, above zero, and who went dormant
  /// below; with a breakdown a line for each group of those active, of all kinds together.
  public static func lifecycle(of table: Table) -> Figure {
    guard let period = table.channel("period") else { return Figure(layers: []) }
    let kinds = ["new", "returning", "resurrected", "dormant"]
    if let groups = table.breakdown(besides: Set(["period", "active"] + kinds)) {
      guard let active = table.channel("active") else { return Figure(layers: []) }
      return Figure(
        layers: [Layer(.line, x: period, y: active, color: groups)],
        subtitle: "Everyone active; the table says who is new, returning, resurrected or dormant")
    }
    var periods = ColumnBuilder(period.column.type)
    var names = ColumnBuilder(.text)
    var values = ColumnBuilder(.double)
    for kind in kinds {
      for row in 0..<table.count {
        let count = table.channel(kind)?.number(at: row) ?? .nan
        periods.append(period.scalar(at: row))
        names.append(.text(kind))
        values.append(count.isFinite ? .double(kind == "dormant" ? 0 - count : count) : .null)
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
}
