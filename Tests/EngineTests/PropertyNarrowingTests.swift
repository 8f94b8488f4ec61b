import EventStore
import Functions
import Planning
import TestSupport
import Testing
import Values

@testable import Engine

/// Plans that ask for values which few event names have give, of the runs of these names, what reading everything gives.
struct PropertyNarrowingTests {
  /// A log of which some names have some properties, and nameless events too.
  private static func log(rows: Int, seed: UInt64) throws -> EventLog {
    var table = RandomLog.table(rows: rows, seed: seed)
    // The day alone is known of events without a name.
    let names = table.columns[2].scalars.enumerated().map { $0 % 9 == 0 ? .null : $1 }
    table.columns[2] = Column(.text, names)
    let owners = [3: ["buy"], 4: ["buy", "open"], 5: ["zeta"], 6: ["zeta", "view"], 7: ["open"]]
    for (column, owners) in owners.sorted(by: { $0.key < $1.key }) {
      let values = table.columns[column].scalars.enumerated().map { row, value in
        owners.contains { .text($0) == names[row] } || column == 7 && row % 9 == 0 ? value : .null
      }
      table.columns[column] = Column(table.schema[column].type, values)
    }
    return SparseLog.log(try RandomLog.log(table))
  }

  private static func condition(_ dice: inout Dice, depth: Int) -> Expr {
    if depth > 0, dice.chance(60) {
      let sides = (condition(&dice, depth: depth - 1), condition(&dice, depth: depth - 1))
      switch dice.below(4) {
      case 0: return call("or", sides.0, sides.1)
      case 1: return call("not", sides.0)
      default: return call("and", sides.0, sides.1)
      }
    }
    let zero = literal(.double(0))
    return dice.pick([
      call("=", country, text("DE")), call("<>", country, text("US")), call("like", country, text("%")),
      call("=", call("upper", country), text("US")), .isIn(country, [.text(""), .text("日本")], orNull: false),
      .isIn(amount, [.integer(1), .integer(3)], orNull: true), call(">", amount, integer(0)),
      call(">", .coalesce([amount, integer(1)], .integer), integer(0)), call("is not null", price),
      call("is null", price), call("is not null", call("+", price, zero)), call("<", price, zero), flag,
      call("is distinct from", amount, integer(1)), call("=", event, text("open")),
      .conditional([.init(condition: flag, value: flag)], otherwise: literal(.boolean(true)), .boolean),
      call("is not null", day),
    ])
  }

  private static func plan(_ dice: inout Dice) -> Plan {
    let wanted = condition(&dice, depth: 2)
    let calls = [
      aggregate("count"), aggregate("sum", price), aggregate("sum", amount), aggregate("last", country),
    ]
    switch dice.below(9) {
    case 0: return .filter(events, wanted)
    case 1: return .aggregate(.filter(events, wanted), keys: [named("event", event)], calls)
    case 2:
      return .aggregate(
        events, keys: [], [aggregate("count_if", wanted), aggregate("sum", amount, where: wanted)])
    case 3:
      let derived = Plan.extend(events, [named("double", call("+", amount, amount))])
      return .filter(derived, call("and", call(">", .column(8, .integer), integer(-3)), wanted))
    case 4:
      let turned = [
        named("amount", amount), named("user_id", user), named("ts", time), named("price", price),
      ]
      let asked = dice.chance(50) ? Expr.column(0, .integer) : .column(3, .double)
      return .filter(.project(events, turned), call("is not null", asked))
    case 5:
      let before = window(.prior, aggregate("count_if", condition(&dice, depth: 1)))
      let after = window(.later, hours: 9, aggregate("sum", price, where: call("=", event, text("zeta"))))
      return .filter(.windows(.filter(events, wanted), [before, after]), condition(&dice, depth: 1))
    case 6: return .filter(.windows(events, [neighbour(amount, 1), neighbour(price, -1)]), wanted)
    case 7: return .filter(.sessions(SessionsPlan(input: events, gap: 7_200_000_000)), wanted)
    default:
      let steps = [wanted, condition(&dice, depth: 1)].enumerated().map {
        FunnelPlan.Step(name: "s\($0)", condition: $1, isImmediate: false)
      }
      return .funnel(FunnelPlan(input: events, steps: steps, within: 20 * 3_600_000_000))
    }
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func randomPlans(seed: UInt64) throws {
    var dice = Dice(seed)
    let sparse = try Self.log(rows: [0, 7, 90, 400][Int(seed) % 4], seed: seed)
    let unknowing = EventLog(
      schema: sparse.schema, roles: sparse.roles, rowCount: sparse.rowCount, entityCount: sparse.entityCount,
      fingerprint: "", offsets: sparse.offsets, entities: sparse.entities, columns: Array(sparse.columns),
      runs: nil,
      times: sparse.times, owner: sparse)
    let facts = LogFacts { _ in sparse }
    var narrowed = 0
    for _ in 0..<60 {
      let plan = Self.plan(&dice)
      let inputs = ExecutionInputs(
        logs: ["log": unknowing], context: EvaluationContext(timeZone: .utc))
      let expected = try Engine.run([plan], inputs: inputs)[0].get().plainRows
      if plan.narrowed(by: facts) != plan.narrowed(by: LogFacts(isReadByNames: facts.isReadByNames)) {
        narrowed += 1
      }
      // Prices are quarters: their sums are exact.
      try forEachDivision(plan, sparse) { #expect($0.plainRows == expected, "\(plan)") }
    }
    #expect(narrowed > (sparse.rowCount == 0 ? -1 : 5))
  }
}
