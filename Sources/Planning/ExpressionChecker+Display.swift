import Diagnostics
import Functions
import Syntax
import Values

extension ExpressionChecker {
  /// Whether a call only says how a value is shown: `date(x, 'd MMM')` does, `date(x)` is a conversion.
  static func isDisplay(_ name: String, _ call: Call) -> Bool {
    switch name {
    case "percent", "number", "money", "plain": (1...2).contains(call.arguments.count)
    case "date": call.arguments.count == 2
    default: false
    }
  }

  /// `percent(x, 1)`, `number(x, 2)`, `money(x, 'USD')`, `date(x, 'd MMM')`: the value, shown otherwise.
  mutating func displayed(_ name: String, _ call: Call, at range: SourceRange) -> Checked? {
    let shown = call.arguments[0].value
    guard var value = check(shown) else { return nil }
    var option: Scalar?
    if call.arguments.count == 2 {
      guard let checked = check(call.arguments[1].value) else { return nil }
      option = checked.constant ?? .null
    }
    let isTime = value.type == .date || value.type == .timestamp
    let isNumber = value.type == nil || value.type == .integer || value.type == .double
    guard name == "date" ? isTime : isNumber else {
      report(
        "type-mismatch", "'\(name)' shows \(name == "date" ? "dates and times" : "numbers")", at: shown.range,
        label: "of type \(value.type?.rawValue ?? "null")")
      return nil
    }
    switch (name, option) {
    case ("plain", nil): value.display = .plain
    case ("percent", nil): value.display = .percent(decimals: 1)
    case ("percent", .integer(let decimals)?) where (0...10).contains(decimals):
      value.display = .percent(decimals: Int(decimals))
    case ("number", nil): value.display = .number(decimals: 0)
    case ("number", .integer(let decimals)?) where (0...10).contains(decimals):
      value.display = .number(decimals: Int(decimals))
    case ("money", nil): value.display = .money(currency: "USD")
    case ("money", .text(let currency)?) where currency.count == 3 && currency.allSatisfy(\.isLetter):
      value.display = .money(currency: currency.uppercased())
    case ("date", .text(let pattern)?): value.display = .date(pattern: pattern)
    default:
      let wanted =
        switch name {
        case "money": "the code of a currency, such as 'USD'"
        case "date": "a pattern, such as 'd MMM yyyy'"
        default: "how many decimals, 0 to 10"
        }
      report(
        "bad-display", "the second argument of '\(name)' is \(wanted)",
        at: call.arguments.last?.value.range ?? range, label: "not \(wanted)")
      return nil
    }
    return value
  }
}

extension Display {
  /// A percentage with as many decimals as it was written with, up to four.
  static func percentage(of value: Double) -> Display {
    var scaled = value * 100
    for decimals in 0..<4 {
      if abs(scaled - scaled.rounded()) < 1e-9 * max(1, abs(scaled)) { return .percent(decimals: decimals) }
      scaled *= 10
    }
    return .percent(decimals: 4)
  }

  /// How the sum of two values is shown that are shown otherwise than by themselves: with the decimals of the one that
  /// has more; nothing special where they do not go together.
  func joined(with other: Display) -> Display {
    switch (self, other) {
    case (.percent(let a), .percent(let b)): .percent(decimals: max(a, b))
    case (.number(let a), .number(let b)): .number(decimals: max(a, b))
    default: self == other ? self : .automatic
    }
  }
}
