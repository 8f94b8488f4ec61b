import EventStore
import Planning
import TestSupport
import Values

/// Logs and tables with what is awkward: ties, nulls, entities of one row and of most rows, texts of many scripts and
/// some that only look equal, times before 1970 and at changes of clocks.
struct RandomData {
  static let events: Schema = [
    Field("user_id", .text), Field("ts", .timestamp), Field("event", .text), Field("country", .text),
    Field("amount", .integer), Field("price", .double), Field("flag", .boolean), Field("day", .date),
    Field("wait", .duration), Field("amount_text", .text),
  ]
  static let users: Schema = [
    Field("user_id", .text), Field("plan", .text), Field("age", .integer), Field("since", .date),
    Field("score", .double), Field("seen", .timestamp),
  ]
  static let texts = [
    "DE", "é", "e\u{301}", "", "日本", "Å", "US", "it's", "a\"b", "straße", "🤦🏼‍♂️ x", "A b", " 7 ", "%_\\", "\n",
  ]
  static let eventNames = ["view", "buy", "é", "e\u{301}"]
  /// 2026-03-27 22:20 UTC, a day before clocks change in Europe.
  static let start: Int64 = 1_774_650_000_000_000

  var dice: Dice

  mutating func scalar(_ type: ScalarType) -> Scalar {
    switch type {
    case .boolean: return .boolean(dice.chance(50))
    case .integer:
      return .integer(dice.chance(4) ? dice.pick([1_000_003, -77_777, 1 << 40]) : Int64(dice.below(9)) - 4)
    case .double:
      if dice.chance(6) { return .double(dice.pick([.nan, .infinity, -.infinity, -0.0, 1e15, 0.1])) }
      return .double(Double(dice.below(33)) / 4 - 4)
    case .text:
      return .text(dice.pick(dice.chance(60) ? Array(RandomData.texts.prefix(5)) : RandomData.texts))
    case .timestamp: return .timestamp(time())
    case .date:
      return .date(dice.chance(10) ? dice.pick([-1, 0, -30_000, 11_016]) : 20_530 + Int64(dice.below(12)))
    case .duration: return .duration(Int64(dice.below(11) - 3) * 1_800_000_000 + (dice.chance(10) ? 1 : 0))
    }
  }

  mutating func time() -> Int64 {
    if dice.chance(4) { return dice.pick([-1, -86_400_000_000_001, 0, 951_782_400_000_000]) }
    let step: Int64 = dice.pick([3_600_000_000, 3_600_000_000, 1_800_000_000, 86_400_000_000, 900_000_001])
    return RandomData.start + Int64(dice.below(30)) * step
  }

  mutating func table(_ schema: Schema, rows: Int) -> Table {
    var builders = schema.map { ColumnBuilder($0.type) }
    for _ in 0..<rows {
      for (index, field) in schema.enumerated() {
        builders[index].append(dice.chance(15) ? .null : scalar(field.type))
      }
    }
    return Table(schema: schema, columns: builders.map { $0.build() }, count: rows)
  }

  mutating func eventTable(rows: Int) -> Table {
    var table = table(RandomData.events, rows: rows)
    var (users, times, names, numbers) = (
      ColumnBuilder(.text), ColumnBuilder(.timestamp), ColumnBuilder(.text), ColumnBuilder(.text)
    )
    for _ in 0..<rows {
      users.append(user(rows))
      times.append(.timestamp(time()))
      names.append(dice.chance(3) ? .null : .text(dice.pick(RandomData.eventNames)))
      numbers.append(.text(dice.pick(["1", "-2.5", " 3", "x", "", "true", "2026-03-01", "1e2", "+7", "No"])))
    }
    table.columns[0] = users.build()
    table.columns[1] = times.build()
    table.columns[2] = names.build()
    table.columns[9] = numbers.build()
    return table
  }

  mutating func userTable(rows: Int) -> Table {
    var table = table(RandomData.users, rows: rows)
    table.columns[0] = Column(.text, (0..<rows).map { _ in dice.chance(10) ? .null : user(rows) })
    return table
  }

  private mutating func user(_ rows: Int) -> Scalar {
    dice.chance(30)
      ? .text("giant") : .text(dice.pick(["u", "Ü", "ü", "日"]) + "\(dice.below(max(1, rows / 5)))")
  }
}
