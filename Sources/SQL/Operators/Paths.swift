import Planning
import Values

extension Lowering {
  /// How many paths go from which event to which, by place.
  mutating func paths(_ plan: PathsPlan) throws(SQLRefusal) -> Rows {
    guard let log = plan.input.log else { preconditionFailure("paths are of a log") }
    let rows = try rows(plan.input)
    let session = try plan.session.map { (key) throws(SQLRefusal) in try sql(key, rows.columns) }
    let (anchor, isForward): (Expr?, Bool) =
      switch plan.anchor {
      case .beginning: (nil, true)
      case .from(let condition): (condition, true)
      case .to(let condition): (condition, false)
      }
    let isAnchor = try anchor.map { (condition) throws(SQLRefusal) in
      "coalesce(\(try sql(condition, rows.columns)), false)"
    }
    var shown = "event is not null"
    var columns = [
      "\(rows.columns[log.entity]) as e", "\(session ?? "null") as s",
      "\(try sql(plan.event, rows.columns)) as event", "\(isAnchor ?? "true") as is_anchor", Lowering.order,
    ]
    if let hidden = plan.hidden {
      columns.append("coalesce(\(try sql(hidden, rows.columns)), false) as is_hidden")
      shown += " and not is_hidden"
    }
    let all = add("path_rows", "select \(columns.joined(separator: ", "))\n  from \(rows.name)")
    let placed = add(
      "path_places",
      """
      select *, min(\(Lowering.order)) filter (where is_anchor) over (partition by e, s) as anchor
        from \(all) where \(shown)
      """)
    // A path begins at its anchor and goes away from it.
    let away = "over (partition by e, s order by \(Lowering.order)\(isForward ? "" : " desc"))"
    let reached = add(
      "path_reached",
      """
      select *, \(plan.repeats == .collapsed ? "event is distinct from lag(event) \(away)" : "true") as is_place
        from \(placed) where \(Lowering.order) \(isForward ? ">=" : "<=") anchor
      """)
    let depth = max(1, plan.depth)
    let steps = add(
      "path_steps",
      """
      select event as near, row_number() \(away) as place, lead(event) \(away) as far
        from \(reached) where is_place
      """)
    let counts = add(
      "path_counts",
      """
      select place, near, case when place < \(depth) then far end as far, count(*) as paths
        from \(steps) where place <= \(depth)
        group by all
      """)
    let position = isForward ? "place" : "-place"
    let (source, target) = isForward ? ("near", "far") : ("far", "near")
    return add(
      "paths", Plan.paths(plan).schema,
      [position, source, target, "paths", "paths / (sum(paths) over (partition by place, near))::double"],
      order: Lowering.numbered(by: [position, "\(source) nulls last", "\(target) nulls last"]), from: counts)
  }
}
