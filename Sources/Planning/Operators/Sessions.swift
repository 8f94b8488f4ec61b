import Diagnostics
import Syntax

extension QueryChecker {
  /// `sessions`: a log again, with each row's session.
  mutating func sessions(_ written: Query.SessionsSyntax, _ input: Plan, at range: SourceRange) -> Plan? {
    guard isLog(input, for: "sessions", at: range) else { return nil }
    var rows = rowChecker(input)
    let key = written.key.map { rows.column(named: $0) }
    let gap = rows.duration(written.gap)
    let maximum = rows.duration(written.maximum)
    diagnostics += rows.diagnostics
    if let key, key == nil { return nil }
    guard let gap, let maximum else { return nil }
    let plan = Plan.sessions(
      SessionsPlan(
        input: input, gap: gap, maximum: maximum,
        split: written.isSplitDaily ? .daily : .none,
        key: key??.expr))
    guard areDistinct(plan.schema.map { ($0, range) }) else { return nil }
    return plan
  }
}
