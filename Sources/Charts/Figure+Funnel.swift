import Values

extension Figure {
  /// The chart of a funnel's result: a bar for each step, or with a breakdown a bar for each step and group.
  ///
  /// Without a breakdown bars are numbers of entities, or of attempts; with one they are shares of the group's first step,
  /// since groups differ in size.
  public static func funnel(of table: Table) -> Figure {
    let groups = table.breakdown(
      besides: ["step", "entities", "attempts", "open", "rate", "rate_of_previous", "median_time"])
    guard let step = table.channel("step"),
      let counted = table.channel("entities") ?? table.channel("attempts")
    else { return Figure(layers: []) }
    if let groups {
      guard let rate = table.channel("rate") else { return Figure(layers: []) }
      let shares = Layer.Channel(name: rate.name, column: rate.column, display: percentage(rate.display))
      return Figure(layers: [Layer(.funnel, x: shares, y: step, color: groups, label: counted)])
    }
    let notes = (0..<table.count).map { row -> Scalar in
      let previous = table.channel("rate_of_previous")?.number(at: row) ?? .nan
      guard row > 0, previous.isFinite else { return .null }
      let time = table.channel("median_time")?.scalar(at: row) ?? .null
      let median = time == .null ? "" : ", median \(ValueFormatter.text(time, .automatic, timeZone: .utc))"
      return .text("↑ \(NumberText.exact(previous, .percent(decimals: 1))) of the step before\(median)")
    }
    let note = Layer.Channel(name: "note", column: Column(.text, notes))
    return Figure(layers: [Layer(.funnel, x: counted, y: step, label: note)])
  }

  /// The display of a ratio, which is a percentage unless something else is said.
  static func percentage(_ display: Display) -> Display {
    display == .automatic ? .percent(decimals: 1) : display
  }
}

extension Table {
  /// A column as a channel, by its name.
  func channel(_ name: String) -> Layer.Channel? {
    schema.position(of: name).map {
      Layer.Channel(name: schema[$0].name, column: columns[$0], display: schema[$0].display)
    }
  }

  /// The columns that are not among the known ones, as one; nothing when there are none.
  func breakdown(besides known: Set<String>) -> Layer.Channel? {
    let channels = schema.filter { !known.contains($0.name.lowercased()) }.compactMap { channel($0.name) }
    guard let first = channels.first else { return nil }
    if channels.count == 1 { return first }
    let names = (0..<count).map { row in
      Scalar.text(channels.map { $0.text(at: row, .utc) ?? ChartText.missing }.joined(separator: ", "))
    }
    return Layer.Channel(name: channels.map(\.name).joined(separator: ", "), column: Column(.text, names))
  }
}
