import EventStore
import Functions
import Planning
import Testing
import Values

@testable import Engine

/// Attribution against the worked cases, and against dividing each conversion by itself on random logs.
struct AttributionTests {
  static let models: [AttributionPlan.Model] = [
    .last, .first, .linear, .position, .timeDecay(halfLife: 5 * 3_600_000_000), .participation,
  ]
  private let credit = named("country", country)

  @Test(arguments: OperatorCases.of("attribution"))
  func workedCases(_ known: OperatorCases.Case) throws {
    let options = known.options
    let property = try #require(options.prop)
    let log = try known.log(property: property)
    var touch = isEvent(options.touch ?? [])
    if let ignored = options.ignore { touch = call("and", touch, call("not", isProperty(ignored))) }
    let plan = AttributionPlan(
      input: known.events(log), touch: touch, conversion: isEvent(options.conversion ?? []),
      within: try #require(options.lookback) * 1_000_000, model: try model(options.model),
      credit: named(property, .column(3, .text)))
    let found = try rows(.attribute(plan), log)
    #expect(found.map { $0[0].text } == known.expected.map(\.value))
    for (row, expected) in zip(found, known.expected) {
      #expect(isClose(row[1], .double(try #require(expected.credit))))
    }
  }

  @Test func thereAreCases() { #expect(OperatorCases.of("attribution").count == 4) }

  @Test(arguments: models, [nil, 0, 3, 1000] as [Int64?])
  func randomLogs(_ model: AttributionPlan.Model, _ hours: Int64?) throws {
    for (size, seed) in [(0, 1), (1, 2), (60, 3), (300, 4)] as [(Int, UInt64)] {
      let log = try RandomLog.log(rows: size, seed: seed)
      for from in [nil, 1_772_300_000_000_000 + 20 * 3_600_000_000] as [Int64?] {
        for groups in [[], [named("amount", amount)]] {
          let plan = AttributionPlan(
            input: .filter(events, call("<>", event, text("a b"))), touch: isEvent(["view", "open", "zeta"]),
            conversion: isEvent(["buy", "zeta"]), within: hours.map { $0 * 3_600_000_000 }, model: model,
            credit: credit, value: named("price", price), from: from, groups: groups)
          let expected = try PlainAttribution(plan, log).rows()
          try forEachDivision(.attribute(plan), log) { expectClose($0.plainRows, expected) }
        }
      }
    }
  }

  /// Shares of a conversion sum to 1, whatever the model but participation.
  @Test(arguments: models.dropLast())
  func sharesAddUp(_ model: AttributionPlan.Model) throws {
    let log = try RandomLog.log(rows: 900, seed: 11)
    let plan = AttributionPlan(
      input: events, touch: isEvent(["view", "open"]), conversion: isEvent(["buy"]),
      within: 9 * 3_600_000_000, model: model, credit: credit)
    let found = try rows(.attribute(plan), log)
    let conversions = try Oracle(log: log, context: EvaluationContext(timeZone: .utc)).rows(events)
      .count { $0[2] == .text("buy") }
    #expect(abs(found.reduce(0) { $0 + ($1[1].number ?? 0) } - Double(conversions)) < 1e-9)
    #expect(abs(found.reduce(0) { $0 + ($1[2].number ?? 0) } - 1) < 1e-12)
  }

  /// A row that is both is a touch of its own conversion; where the conditions have no row in common none is.
  @Test func aRowThatIsBothIsItsOwnTouch() throws {
    let log = try log([("u1", 5, "buy", "mail"), ("u2", 5, "buy", "ads"), ("u2", 2, "view", "seo")])
    func credits(_ touch: [String]) throws -> [[Scalar]] {
      let plan = AttributionPlan(
        input: events, touch: isEvent(touch), conversion: isEvent(["buy"]), model: .last, credit: credit)
      return try rows(.attribute(plan), log).map { Array($0[0...1]) }
    }
    #expect(try credits(["buy", "view"]) == [[.text("ads"), .double(1)], [.text("mail"), .double(1)]])
    #expect(try credits(["view"]) == [[.text("(none)"), .double(1)], [.text("seo"), .double(1)]])
  }

  /// Rows of one time are in no order: the order in which they were read changes nothing.
  @Test(arguments: models)
  func tiesAreInNoOrder(_ model: AttributionPlan.Model) throws {
    let touches: [(String, Int64, String, String?)] = [
      ("u", 1, "view", "a"), ("u", 1, "view", "b"), ("u", 3, "view", "c"), ("u", 7, "view", "a"),
      ("u", 7, "view", nil), ("u", 7, "buy", nil), ("u", 7, "view", "c"),
    ]
    let plan = AttributionPlan(
      input: events, touch: isEvent(["view"]), conversion: isEvent(["buy"]), model: model, credit: credit)
    let expected = try rows(.attribute(plan), log(touches))
    #expect(expected.count >= 2)
    expectClose(try rows(.attribute(plan), log(touches.reversed())), expected)
  }

  /// The text that stands for no touch may also be a touch's own.
  @Test func noneIsOneRow() throws {
    let log = try log([("u1", 1, "view", "(none)"), ("u1", 2, "buy", nil), ("u2", 1, "buy", nil)])
    let plan = AttributionPlan(
      input: events, touch: isEvent(["view"]), conversion: isEvent(["buy"]), model: .last, credit: credit)
    #expect(
      try rows(.attribute(plan), log) == [[.text("(none)"), .double(2), .double(1), .integer(1)]])
  }

  /// Touches that lie thousands of half lives apart leave numbers behind, not NaN.
  @Test func aShortHalfLifeIsTheLastTouch() throws {
    let log = try log([("u", 1, "view", "a"), ("u", 30, "view", "b"), ("u", 39, "buy", nil)])
    let plan = AttributionPlan(
      input: events, touch: isEvent(["view"]), conversion: isEvent(["buy"]), model: .timeDecay(halfLife: 1),
      credit: credit)
    #expect(try rows(.attribute(plan), log) == [[.text("b"), .double(1), .double(1), .integer(1)]])
  }

  /// An entity with very many touches and conversions takes no time that grows with their product.
  @Test(arguments: models)
  func aBusyEntity(_ model: AttributionPlan.Model) throws {
    let count = 20_000
    let base: Int64 = 1_772_300_000
    let columns = [
      Column(repeating: .text("robot"), type: .text, count: count),
      Column.integers((0..<count).map { (base + Int64($0)) * 1_000_000 }, as: .timestamp),
      Column(.text, (0..<count).map { .text($0 % 2 == 0 ? "view" : "buy") }),
      Column(.text, (0..<count).map { .text("c\($0 % 3)") }),
    ]
    let log = try RandomLog.log(
      Table(schema: Array(RandomLog.schema.prefix(4)), columns: columns, count: count))
    let plan = AttributionPlan(
      input: .events(
        EventsPlan(source: "log", schema: log.schema, log: LogColumns(entity: 0, time: 1, event: 2))),
      touch: isEvent(["view"]), conversion: isEvent(["buy"]),
      within: 18_000_000_000, model: model, credit: credit)
    let found = try rows(.attribute(plan), log)
    #expect(found.map { $0[0] } == [.text("c0"), .text("c1"), .text("c2")])
    let sum = found.reduce(0) { $0 + ($1[1].number ?? 0) }
    #expect(model == .participation ? sum > 29_000 : abs(sum - 10_000) < 1e-6)
  }

  private func log(_ rows: [(String, Int64, String, String?)]) throws -> EventLog {
    let rest = [Scalar](repeating: .null, count: 4)
    let table = Table(
      schema: RandomLog.schema,
      columns: RandomLog.schema.indices.map { column in
        Column(
          RandomLog.schema[column].type,
          rows.map { row -> Scalar in
            let values: [Scalar] =
              [
                .text(row.0), .timestamp(1_772_300_000_000_000 + row.1 * 3_600_000_000), .text(row.2),
                row.3.map { .text($0) } ?? .null,
              ] + rest
            return values[column]
          })
      }, count: rows.count)
    return try RandomLog.log(table)
  }

  private func isProperty(_ values: [String]) -> Expr {
    .isIn(.column(3, .text), values.map { .text($0) }, orNull: false)
  }

  private func model(_ name: String?) throws -> AttributionPlan.Model {
    let models: [String: AttributionPlan.Model] = [
      "last": .last, "first": .first, "linear": .linear, "position": .position,
      "participation": .participation,
    ]
    return try #require(name.flatMap { models[$0] })
  }

  private func isClose(_ a: Scalar, _ b: Scalar) -> Bool {
    guard case .double(let left) = a, case .double(let right) = b else { return a == b }
    return abs(left - right) <= 1e-9 * max(1, abs(right))
  }

  private func expectClose(
    _ found: [[Scalar]], _ expected: [[Scalar]], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (row, other) in zip(found, expected) {
      let isEqual = row.count == other.count && zip(row, other).allSatisfy { isClose($0, $1) }
      #expect(isEqual, "\(row) for \(other)", sourceLocation: sourceLocation)
    }
  }
}

/// Divides each conversion by itself: each place among its touches has a weight, and touches of one time have the mean
/// of the weights of their places.
private struct PlainAttribution {
  let plan: AttributionPlan
  let oracle: Oracle

  init(_ plan: AttributionPlan, _ log: EventLog) {
    self.plan = plan
    oracle = Oracle(log: log, context: EvaluationContext(timeZone: .utc))
  }

  func rows() throws -> [[Scalar]] {
    var sums: [[Scalar]: (credit: Double, touches: Int64, value: Double)] = [:]
    var conversions: [[Scalar]: Double] = [:]
    let input = try oracle.rows(plan.input)
    let touchesOfEntity = Dictionary(
      grouping: try input.filter { try oracle.value(plan.touch, $0) == .boolean(true) }, by: { $0[0] })
    for conversion in input where try oracle.value(plan.conversion, conversion) == .boolean(true) {
      let time = conversion[1].integral ?? 0
      if let from = plan.from, time < from { continue }
      let group = try plan.groups.map { try oracle.value($0.expression, conversion) }
      let value = try plan.value.flatMap { try oracle.value($0.expression, conversion).number } ?? 0
      conversions[group, default: 0] += 1
      let touches = touchesOfEntity[conversion[0], default: []].filter { row in
        let distance = time - (row[1].integral ?? 0)
        return distance >= 0 && plan.within.map { distance <= $0 } ?? true
      }.sorted { ($0[1].integral ?? 0) < ($1[1].integral ?? 0) }
      if touches.isEmpty {
        let sum = sums[group + [.text("(none)")]] ?? (0, 0, 0)
        sums[group + [.text("(none)")]] = (sum.credit + 1, sum.touches, sum.value + value)
        continue
      }
      let times = touches.map { $0[1].integral ?? 0 }
      let credits = credits(times, of: time)
      let values = try touches.map { try oracle.value(plan.credit.expression, $0) }
      for name in Set(values) {
        let own = values.indices.filter { values[$0] == name }
        let credit = plan.model == .participation ? 1 : own.reduce(0) { $0 + credits[$1] }
        let sum = sums[group + [name]] ?? (0, 0, 0)
        sums[group + [name]] = (
          sum.credit + credit, sum.touches + Int64(own.count), sum.value + credit * value
        )
      }
    }
    let keys = sums.filter { $0.value.credit > 0 }.map(\.key)
    return oracle.ordered(keys, by: Array(0...plan.groups.count)).compactMap { key in
      guard let sum = sums[key], let all = conversions[Array(key.dropLast())] else { return nil }
      return key + [
        .double(sum.credit), .double(sum.credit / all), .integer(sum.touches), .double(sum.value),
      ]
    }
  }

  private func credits(_ times: [Int64], of time: Int64) -> [Double] {
    let count = times.count
    var weights = [Double](repeating: 0, count: count)
    switch plan.model {
    case .first: weights[0] = 1
    case .last: weights[count - 1] = 1
    case .linear, .participation: weights = weights.map { _ in 1 / Double(count) }
    case .position where count == 1: weights = [1]
    case .position where count == 2: weights = [0.5, 0.5]
    case .position:
      weights = weights.map { _ in 0.2 / Double(count - 2) }
      (weights[0], weights[count - 1]) = (0.4, 0.4)
    case .timeDecay(let halfLife):
      var ages = times.map { Double(times[count - 1] - $0) / Double(halfLife) }
      ages = ages.map { age in
        (0..<Int(age)).reduce(1) { weight, _ in weight / 2 } * half(age - age.rounded(.down))
      }
      let total = ages.reduce(0, +)
      return ages.map { $0 / total }
    }
    return times.map { tied in
      let places = times.indices.filter { times[$0] == tied }
      return places.reduce(0) { $0 + weights[$1] } / Double(places.count)
    }
  }

  /// Two to the power of minus a part of one, by its series.
  private func half(_ part: Double) -> Double {
    let x = -part * 0.693147180559945309
    return (1...30).reversed().reduce(1.0) { 1 + x / Double($1) * $0 }
  }
}
