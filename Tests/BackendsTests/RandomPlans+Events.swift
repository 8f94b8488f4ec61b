import Functions
import Planning
import Values

/// The operators on events, with all their options.
extension RandomPlans {
  private static let hour: Int64 = 3_600_000_000
  private static let day = 24 * hour

  /// A result of a log's events.
  mutating func eventOperator(_ input: Plan) -> Plan {
    switch below(12) {
    case 0...4: funnel(input)
    case 5: retention(input)
    case 6...7: activity(input)
    case 8: lifecycle(input)
    case 9...10: attribute(input)
    default: paths(input)
    }
  }

  mutating func condition(_ input: Plan) -> Expr {
    guard let event = input.log?.event, chance(85) else { return expression(.boolean, input) }
    let name = expressions.data.dice.pick(RandomData.eventNames)
    return comparison("=", .column(event, .text), .literal(.text(name), .text))
  }

  /// A condition that cuts off what is before or after a time.
  mutating func timeCondition(_ input: Plan) -> Expr {
    let sign = expressions.data.dice.pick(["<", "<=", ">", ">="])
    let time = Expr.literal(.timestamp(expressions.data.time()), .timestamp)
    return comparison(sign, .column(input.log?.time ?? 1, .timestamp), time)
  }

  private func comparison(_ sign: String, _ value: Expr, _ constant: Expr) -> Expr {
    let overload = Catalogue.scalar(sign)?.overloads.firstIndex { $0.parameters[0].type == value.type } ?? 0
    return .call(sign, overload: overload, [value, constant], .boolean)
  }

  private mutating func groups(_ input: Plan) -> [NamedExpr] {
    (0..<max(0, below(4) - 1)).map { _ in named(input) }
  }

  private mutating func from() -> Int64? { chance(30) ? expressions.data.time() : nil }

  private mutating func unit() -> CalendarUnit { expressions.data.dice.pick([.day, .week, .month]) }

  private mutating func funnel(_ input: Plan) -> Plan {
    let order: FunnelPlan.Order = chance(20) ? .any : .given
    let steps = (0...below(4)).map {
      FunnelPlan.Step(
        name: "s\($0)", condition: condition(input), isImmediate: order == .given && $0 > 0 && chance(12))
    }
    let breakdown: FunnelPlan.Breakdown = chance(60) ? .first : chance(50) ? .last : .step(below(steps.count))
    return .funnel(
      FunnelPlan(
        input: input, steps: steps,
        within: chance(30)
          ? nil
          : expressions.data.dice.pick([0, RandomPlans.hour, RandomPlans.day, 7 * RandomPlans.day]),
        ties: expressions.data.dice.pick([.any, .any, .seq, .strict]), entry: chance(65) ? .best : .first,
        exclusions: exclusions(input, steps.count, order), same: same(input), order: order,
        counting: chance(20) ? .attempts : .entities, groups: groups(input), breakdown: breakdown))
  }

  private mutating func exclusions(
    _ input: Plan, _ steps: Int, _ order: FunnelPlan.Order
  ) -> [FunnelPlan.Exclusion] {
    guard steps > 1, chance(25) else { return [] }
    return (0...below(2)).map { _ in
      let after = order == .any || chance(50) ? 0 : below(steps - 1)
      let before = order == .any || chance(50) ? steps - 1 : after + 1 + below(steps - after - 1)
      return FunnelPlan.Exclusion(condition: condition(input), after: after, before: before)
    }
  }

  private mutating func same(_ input: Plan) -> [Expr] {
    guard chance(20) else { return [] }
    return (0...below(2)).map { _ in
      let position = below(input.schema.count)
      return .column(position, input.schema[position].type)
    }
  }

  private mutating func retention(_ input: Plan) -> Plan {
    .retention(
      RetentionPlan(
        input: input, start: condition(input), comeback: condition(input),
        unit: expressions.data.dice.pick([.hour, .day, .day, .week, .month, .quarter, .year]),
        periods: Int64(below(6)), mode: chance(50) ? .calendar : .rolling,
        criterion: chance(50) ? .on : .onOrAfter,
        cohort: expressions.data.dice.pick([.firstEver, .firstInRange, .recurring]),
        range: chance(30) ? chance(50) ? timeCondition(input) : expression(.boolean, input) : nil,
        groups: groups(input)))
  }

  mutating func sessions(_ input: Plan) -> Plan {
    // The columns that sessions add have fixed names.
    if input.schema.position(of: "session_id") != nil { return input }
    return .sessions(
      SessionsPlan(
        input: input, gap: expressions.data.dice.pick([0, 1_800_000_000, RandomPlans.hour, RandomPlans.day]),
        maximum: chance(40)
          ? expressions.data.dice.pick([0, 1_800_000_000, 5 * RandomPlans.hour, RandomPlans.day, .max]) : nil,
        split: chance(30) ? .daily : .none, key: chance(30) ? expression(anyType(), input) : nil))
  }

  private mutating func activity(_ input: Plan) -> Plan {
    .activity(
      ActivityPlan(
        input: input, unit: unit(),
        windowDays: chance(30) ? nil : expressions.data.dice.pick([1, 2, 7, 28, 400, 106_751_991]),
        from: from(), groups: groups(input)))
  }

  private mutating func lifecycle(_ input: Plan) -> Plan {
    .lifecycle(LifecyclePlan(input: input, unit: unit(), from: from(), groups: groups(input)))
  }

  private mutating func attribute(_ input: Plan) -> Plan {
    .attribute(
      AttributionPlan(
        input: input, touch: condition(input), conversion: condition(input),
        within: chance(40)
          ? nil : expressions.data.dice.pick([0, RandomPlans.hour, RandomPlans.day, 300 * RandomPlans.day]),
        model: expressions.data.dice.pick([
          .last, .first, .linear, .position, .timeDecay(halfLife: 5 * RandomPlans.hour), .participation,
        ]),
        credit: NamedExpr(Field("credit", .text), expression(.text, input)),
        value: chance(50) ? NamedExpr(Field("worth", .double), expression(.double, input)) : nil,
        from: from(), groups: groups(input)))
  }

  private mutating func paths(_ input: Plan) -> Plan {
    let anchor: PathsPlan.Anchor =
      switch below(3) {
      case 0: .beginning
      case 1: .from(condition(input))
      default: .to(condition(input))
      }
    let event = input.log?.event.map { Expr.column($0, .text) }
    return .paths(
      PathsPlan(
        input: input, event: event ?? expression(.text, input), anchor: anchor, depth: Int64(1 + below(5)),
        session: chance(30) ? expression(anyType(), input) : nil,
        repeats: chance(50) ? .collapsed : .kept, hidden: chance(30) ? condition(input) : nil))
  }
}
