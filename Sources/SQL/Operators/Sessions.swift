import Functions
import Planning
import Values

extension Lowering {
  mutating func sessions(_ plan: SessionsPlan) throws(SQLRefusal) -> Rows {
    guard let log = plan.input.log else { preconditionFailure("sessions are of a log") }
    let rows = try rows(plan.input)
    let (entity, time) = (rows.columns[log.entity], rows.columns[log.time])
    let byEntity = "over (partition by \(entity) order by \(Lowering.order))"
    let previous = "lag(\(time)) \(byEntity)"
    var starts = ["\(previous) is null", "\(time) - \(previous) > \(plan.gap)"]
    if let key = plan.key {
      let key = try operand(key, rows.columns)
      starts.append("\(key) is distinct from lag(\(key)) \(byEntity)")
    }
    if plan.split == .daily {
      let days = [time, previous].map { "\(SQLOperands.local($0, timeZone))::date" }
      starts.append("\(days[0]) <> \(days[1])")
    }
    let isNew = "case when \(starts.joined(separator: " or ")) then 1 else 0 end"
    let marked = add("session_starts", "select *, \(isNew) as \"# new\"\n  from \(rows.name)")
    var numbered = self.numbered(marked, entity)
    if let maximum = plan.maximum { numbered = bounded(numbered, by: maximum, rows.list, entity, time) }
    let ofSession = "over (partition by \(entity), \"# session\")"
    let timed = add(
      "session_times",
      "select *, min(\(time)) \(ofSession) as \"# start\", max(\(time)) \(ofSession) as \"# end\"\n  from \(numbered)"
    )
    let name = try text(entity, of: plan.input.schema[log.entity].type)
    let repeats =
      "dense_rank() over (partition by \(entity), \"# start\" order by \"# session\")"
    let stamp = Lowering.stamp("\"# start\"")
    let id =
      "\(name) || '@' || \(stamp) || case when \(repeats) > 1 then '#' || \(repeats)::varchar else '' end"
    let position = "row_number() over (partition by \(entity), \"# session\" order by \(Lowering.order))"
    return add(
      "sessions", Plan.sessions(plan).schema,
      rows.columns + [id, "\"# start\"", position, "\"# end\" - \"# start\""], order: Lowering.order,
      from: timed)
  }

  /// Numbers the sessions of each entity.
  private mutating func numbered(_ marked: String, _ entity: String) -> String {
    let sessions =
      "sum(\"# new\") over (partition by \(entity) order by \(Lowering.order) rows unbounded preceding)"
    return add("session_numbers", "select *, \(sessions) as \"# session\"\n  from \(marked)")
  }

  /// Divides sessions further: where one has begun, the next one begins with the first row that is too late for it.
  private mutating func bounded(
    _ sessions: String, by maximum: Int64, _ columns: String, _ entity: String, _ time: String
  ) -> String {
    // Longer than all of time, and short of where numbers end.
    let tooLate = min(max(0, maximum), 1 << 62) + 1
    let following = add(
      "session_ends",
      """
      select \(Lowering.order), "# new", min(\(Lowering.order)) over (partition by \(entity), "# session"
          order by \(time) range between \(tooLate) following and unbounded following) as "# next"
        from \(sessions)
      """)
    let cuts = addRecursive("session_cuts") { cuts in
      """
      select \(Lowering.order) as place, "# next" as next
        from \(following) where "# new" = 1
        union all
        select e.\(Lowering.order), e."# next"
        from \(cuts) c join \(following) e on e.\(Lowering.order) = c.next
      """
    }
    let marked = add(
      "session_starts",
      """
      select \(columns), \(Lowering.order), case when place is null then 0 else 1 end as "# new"
        from \(sessions) left join \(cuts) on place = \(Lowering.order)
      """)
    return numbered(marked, entity)
  }

  /// A value as it stands in a session's name.
  private func text(_ column: String, of type: ScalarType) throws(SQLRefusal) -> String {
    switch type {
    case .text: column
    case .boolean, .integer, .duration, .date: "\(column)::varchar"
    case .timestamp: Lowering.stamp(column)
    case .double: throw .missing("'sessions' of entities that are numbers with decimals")
    }
  }

  /// A time as ISO 8601 in UTC, with its six decimals where it has some.
  private static func stamp(_ time: String) -> String {
    let written = "strftime(make_timestamp(\(time)), '%Y-%m-%dT%H:%M:%S"
    return "case when \(time) % 1000000 = 0 then \(written)Z') else \(written).%fZ') end"
  }
}
