import Planning
import Testing
import Values

@testable import Engine

@Suite struct OperatorTests {
  private let isView = call("=", event, text("view"))

  @Test func eventsComeInTheOrderOfEntityAndTime() throws { try expectAgreement(events) }

  @Test(arguments: [
    call("=", event, text("view")), call("<>", event, text("buy")), call("=", country, text("nowhere")),
    call("<>", country, text("DE")), call("=", text("DE"), country), call("<", country, text("US")),
    .isIn(event, [.text("view"), .text("zeta"), .text("none")], orNull: false),
    .isIn(country, [.text("DE"), .text("US")], orNull: true),
    .isIn(amount, [.integer(1), .integer(-4)], orNull: false),
    .isIn(price, [.double(0.25), .double(0)], orNull: true), .isIn(flag, [.boolean(true)], orNull: false),
    call(">", amount, integer(0)), call("<=", integer(2), amount), call("<>", amount, integer(1)),
    call("<", amount, integer(.min)), call(">", amount, integer(.max)), call(">=", amount, integer(.min)),
    call(">=", time, literal(.timestamp(1_772_340_000_000_000))), flag, call("not", flag),
    call("or", call("=", event, text("view")), flag), call("and", flag, call("=", country, text("DE"))),
    call("and", call("not", flag), call("or", flag, call(">", amount, integer(1)))),
    call("or", call("is null", country), call("not", call("and", flag, call("=", amount, integer(1))))),
  ])
  func conditions(condition: Expr) throws {
    try expectAgreement(.filter(events, condition))
    try expectAgreement(.filter(.filter(events, isView), condition))
    try expectAgreement(.extend(events, [named("holds", condition)]))
  }

  @Test func branchesAreComputedWhereTheyAreReached() throws {
    let parsed = Expr.conditional(
      [
        .init(condition: call("=", event, text("view")), value: integer(7)),
        .init(condition: flag, value: call("+", amount, integer(1))),
      ], otherwise: .coalesce([amount, integer(0)], .integer), .integer)
    let label = Expr.conditional(
      [.init(condition: flag, value: country), .init(condition: isView, value: text("seen"))],
      otherwise: nil, .text)
    let place = Expr.coalesce([country, label, text("?")], .text)
    let plan = Plan.extend(events, [named("parsed", parsed), named("label", label), named("place", place)])
    try expectAgreement(plan)
    try expectAgreement(
      .aggregate(plan, keys: [named("place", .column(10, .text))], [aggregate("count")]))
  }

  @Test func errorsOccurOnlyWhereTheyAreReached() throws {
    let overflow = call(">", call("+", amount, integer(.max)), integer(0))
    let never = call("<", amount, integer(-100))
    try expectAgreement(.filter(events, call("and", never, overflow)))
    try expectAgreement(
      .extend(
        events,
        [named("x", .conditional([.init(condition: never, value: overflow)], otherwise: nil, .boolean))]))
    let log = try RandomLog.log(rows: 40, seed: 1)
    let inputs = ExecutionInputs(logs: ["log": log], context: .init(timeZone: .utc))
    let results = Engine.run([.filter(events, overflow), events], inputs: inputs)
    #expect(throws: ExecutionError.self) { try results[0].get() }
    #expect(try results[1].get().count == 40)
  }

  @Test func projectionsRenameAndReorder() throws {
    let plan = Plan.project(
      .filter(.extend(events, [named("double", call("+", amount, amount))]), isView),
      [named("twice", .column(8, .integer)), named("who", user), named("one", integer(1))])
    try expectAgreement(plan)
    try expectAgreement(.filter(plan, call(">", .column(0, .integer), integer(0))))
  }

  @Test func limitsKeepTheFirstRows() throws {
    for (count, offset) in [(0, 0), (5, 0), (7, 3), (1000, 20), (3, 1000), (Int64.max, 2)] as [(Int64, Int64)]
    {
      try expectAgreement(.limit(.filter(events, isView), count: count, offset: offset))
    }
  }

  @Test func sortsAreStable() throws {
    for (isDescending, nullsFirst) in [(false, false), (true, false), (false, true), (true, true)] {
      let keys = [country, price, flag].map {
        SortPlan($0, isDescending: isDescending, nullsFirst: nullsFirst)
      }
      try expectAgreement(.sort(events, keys))
      try expectAgreement(.limit(.sort(events, [keys[1]]), count: 9, offset: 1))
    }
    try expectAgreement(
      .sort(events, [SortPlan(call("+", amount, integer(1)), isDescending: true, nullsFirst: true)]))
  }

  @Test func distinctRowsAndUnions() throws {
    let places = Plan.project(events, [named("country", country), named("flag", flag)])
    let other = Plan.project(
      events, [named("country", .coalesce([country, event], .text)), named("flag", call("not", flag))])
    try expectAgreement(.distinct(places))
    try expectAgreement(.distinct(.union([places, other, places])))
    try expectAgreement(.union([other, .filter(places, .column(1, .boolean))]))
  }

  @Test(arguments: JoinPlan.Kind.all)
  func joins(kind: JoinPlan.Kind) throws {
    let table = Table(
      schema: [Field("place", .text), Field("size", .integer)],
      columns: [
        Column(.text, ["US", "DE", "DE", "XX", "", nil].map { $0.map { .text($0) } ?? .null }),
        Column(.integer, [1, 2, 3, 4, 5, 6].map { .integer($0) }),
      ])
    let right = Plan.relation("places", table.schema)
    let ofRight = [NamedExpr](
      kind == .semi || kind == .anti
        ? [] : [named("place", .column(8, .text)), named("size", .column(9, .integer))])
    let output = [named("user_id", user), named("ts", time), named("country", country)] + ofRight
    let condition = call("<", amount, .column(9, .integer))
    for (left, rightKeys, condition) in [
      ([country], [Expr.column(0, .text)], nil), ([country], [.column(0, .text)], condition),
      ([], [], condition), ([amount, country], [.column(1, .integer), .column(0, .text)], nil),
    ] as [([Expr], [Expr], Expr?)] {
      let plan = Plan.join(
        JoinPlan(
          kind: kind, left: .filter(events, isView), right: right, leftKeys: left, rightKeys: rightKeys,
          condition: condition, output: output))
      try expectAgreement(plan, tables: ["places": table])
      guard plan.log != nil else { continue }
      let counted = Plan.windows(plan, [window(.prior, aggregate("count", .column(2, .text)))])
      try expectAgreement(counted, tables: ["places": table])
    }
  }

  @Test func theRightSideMayBeChosenByWhatIsNotANumber() throws {
    let table = Table(
      schema: [Field("place", .text)], columns: [Column(.text, ["US", "DE"].map { .text($0) })])
    for isIn in [[Scalar.double(.nan)], [.double(2)]] {
      let right = Plan.filter(
        .relation("places", table.schema), .isIn(literal(.double(.nan)), isIn, orNull: false))
      let join = JoinPlan(
        kind: .semi, left: events, right: right, leftKeys: [country], rightKeys: [.column(0, .text)],
        condition: nil, output: [named("user_id", user), named("ts", time)])
      try expectAgreement(.filter(.join(join), literal(.boolean(true))), tables: ["places": table])
    }
  }

  @Test func theRightSideMayBeAnAggregateOfTheSameLog() throws {
    let firsts = Plan.aggregate(events, keys: [named("user_id", user)], [aggregate("min", time)])
    let join = Plan.join(
      JoinPlan(
        kind: .inner, left: events, right: firsts, leftKeys: [user], rightKeys: [.column(0, .text)],
        condition: nil,
        output: [named("user_id", user), named("since", call("-", time, .column(9, .timestamp)))]))
    try expectAgreement(
      .aggregate(
        join, keys: [named("since", .column(1, .duration))], [aggregate("count", user, distinct: true)]))
  }

  @Test func sessionsFollowTheirRules() throws {
    let hour: Int64 = 3_600_000_000
    let zone = try #require(TimeZoneRules(named: "America/New_York"))
    for plan in [
      SessionsPlan(input: events, gap: hour), SessionsPlan(input: events, gap: 0),
      SessionsPlan(input: .filter(events, isView), gap: 3 * hour, maximum: 4 * hour),
      SessionsPlan(input: events, gap: 100 * hour, split: .daily),
      SessionsPlan(input: events, gap: 2 * hour, key: country),
    ] {
      try expectAgreement(.sessions(plan))
      try expectAgreement(.sessions(plan), timeZone: zone)
      let ids = Expr.column(8, .text)
      try expectAgreement(
        .aggregate(
          .sessions(plan), keys: [named("country", country)], [aggregate("count", ids, distinct: true)]))
    }
  }
}

extension JoinPlan.Kind {
  static var all: [JoinPlan.Kind] { [.inner, .left, .right, .full, .semi, .anti] }
}
