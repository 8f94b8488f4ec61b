import EventStore
import Functions
import Planning
import Testing
import Values

@testable import Engine

/// Expects a plan to give what the oracle gives, on logs of several sizes, however the log is divided and its nulls are
/// stored.
func expectAgreement(
  _ plan: Plan, tables: [String: Table] = [:], timeZone: TimeZoneRules = .utc,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  for (rows, seed) in [(0, 1), (1, 2), (40, 3), (160, 4)] as [(Int, UInt64)] {
    let log = try RandomLog.log(rows: rows, seed: seed)
    let context = EvaluationContext(timeZone: timeZone)
    let expected = try Oracle(log: log, tables: tables, context: context).rows(plan)
    let sparse = SparseLog.log(log)
    for (log, chunking) in [
      (log, Chunking(morselRows: 1, batchRows: 1)), (sparse, Chunking(morselRows: 48, batchRows: 9)),
      (log, Chunking()), (sparse, Chunking()),
    ] {
      for threads in [1, 3] {
        var inputs = ExecutionInputs(
          logs: ["log": log], tables: tables, context: context, limits: ExecutionLimits(threads: threads))
        inputs.chunking = chunking
        let table = try Engine.run([plan], inputs: inputs)[0].get()
        let found = (0..<table.count).map { table.row($0) }
        #expect(table.schema == plan.schema, sourceLocation: sourceLocation)
        guard found != expected else { continue }
        let differing =
          zip(found, expected).first { $0 != $1 }.map { "\($0) for \($1)" } ?? "nothing but the count"
        let counts = "\(found.count) rows for \(expected.count)"
        Issue.record("\(chunking): \(counts), first \(differing)", sourceLocation: sourceLocation)
        return
      }
    }
  }
}
