import Values

extension Figure {
  /// The chart of an attribution's result: a bar for each value that was credited, as long as the conversions that it
  /// is owed; with a breakdown parted by group.
  public static func attribution(of table: Table) -> Figure {
    guard let position = table.schema.position(of: "conversions"), position > 0,
      let conversions = table.channel("conversions"),
      let touch = table.channel(table.schema[position - 1].name)
    else { return Figure(layers: []) }
    // A value that touches lack is another thing than a conversion without a touch.
    let names = touch.column.scalars.map { $0 == .null ? .text(ChartText.missing) : $0 }
    let credited = Layer.Channel(name: touch.name, column: Column(.text, names), display: touch.display)
    let own = Set(table.schema[(position - 1)...].map { $0.name.lowercased() })
    let groups = table.breakdown(besides: own)
    return Figure(layers: [Layer(.bar, x: conversions, y: credited, color: groups, isStacked: groups != nil)])
  }
}
