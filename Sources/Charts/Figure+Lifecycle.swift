import Values

extension Figure {
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
}
