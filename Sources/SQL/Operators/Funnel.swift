import Functions
import Planning
import Values

/// The relations that a funnel is found in.
struct FunnelRelations {
  /// The rows that satisfy a step or an exclusion: entity `e`, time `t`, place, steps `s1`, … and exclusions `x1`, … as
  /// booleans, the breakdown `g0`, …; and `part`, which rows have in common that may be of one match.
  let rows: String
  /// The columns of the breakdown.
  let groups: [String]
}

extension Lowering {
  /// How far each entity gets.
  mutating func funnel(_ plan: FunnelPlan) throws(SQLRefusal) -> Rows {
    if plan.counting == .attempts { throw .missing("'funnel' with 'each attempt'") }
    let relations = try funnelRows(plan)
    let matches: String
    switch plan.order {
    case .any: matches = try unorderedMatches(plan, relations)
    case .given where plan.isPlain:
      matches = self.matches(plan, relations.rows, starts(plan, relations.rows))
    case .given: matches = try chainedMatches(plan, relations)
    }
    return counted(plan, grouped(plan, relations, matches), relations.groups)
  }

  private mutating func funnelRows(_ plan: FunnelPlan) throws(SQLRefusal) -> FunnelRelations {
    guard let log = plan.input.log else { preconditionFailure("a funnel is of a log") }
    let rows = try rows(plan.input)
    var columns = [
      "\(rows.columns[log.entity]) as e", "\(rows.columns[log.time]) as t", Lowering.order,
    ]
    for (index, step) in plan.steps.enumerated() {
      columns.append("coalesce(\(try sql(step.condition, rows.columns)), false) as s\(index + 1)")
    }
    for (index, exclusion) in plan.exclusions.enumerated() {
      columns.append("coalesce(\(try sql(exclusion.condition, rows.columns)), false) as x\(index + 1)")
    }
    let values = plan.same.indices.map { "v\($0)" }
    for (name, value) in zip(values, plan.same) {
      columns.append("\(try sql(value, rows.columns)) as \(name)")
    }
    let groups = plan.groups.indices.map { "g\($0)" }
    for (name, group) in zip(groups, plan.groups) {
      columns.append("\(try sql(group.expression, rows.columns)) as \(name)")
    }
    var all = add("funnel_rows", "select \(columns.joined(separator: ", "))\n  from \(rows.name)")
    if plan.hasImmediateSteps {
      let before = "partition by e order by t range between unbounded preceding and 1 preceding"
      all = add("funnel_rows", "select *, max(t) over (\(before)) as earlier\n  from \(all)")
    }
    let bits = plan.steps.indices.map { "s\($0 + 1)" } + plan.exclusions.indices.map { "x\($0 + 1)" }
    let known = values.map { " and \($0) is not null" }.joined()
    let part = "min(\(Lowering.order)) over (\(Lowering.partition(by: ["e"] + values))) as part"
    let taken = add(
      "funnel_steps",
      "select *, \(part)\n  from \(all) where (\(bits.joined(separator: " or ")))\(known)")
    return FunnelRelations(rows: taken, groups: groups)
  }

  // MARK: Matches whose steps need only an order

  /// Where the match of each entity starts.
  private mutating func starts(_ plan: FunnelPlan, _ taken: String) -> String {
    plan.entry == .first
      ? add("funnel_starts", "select e, min(t) as t1\n  from \(taken) where s1\n  group by e")
      : bestStarts(plan, taken)
  }

  /// Whether a time is within the window of a start.
  func within(_ plan: FunnelPlan, _ time: String, of start: String) -> String {
    plan.within.map { "\(time) - \(start) <= \(max(0, $0))" } ?? "true"
  }

  /// For each entity the start of its longest match; of several the one that is completed first, then the latest.
  private mutating func bestStarts(_ plan: FunnelPlan, _ taken: String) -> String {
    var chain = add("funnel_chain", "select *, case when s1 then t end as l1\n  from \(taken)")
    let frame = plan.ties == .strict ? "1 preceding" : "current row"
    for length in plan.steps.indices.dropFirst().map({ $0 + 1 }) {
      let latest =
        "max(l\(length - 1)) over (partition by e order by t range between unbounded preceding and \(frame))"
      let reached = add("funnel_chain", "select *, \(latest) as m\(length)\n  from \(chain)")
      let holds = "s\(length) and \(within(plan, "t", of: "m\(length)"))"
      chain = add(
        "funnel_chain", "select *, case when \(holds) then m\(length) end as l\(length)\n  from \(reached)")
    }
    let starts = plan.steps.indices.reversed().map { index in
      "arg_min(l\(index + 1), row(t, -l\(index + 1))) filter (where l\(index + 1) is not null)"
    }
    return add(
      "funnel_starts",
      "select e, coalesce(\(starts.joined(separator: ", "))) as t1\n  from \(chain)\n  group by e having count(l1) > 0"
    )
  }

  /// For each entity the times and places of its match's rows.
  private mutating func matches(_ plan: FunnelPlan, _ taken: String, _ starts: String) -> String {
    var match = add(
      "funnel_match",
      """
      select m.e, m.t1, min(r.\(Lowering.order)) as r1
        from \(starts) m join \(taken) r on r.e = m.e and r.t = m.t1 and r.s1
        group by m.e, m.t1
      """)
    for step in plan.steps.indices.dropFirst().map({ $0 + 1 }) {
      let known = (1..<step).flatMap { ["t\($0)", "r\($0)"] }
      let after = "r.t \(plan.ties == .strict ? ">" : ">=") m.t\(step - 1)"
      match = add(
        "funnel_match",
        """
        select m.e, \(known.map { "m.\($0)" }.joined(separator: ", ")), min(r.t) as t\(step), min(r.\(Lowering.order)) as r\(step)
          from \(match) m
          left join \(taken) r on r.e = m.e and r.s\(step) and \(after) and \(within(plan, "r.t", of: "m.t1"))
          group by all
        """)
    }
    return match
  }

  // MARK: Counts

  /// The matches with the values of the breakdown: those of the best row that has one.
  private mutating func grouped(
    _ plan: FunnelPlan, _ relations: FunnelRelations, _ matches: String
  ) -> String {
    let groups = relations.groups
    guard !groups.isEmpty else { return matches }
    let places: [Int]
    var condition = ""
    switch plan.breakdown {
    case .first: places = plan.steps.indices.map { $0 + 1 }
    case .last: places = plan.steps.indices.reversed().map { $0 + 1 }
    case .step(let step):
      places = [step + 1]
      condition = "\n  where m.t\(step + 1) is not null"
    }
    let values = groups.map { group in
      ", coalesce(\(places.map { "a\($0).\(group)" }.joined(separator: ", "))) as \(group)"
    }
    let joins = places.map {
      "\n  left join \(relations.rows) a\($0) on a\($0).\(Lowering.order) = m.r\($0)"
    }
    return add(
      "funnel_groups",
      "select m.*\(values.joined())\n  from \(matches) m\(joins.joined())\(condition)")
  }

  private mutating func counted(_ plan: FunnelPlan, _ matches: String, _ groups: [String]) -> Rows {
    let steps = plan.steps.indices.map { $0 + 1 }
    let median = Catalogue.aggregate("median")?.overloads.first { $0.parameters.map(\.type) == [.duration] }?
      .sql
    let spans = steps.map { step -> String in
      guard step > 1, let median else { return "null::bigint" }
      return median(
        SQLOperands(["(t\(step) - t\(step - 1))"], constants: [nil], timeZone: timeZone),
        SQLAggregation(isDistinct: false, filter: nil, window: nil, order: Lowering.order)) ?? "null::bigint"
    }
    let values = steps.flatMap { ["count(t\($0)) as c\($0)", "\(spans[$0 - 1]) as d\($0)"] }
    let counts = add(
      "funnel_counts",
      "select \((groups + values).joined(separator: ", "))\n  from \(matches)"
        + (groups.isEmpty ? "" : "\n  group by \(groups.joined(separator: ", "))"))
    let parts = steps.map { step in
      let name = SQLText.literal(plan.rowNames[step - 1])
      let rates = ["c1", "c\(max(1, step - 1))"].enumerated().map {
        "c\(step) / nullif(\($1), 0)::double as rate\($0)"
      }
      let columns =
        groups + ["\(step) as place", "\(name) as step", "c\(step) as entities"] + rates
        + ["d\(step) as median"]
      return "select \(columns.joined(separator: ", ")) from \(counts)"
    }
    let table = add("funnel_parts", parts.joined(separator: "\n  union all\n  "))
    return add(
      "funnel", Plan.funnel(plan).schema, groups + ["step", "entities", "rate0", "rate1", "median"],
      order: Lowering.numbered(by: groups.map { "\($0) nulls last" } + ["place"]), from: table)
  }
}

extension FunnelPlan {
  /// Whether nothing but order and window says which rows are a match: then running maxima find it. They do not see
  /// that of rows of one time, which are in no order, one may satisfy two steps and fill but one of them.
  fileprivate var isPlain: Bool {
    exclusions.isEmpty && same.isEmpty && !hasImmediateSteps
      && (ties == .strict || ties == .any && hasDisjointSteps)
  }

  /// Whether a step follows the one before it without another time between.
  var hasImmediateSteps: Bool { steps.dropFirst().contains(where: \.isImmediate) }

  /// Whether the conditions say that no row satisfies two steps: each wants another constant of one value.
  var hasDisjointSteps: Bool {
    var wanted: [[Expr: Scalar]] = []
    for step in steps {
      var constants: [Expr: Scalar] = [:]
      for part in step.condition.conjuncts {
        guard case .call("=", _, let sides, _) = part, sides.count == 2,
          case .literal(let scalar, _) = sides[1]
        else { continue }
        constants[sides[0]] = scalar
      }
      wanted.append(constants)
    }
    return wanted.indices.allSatisfy { a in
      wanted.indices.allSatisfy { b in
        b <= a || wanted[a].contains { value, scalar in wanted[b][value].map { $0 != scalar } ?? false }
      }
    }
  }
}
