import EventStore
import Functions
import Planning
import Testing
import Values

@testable import Engine

/// Groups that are the entities of a log, which are finished with their morsel.
struct EntityAggregateTests {
  /// A text that is the user's, but no column of the log: it is grouped by like any other.
  private static let spelled = call("||", user, text(""))

  private static let calls: [[AggregateCall]] = [
    [],
    [aggregate("count"), aggregate("sum", price), aggregate("sum", amount), aggregate("avg", price)],
    [
      aggregate("count", where: flag), aggregate("sum", price, where: flag),
      aggregate("min", country, where: flag),
      aggregate("count_if", flag, where: call("=", event, text("buy"))),
      aggregate("last", country, where: call("=", event, text("buy"))), aggregate("max", time),
    ],
    [
      aggregate("median", price), aggregate("count", country, distinct: true),
      aggregate("sum", amount, distinct: true, where: flag), aggregate("count", user, distinct: true),
      aggregate("count", user, distinct: true, where: flag), aggregate("stddev", price),
    ],
  ]

  @Test func entitiesAreGroupsLikeOthers() throws {
    for (rows, seed) in [(0, 1), (1, 2), (300, 3)] as [(Int, UInt64)] {
      let log = try RandomLog.log(rows: rows, seed: seed)
      for input in [events, .filter(events, flag), .filter(events, call("=", event, text("buy")))] {
        for calls in Self.calls {
          let plan = Plan.aggregate(input, keys: [named("user", user)], calls)
          let plain = Plan.aggregate(input, keys: [named("user", Self.spelled)], calls)
          let inputs = ExecutionInputs(logs: ["log": log], context: EvaluationContext(timeZone: .utc))
          let expected = try Engine.run([plain], inputs: inputs)[0].get().plainRows
          // An entity's rows are in one batch, however the log is divided: its sums have the same last bit.
          try forEachDivision(plan, log) { #expect($0.plainRows == expected) }
        }
      }
    }
  }

  @Test func anErrorOfOneEntityIsTheQuerys() throws {
    let log = try RandomLog.log(rows: 60, seed: 4)
    let large = Expr.conditional(
      [.init(condition: call("=", event, text("buy")), value: integer(.max))], otherwise: integer(1), .integer
    )
    let plan = Plan.aggregate(events, keys: [named("user", user)], [aggregate("sum", large)])
    var messages: Set<String> = []
    for chunking in [Chunking(morselRows: 1, batchRows: 1), Chunking()] {
      for threads in [1, 4] {
        var inputs = ExecutionInputs(
          logs: ["log": log], context: EvaluationContext(timeZone: .utc),
          limits: ExecutionLimits(threads: threads))
        inputs.chunking = chunking
        if case .failure(let error) = Engine.run([plan], inputs: inputs)[0] { messages.insert(error.message) }
      }
    }
    #expect(messages.count == 1)
    #expect(messages.first?.hasSuffix("does not fit a 64-bit integer") ?? false)
  }

  @Test func groupsBeyondTheMemoryAreRefused() throws {
    let log = try RandomLog.log(rows: 300, seed: 5)
    let plan = Plan.aggregate(events, keys: [named("user", user)], [aggregate("count")])
    for chunking in [Chunking(morselRows: 1, batchRows: 1), Chunking()] {
      var inputs = ExecutionInputs(logs: ["log": log], context: EvaluationContext(timeZone: .utc))
      inputs.limits.memoryBytes = 100
      inputs.chunking = chunking
      guard case .failure(let error) = Engine.run([plan], inputs: inputs)[0] else {
        Issue.record("more than 100 bytes were kept")
        continue
      }
      #expect(error.message.hasPrefix("the result needs more than"))
    }
  }
}
