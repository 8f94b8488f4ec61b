import Planning
import Values

extension Lowering {
  /// Conversions, each divided among the touches before it, by what these credit.
  mutating func attribute(_ plan: AttributionPlan) throws(SQLRefusal) -> Rows {
    guard let log = plan.input.log else { preconditionFailure("an attribution is of a log") }
    let rows = try rows(plan.input)
    let (entity, time) = (rows.columns[log.entity], rows.columns[log.time])
    let groups = plan.groups.indices.map { "g\($0)" }
    var columns = [
      "\(entity) as e", "\(time) as t",
      "\(try plan.value.map { (value) throws(SQLRefusal) in try sql(value.expression, rows.columns) } ?? "null::double") as worth",
      Lowering.order,
    ]
    for (name, group) in zip(groups, plan.groups) {
      columns.append("\(try sql(group.expression, rows.columns)) as \(name)")
    }
    let from = plan.from.map { " and \(time) >= \($0)" } ?? ""
    let converted = add(
      "conversions",
      "select \(columns.joined(separator: ", "))\n  from \(rows.name) where \(try operand(plan.conversion, rows.columns))\(from)"
    )
    let credit = try sql(plan.credit.expression, rows.columns)
    let touched = add(
      "touches",
      "select \(entity) as e, \(time) as t, \(credit) as credit\n  from \(rows.name) where \(try operand(plan.touch, rows.columns))"
    )
    let numbered = add(
      "group_conversions",
      "select *, count(*) over (\(Lowering.partition(by: groups))) as whole\n  from \(converted)")
    let owed = credits(plan, numbered, touched, groups)
    let keys = (groups + ["credit"]).joined(separator: ", ")
    let sums = add(
      "credit_sums",
      """
      select \(keys), sum(share) as conversions, sum(share) / any_value(whole) as part, sum(touches)::bigint as touches,
        coalesce(sum(share * worth) filter (where share > 0), 0) as worth
        from \(owed)
        group by \(keys)
        having sum(share) > 0
      """)
    let values = groups + ["credit", "conversions", "part", "touches"] + (plan.value == nil ? [] : ["worth"])
    return add(
      "attribution", Plan.attribute(plan).schema, values,
      order: Lowering.numbered(by: (groups + ["credit"]).map { "\($0) nulls last" }), from: sums)
  }

  /// For each conversion and value its share and number of touches; a conversion without touches is owed to none.
  private mutating func credits(
    _ plan: AttributionPlan, _ conversions: String, _ touches: String, _ groups: [String]
  ) -> String {
    let within = plan.within.map { " and c.t - r.t <= \($0)" } ?? ""
    let conversion = groups + ["worth", "whole", Lowering.order]
    let pairs = add(
      "touched_conversions",
      """
      select \(conversion.map { "c.\($0)" }.joined(separator: ", ")), r.t, r.credit
        from \(conversions) c join \(touches) r on r.e = c.e and r.t <= c.t\(within)
      """)
    let ofConversion = "over (partition by \(Lowering.order))"
    let ends = add(
      "touch_ends",
      """
      select *, count(*) \(ofConversion) as n, min(t) \(ofConversion) as first, max(t) \(ofConversion) as last
        from \(pairs)
      """)
    let counted = add(
      "touch_counts",
      """
      select *, count(*) filter (where t = first) \(ofConversion) as early,
        count(*) filter (where t = last) \(ofConversion) as late\(Lowering.weight(plan.model))
        from \(ends)
      """)
    let total = plan.model.isDecay ? ", sum(weight) \(ofConversion) as weights" : ""
    let weighed = add("touch_weights", "select *\(total)\n  from \(counted)")
    let keys = (conversion + ["credit"]).joined(separator: ", ")
    let share = plan.model == .participation ? "1e0" : "sum(\(Lowering.share(plan.model)))"
    let none = SQLText.literal(AttributionPlan.none)
    return add(
      "credits",
      """
      select \(keys), \(share) as share, count(*) as touches
        from \(weighed)
        group by \(keys)
        union all
        select \((conversion.map { "c.\($0)" }).joined(separator: ", ")), \(none), 1e0, 0
        from \(conversions) c anti join \(pairs) p on p.\(Lowering.order) = c.\(Lowering.order)
      """)
  }

  /// How much a touch weighs against the latest one.
  private static func weight(_ model: AttributionPlan.Model) -> String {
    guard case .timeDecay(let halfLife) = model else { return "" }
    return ", pow(2e0, (t - last) / \(Double(halfLife)))::double as weight"
  }

  /// The part of its conversion that a touch has.
  private static func share(_ model: AttributionPlan.Model) -> String {
    switch model {
    case .last: "case when t = last then 1e0 / late else 0e0 end"
    case .first: "case when t = first then 1e0 / early else 0e0 end"
    case .linear: "1e0 / n"
    case .timeDecay: "weight / weights"
    case .participation: "1e0"
    case .position:
      // Touches of one time take the places of the first, or the last, and some between; they share their parts.
      """
      case when first = last then 1e0 / n when n = 2 then 0.5e0
          when t = first then (0.4e0 + (early - 1) * (0.2e0 / (n - 2))) / early
          when t = last then (0.4e0 + (late - 1) * (0.2e0 / (n - 2))) / late else 0.2e0 / (n - 2) end
      """
    }
  }
}

extension AttributionPlan.Model {
  fileprivate var isDecay: Bool { if case .timeDecay = self { true } else { false } }
}
