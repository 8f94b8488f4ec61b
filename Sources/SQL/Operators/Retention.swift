import Functions
import Planning
import Values

extension Lowering {
  /// Members by cohort, whether they came back in each period, and out of how many of whom that is known.
  mutating func retention(_ plan: RetentionPlan) throws(SQLRefusal) -> Rows {
    guard let log = plan.input.log else { preconditionFailure("retention is of a log") }
    guard (0...10_000).contains(plan.periods) else {
      throw .missing("'retention' of \(plan.periods) periods")
    }
    let rows = try rows(plan.input)
    let periods = Periods(plan, timeZone)
    func isTrue(_ condition: Expr?) throws(SQLRefusal) -> String {
      guard let condition else { return "true" }
      return "coalesce(\(try sql(condition, rows.columns)), false)"
    }
    let groups = plan.groups.indices.map { "g\($0)" }
    var columns = [
      "\(rows.columns[log.entity]) as e", "\(Lowering.clamped(rows.columns[log.time])) as t",
      "\(try isTrue(plan.start)) as starts", "\(try isTrue(plan.comeback)) as returns",
      "\(try isTrue(plan.range)) as ranged", Lowering.order,
    ]
    for (name, group) in zip(groups, plan.groups) {
      columns.append("\(try sql(group.expression, rows.columns)) as \(name)")
    }
    let all = add("retention_rows", "select \(columns.joined(separator: ", "))\n  from \(rows.name)")
    let members = try members(plan, periods, all, groups, watermark: try watermark(plan))
    let kept = returns(plan, periods, all, members)
    let keys = groups + ["cohort"]
    let known = "count(*) filter (where m.ended > p.period)"
    let came = "count(k.member)"
    let counted = add(
      "retention_counts",
      """
      select \((keys.map { "m.\($0)" }).joined(separator: ", ")), p.period, \(known) as eligible, \(came) as retained
        from \(members) m cross join range(0, \(plan.periods + 1)) p(period)
        left join \(kept) k on k.member = m.member and k.period = p.period
        group by \((keys.map { "m.\($0)" } + ["p.period"]).joined(separator: ", "))
      """)
    let values =
      keys + [
        "period", "eligible", "case when eligible > 0 then retained end",
        "retained / nullif(eligible, 0)::double",
      ]
    let order = keys.map { "\($0) nulls last" } + ["period"]
    return add(
      "retention", Plan.retention(plan).schema, values, order: Lowering.numbered(by: order), from: counted)
  }

  /// The time up to which there is data: of the source's last event, or where filters cut the log off before it.
  private mutating func watermark(_ plan: RetentionPlan) throws(SQLRefusal) -> String {
    guard let time = plan.input.log?.time else { preconditionFailure("retention is of a log") }
    let bounds = [
      plan.input.timeBound(in: timeZone).end, plan.range?.timeBound(ofColumn: time, in: timeZone).end,
    ].compactMap(\.self)
    let last = "(select last from \(try dataEnds(plan.input)))"
    return bounds.min().map { "least(\(last), \($0))" } ?? last
  }

  private mutating func members(
    _ plan: RetentionPlan, _ periods: Periods, _ all: String, _ groups: [String], watermark: String
  ) throws(SQLRefusal) -> String {
    let starts = add(
      "retention_starts",
      """
      select *, \(periods.cohort("t")) as cohort
        from \(all) where starts\(plan.cohort == .firstEver ? "" : " and ranged")
      """)
    // Of several starts in a cohort the first counts.
    let partition = plan.cohort == .recurring ? "e, cohort" : "e"
    let firsts = add(
      "retention_firsts",
      "select *, row_number() over (partition by \(partition) order by \(Lowering.order)) as place\n  from \(starts)"
    )
    let ended = periods.period(of: Lowering.clamped(watermark), from: "t")
    return add(
      "retention_members",
      """
      select \((groups + ["e", "t", "cohort"]).joined(separator: ", ")), \(Lowering.order) as member,
        least(greatest(\(ended), 0), \(plan.periods + 1)) as ended
        from \(firsts) where place = 1 and ranged
      """)
  }

  /// The members and the periods, of those that have ended, in which they came back.
  private mutating func returns(
    _ plan: RetentionPlan, _ periods: Periods, _ all: String, _ members: String
  ) -> String {
    let isStart = plan.cohort == .firstEver ? "r.starts" : "(r.starts and r.ranged)"
    let isReturn = "(r.returns and r.ranged)"
    // Rows of one time are in no order: of several starts any can be the start of the return.
    let atOnce = """
      select m.member, 0 as period
        from \(members) m join \(all) r on r.e = m.e and r.t = m.t
        group by m.member
        having count(*) filter (where \(isReturn)) > 1 or count(*) filter (where \(isReturn)) = 1
          and (count(*) filter (where \(isStart) and \(isReturn)) = 0 or count(*) filter (where \(isStart)) > 1)
      """
    let later = """
      select m.member, \(periods.period(of: "r.t", from: "m.t")) as period
        from \(members) m join \(all) r on r.e = m.e and r.t > m.t where \(isReturn)
      """
    let found = add("retention_returns", "\(later)\n  union\n  \(atOnce)")
    switch plan.criterion {
    case .on:
      return add(
        "retention_kept",
        "select f.member, f.period from \(found) f join \(members) m using (member) where f.period < m.ended")
    case .onOrAfter:
      return add(
        "retention_kept",
        """
        select m.member, p.period
          from (select member, max(period) as latest from \(found) group by member) f join \(members) m using (member)
          join range(0, \(plan.periods + 1)) p(period) on p.period <= f.latest and p.period < m.ended
        """)
    }
  }
}

/// The periods that follow a start, as SQL over times in microseconds.
private struct Periods {
  private let unit: RetentionPlan.Unit
  private let mode: RetentionPlan.Mode
  private let timeZone: TimeZoneRules
  private static let hour: Int64 = 3_600_000_000

  init(_ plan: RetentionPlan, _ timeZone: TimeZoneRules) {
    unit = plan.unit
    mode = plan.mode
    self.timeZone = timeZone
  }

  func cohort(_ start: String) -> String {
    unit == .hour ? startOfHour(start) : "date_trunc('\(unit.rawValue)', \(day(start)))::date"
  }

  func period(of time: String, from start: String) -> String {
    switch (unit, mode) {
    case (.hour, .calendar): floorDivide("(\(time) - (\(startOfHour(start))))", Periods.hour)
    case (_, .calendar): calendarPeriod(time, start)
    case (.hour, .rolling): floorDivide("(\(time) - \(start))", Periods.hour)
    case (.day, .rolling): floorDivide("(\(time) - \(start))", 24 * Periods.hour)
    case (.week, .rolling): floorDivide("(\(time) - \(start))", 7 * 24 * Periods.hour)
    case (.month, .rolling), (.quarter, .rolling), (.year, .rolling): rollingPeriod(time, start)
    }
  }

  private func calendarPeriod(_ time: String, _ start: String) -> String {
    "(\(SQLOperands.difference(unit.rawValue, from: day(start), to: day(time))))"
  }

  /// A calendar period less where its day and hour have not come yet.
  private func rollingPeriod(_ time: String, _ start: String) -> String {
    let period = calendarPeriod(time, start)
    let months = unit == .month ? 1 : unit == .quarter ? 3 : 12
    let beginning = SQLOperands.time(
      local: "(\(SQLOperands.local(start, timeZone)) + to_months((\(months) * \(period))::integer))", timeZone
    )
    return
      "\(period) - case when \(period) <> 0 and \(beginning) > \(time) or \(period) = 0 and \(start) > \(time) then 1 else 0 end"
  }

  private func day(_ time: String) -> String { "\(SQLOperands.local(time, timeZone))::date" }

  private func startOfHour(_ time: String) -> String {
    let past = "epoch_us(\(SQLOperands.local(time, timeZone)))"
    return "\(time) - (\(past) % \(Periods.hour) + \(Periods.hour)) % \(Periods.hour)"
  }

  private func floorDivide(_ value: String, _ width: Int64) -> String {
    "(\(value) - (\(value) % \(width) + \(width)) % \(width)) // \(width)"
  }
}
