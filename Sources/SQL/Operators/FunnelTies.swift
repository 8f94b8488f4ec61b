import Planning

/// How rows of one time fill steps that follow each other, as SQL: each row one step, each step one row.
enum FunnelTies {
  /// Later times alone, or no row satisfies two steps: whether there is a row for a step says all.
  case present
  /// The rows' order.
  case ordered
  /// Rows in no order that may satisfy several steps. By Hall's theorem steps have rows of their own if, of every set
  /// of them, no fewer rows satisfy some step than the set has steps.
  case shared

  /// How many steps may overlap: there are sets of steps to the power of two.
  static let limit = 10

  init(_ plan: FunnelPlan) throws(SQLRefusal) {
    switch plan.ties {
    case .strict: self = .present
    case .seq: self = .ordered
    case .any where plan.hasDisjointSteps: self = .present
    case .any where plan.steps.count <= FunnelTies.limit: self = .shared
    case .any: throw .missing("'funnel' of more than \(FunnelTies.limit) steps that may overlap")
    }
  }

  /// The steps that a row satisfies, as the bits of a number: that of the first one is 1.
  static func mask(_ plan: FunnelPlan) -> String {
    plan.steps.indices.map { "case when s\($0 + 1) then \(FunnelTies.bit($0)) else 0 end" }
      .joined(separator: " + ")
  }

  private static func bit(_ step: Int) -> String {
    // The bits of all steps are more than a number of 64 bits has.
    step < 62 ? "\(1 << step)::hugeint" : "(1::hugeint << \(step))"
  }

  /// The columns of a time that `reach` needs, over its rows.
  var columns: [String] {
    let order = Lowering.order
    return switch self {
    case .present: []
    case .ordered: ["list(mask order by \(order)) as masks"]
    case .shared:
      [
        "list(mask order by \(order)) as masks",
        "list({'place': \(order), 'mask': mask} order by \(order)) as members",
      ]
    }
  }

  /// For each step, from 1, the last one that rows of a time fill when they fill it and what follows; the one before it
  /// where they do not. In terms of the columns, and of `h1`, …: whether there is a row for a step.
  func reach(_ plan: FunnelPlan) -> [String] {
    let count = plan.steps.count
    return (1...count).map { step in
      switch (self, plan.ties) {
      case (.present, .strict): return "case when h\(step) then \(step) else \(step - 1) end"
      case (.present, _):
        let branches = (step...count).map { "when not h\($0) then \($0 - 1)" }.joined(separator: " ")
        return "case \(branches) else \(count) end"
      case (.ordered, _):
        return """
          list_reduce(masks, lambda n, m: case when (m >> n) & 1 = 1 then n + 1 else n end, \(step - 1)::hugeint)
          """
      case (.shared, _):
        let own = "list_filter(short, lambda s: s & \((1 << (step - 1)) - 1) = 0)"
        return "coalesce(list_min(list_transform(\(own), lambda s: length(bin(s)) - 1)), \(count))"
      }
    }
  }

  /// The sets of steps that are short of rows, each as the bits of a number.
  static func short(_ plan: FunnelPlan) -> String {
    """
    list_filter(range(1, \(1 << plan.steps.count)), lambda s:
          len(list_filter(masks, lambda m: (m & s) <> 0)) < bit_count(s))
    """
  }

  /// The first row of a time that fills a step so that later steps of that time, the bits of `rest`, still have rows,
  /// beside those that were taken.
  static func firstFitting(_ step: Int, _ plan: FunnelPlan) -> String {
    let taken = (1..<step).map { "r\($0)" }.joined(separator: ", ")
    let free = "list_filter(members, lambda c: not list_contains([\(taken)]::bigint[], c.place))"
    let sets = "list_filter(range(1, \(1 << plan.steps.count)), lambda s: (s & rest) = s)"
    return """
      list_min(list_transform(list_filter(\(free), lambda c: (c.mask >> \(step - 1)) & 1 = 1
          and len(list_filter(\(sets), lambda s:
            len(list_filter(\(free), lambda d: d.place <> c.place and (d.mask & s) <> 0)) < bit_count(s))) = 0),
          lambda c: c.place))
      """
  }
}
