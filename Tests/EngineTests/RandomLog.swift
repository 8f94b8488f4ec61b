import EventStore
import TestSupport
import Values

/// A log with ties, nulls, entities of one row and one that is far larger than the others.
enum RandomLog {
  static let schema: Schema = [
    Field("user_id", .text), Field("ts", .timestamp), Field("event", .text), Field("country", .text),
    Field("amount", .integer), Field("price", .double), Field("flag", .boolean), Field("day", .date),
  ]

  /// - Parameter hours: how far the nearest of the different times are apart.
  static func table(rows: Int, seed: UInt64, hours: Int64 = 1) -> Table {
    var dice = Dice(seed)
    var builders = schema.map { ColumnBuilder($0.type) }
    let events = ["view", "buy", "zeta", "open", "a b"]
    let countries = ["DE", "US", "Å", "", "日本"]
    for _ in 0..<rows {
      let user = dice.chance(30) ? "giant" : "u\(dice.below(max(1, rows / 4)))"
      // Few different times, so that many are equal.
      let time = 1_772_300_000_000_000 + Int64(dice.below(40)) * hours * 3_600_000_000
      let row: [Scalar] = [
        .text(user), .timestamp(time), .text(events[dice.below(events.count)]),
        dice.chance(20) ? .null : .text(countries[dice.below(countries.count)]),
        dice.chance(20) ? .null : .integer(Int64(dice.below(9)) - 4),
        // Sums of quarters are exact, in whatever order.
        dice.chance(20) ? .null : .double(Double(dice.below(17)) / 4 - 2),
        dice.chance(20) ? .null : .boolean(dice.chance(50)),
        dice.chance(20) ? .null : .date(20_500 + Int64(dice.below(5))),
      ]
      for index in row.indices { builders[index].append(row[index]) }
    }
    return Table(schema: schema, columns: builders.map { $0.build() }, count: rows)
  }

  static func log(_ table: Table) throws -> EventLog {
    try EventLog(
      table: table, roles: LogRoles(entity: "user_id", time: "ts", event: "event"), fingerprint: "test")
  }

  static func log(rows: Int, seed: UInt64, hours: Int64 = 1) throws -> EventLog {
    try log(table(rows: rows, seed: seed, hours: hours))
  }
}
