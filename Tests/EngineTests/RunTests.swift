import EventStore
import Functions
import Planning
import Synchronization
import Testing
import Values

@testable import Engine

@Suite struct RunTests {
  private let context = EvaluationContext(timeZone: .utc)

  private func inputs(rows: Int, threads: Int = 2, memoryBytes: Int = 1 << 30) throws -> ExecutionInputs {
    var inputs = ExecutionInputs(
      logs: ["log": try RandomLog.log(rows: rows, seed: 7)], context: context,
      limits: ExecutionLimits(threads: threads, memoryBytes: memoryBytes))
    inputs.chunking = Chunking(morselRows: 60, batchRows: 16)
    return inputs
  }

  @Test func everyNumberOfThreadsGivesTheSameBits() throws {
    // Sevenths are not exact: a sum in another order has other bits.
    let seventh = call("/", price, .literal(.double(7), .double))
    let plans = [
      Plan.aggregate(
        events, keys: [named("country", country)], [aggregate("sum", seventh), aggregate("avg", seventh)]),
      .aggregate(events, keys: [], [aggregate("sum", seventh), aggregate("count", country, distinct: true)]),
      .windows(events, [window(.prior, hours: 5, aggregate("sum", seventh))]),
      .limit(.filter(events, flag), count: 70, offset: 5),
      .sessions(SessionsPlan(input: events, gap: 3_600_000_000)),
    ]
    func bits(threads: Int) throws -> [[[UInt64?]]] {
      try Engine.run(plans, inputs: inputs(rows: 700, threads: threads)).map { result in
        try result.get().columns.map {
          $0.scalars.map { $0.number?.bitPattern ?? $0.integral.map { UInt64(bitPattern: $0) } }
        }
      }
    }
    let one = try bits(threads: 1)
    #expect(one[1][0][0] != nil)
    for threads in [2, 3, 8] { #expect(try bits(threads: threads) == one) }
  }

  @Test func theFirstErrorInTheOrderOfRowsIsReported() throws {
    // Which morsel fails first in time differs, which is first in the log does not.
    let wild = call("*", amount, call("*", integer(.max / 3), amount))
    let plan = Plan.aggregate(events, keys: [], [aggregate("max", wild)])
    let messages = try [1, 2, 8].flatMap { threads in
      try (0..<5).map { _ in
        let result = Engine.run([plan], inputs: try inputs(rows: 700, threads: threads))[0]
        guard case .failure(let error) = result else { return "" }
        return error.message
      }
    }
    #expect(Set(messages).count == 1)
    #expect(messages[0] != "")
  }

  @Test func memoryIsLimited() throws {
    let small = try inputs(rows: 700, memoryBytes: 2000)
    for plan in [
      events, .aggregate(events, keys: [named("ts", time), named("user", user)], [aggregate("count")]),
      .aggregate(events, keys: [], [aggregate("count", time, distinct: true)]), .union([events, events]),
    ] {
      let result = Engine.run([plan], inputs: small)[0]
      #expect(throws: ExecutionError.self) { try result.get() }
      guard case .failure(let error) = result else { continue }
      #expect(error.message == "the result needs more than 0 MB: aggregate or limit it")
    }
    let count = Engine.run([.aggregate(events, keys: [], [aggregate("count")])], inputs: small)[0]
    #expect(try count.get().row(0) == [.integer(700)])
    #expect(try Engine.run([.limit(events, count: 3, offset: 0)], inputs: small)[0].get().count == 3)
  }

  @Test func aRunIsCancelledBetweenBatches() throws {
    let asked = Atomic<Int>(0)
    var cancelled = try inputs(rows: 700, threads: 1)
    cancelled.limits.isCancelled = { asked.wrappingAdd(1, ordering: .relaxed).oldValue >= 5 }
    for result in Engine.run(
      [events, .aggregate(events, keys: [], [aggregate("count", time)])], inputs: cancelled)
    {
      #expect(throws: ExecutionError.cancelled) { try result.get() }
    }
    #expect(asked.load(ordering: .relaxed) < 12)
  }

  @Test func aLimitReadsNoFurtherThanItMust() throws {
    let asked = Atomic<Int>(0)
    var counted = try inputs(rows: 700, threads: 1)
    counted.limits.isCancelled = {
      asked.add(1, ordering: .relaxed)
      return false
    }
    #expect(try Engine.run([.limit(events, count: 4, offset: 1)], inputs: counted)[0].get().count == 4)
    #expect(asked.load(ordering: .relaxed) < 5)
  }

  @Test func aMissingSourceIsAnErrorOfItsPlanAlone() throws {
    let other = Plan.relation("other", [Field("x", .integer)])
    let results = Engine.run(
      [other, .sort(other, []), .limit(events, count: 1, offset: 0)], inputs: try inputs(rows: 9))
    #expect(throws: ExecutionError("no relation named 'other' was given")) { try results[0].get() }
    #expect(throws: ExecutionError("no relation named 'other' was given")) { try results[1].get() }
    #expect(try results[2].get().count == 1)
    let nothing = Engine.run([events], inputs: ExecutionInputs(context: context))
    #expect(throws: ExecutionError("no source named 'log' was given")) { try nothing[0].get() }
    #expect(Engine.run([], inputs: try inputs(rows: 3)).isEmpty)
  }

  @Test func expressionsAndAggregatesOverTables() throws {
    let table = RandomLog.table(rows: 30, seed: 9)
    let doubled = try Engine.evaluate(call("+", amount, amount), over: table, context: context)
    #expect(doubled.scalars == table.columns[4].scalars.map { $0.integral.map { .integer(2 * $0) } ?? .null })
    let total = aggregate("sum", amount, where: flag)
    let expected = (0..<30).reduce(Int64(0)) { sum, row in
      table.columns[6][row] == .boolean(true) ? sum + (table.columns[4][row].integral ?? 0) : sum
    }
    #expect(try Engine.aggregate(total, over: table, context: context) == .integer(expected))
    let empty = RandomLog.table(rows: 0, seed: 9)
    #expect(try Engine.aggregate(total, over: empty, context: context) == .null)
    #expect(try Engine.aggregate(aggregate("count"), over: empty, context: context) == .integer(0))
    #expect(try Engine.evaluate(integer(4), over: empty, context: context).count == 0)
    #expect(try Engine.evaluate(integer(4), over: table, context: context).count == 30)
    #expect(throws: ExecutionError.self) {
      try Engine.evaluate(call("+", integer(.max), integer(1)), over: table, context: context)
    }
  }

  @Test func sumsOfAWindowThatFitAreFoundThoughAllTogetherDoNot() throws {
    let half = call("*", call("-", call("*", amount, integer(0)), integer(1)), integer(.max / 2))
    try expectAgreement(
      .windows(
        .filter(events, call("is not null", amount)), [window(.prior, hours: 1, aggregate("count", half))]))
    let alternating = Expr.conditional(
      [.init(condition: call("=", event, text("buy")), value: integer(.max))], otherwise: integer(-.max),
      .integer)
    let few = Plan.filter(events, call("<>", user, text("giant")))
    let lone = Plan.filter(few, .isIn(event, [.text("buy")], orNull: false))
    try expectAgreement(.windows(lone, [window(.lifetime, aggregate("avg", alternating))]))
    try expectAgreement(
      .windows(
        .filter(events, call("=", user, text("u1"))),
        [window(.prior, hours: 1, aggregate("sum", alternating))]))
  }

  @Test func storedWidthsAndSecondsAreComparedAsTheyLie() throws {
    let base: Int64 = 1_772_300_000_000_000
    let seconds: [UInt32] = [0, 1, 1, 5, .max]
    let small: [Int8] = [-128, -1, 0, 1, 127]
    let column = { (type: ScalarType, encoding: StoredColumn.Encoding, owner: AnyObject) in
      StoredColumn(type: type, encoding: encoding, count: 5, owner: owner)
    }
    let memory = Memory()
    let fractions = memory.hold([999_999, 0, 1, 0, 5] as [UInt32])
    let names = TextDictionary(["a", "b"])
    for microseconds in [nil, fractions] as [UnsafePointer<UInt32>?] {
      let log = EventLog(
        schema: [Field("e", .integer), Field("ts", .timestamp), Field("event", .text), Field("n", .integer)],
        roles: LogRoles(entity: "e", time: "ts", event: "event"), rowCount: 5, entityCount: 1,
        fingerprint: "",
        offsets: memory.hold([0, 5]),
        entities: StoredColumn(
          type: .integer, encoding: .integers64(memory.hold([42])), count: 1, owner: memory),
        columns: [
          nil,
          column(.timestamp, .seconds(memory.hold(seconds), base: base, microseconds: microseconds), memory),
          column(.text, .codes8(memory.hold([0, 1, 0, 1, 0]), names), memory),
          column(.integer, .integers8(memory.hold(small)), memory),
        ], times: base...(base + 4_294_967_296_000_000), owner: memory)
      let plan = Plan.events(
        EventsPlan(source: "log", schema: log.schema, log: LogColumns(entity: 0, time: 1, event: 2)))
      let bounds: [Int64] = [
        .min, base - 1, base, base + 1, base + 999_999, base + 1_000_000, base + 1_000_001, .max,
      ]
      let numbers: [Int64] = [.min, -129, -128, -1, 0, 127, 128, .max]
      for name in ["=", "<>", "<", "<=", ">", ">="] {
        let byTime = bounds.map { call(name, time, literal(.timestamp($0))) }
        let byNumber = numbers.map { call(name, .column(3, .integer), integer($0)) }
        for condition in byTime + byNumber {
          let oracle = Oracle(log: log, context: context)
          let expected = try oracle.rows(.filter(plan, condition))
          let found = try Engine.run(
            [.filter(plan, condition)], inputs: ExecutionInputs(logs: ["log": log], context: context))[0]
            .get()
          #expect((0..<found.count).map { found.row($0) } == expected)
        }
      }
    }
  }
}

/// Keeps arrays in place.
private final class Memory {
  private var blocks: [UnsafeMutableRawPointer] = []

  func hold<T: BitwiseCopyable>(_ values: [T]) -> UnsafePointer<T> {
    let block = UnsafeMutablePointer<T>.allocate(capacity: values.count)
    block.initialize(from: values, count: values.count)
    blocks.append(UnsafeMutableRawPointer(block))
    return UnsafePointer(block)
  }

  deinit { for block in blocks { block.deallocate() } }
}
