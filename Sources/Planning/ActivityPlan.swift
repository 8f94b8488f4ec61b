import Values

/// A calendar period; it follows the time zone, and weeks start on Monday.
public enum CalendarUnit: String, Hashable, Sendable { case day, week, month }

/// How many distinct entities are active in each period, and in a window of days that ends with it.
///
/// Every row of the input is activity. The result has each period from the one in which the log begins, or in which
/// `from` lies, to the one in which the data ends, also without rows; a period that has not ended has nulls.
public struct ActivityPlan: Hashable, Sendable {
  /// A log.
  public let input: Plan
  /// The length of a period.
  public let unit: CalendarUnit
  /// The window's length in local days, of which the last is the last day of the period; nothing for no window.
  public let windowDays: Int64?
  /// In microseconds: the first period of the result is that of this time, though earlier rows count for its window;
  /// nothing for all of the log.
  public let from: Int64?
  /// The breakdown, read on each row: an entity counts in each group that it has a row of; empty for none.
  public let groups: [NamedExpr]

  /// Without options: periods alone, of all of the log.
  public init(
    input: Plan, unit: CalendarUnit, windowDays: Int64? = nil, from: Int64? = nil, groups: [NamedExpr] = []
  ) {
    self.input = input
    self.unit = unit
    self.windowDays = windowDays
    self.from = from
    self.groups = groups
  }

  /// The breakdown, then period (its first day), active, with a window in_window and stickiness, and full_window:
  /// whether the log covers the window, or the period where there is none, from its first day to its last.
  var schema: Schema {
    let window = [
      Field("in_window", .integer), Field("stickiness", .double, display: .percent(decimals: 1)),
    ]
    return groups.map(\.field) + [Field("period", .date), Field("active", .integer)]
      + (windowDays == nil ? [] : window) + [Field("full_window", .boolean)]
  }
}
