import Planning

/// Matches of steps in their order, under all options.
///
/// A match is a list of the times of its steps, the first one negated: the least of several lists is the one that starts
/// last, and then has the earliest steps. Of all matches of one length that can still go on, it is as good as any other,
/// for an exclusion that ends one of them ends them all: all their steps lie before it.
extension Lowering {
  /// For each entity the times `t1`, … and places `r1`, … of the rows of its match; places only where they decide.
  mutating func chainedMatches(
    _ plan: FunnelPlan, _ relations: FunnelRelations
  ) throws(SQLRefusal) -> String {
    let ties = try FunnelTies(plan)
    let times = funnelTimes(plan, relations, ties)
    var chain = times
    for length in 1...plan.steps.count { chain = extended(plan, chain, to: length) }
    let best = plan.steps.indices.reversed().map { index in
      "arg_min(c\(index + 1), row(t, c\(index + 1))) filter (where c\(index + 1) is not null)"
    }
    let found = add(
      "funnel_found",
      """
      select e, part, coalesce(\(best.joined(separator: ", "))) as chain
        from \(chain)
        group by e, part having count(c1) > 0
      """)
    let steps = plan.steps.indices.map { $0 == 0 ? "-chain[1] as t1" : "chain[\($0 + 1)] as t\($0 + 1)" }
    var match = add("funnel_match", "select e, part, \(steps.joined(separator: ", "))\n  from \(found)")
    if !relations.groups.isEmpty { match = placed(plan, relations, ties, times, match) }
    return bestPart(plan, match, hasPlaces: !relations.groups.isEmpty)
  }

  /// One row for each time of what may be of one match, with what its rows fill.
  private mutating func funnelTimes(
    _ plan: FunnelPlan, _ relations: FunnelRelations, _ ties: FunnelTies
  ) -> String {
    var rows = add("funnel_masks", "select *, \(FunnelTies.mask(plan)) as mask\n  from \(relations.rows)")
    if ties == .shared {
      // No step needs more rows than the first ones, as many as there are steps.
      let repeats =
        "row_number() over (partition by part, t, mask\(exclusionKey(plan)) order by \(Lowering.order))"
      rows = add(
        "funnel_masks", "select *\n  from \(rows)\n  qualify \(repeats) <= \(plan.steps.count)")
    }
    var columns = plan.steps.indices.map { "bool_or(s\($0 + 1)) as h\($0 + 1)" }
    columns += plan.exclusions.indices.map { "bool_or(x\($0 + 1)) as y\($0 + 1)" }
    if plan.hasImmediateSteps { columns.append("any_value(earlier) as earlier") }
    var times = add(
      "funnel_times",
      "select e, part, t, \((columns + ties.columns).joined(separator: ", "))\n  from \(rows)\n  group by e, part, t"
    )
    if ties == .shared {
      times = add("funnel_times", "select *, \(FunnelTies.short(plan)) as short\n  from \(times)")
    }
    var reach = ties.reach(plan).enumerated().map { "\($1) as z\($0 + 1)" }
    reach.append(
      plan.entry == .first
        ? "t = min(t) filter (where h1) over (partition by e) as begins" : "true as begins")
    reach += plan.exclusions.indices.map { index in
      "max(case when y\(index + 1) then t end) over (\(Lowering.earlierTimes)) as l\(index + 1)"
    }
    if !plan.exclusions.isEmpty { reach.append("min(t) over (partition by part) as low") }
    return add("funnel_times", "select *, \(reach.joined(separator: ", "))\n  from \(times)")
  }

  private func exclusionKey(_ plan: FunnelPlan) -> String {
    plan.exclusions.indices.map { ", x\($0 + 1)" }.joined()
  }

  private static let earlierTimes =
    "partition by part order by t range between unbounded preceding and 1 preceding"

  /// Adds the best matches of a length that end at each time: `o`, those that can go on; `c`, all; and `p`, what a later
  /// time can go on from.
  private mutating func extended(_ plan: FunnelPlan, _ chain: String, to length: Int) -> String {
    var open: [String] = []
    var ended: [String] = []
    for first in 1...length {
      let more = [String](repeating: "t", count: length - first + 1).joined(separator: ", ")
      let match = first == 1 ? "[-\(more)]" : "list_concat(p\(first - 1), [\(more)])"
      let holds =
        first == 1
        ? "begins" : "p\(first - 1) is not null and \(within(plan, "t", of: "(-p\(first - 1)[1])"))"
      let endings = plan.exclusions.enumerated().filter { _, rule in
        rule.after < first - 1 && length <= rule.before
      }.map { "y\($0.offset + 1)" }
      let condition = "z\(first) >= \(length) and \(holds)"
      let isEnded = endings.joined(separator: " or ")
      open.append(
        "case when \(condition)\(endings.isEmpty ? "" : " and not (\(isEnded))") then \(match) end")
      if !endings.isEmpty { ended.append("case when \(condition) and (\(isEnded)) then \(match) end") }
    }
    let best = add(
      "funnel_chain", "select *, least(\(open.joined(separator: ", "))) as o\(length)\n  from \(chain)")
    let all = (["o\(length)"] + ended).joined(separator: ", ")
    var columns = ["least(\(all)) as c\(length)"]
    if length < plan.steps.count { columns.append("\(lasting(plan, length)) as p\(length)") }
    return add("funnel_chain", "select *, \(columns.joined(separator: ", "))\n  from \(best)")
  }

  /// The best match of a length that a time can go on from: one that ended before, and that no exclusion has ended since.
  private func lasting(_ plan: FunnelPlan, _ length: Int) -> String {
    if plan.steps[length].isImmediate {
      let before = "over (partition by part order by t)"
      return "case when lag(t) \(before) = earlier then lag(o\(length)) \(before) end"
    }
    let rules = plan.exclusions.enumerated().filter { $1.after < length && length <= $1.before }
    guard !rules.isEmpty else { return "min(o\(length)) over (\(Lowering.earlierTimes))" }
    let since = "greatest(low, \(rules.map { "l\($0.offset + 1)" }.joined(separator: ", ")))"
    return
      "min(o\(length)) over (partition by part order by t range between (t - \(since)) preceding and 1 preceding)"
  }

  /// Adds the places of the rows of matches: of all that fill the steps the first.
  private mutating func placed(
    _ plan: FunnelPlan, _ relations: FunnelRelations, _ ties: FunnelTies, _ times: String, _ match: String
  ) -> String {
    var match = match
    for step in 1...plan.steps.count {
      if ties == .shared {
        let rest = plan.steps.indices.dropFirst(step).map {
          "case when m.t\($0 + 1) = m.t\(step) then \(1 << $0) else 0 end"
        }
        let joined = add(
          "funnel_match",
          """
          select m.*, f.members, \(rest.isEmpty ? "0" : rest.joined(separator: " + ")) as rest
            from \(match) m left join \(times) f on f.part = m.part and f.t = m.t\(step)
          """)
        match = add(
          "funnel_match",
          "select * exclude (members, rest), \(FunnelTies.firstFitting(step, plan)) as r\(step)\n  from \(joined)"
        )
      } else {
        let after = ties == .ordered && step > 1 ? " and r.\(Lowering.order) > m.r\(step - 1)" : ""
        match = add(
          "funnel_match",
          """
          select m.*, min(r.\(Lowering.order)) as r\(step)
            from \(match) m
            left join \(relations.rows) r on r.part = m.part and r.t = m.t\(step) and r.s\(step)\(after)
            group by all
          """)
      }
    }
    return match
  }

  /// Of an entity's matches, one for each value that rows share, the best: the longest; then completed first; then
  /// started last; then with the earliest steps.
  mutating func bestPart(_ plan: FunnelPlan, _ match: String, hasPlaces: Bool) -> String {
    guard !plan.same.isEmpty else { return match }
    let steps = plan.steps.indices.map { $0 + 1 }
    var keys = steps.reversed().map { "t\($0) is null" }
    keys.append("greatest(\(steps.map { "t\($0)" }.joined(separator: ", ")))")
    keys.append("t1 desc")
    keys += steps.dropFirst().map { "t\($0)" }
    if hasPlaces { keys += steps.map { "r\($0)" } }
    return add(
      "funnel_best",
      "select *\n  from \(match)\n  qualify row_number() over (partition by e order by \(keys.joined(separator: ", "))) = 1"
    )
  }
}
