import Diagnostics

extension Parser {
  /// Reads `retention start condition, return condition each unit` and its clauses.
  mutating func retentionStep() -> Query.Kind {
    position += 1
    let usage = "write 'retention start …, return … each week for 8'"
    guard take(clause: "start") else { return refused("'start' and a condition", hint: usage) }
    let start = expression()
    _ = take(symbol: ",")
    if !token.isWord("return") {
      recover(to: ["return", "each"], from: start, expecting: "',' and 'return'", hint: usage)
    }
    guard take(clause: "return") else { return refused("'return' and a condition", hint: usage) }
    let comeback = expression()
    _ = take(symbol: ",")
    if !isWords("each") { recover(to: ["each"], from: comeback, expecting: "'each' and a unit", hint: usage) }
    guard take(clause: "each") else { return refused("'each' and a unit", hint: usage) }
    let unit: Query.RetentionSyntax.Unit? = choice()
    let periods = take(clause: "for") ? self.periods(of: unit) : unit?.usualPeriods
    var retention = Query.RetentionSyntax(
      start: start, comeback: comeback, unit: unit ?? .week, periods: periods ?? 1)
    readClauses { parser, clause in parser.read(clause, of: &retention) }
    return unit == nil || periods == nil ? .error : .retention(retention)
  }

  /// Reports that a step lacks what it cannot do without, and leaves the rest of it.
  mutating func refused(_ what: String, hint: String) -> Query.Kind {
    expected(what, hints: [hint])
    skip { $0.startsStep }
    return .error
  }

  /// Reports what stands behind a condition where a word should, and goes on to that word if it comes.
  mutating func recover(
    to words: [String], from condition: Expression, expecting what: String, hint: String
  ) {
    look(for: words)
    expected("an operator, \(what)", hints: [hint])
    let start = position
    skip { parser in words.contains { parser.isWords($0) } || parser.startsStep }
    if isAtEnd || startsStep { position = start }
    // What is missing there was said.
    mistakePosition = position
  }

  /// Reads `8` or `8 weeks`.
  private mutating func periods(of unit: Query.RetentionSyntax.Unit?) -> Int64? {
    let number = token
    guard let count = wholeNumber("a whole number of periods, from 1", atLeast: 1) else { return nil }
    if count > 10_000 {
      report(
        "too-many-periods", "a retention has at most 10,000 periods", at: range(of: number),
        label: "more than that",
        hints: ["take fewer, or a longer unit after 'each'"])
    }
    let word = token.folded
    let named = Query.RetentionSyntax.Unit(rawValue: word.hasSuffix("s") ? String(word.dropLast()) : word)
    guard let named else {
      look(for: Query.RetentionSyntax.Unit.allCases.map { $0.rawValue + "s" })
      return count
    }
    if let unit, named != unit, isNews() {
      report(
        "retention-unit", "periods are counted in the unit of 'each'", at: range(of: token),
        label: "not in '\(unit.rawValue)s'",
        hints: ["write 'for \(count) \(unit.rawValue)s', or 'each \(named.rawValue)'"])
    }
    position += 1
    return count
  }

  private mutating func read(_ clause: String, of retention: inout Query.RetentionSyntax) {
    switch clause {
    case "calendar": retention.mode = .calendar
    case "rolling": retention.mode = .rolling
    case "on": retention.criterion = .on
    case "on or after": retention.criterion = .onOrAfter
    case "first ever": retention.cohort = .firstEver
    case "first in range": retention.cohort = .firstInRange
    case "recurring": retention.cohort = .recurring
    default: retention.groups += grouping()
    }
  }
}

extension Query.RetentionSyntax.Unit {
  /// How many periods a table has when `for` is not said: a day, a month, two months, a year, two years, five
  /// years.
  public var usualPeriods: Int64 {
    switch self {
    case .hour: 24
    case .day: 30
    case .week: 8
    case .month: 12
    case .quarter: 8
    case .year: 5
    }
  }
}
