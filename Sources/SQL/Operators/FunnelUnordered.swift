import Planning

/// Matches of steps in whatever order: as many different steps as possible inside a window, each with a row of its own.
///
/// By König's theorem rows fill as many of n steps as the least of n − |S| + N(S), over all sets S of steps, where N(S)
/// rows satisfy some step of S. So numbers of rows in windows, one for each set, say how many steps these fill.
extension Lowering {
  /// How many steps may overlap: there is a number for each set of them.
  private static let overlapLimit = 6

  /// For each entity the times `t1`, … and places `r1`, … of the rows of its match, in their order.
  mutating func unorderedMatches(
    _ plan: FunnelPlan, _ relations: FunnelRelations
  ) throws(SQLRefusal) -> String {
    if plan.ties == .strict, !relations.groups.isEmpty {
      throw .missing("'funnel' with 'any order', 'ties strict' and 'group by'")
    }
    // Rows of one time count as one row where times must differ.
    let isDisjoint = plan.ties != .strict && plan.hasDisjointSteps
    guard isDisjoint || plan.steps.count <= Lowering.overlapLimit else {
      throw .missing("'funnel' with 'any order' of more than \(Lowering.overlapLimit) steps that may overlap")
    }
    let filling = Filling(stepCount: plan.steps.count, isDisjoint: isDisjoint)
    let units = funnelUnits(plan, relations)
    // The first entry is the entity's, not that of each value which rows share.
    let fromEntry =
      " where own_entry = entry and t >= entry and \(within(plan, "t", of: "entry")) and t <= coalesce(x_end, t)"
    let windows = add(
      "funnel_windows",
      "select *, \(Lowering.windowStart(plan)) as w\n  from \(units)\(plan.entry == .first ? fromEntry : "")")
    let reached = add(
      "funnel_reached",
      """
      select *, \(filling.count(over: "partition by part order by t range between (t - w) preceding and current row")) as n
        from \(windows) where is_step
      """)
    let best = add(
      "funnel_best",
      """
      select e, part, max(n) as n, arg_min(t, row(-n, t)) as t_end, arg_min(w, row(-n, t)) as w
        from \(reached)
        group by e, part
      """)
    let rows = add(
      "funnel_candidates",
      """
      select u.*, b.n, \(filling.count(over: "partition by u.part order by u.t desc range unbounded preceding", of: "u.")) as since
        from \(units) u join \(best) b on u.part = b.part and u.t between b.w and b.t_end where u.is_step
      """)
    let start = plan.entry == .first ? "entry" : "max(t) filter (where since = n) over (partition by part)"
    let started = add("funnel_candidates", "select *, \(start) as t_start\n  from \(rows)")
    let filled = add(
      "funnel_filled",
      """
      select *, \(filling.count(over: "partition by part order by \(Lowering.order) rows unbounded preceding")) as filled
        from \(started) where t >= t_start
      """)
    // A row counts where it fills one step more.
    let chosen = add(
      "funnel_filled",
      """
      select *, row_number() over (partition by part order by \(Lowering.order)) as step
        from (
          select * from \(filled)
          qualify filled > coalesce(lag(filled) over (partition by part order by \(Lowering.order)), 0)
        )
      """)
    let columns = plan.steps.indices.flatMap { index in
      [("t", "t"), ("r", Lowering.order)].map { name, value in
        "min(\(value)) filter (where step = \(index + 1)) as \(name)\(index + 1)"
      }
    }
    let match = add(
      "funnel_match",
      "select e, part, \(columns.joined(separator: ", "))\n  from \(chosen)\n  group by e, part")
    return bestPart(plan, match, hasPlaces: true)
  }

  /// The rows, or of strict ties the times, that can be steps: their entry, and the times of exclusions around them.
  private mutating func funnelUnits(_ plan: FunnelPlan, _ relations: FunnelRelations) -> String {
    let steps = plan.steps.indices.map { "s\($0 + 1)" }
    let isStep = steps.joined(separator: " or ")
    let isExclusion = plan.exclusions.indices.map { "x\($0 + 1)" }.joined(separator: " or ")
    var units = add(
      "funnel_units",
      "select *, \(isStep) as is_step, \(isExclusion.isEmpty ? "false" : isExclusion) as is_exclusion\n  from \(relations.rows)"
    )
    if plan.ties == .strict {
      let present =
        steps.map { "bool_or(\($0)) as \($0)" }
        + ["is_step", "is_exclusion"].map { "bool_or(\($0)) as \($0)" }
      units = add(
        "funnel_units",
        "select e, part, t, min(\(Lowering.order)) as \(Lowering.order), \(present.joined(separator: ", "))\n  from \(units)\n  group by e, part, t"
      )
    }
    units = add(
      "funnel_units",
      """
      select *, min(t) filter (where is_step) over (partition by e) as entry,
        min(t) filter (where is_step) over (partition by part) as own_entry
        from \(units)
      """)
    guard !plan.exclusions.isEmpty else {
      return add("funnel_units", "select *, null::bigint as x_start, null::bigint as x_end\n  from \(units)")
    }
    let before = "partition by part order by t range between unbounded preceding and 1 preceding"
    return add(
      "funnel_units",
      """
      select *, max(case when is_exclusion then t end) over (\(before)) as x_start,
        min(t) filter (where is_exclusion and t > entry) over (partition by part) as x_end
        from \(units)
      """)
  }

  /// The first time of the window that ends with a row.
  private static func windowStart(_ plan: FunnelPlan) -> String {
    if plan.entry == .first { return "entry" }
    let low = "min(t) over (partition by part)"
    let reach = plan.within.map { ", t - \(max(0, $0))" } ?? ""
    return "greatest(\(low)\(reach), x_start)"
  }

  /// How many steps rows fill.
  private struct Filling {
    let stepCount: Int
    /// Whether no row satisfies two steps: then each step is filled for which there is a row.
    let isDisjoint: Bool

    func count(over window: String, of relation: String = "") -> String {
      func rows(_ steps: [Int]) -> String {
        let condition = steps.map { "\(relation)s\($0 + 1)" }.joined(separator: " or ")
        return "count(*) filter (where \(condition)) over (\(window))"
      }
      if isDisjoint {
        return (0..<stepCount).map { "least(1, \(rows([$0])))" }.joined(separator: " + ")
      }
      let bounds = (1..<(1 << stepCount)).map { set in
        let steps = (0..<stepCount).filter { set >> $0 & 1 == 1 }
        return "\(stepCount - steps.count) + \(rows(steps))"
      }
      return "least(\(stepCount), \(bounds.joined(separator: ", ")))"
    }
  }
}
