import Values

/// The cohorts of one group of a breakdown, or all where there is none, in the order of time.
struct CohortGroup {
  /// Those who began in one period.
  struct Cohort {
    /// With the group's name before it and the number of members behind it.
    let name: String
    /// Its rows in the table; none for a cohort that the table lacks.
    var rows: [Int] = []
  }

  /// Those of the table, and between them those that it lacks.
  var cohorts: [Cohort] = []
  /// How many members the cohorts have of which that is known: a period of them has ended.
  var sizes: [Double] = []

  /// A name with a number of members.
  static func name(_ name: String, size: Double?) -> String {
    size.map { "\(name) (\(NumberText.fixed($0, decimals: 0)))" } ?? name
  }

  /// The groups in the order of the table.
  static func groups(
    _ cohort: Layer.Channel, of groups: Layer.Channel?, eligible: Layer.Channel?, count: Int,
    _ rules: TimeZoneRules
  ) -> [CohortGroup] {
    let rules = cohort.column.type == .date ? .utc : rules
    let rhythm = Rhythm([cohort], rules)
    var named = cohort
    if rhythm.step.isOfMonths { named.display = .date(pattern: "MMM yyyy") }
    var order: [String] = []
    var rowsOf: [String: [Int]] = [:]
    for row in 0..<count {
      let group = groups?.text(at: row, rules) ?? (groups == nil ? "" : ChartText.missing)
      if rowsOf[group] == nil { order.append(group) }
      rowsOf[group, default: []].append(row)
    }
    return order.map { group in
      let prefix = groups == nil ? "" : group + ChartText.joint
      return CohortGroup(named, prefix: prefix, rows: rowsOf[group] ?? [], eligible: eligible, rhythm, rules)
    }
  }

  private init(
    _ cohort: Layer.Channel, prefix: String, rows: [Int], eligible: Layer.Channel?, _ rhythm: Rhythm,
    _ rules: TimeZoneRules
  ) {
    var rowsOf: [Int64: [Int]] = [:]
    for row in rows {
      let time = cohort.time(at: row, rules)
      // What has no time stands last.
      rowsOf[time.isFinite ? rules.local(Int64(time)) : .max, default: []].append(row)
    }
    let times = Set(rowsOf.keys).subtracting([.max])
    for gap in rhythm.gaps(in: times, upTo: Plot.listedCells) { rowsOf[gap] = [] }
    for (time, rows) in rowsOf.sorted(by: { $0.key < $1.key }) {
      var single = cohort
      if rows.isEmpty {
        let type = cohort.column.type
        single.column = Column(type, [Layer.Channel.time(time, type, rules)])
      }
      let name = prefix + (single.text(at: rows.first ?? 0, rules) ?? ChartText.missing)
      let size = rows.compactMap { eligible?.number(at: $0) }.filter { $0.isFinite && $0 > 0 }.max()
      if let size { sizes.append(size) }
      cohorts.append(Cohort(name: CohortGroup.name(name, size: size), rows: rows))
    }
  }
}

extension TimeStep {
  /// Whether the step is a number of whole months.
  fileprivate var isOfMonths: Bool {
    switch self {
    case .months, .years: true
    case .seconds, .days, .weeks: false
    }
  }
}
