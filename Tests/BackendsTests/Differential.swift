import ADBC
import Backends
import Engine
import EventStore
import Foundation
import Functions
import Planning
import SQL
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
    for seed in first..<(first + count) {
      if environment["DIFFERENTIAL_TRACE"] != nil { print("seed", seed) }
      let trial = Trial(seed: seed)
      let outcome = try trial.outcome()
      outcomes[outcome.kind, default: 0] += 1
      if let reason = outcome.reason { reasons[reason, default: 0] += 1 }
      guard outcome.kind == .differs else { continue }
      differences += 1
      if differences <= 12 {
        let small = try trial.shrunk()
        Issue.record("seed \(seed): \(try small.outcome().text ?? "")\n\(try small.document())")
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

  func outcome() throws -> Result {
    let roles = LogRoles(entity: "user_id", time: "ts", event: "event")
    let log = try EventLog(table: events, roles: roles, fingerprint: "test")
    let inputs = ExecutionInputs(
      logs: ["log": log], tables: ["users": users], context: EvaluationContext(timeZone: timeZone),
      limits: ExecutionLimits(threads: 1))
    let results = Engine.run([plan, RandomPlans.log], inputs: inputs)
    let database = try DuckDB()
    try database.load(events: results[1].get(), of: "log")
    try database.load(users, as: "users")
    let found: Table
    do {
      found = try database.table(of: plan, timeZone: timeZone)
    } catch .refused(let refusal) {
      return Result(kind: .refused, reason: refusal.message)
    } catch .failed(let error) {
      guard case .success = results[0] else { return Result(kind: .bothRefuse) }
      let isOurs = ["on this engine", "no SQL"].contains { error.message.contains($0) }
      let reason = String(error.message.prefix(100))
      return Result(kind: isOurs ? .refused : .stopped, reason: reason, text: error.message)
    }
    switch results[0] {
    case .failure(let error):
      return Result(
        kind: .differs, text: "\(found.count) rows where the native engine refuses: \(error.message)")
    case .success(let expected):
      let difference = TableDifference.first(found, expected)
      return Result(kind: difference == nil ? .agrees : .differs, text: difference)
    }
  }
}
