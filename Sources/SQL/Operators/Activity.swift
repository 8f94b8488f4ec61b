import Planning
import Values

extension Lowering {
  /// Entities by group and period, and in the window of days that ends with it.
  mutating func activity(_ plan: ActivityPlan) throws(SQLRefusal) -> Rows {
    let line = CalendarLine(unit: plan.unit, timeZone: timeZone)
    let (rows, groups) = try activeDays(plan.input, plan.groups, line)
    let periods = try periods(line, of: plan.input, from: plan.from)
    let days = add(
      "active_days", "select distinct \((groups + ["e", "d"]).joined(separator: ", "))\n  from \(rows)")
    let keys = groups.map { "\($0), " }.joined()
    var parts = [
      "select \(keys)p, 0 as active, 0 as change from \(gridded(rows, groups, periods))",
      "select distinct on (\(keys)e, p) \(keys)\(line.number("d")) as p, 1, 0 from \(days)",
    ]
    if let window = plan.windowDays {
      // Longer than the calendar is as long as it.
      let end = line.number("(d + \(min(max(0, window), 4_000_000)))")
      let windows = add(
        "active_windows", "select *, \(line.number("d")) as p, \(end) as p_end\n  from \(days)")
      // A window counts an entity once: it begins where that of the day before has ended.
      let former = "lag(p_end) over (\(Lowering.partition(by: groups + ["e"])) order by d)"
      let counted = add(
        "active_spans", "select *, greatest(p, \(former)) as p_start\n  from \(windows)")
      parts.append("select \(keys)p_start, 0, 1 from \(counted) where p_start < p_end")
      parts.append("select \(keys)p_end, 0, -1 from \(counted) where p_start < p_end")
    }
    let changes = add("activity_changes", parts.joined(separator: "\n  union all\n  "))
    let sums = add(
      "activity_sums",
      "select \(keys)p, sum(active)::bigint as active, sum(change)::bigint as change\n  from \(changes)\n  group by \(keys)p"
    )
    let counts = add(
      "activity_counts",
      """
      select *, (sum(change) over (\(Lowering.partition(by: groups)) order by p))::bigint as in_window
        from \(sums)
      """)
    return shown(
      "activity", Plan.activity(plan).schema, groups, Lowering.values(plan), from: counts, periods)
  }

  private static func values(_ plan: ActivityPlan) -> [String] {
    let active = "case when is_ended then active end"
    guard let window = plan.windowDays else { return [active, "is_ended and first_day >= data_day"] }
    let days = "\(min(max(0, window), 4_000_000))"
    return [
      active, "case when is_ended then in_window end",
      "case when is_ended and next_day - first_day <= \(days) then active / nullif(in_window, 0)::double end",
      "is_ended and next_day - \(days) >= data_day",
    ]
  }

  /// A relation of a log's rows with their entity `e` and local day `d`, their place, and the columns of a breakdown.
  mutating func activeDays(
    _ input: Plan, _ groups: [NamedExpr], _ line: CalendarLine
  ) throws(SQLRefusal) -> (rows: String, groups: [String]) {
    guard let log = input.log else { preconditionFailure("activity is of a log") }
    let rows = try rows(input)
    var columns = [
      "\(rows.columns[log.entity]) as e", "\(line.day(rows.columns[log.time])) as d", Lowering.order,
    ]
    let names = groups.indices.map { "g\($0)" }
    for (name, group) in zip(names, groups) {
      columns.append("\(try sql(group.expression, rows.columns)) as \(name)")
    }
    return (
      add("active_rows", "select \(columns.joined(separator: ", "))\n  from \(rows.name)"), names
    )
  }

  /// Each group that rows have with each period; without a breakdown each period, also where there are no rows.
  func gridded(_ rows: String, _ groups: [String], _ periods: String) -> String {
    groups.isEmpty
      ? periods
      : "(select distinct \(groups.joined(separator: ", ")) from \(rows)) cross join \(periods)"
  }

  /// The rows of a result by group and period: of the periods that are shown, in their order.
  mutating func shown(
    _ word: String, _ schema: Schema, _ groups: [String], _ values: [String], from counts: String,
    _ periods: String
  ) -> Rows {
    let keys = groups.map { "c.\($0)" }
    return add(
      word, schema, keys + ["first_day"] + values,
      order: Lowering.numbered(by: keys.map { "\($0) nulls last" } + ["p"]),
      from: "\(counts) c join \(periods) using (p)\n  where is_shown")
  }

  /// What a window is divided by.
  static func partition(by keys: [String]) -> String {
    keys.isEmpty ? "" : "partition by \(keys.joined(separator: ", "))"
  }
}
