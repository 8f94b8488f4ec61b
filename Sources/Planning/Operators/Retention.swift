import Diagnostics
import Syntax

extension QueryChecker {
  /// `retention`: who comes back, by cohort and period.
  mutating func retention(_ written: Query.RetentionSyntax, _ input: Plan, at range: SourceRange) -> Plan? {
    guard isLog(input, for: "retention", at: range), let log = input.log else { return nil }
    var input = input
    var period: Expr?
    if written.cohort == .firstEver {
      // What is only about time is the range that is looked at; the first event is found in all history.
      var parts: [Expr] = []
      while case .filter(let inner, let condition) = input {
        parts = condition.conjuncts + parts
        input = inner
      }
      period = Expr.conjunction(parts.filter { $0.columns == [log.time] })
      if let rest = Expr.conjunction(parts.filter { $0.columns != [log.time] }) {
        input = .filter(input, rest)
      }
    }
    var rows = rowChecker(input)
    let start = rows.condition(written.start)
    let comeback = rows.condition(written.comeback)
    let groups = breakdown(written.groups, &rows)
    diagnostics += rows.diagnostics
    guard let start, let comeback, let groups,
      areFree(groups, written.groups, ["cohort", "period", "eligible", "retained", "rate"])
    else { return nil }
    let cohort: RetentionPlan.Cohort =
      switch written.cohort {
      case .firstEver: .firstEver
      case .firstInRange: .firstInRange
      case .recurring: .recurring
      }
    qualified = [:]
    return .retention(
      RetentionPlan(
        input: windowed(input, rows), start: start.expr, comeback: comeback.expr,
        unit: RetentionPlan.Unit(rawValue: written.unit.rawValue) ?? .day, periods: written.periods,
        mode: RetentionPlan.Mode(rawValue: written.mode.rawValue) ?? .calendar,
        criterion: written.criterion == .on ? .on : .onOrAfter, cohort: cohort, range: period, groups: groups)
    )
  }
}
