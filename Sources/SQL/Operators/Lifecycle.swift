import Planning
import Values

extension Lowering {
  /// Entities by the group of their first row and by period: those active, by when they were before, and those who no
  /// longer are.
  mutating func lifecycle(_ plan: LifecyclePlan) throws(SQLRefusal) -> Rows {
    let line = CalendarLine(unit: plan.unit, timeZone: timeZone)
    let (rows, groups) = try activeDays(plan.input, plan.groups, line)
    let periods = try periods(line, of: plan.input, from: plan.from)
    let firsts = groups.map { "first_value(\($0)) over (partition by e order by \(Lowering.order)) as \($0)" }
    let grouped = add(
      "lifecycle_rows",
      "select \((firsts + ["e", "\(line.number("d")) as p"]).joined(separator: ", "))\n  from \(rows)")
    let active = add("lifecycle_periods", "select distinct *\n  from \(grouped)")
    let runs = add(
      "lifecycle_runs",
      """
      select *, lag(p) over (partition by e order by p) as former, lead(p) over (partition by e order by p) as later
        from \(active)
      """)
    let keys = groups.map { "\($0), " }.joined()
    let kinds = ["former is null", "former = p - 1", "former < p - 1"].map {
      "case when \($0) then 1 else 0 end"
    }
    let names = ["active", "new", "back", "resurrected", "dormant"]
    let parts = [
      "select \(keys)p, \(names.map { "0 as \($0)" }.joined(separator: ", ")) from \(gridded(active, groups, periods))",
      "select \(keys)p, 1, \(kinds.joined(separator: ", ")), 0 from \(runs)",
      "select \(keys)p + 1, 0, 0, 0, 0, 1 from \(runs) where later is null or later > p + 1",
    ]
    let changes = add("lifecycle_changes", parts.joined(separator: "\n  union all\n  "))
    let sums = names.map { "sum(\($0))::bigint as \($0)" }.joined(separator: ", ")
    let counts = add(
      "lifecycle_counts", "select \(keys)p, \(sums)\n  from \(changes)\n  group by \(keys)p")
    return shown(
      "lifecycle", Plan.lifecycle(plan).schema, groups, names.map { "case when is_ended then \($0) end" },
      from: counts, periods)
  }
}
