import Values

extension Figure {
  /// The chart of a retention's result: cohorts from top to bottom, periods from left to right, rates as
  /// heat.
  ///
  /// A cohort's name has the number of its members. Above the cohorts of a table without a breakdown stand
  /// all of them together: what was retained of what was eligible, not a mean of rates. Periods not ended are
  /// left empty, and so are cohorts that nobody is in. Of many cohorts the last are drawn.
  public static func retention(of table: Table, in rules: TimeZoneRules = .utc) -> Figure {
    let known: Set = ["cohort", "period", "eligible", "retained", "rate"]
    guard let cohort = table.channel("cohort"), let period = table.channel("period"),
      let rate = table.channel("rate")
    else { return Figure(layers: []) }
    let groups = table.breakdown(besides: known)
    let eligible = table.channel("eligible")
    let all = CohortGroup.groups(cohort, of: groups, eligible: eligible, count: table.count, rules)

    var rows = ColumnBuilder(.text)
    var periods = ColumnBuilder(period.column.type)
    var rates = ColumnBuilder(.double)
    func append(_ name: String, _ period: Scalar, _ rate: Scalar) {
      rows.append(.text(name))
      periods.append(period)
      rates.append(rate)
    }
    var total: [(period: Scalar, rate: Double)] = []
    if groups == nil, let sizes = all.first?.sizes, sizes.count > 1, let eligible,
      let retained = table.channel("retained")
    {
      total = overall(period, retained: retained, eligible: eligible, rate: rate, count: table.count)
      let name = CohortGroup.name("All", size: sizes.reduce(0, +))
      for (period, rate) in total { append(name, period, .double(rate)) }
    }
    let shown = all.prefix(Plot.listedCells)
    let limit = Plot.listedCells / max(1, shown.count) - (total.isEmpty ? 0 : 1)
    for cohort in shown.flatMap({ $0.cohorts.suffix(limit) }) {
      for row in cohort.rows { append(cohort.name, period.scalar(at: row), rate.scalar(at: row)) }
      if cohort.rows.isEmpty { append(cohort.name, period.scalar(at: 0), .null) }
    }
    let rateDisplay = rate.display == .automatic ? Display.percent(decimals: 0) : rate.display
    var figure = Figure(layers: [
      Layer(
        .heatmap,
        x: Layer.Channel(name: period.name, column: periods.build(), display: period.display),
        y: Layer.Channel(
          name: groups.map { "\($0.name), \(cohort.name)" } ?? cohort.name, column: rows.build()),
        color: Layer.Channel(name: rate.name, column: rates.build(), display: rateDisplay))
    ])
    if shown.count < all.count {
      figure.notes.append("The first \(shown.count) of \(all.count) groups are drawn")
    }
    if let longest = all.map(\.cohorts.count).max(), longest > limit {
      let whose = groups == nil ? "" : ", of each group"
      figure.notes.append("The last \(limit) of \(longest) cohorts are drawn\(whose)")
    }
    return figure
  }

  /// The rate of each period over the cohorts for which it has ended.
  private static func overall(
    _ period: Layer.Channel, retained: Layer.Channel, eligible: Layer.Channel, rate: Layer.Channel, count: Int
  ) -> [(period: Scalar, rate: Double)] {
    var sums: [Scalar: (retained: Double, eligible: Double)] = [:]
    var order: [Scalar] = []
    for row in 0..<count where rate.number(at: row).isFinite {
      let key = period.scalar(at: row)
      if sums[key] == nil { order.append(key) }
      let sum = sums[key] ?? (0, 0)
      let (kept, all) = (retained.number(at: row), eligible.number(at: row))
      guard kept.isFinite, all.isFinite else { continue }
      sums[key] = (sum.retained + kept, sum.eligible + all)
    }
    return order.compactMap { key in
      guard let sum = sums[key], sum.eligible > 0 else { return nil }
      return (key, sum.retained / sum.eligible)
    }
  }
}
