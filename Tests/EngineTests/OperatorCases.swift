import EventStore
import Foundation
import Functions
import Planning
import Values

@testable import Engine

/// The worked cases of `Resources/operator-cases.json`; what they mean by their options is said where they
/// are run.
struct OperatorCases: Decodable {
  struct Case: Decodable, CustomStringConvertible {
    let id: String
    let `operator`: String
    let title: String
    let options: Options
    let input: [Row]
    let expected: [Expectation]

    var description: String { "\(id): \(title)" }
  }

  /// Times and spans are in seconds; steps and brackets count from 1 where they are numbered.
  struct Options: Decodable {
    struct Exclusion: Decodable {
      let events: [String]
      let from: Int
      let to: Int
    }

    let steps: [[String]]?
    let window: Int64?
    let ties: String?
    let order: String?
    let exclude: [Exclusion]?
    let same: String?
    let breakdown: String?
    let attribution: String?
    let start: [String]?
    let `return`: [String]?
    let period: String?
    let periods: Int?
    let asOf: Int64?
    let mode: String?
    let tz: String?
    let cohort: String?
    let range: [Int64]?
    let brackets: [[Int]]?
    let gap: Int64?
    let maxLength: Int64?
    let from: String?
    let to: String?
    let windows: [Int]?
    let event: [String]?
    let touch: [String]?
    let conversion: [String]?
    let prop: String?
    let lookback: Int64?
    let model: String?
    let ignore: [String]?
    let at: [String]?
    let of: [String]?
    let within: Int64?
    let inclusive: Bool?
    let output: String?
    let depth: Int64?
    let collapse: Bool?
    let hide: [String]?
    let k: Int64?
  }

  struct Row: Decodable {
    let entity: String
    let time: Int64
    let seq: Int
    let event: String
    let props: [String: String]
  }

  struct Expectation: Decodable {
    let entity: String?
    let level: Int?
    let stepTimes: [Int64]?
    let value: String?
    let counts: [Int64]?
    let entered: Int64?
    let exit: String?
    let cohort: String?
    let from: Int?
    let to: Int?
    let eligible: Int64?
    let retained: Int64?
    let session: Int64?
    let time: Int64?
    let event: String?
    let count: Int64?
    let position: Int64?
    let source: String?
    let target: String?
    let paths: Int64?
    let start: Int64?
    let end: Int64?
    let events: Int?
    let day: String?
    let a1: Int64?
    let a1Complete: Bool?
    let period: String?
    let new: Int64?
    let returning: Int64?
    let resurrected: Int64?
    let dormant: Int64?
    let credit: Double?
  }

  let cases: [Case]

  static let all: [Case] = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard
      let file = Bundle.module.url(
        forResource: "operator-cases", withExtension: "json", subdirectory: "Resources"),
      let cases = try? decoder.decode(OperatorCases.self, from: Data(contentsOf: file))
    else { preconditionFailure("the worked cases can be read") }
    return cases.cases
  }()

  static func of(_ name: String) -> [Case] { all.filter { $0.operator == name } }
}

extension OperatorCases.Case {
  /// The rows of each entity in the order of time and sequence, entities in the order of their names.
  var entities: [(name: String, rows: [OperatorCases.Row])] {
    Dictionary(grouping: input, by: \.entity).sorted { $0.key < $1.key }.map { name, rows in
      (name, rows.sorted { ($0.time, $0.seq) < ($1.time, $1.seq) })
    }
  }
}

extension [OperatorCases.Row] {
  var microseconds: [Int64] { map { $0.time * 1_000_000 } }

  func mask(_ events: [String]) -> [UInt8] { map { events.contains($0.event) ? 1 : 0 } }
}

extension OperatorCases.Case {
  /// The rows as a log with one property, which ends at a time if one is given: there a stranger does
  /// something else.
  func log(property: String = "c", endingAt end: Int64? = nil) throws -> EventLog {
    var rows = input.sorted { $0.seq < $1.seq }
    if let end {
      rows.append(OperatorCases.Row(entity: "stranger", time: end, seq: 0, event: "-", props: [:]))
    }
    let schema: Schema = [
      Field("user_id", .text), Field("ts", .timestamp), Field("event", .text), Field(property, .text),
    ]
    let columns = [
      Column(.text, rows.map { .text($0.entity) }), .integers(rows.microseconds, as: .timestamp),
      Column(.text, rows.map { .text($0.event) }),
      Column(.text, rows.map { $0.props[property].map { .text($0) } ?? .null }),
    ]
    return try EventLog(
      table: Table(schema: schema, columns: columns, count: rows.count),
      roles: LogRoles(entity: "user_id", time: "ts", event: "event"), fingerprint: id)
  }

  /// The log itself, as plans name it.
  func events(_ log: EventLog) -> Plan {
    .events(EventsPlan(source: "log", schema: log.schema, log: LogColumns(entity: 0, time: 1, event: 2)))
  }
}

/// The day of a date in ISO 8601.
func isoDay(_ text: String?) -> Int64? {
  let parts = (text ?? "").split(separator: "-").compactMap { Int64($0) }
  return parts.count == 3 ? Calendar.day(year: parts[0], month: parts[1], day: parts[2]) : nil
}

/// The rows of a plan's table over a log.
func rows(_ plan: Plan, _ log: EventLog, timeZone: TimeZoneRules = .utc) throws -> [[Scalar]] {
  let inputs = ExecutionInputs(logs: ["log": log], context: EvaluationContext(timeZone: timeZone))
  let table = try Engine.run([plan], inputs: inputs)[0].get()
  return (0..<table.count).map { table.row($0) }
}

/// Whether the event has one of some names.
func isEvent(_ names: [String]) -> Expr { .isIn(event, names.map { .text($0) }, orNull: false) }
