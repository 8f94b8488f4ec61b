import Diagnostics

extension Parser {
  /// Reads a number, a percentage or a duration.
  mutating func number() -> Expression {
    let start = position
    let current = advance()
    if isPercentage(current) {
      position += 1
      return literal(scaled(current.text, byPowerOfTen: -2).map { .percentage($0) }, from: start)
    }
    if token.kind == .word, !token.startsLine {
      if let unit = DurationUnit.named(token.folded) {
        position += 1
        return literal(wholeDuration(unit.duration(current.text), from: start), from: start)
      }
      if let remedy = DurationUnit.inexact[token.folded] { return inexactDuration(remedy, from: start) }
      if let unit = DurationUnit.nearest(to: token) { return noUnit(unit, from: start) }
    }
    if let whole = Int64(current.text) { return literal(.integer(whole), from: start) }
    let isWhole = current.text.allSatisfy(\.isNumber)
    return literal(isWhole ? nil : scaled(current.text, byPowerOfTen: 0).map { .double($0) }, from: start)
  }

  /// Whether the `%` that stands here makes the number before it a percentage.
  ///
  /// It does when it touches the number and no operand follows: `5%`, `5% of…`, `5% and …`. It is the
  /// remainder after a blank, `5 % 2`, and when an operand touches it, `5%2`, `5%x`, or stands behind it on
  /// the line and is no word, `5% 2`: a word there is rather the next clause. A sign is no operand: `5%-2` is
  /// 5% less 2.
  private func isPercentage(_ number: Token) -> Bool {
    guard isSymbol("%"), token.lower == number.upper else { return false }
    let next = peek(1)
    guard next.startsOperand, !next.startsLine else { return true }
    return next.lower > token.upper && next.kind == .word
  }

  /// The number times a power of ten, as near as a double can be; nothing when it is too great.
  private func scaled(_ number: String, byPowerOfTen power: Int) -> Double? {
    let parts = number.lowercased().split(separator: "e")
    guard let mantissa = parts.first else { return nil }
    let exponent = parts.count > 1 ? Int(parts[1]) : 0
    // An exponent that no integer holds is as good as any that no double holds.
    guard let exponent, exponent > -100_000, exponent < 100_000 else { return nil }
    guard let value = Double("\(mantissa)e\(exponent + power)"), value.isFinite else { return nil }
    return value
  }

  private mutating func literal(_ kind: Expression.Kind?, from start: Int) -> Expression {
    let place = range(from: start)
    if let kind { return Expression(kind, place) }
    report(
      "number-range", "'\(fragmentText(from: start))' is too large", at: place,
      label: "out of range",
      hints: [
        "whole numbers go up to \(Int64.max), others to 1.8e308, durations to 290_000 years"
      ])
    return Expression(.error, place)
  }

  private func fragmentText(from start: Int) -> String {
    let text = String(
      decoding: fragment.utf8[tokens[start].lower..<tokens[position - 1].upper], as: UTF8.self)
    return text.count > 40 ? "\(text.prefix(40))…" : text
  }

  /// Reads the durations that stand right behind a first one, and reports that one unit measures all of it.
  private mutating func wholeDuration(_ first: Int64?, from start: Int) -> Expression.Kind? {
    var total = first
    while token.kind == .number, let unit = DurationUnit.named(peek(1).folded) {
      let part = unit.duration(advance().text)
      position += 1
      let sum = part.flatMap { total?.addingReportingOverflow($0) }
      total = sum.flatMap { $0.overflow ? nil : $0.partialValue }
    }
    if let total, position > start + 2 {
      report(
        "second-unit", "a duration is one number with one unit", at: range(from: start),
        label: "several units", hints: ["write '\(DurationUnit.written(total))'"])
    }
    return total.map { .duration($0) }
  }

  private mutating func noUnit(_ nearest: String, from start: Int) -> Expression {
    let unit = advance()
    report(
      "no-unit", "no unit is named '\(unit.text)'", at: range(of: unit), label: "not a unit",
      hints: ["did you mean '\(nearest)'?"])
    return Expression(.error, range(from: start))
  }

  private mutating func inexactDuration(_ remedy: String, from start: Int) -> Expression {
    let unit = advance()
    report(
      "inexact-duration", "'\(unit.text)' has no exact length", at: range(of: unit),
      label: "depends on the calendar",
      hints: ["write for example '\(remedy)', or work with dates: 'date_trunc', 'date_diff'"])
    return Expression(.error, range(from: start))
  }

  /// Reads `interval '3 days'`, `interval '3' day` and `interval 3 day`.
  mutating func interval() -> Expression {
    let start = position
    position += 1
    if token.kind == .number {
      let duration = number()
      if case .duration = duration.kind { return Expression(duration.kind, range(from: start)) }
      if case .error = duration.kind { return Expression(.error, range(from: start)) }
      expected("a unit such as 'days'", hints: ["write for example 'interval 14 days'"])
      return Expression(.error, range(from: start))
    }
    let content = token
    position += 1
    var words = content.text.split(whereSeparator: \.isWhitespace).map(String.init)
    if words.count == 1, token.kind == .word, !token.startsLine { words.append(advance().text) }
    var total: Int64 = 0
    var isRead = !words.isEmpty && words.count.isMultiple(of: 2)
    for index in stride(from: 0, to: words.count - 1, by: 2) where isRead {
      let isPlain = words[index].allSatisfy { "0123456789.".contains($0) }
      let part = isPlain ? DurationUnit.named(words[index + 1])?.duration(words[index]) : nil
      let (sum, overflows) = total.addingReportingOverflow(part ?? 0)
      isRead = part != nil && !overflows
      total = sum
    }
    if isRead { return Expression(.duration(total), range(from: start)) }
    let inexact = words.lazy.compactMap { DurationUnit.inexact[$0.lowercased()] }.first
    report(
      inexact == nil ? "malformed-interval" : "inexact-duration",
      inexact == nil
        ? "an interval is numbers with units" : "months, quarters and years have no exact length",
      at: range(of: content), label: inexact == nil ? "not an interval" : "depends on the calendar",
      hints: ["write for example '\(inexact ?? "14 days")'"])
    return Expression(.error, range(from: start))
  }

  /// Reads a duration that is written out, or the name of a value that is one.
  mutating func duration(_ example: String) -> Expression? {
    if let name = durationName() { return name }
    guard token.kind == .number || token.isWord("interval") else {
      expected(
        "a duration such as '\(example)'",
        hints: token.kind == .text ? ["leave the quotes out"] : [])
      if token.kind == .text { position += 1 }
      return nil
    }
    let current = token
    let value = expression(atLeast: .unary)
    switch value.kind {
    case .duration: return value
    case .error: return nil
    default:
      let unit = example.split(separator: " ").last ?? "days"
      report(
        "syntax", "expected a duration such as '\(example)', found '\(current.text)'", at: value.range,
        label: "without a unit", hints: ["write the unit: '\(current.text) \(unit)'"])
      return nil
    }
  }

  /// Reads `name` or `import.name`, unless the word is that of a clause or of the next step.
  private mutating func durationName() -> Expression? {
    guard token.isName, !token.isWord("interval"), !startsStep, !isFreeClauseWord else { return nil }
    // A number in words is none.
    if DurationUnit.named(peek(1).folded) != nil { return nil }
    let start = position
    let first = advance()
    let name = Expression(.name(Identifier(first.text, range(of: first))), range(from: start))
    guard isSymbol("."), peek(1).isName else { return name }
    position += 1
    let member = advance()
    return Expression(.member(name, Identifier(member.text, range(of: member))), range(from: start))
  }
}
