import Functions
import Planning
import TestSupport
import Values

/// Well-typed plans over a log and a table, of all operators.
struct RandomPlans {
  var expressions: RandomExpressions
  private var names = 0

  init(seed: UInt64) { expressions = RandomExpressions(RandomData(dice: Dice(seed))) }

  mutating func below(_ end: Int) -> Int { expressions.data.dice.below(end) }
  mutating func chance(_ percent: Int) -> Bool { expressions.data.dice.chance(percent) }

  static let log = Plan.events(
    EventsPlan(source: "log", schema: RandomData.events, log: LogColumns(entity: 0, time: 1, event: 2)))
  static let users = Plan.relation("users", RandomData.users)

  mutating func plan() -> Plan {
    var plan = chance(85) ? RandomPlans.log : RandomPlans.users
    for _ in 0..<below(4) { plan = step(plan) }
    for _ in 0..<below(3) where !plan.isRounded {
      plan = plan.log != nil && chance(50) ? eventOperator(plan) : relationalOperator(plan)
    }
    return plan
  }

  private mutating func relationalOperator(_ input: Plan) -> Plan {
    switch below(7) {
    case 0...2: aggregate(input)
    case 3: sort(input)
    case 4: .limit(input, count: Int64(below(8)), offset: Int64(below(3)))
    case 5: .distinct(narrowed(input))
    default: union(input)
    }
  }

  /// A step after which a log is still one.
  private mutating func step(_ input: Plan) -> Plan {
    switch below(8) {
    case 1: return .filter(input, expression(.boolean, input))
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
    case 0 where input.log != nil && chance(50): return .filter(input, timeCondition(input))
    default: return .filter(input, expression(.boolean, input))
    }
  }

  private mutating func name() -> String {
    names += 1
    return "x\(names)"
  }

  mutating func expression(_ type: ScalarType, _ input: Plan) -> Expr {
    expressions.expression(type, input.schema, depth: 1 + below(3))
  }

  mutating func anyType() -> ScalarType { expressions.data.dice.pick(ScalarType.allCases) }

  mutating func named(_ input: Plan) -> NamedExpr {
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
}

extension Plan {
  /// Whether the result has what other engines round otherwise, as sums of thirds are, and correlations of 1: who orders
  /// or compares by it would have other rows.
  fileprivate var isRounded: Bool {
    switch self {
    case .attribute(let attribution):
      switch attribution.model {
      case .linear, .position, .timeDecay: true
      case .first, .last, .participation: false
      }
    case .aggregate(_, keys: _, let calls): calls.contains { $0.function == "corr" }
    case .events, .relation, .filter, .extend, .project, .windows, .activity, .sort, .limit, .distinct, .join,
      .union, .funnel, .lifecycle, .retention, .sessions, .paths:
      false
    }
  }
}
