import EventStore
import Functions
import Planning
import Testing
import Values

@testable import Engine

/// Joins on one text look codes up from dictionary to dictionary.
struct TextJoinTests {
  /// Keys that occur once, several times, not at all or null; equal texts may have several codes.
  static let rights: [(String, Column)] = [
    ("unique", Column(.text, ["u1", "giant", nil, "u2", "stranger"].map { $0.map { .text($0) } ?? .null })),
    ("repeated", Column(.text, ["u1", "giant", "u1", nil].map { $0.map { .text($0) } ?? .null })),
    ("ambiguous", .texts([0, 1, 2, 3], TextDictionary(["giant", "u1", "giant", "u3"]))),
    ("unused", .texts([2], TextDictionary(["a", "giant", "u1", "u2"]), validity: [1])),
    ("wide", .texts([2000], TextDictionary((0..<5000).map { "u\($0)" }))),
    ("empty", Column(.text, [Scalar]())), ("nulls", Column(.text, [Scalar.null, .null])),
  ]

  @Test(arguments: rights.indices) func joins(index: Int) throws {
    let (name, keys) = Self.rights[index]
    let table = Table(
      schema: [Field("key", .text), Field("size", .integer)],
      columns: [keys, .integers((0..<Int64(keys.count)).map { $0 * 10 })])
    let right = Plan.relation(name, table.schema)
    for kind in JoinPlan.Kind.all {
      for (leftKey, condition) in [
        (user, nil), (country, nil), (user, call("<", amount, .column(9, .integer))),
      ] as [(Expr, Expr?)] {
        let ofRight = [NamedExpr](
          kind == .semi || kind == .anti
            ? [] : [named("key", .column(8, .text)), named("size", .column(9, .integer))])
        let plan = Plan.join(
          JoinPlan(
            kind: kind, left: events, right: right, leftKeys: [leftKey], rightKeys: [.column(0, .text)],
            condition: condition, output: [named("user_id", user), named("country", country)] + ofRight))
        try expectAgreement(plan, tables: [name: table])
        guard kind == .inner || kind == .left else { continue }
        try expectAgreement(
          .aggregate(
            plan, keys: [named("size", .column(3, .integer))],
            [aggregate("count"), aggregate("count", .column(0, .text), distinct: true)]),
          tables: [name: table])
      }
    }
  }
}
