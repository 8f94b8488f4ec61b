import ADBC
import Backends
import Engine
import EventStore
import Foundation
import Functions
import Planning
import SQL
import TestSupport
import Testing
import Values

/// Random plans on random data: the native engine and DuckDB give the same tables.
///
/// `DIFFERENTIAL=20000 swift test --filter Differential` runs so many; `DIFFERENTIAL_SEED` says where to begin.
@Suite struct Differential {
  @Test func nativeAndDuckDB() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["DIFFERENTIAL"].flatMap { UInt64($0) } ?? 300
    let first = environment["DIFFERENTIAL_SEED"].flatMap { UInt64($0) } ?? 1
    var outcomes: [Trial.Outcome: Int] = [:]
    var reasons: [String: Int] = [:]
    var differences = 0
    let database = try DuckDB()
    for seed in first..<(first + count) {
      let trial = Trial(seed: seed)
      if environment["DIFFERENTIAL_TRACE"] != nil { print("seed \(seed)\n\(try trial.document())") }
      let outcome = try trial.outcome(on: database)
      outcomes[outcome.kind, default: 0] += 1
      if let reason = outcome.reason { reasons[reason, default: 0] += 1 }
      guard outcome.kind == .differs else { continue }
      differences += 1
      if differences <= 12 {
        let small = try trial.shrunk(on: database)
        Issue.record("seed \(seed): \(try small.outcome(on: database).text ?? "")\n\(try small.document())")
      }
    }
    let told = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(40)
    print("differential:", outcomes.sorted { "\($0.key)" < "\($1.key)" }.map { "\($0.key) \($0.value)" })
    if environment["DIFFERENTIAL"] != nil { for (reason, count) in told { print("  \(count) \(reason)") } }
    #expect(differences == 0)
    // Most plans are held against each other, and not passed over.
    #expect(outcomes[.agrees, default: 0] * 2 > Int(count))
  }
}

/// One plan on one log and table.
struct Trial {
  enum Outcome: Hashable { case agrees, bothRefuse, refused, stopped, differs }

  struct Result {
    let kind: Outcome
    var reason: String?
    var text: String?
  }

  var plan: Plan
  var events: Table
  var users: Table
  var timeZone: TimeZoneRules

  init(seed: UInt64) {
    var plans = RandomPlans(seed: seed)
    plan = plans.plan()
    var data = RandomData(dice: Dice(seed &* 31 &+ 7))
    events = data.eventTable(rows: data.dice.pick([0, 1, 3, 12, 40, 90]))
    users = data.userTable(rows: data.dice.pick([0, 1, 8, 15]))
    let zones = ["UTC", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
    timeZone = TimeZoneRules(named: data.dice.pick(zones)) ?? .utc
  }

  func outcome(on database: DuckDB) throws -> Result {
    let inputs = try inputs()
    try load(inputs, into: database)
    let native = Engine.run([plan], inputs: inputs)[0]
    let found: Table
    do {
      found = try database.table(of: plan, timeZone: timeZone)
    } catch .refused(let refusal) {
      return Result(kind: .refused, reason: refusal.message)
    } catch .cancelled {
      return Result(kind: .stopped, reason: "it was given up")
    } catch .failed(let error) {
      guard case .success = native else { return Result(kind: .bothRefuse) }
      if error.message.contains("where the plan says") { return Result(kind: .differs, text: error.message) }
      let isOurs = ["on this engine", "no SQL"].contains { error.message.contains($0) }
      return Result(kind: isOurs ? .refused : .stopped, reason: String(error.message.prefix(100)))
    }
    switch native {
    // DuckDB does not compute what nothing needs; `FunctionAgreement` has what is refused of each function.
    case .failure: return Result(kind: .bothRefuse)
    case .success(let expected):
      let difference = TableDifference.first(found, expected)
      return Result(kind: difference == nil ? .agrees : .differs, text: difference)
    }
  }

  private func inputs() throws -> ExecutionInputs {
    let roles = LogRoles(entity: "user_id", time: "ts", event: "event")
    let log = try EventLog(table: events, roles: roles, fingerprint: "test")
    return ExecutionInputs(
      logs: ["log": log], tables: ["users": users], context: EvaluationContext(timeZone: timeZone),
      limits: ExecutionLimits(threads: 1))
  }

  private func load(_ inputs: ExecutionInputs, into database: DuckDB) throws {
    try database.load(events: Engine.run([RandomPlans.log], inputs: inputs)[0].get(), of: "log")
    try database.load(users, as: "users")
  }
}
