import Values

extension Figure {
  /// The chart of a retention's result: cohorts from top to bottom, periods from left to right, rates as
  /// heat.
  ///
  /// A cohort's name has the number of its members. Above the cohorts of a table without a breakdown stand
  /// all of them together: what was retained of what was eligible, not a mean of rates. Periods not ended are
  /// left empty.
  public static func retention(of table: Table) -> Figure {
    let known: Set = ["cohort", "period", "eligible", "retained", "rate"]
    guard let cohort = table.channel("cohort"), let period = table.channel("period"),
      let rate = table.channel("rate")
    else { return Figure(layers: []) }
    let groups = table.breakdown(besides: known)
    let eligible = table.channel("eligible")

    var members: [String: Double] = [:]
    let display = cohort.countsMonths ? Display.date(pattern: "MMM yyyy") : cohort.display
    let dated = Layer.Channel(name: cohort.name, column: cohort.column, display: display)
    let names = (0..<table.count).map { row in
      let day = dated.text(at: row, .utc) ?? ChartText.missing
      return groups.map { "\($0.text(at: row, .utc) ?? ChartText.missing)\(ChartText.joint)\(day)" } ?? day
    }
    for (row, name) in names.enumerated() {
      // How many a cohort has is known once a period of it has ended.
      guard let number = eligible?.number(at: row), number.isFinite, number > 0 else { continue }
      members[name] = max(members[name] ?? 0, number)
    }
    func labelled(_ name: String, _ members: Double?) -> Scalar {
      .text(members.map { "\(name) (\(NumberText.fixed($0, decimals: 0)))" } ?? name)
    }

    var rows = ColumnBuilder(.text)
    var periods = ColumnBuilder(period.column.type)
    var rates = ColumnBuilder(.double)
    if groups == nil, members.count > 1, let retained = table.channel("retained"), let eligible {
      let all = overall(period, retained: retained, eligible: eligible, rate: rate, count: table.count)
      let total = members.keys.sorted().reduce(0) { $0 + (members[$1] ?? 0) }
      for (period, rate) in all {
        rows.append(labelled("All", total))
        periods.append(period)
        rates.append(.double(rate))
      }
    }
    for (row, name) in names.enumerated() {
      rows.append(labelled(name, members[name]))
      periods.append(period.scalar(at: row))
      rates.append(rate.scalar(at: row))
    }
    let rateDisplay = rate.display == .automatic ? Display.percent(decimals: 0) : rate.display
    return Figure(layers: [
      Layer(
        .heatmap,
        x: Layer.Channel(name: period.name, column: periods.build(), display: period.display),
        y: Layer.Channel(
          name: groups.map { "\($0.name), \(cohort.name)" } ?? cohort.name, column: rows.build()),
        color: Layer.Channel(name: rate.name, column: rates.build(), display: rateDisplay))
    ])
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

extension Layer.Channel {
  /// Whether there are several days and each is the first of its month, as cohorts of months are.
  fileprivate var countsMonths: Bool {
    let days = Set(
      (0..<column.count).compactMap { row -> Int64? in
        if case .date(let day) = scalar(at: row) { day } else { nil }
      })
    return days.count > 1 && days.allSatisfy { Calendar.date($0).day == 1 }
  }
}
