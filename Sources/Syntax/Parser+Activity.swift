import Diagnostics

extension Parser {
  /// Reads `activity each unit` and its clauses.
  mutating func activityStep() -> Query.Kind {
    position += 1
    guard let unit = calendarUnit(hint: "write 'activity each day over 28 days'") else { return .error }
    var activity = Query.ActivitySyntax(unit: unit)
    var isRead = true
    let isClause = { (parser: Parser) in parser.isClauseWord("over") || parser.isWords("group", "by") }
    clauses(["over", "group"], isClause: isClause, expecting: "'over', 'group by' or '|>'") { parser in
      if parser.token.isWord("group") {
        activity.groups += parser.grouping(until: isClause)
        return
      }
      parser.position += 1
      activity.windowDays = parser.wholeDays()
      isRead = activity.windowDays != nil
    }
    return isRead ? .activity(activity) : .error
  }

  /// Reads `lifecycle each unit` and `group by …`.
  mutating func lifecycleStep() -> Query.Kind {
    position += 1
    guard let unit = calendarUnit(hint: "write 'lifecycle each week'") else { return .error }
    var lifecycle = Query.LifecycleSyntax(unit: unit)
    clauses(["group"], isClause: { $0.isWords("group", "by") }, expecting: "'group by' or '|>'") { parser in
      lifecycle.groups += parser.grouping()
    }
    return .lifecycle(lifecycle)
  }

  private mutating func calendarUnit(hint: String) -> Query.CalendarUnit? {
    guard take("each") else {
      _ = refused("'each' and a unit", hint: hint)
      return nil
    }
    let unit: Query.CalendarUnit? = choice()
    if unit == nil { skip { $0.startsStep } }
    return unit
  }

  /// Reads a duration of whole days, at least one.
  private mutating func wholeDays() -> Int64? {
    let start = position
    guard let duration = duration("28 days") else { return nil }
    let day = DurationUnit.day.microseconds
    if duration >= day, duration.isMultiple(of: day) { return duration / day }
    report(
      "window-days", "the window of 'activity' is whole days, at least one", at: range(from: start),
      label: "not whole days", hints: ["write for example 'over 28 days'"])
    return nil
  }
}
