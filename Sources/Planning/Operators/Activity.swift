import Diagnostics
import Syntax
import Values

extension QueryChecker {
  /// `activity`: how many entities are active in each period, and in a window that ends with it.
  mutating func activity(_ written: Query.ActivitySyntax, _ input: Plan, at range: SourceRange) -> Plan? {
    guard isLog(input, for: "activity", at: range) else { return nil }
    let (input, from) = withHistory(input)
    var rows = rowChecker(input)
    let windowDays = days(written.window, &rows)
    let groups = breakdown(written.groups, &rows)
    diagnostics += rows.diagnostics
    let reserved = ["period", "active", "in_window", "stickiness", "full_window"]
    guard let windowDays, let groups, areFree(groups, written.groups, reserved) else { return nil }
    qualified = [:]
    return .activity(
      ActivityPlan(
        input: windowed(input, rows), unit: CalendarUnit(written.unit), windowDays: windowDays,
        from: from, groups: groups))
  }

  /// A window in whole days, at least one; nothing in it where none is said.
  private func days(_ written: Expression?, _ rows: inout ExpressionChecker) -> Int64?? {
    guard let written else { return .some(nil) }
    guard let duration = rows.duration(written) else { return nil }
    let day = Calendar.microsecondsPerDay
    if duration >= day, duration.isMultiple(of: day) { return duration / day }
    rows.report(
      "window-days", "the window of 'activity' is whole days, at least one", at: written.range,
      label: "not whole days", hints: ["write for example 'over 28 days'"])
    return nil
  }

  /// `lifecycle`: who is new, returning, resurrected and dormant in each period.
  mutating func lifecycle(_ written: Query.LifecycleSyntax, _ input: Plan, at range: SourceRange) -> Plan? {
    guard isLog(input, for: "lifecycle", at: range) else { return nil }
    let (input, from) = withHistory(input)
    var rows = rowChecker(input)
    let groups = breakdown(written.groups, &rows)
    diagnostics += rows.diagnostics
    let reserved = ["period", "active", "new", "returning", "resurrected", "dormant"]
    guard let groups, areFree(groups, written.groups, reserved) else { return nil }
    qualified = [:]
    return .lifecycle(
      LifecyclePlan(
        input: windowed(input, rows), unit: CalendarUnit(written.unit), from: from, groups: groups))
  }
}

extension CalendarUnit {
  fileprivate init(_ written: Query.CalendarUnit) {
    switch written {
    case .day: self = .day
    case .week: self = .week
    case .month: self = .month
    }
  }
}
