import Functions
import Planning
import Values

/// Well-typed plans over a log and a table, of all operators.
struct RandomPlans {
  private var expressions: RandomExpressions
  private var names = 0

  init(seed: UInt64) { expressions = RandomExpressions(RandomData(dice: Dice(seed))) }

  private mutating func below(_ end: Int) -> Int { expressions.data.dice.below(end) }
  private mutating func chance(_ percent: Int) -> Bool { expressions.data.dice.chance(percent) }

  static let log = Plan.events(
    EventsPlan(source: "log", schema: RandomData.events, log: LogColumns(entity: 0, time: 1, event: 2)))
  static let users = Plan.relation("users", RandomData.users)

  mutating func plan() -> Plan {
    var plan = chance(85) ? RandomPlans.log : RandomPlans.users
    for _ in 0..<below(4) { plan = step(plan) }
    for _ in 0..<below(3) {
      switch below(9) {
      case 0...2: plan = aggregate(plan)
      case 3: plan = sort(plan)
      case 4: plan = .limit(plan, count: Int64(below(8)), offset: Int64(below(3)))
      case 5: plan = .distinct(narrowed(plan))
      case 6: plan = union(plan)
      case 7 where plan.log != nil: plan = funnel(plan)
      case 8 where plan.log != nil: plan = retention(plan)
      default: plan = step(plan)
      }
    }
    return plan
  }

  /// A step after which a log is still one.
  private mutating func step(_ input: Plan) -> Plan {
    switch below(8) {
    case 0...1: return .filter(input, expression(.boolean, input))
    case 2...3: return .extend(input, (0...below(3)).map { _ in named(input) })
    case 4:
      let kept = input.schema.indices.filter { position in
        position == input.log?.entity || position == input.log?.time || position == input.log?.event
          || chance(60)
      }
      let columns = kept.map { NamedExpr(input.schema[$0], .column($0, input.schema[$0].type)) }
      return .project(input, columns + (0...below(2)).map { _ in named(input) })
    case 5 where input.log != nil: return .windows(input, (0...below(2)).map { _ in window(input) })
    case 6 where input.log != nil: return sessions(input)
    case 7: return join(input)
    default: return .filter(input, expression(.boolean, input))
    }
  }

  private mutating func name() -> String {
    names += 1
    return "x\(names)"
  }

  private mutating func expression(_ type: ScalarType, _ input: Plan) -> Expr {
    expressions.expression(type, input.schema, depth: 1 + below(3))
  }

  private mutating func anyType() -> ScalarType { expressions.data.dice.pick(ScalarType.allCases) }

  private mutating func named(_ input: Plan) -> NamedExpr {
    let type = anyType()
    return NamedExpr(Field(name(), type), expression(type, input))
  }

  private mutating func window(_ input: Plan) -> WindowCall {
    if chance(20) {
      let item = named(input)
      return .neighbour(item.field, item.expression, offset: expressions.data.dice.pick([-2, -1, 0, 1, 3]))
    }
    let kind = expressions.data.dice.pick([EventWindow.Kind.prior, .later, .lifetime])
    let reach: Int64? =
      kind == .lifetime || chance(50)
      ? nil : expressions.data.dice.pick([0, 1, 3_600_000_000, 86_400_000_000])
    var call = expressions.aggregate(name(), input.schema)
    // A correlation of 1 is rounded to a little less on one engine, and then another one to who counts them.
    while call.function == "corr" { call = expressions.aggregate(name(), input.schema) }
    let isInclusive = kind != .lifetime && chance(30)
    return .aggregate(call, over: EventWindow(kind: kind, reach: reach, isInclusive: isInclusive))
  }

  private mutating func sessions(_ input: Plan) -> Plan {
    // The columns that sessions add have fixed names.
    if input.schema.position(of: "session_id") != nil { return input }
    return .sessions(
      SessionsPlan(
        input: input, gap: expressions.data.dice.pick([0, 1_800_000_000, 3_600_000_000, 86_400_000_000]),
        split: chance(30) ? .daily : .none, key: chance(30) ? expression(anyType(), input) : nil))
  }

  private mutating func join(_ input: Plan) -> Plan {
    let right =
      chance(70) ? RandomPlans.users : Plan.filter(RandomPlans.users, expression(.boolean, RandomPlans.users))
    let kind = expressions.data.dice.pick([JoinPlan.Kind.inner, .left, .left, .right, .full, .semi, .anti])
    let type: ScalarType = chance(70) ? .text : anyType()
    let users = input.schema.indices.filter { input.schema[$0].type == .text }
    let left =
      type == .text && chance(80) && !users.isEmpty ? Expr.column(users[0], .text) : expression(type, input)
    let rightKey = type == .text ? Expr.column(0, .text) : expression(type, right)
    let both = input.schema + right.schema
    let visible = kind == .semi || kind == .anti ? input.schema : both
    let output = visible.enumerated().map { position, field in
      let field = position < input.schema.count ? field : Field(name(), field.type)
      return NamedExpr(field, .column(position, field.type))
    }
    return .join(
      JoinPlan(
        kind: kind, left: input, right: right, leftKeys: [left], rightKeys: [rightKey],
        condition: chance(25) ? expressions.expression(.boolean, both, depth: 2) : nil, output: output))
  }

  private mutating func narrowed(_ input: Plan) -> Plan {
    let kept = input.schema.indices.filter { _ in chance(25) } + [0]
    let columns = Set(kept).sorted().map { NamedExpr(input.schema[$0], .column($0, input.schema[$0].type)) }
    return .project(input, columns)
  }

  private mutating func aggregate(_ input: Plan) -> Plan {
    let keys = (0..<below(3)).map { _ in named(input) }
    let calls = (0...below(3)).map { _ in expressions.aggregate(name(), input.schema) }
    return .aggregate(input, keys: keys, calls)
  }

  private mutating func sort(_ input: Plan) -> Plan {
    .sort(
      input,
      (0...below(2)).map { _ in
        SortPlan(expression(anyType(), input), isDescending: chance(50), nullsFirst: chance(50))
      })
  }

  private mutating func union(_ input: Plan) -> Plan {
    .union([input, .filter(input, expression(.boolean, input))] + (chance(30) ? [input] : []))
  }

  private mutating func condition(_ input: Plan) -> Expr {
    guard let event = input.log?.event, chance(85) else { return expression(.boolean, input) }
    let overload = Catalogue.scalar("=")?.overloads.firstIndex { $0.parameters[0].type == .text } ?? 0
    let name = expressions.data.dice.pick(RandomData.eventNames)
    return .call("=", overload: overload, [.column(event, .text), .literal(.text(name), .text)], .boolean)
  }

  private mutating func funnel(_ input: Plan) -> Plan {
    let steps = (0...below(4)).map {
      FunnelPlan.Step(name: "s\($0)", condition: condition(input), isImmediate: false)
    }
    let breakdown: FunnelPlan.Breakdown = chance(60) ? .first : chance(50) ? .last : .step(below(steps.count))
    return .funnel(
      FunnelPlan(
        input: input, steps: steps,
        within: chance(30)
          ? nil : expressions.data.dice.pick([0, 3_600_000_000, 86_400_000_000, 604_800_000_000]),
        ties: chance(70) ? .any : .strict, entry: chance(70) ? .best : .first,
        groups: (0..<below(2)).map { _ in named(input) }, breakdown: breakdown))
  }

  private mutating func retention(_ input: Plan) -> Plan {
    .retention(
      RetentionPlan(
        input: input, start: condition(input), comeback: condition(input),
        unit: expressions.data.dice.pick([.hour, .day, .day, .week, .month, .quarter, .year]),
        periods: Int64(below(6)), mode: chance(50) ? .calendar : .rolling,
        criterion: chance(50) ? .on : .onOrAfter,
        cohort: expressions.data.dice.pick([.firstEver, .firstInRange, .recurring]),
        range: chance(30) ? expression(.boolean, input) : nil,
        groups: (0..<below(2)).map { _ in named(input) }))
  }
}
