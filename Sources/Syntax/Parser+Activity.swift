import Diagnostics

extension Parser {
  /// Reads `activity each unit` and its clauses.
  mutating func activityStep() -> Query.Kind {
    position += 1
    guard let unit = calendarUnit(hint: "write 'activity each day over 28 days'") else { return .error }
    var activity = Query.ActivitySyntax(unit: unit)
    var isRead = true
    readClauses { parser, clause in
      if clause == "over" {
        activity.window = parser.duration("28 days")
        isRead = activity.window != nil
      } else {
        activity.groups += parser.grouping()
      }
    }
    return isRead ? .activity(activity) : .error
  }

  /// Reads `lifecycle each unit` and `group by …`.
  mutating func lifecycleStep() -> Query.Kind {
    position += 1
    guard let unit = calendarUnit(hint: "write 'lifecycle each week'") else { return .error }
    var lifecycle = Query.LifecycleSyntax(unit: unit)
    readClauses { parser, _ in lifecycle.groups += parser.grouping() }
    return .lifecycle(lifecycle)
  }

  private mutating func calendarUnit(hint: String) -> Query.CalendarUnit? {
    guard take(clause: "each") else {
      _ = refused("'each' and a unit", hint: hint)
      return nil
    }
    let unit: Query.CalendarUnit? = choice()
    if unit == nil { skip { $0.startsStep } }
    return unit
  }
}
