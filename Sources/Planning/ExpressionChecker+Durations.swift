import Diagnostics
import Functions
import Syntax
import Values

extension ExpressionChecker {
  /// How long a duration is that holds for all rows, in microseconds: one that is written out, or a plain value of the
  /// document; nothing where it has a mistake.
  mutating func duration(_ written: Expression) -> Int64? {
    if case .duration(let value) = written.kind { return value }
    if case .name(let name) = written.kind, environment.binding(name.name) == nil,
      scope.schema.position(of: name.name) != nil
    {
      report(
        "not-constant", "a duration here is one for all rows, and '\(name.name)' is a column",
        at: written.range,
        label: "differs from row to row",
        hints: ["write it in place, such as '7 days', or name a parameter of the document"])
      return nil
    }
    var checker = TermChecker(environment)
    let checked = checker.term(written)
    let example = "a duration is written with its unit, such as '7 days'"
    diagnostics += checker.diagnostics.map { found in
      var found = found
      if found.hints.isEmpty { found.hints = [example] }
      return found
    }
    guard let (term, type) = checked else { return nil }
    guard type.plainType == .duration else {
      report(
        "type-mismatch", "'\(written)' is \(type.noun), and a duration is needed", at: written.range,
        label: type.noun, hints: ["write it in place, such as '7 days', or give it such a value"])
      return nil
    }
    do {
      // Until what it is made of has been computed any duration will do: the query is checked again then.
      guard let value = try environment.value(of: term) else { return Calendar.microsecondsPerDay }
      if case .duration(let length) = value, length >= 0 { return length }
      let shown = value == .null ? "null" : ValueFormatter.text(value, .automatic, timeZone: .utc)
      report(
        "bad-duration", "'\(written)' is \(shown), and a duration of nothing or more is needed",
        at: written.range, label: shown, hints: [example])
    } catch {
      let error = error as? EvaluationError ?? EvaluationError("\(error)")
      report("no-single-value", error.message, at: written.range, label: "not one value", hints: error.hints)
    }
    return nil
  }

  /// The same where a duration may be left out: nothing in it then, and nothing where it has a mistake.
  mutating func duration(_ written: Expression?) -> Int64?? {
    guard let written else { return .some(nil) }
    return duration(written).map { .some($0) }
  }
}
