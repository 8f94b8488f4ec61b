import EventStore
import Functions
import Planning
import Testing
import Values

@testable import Engine

/// The table of a plan over a log, which is the same to the last bit for every number of threads, and whose whole
/// numbers are the same however the log is divided.
///
/// Sums of fractions follow the division in their last digits, so those are compared by the caller, who is given the
/// table of each division.
func forEachDivision(
  _ plan: Plan, _ log: EventLog, timeZone: TimeZoneRules = .utc, _ body: (Table) throws -> Void
) throws {
  for chunking in [
    Chunking(morselRows: 1, batchRows: 1), Chunking(morselRows: 70, batchRows: 11), Chunking(),
  ] {
    var tables: [Table] = []
    for threads in [1, 4] {
      var inputs = ExecutionInputs(
        logs: ["log": log], context: EvaluationContext(timeZone: timeZone),
        limits: ExecutionLimits(threads: threads))
      inputs.chunking = chunking
      tables.append(try Engine.run([plan], inputs: inputs)[0].get())
    }
    #expect(tables[0].schema == plan.schema)
    #expect(tables[0].plainRows == tables[1].plainRows)
    try body(tables[0])
  }
}

extension Table {
  /// All rows as plain values.
  var plainRows: [[Scalar]] { (0..<count).map { row($0) } }
}
