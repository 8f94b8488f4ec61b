import Values

/// Who is active in each period, by what they did before, and who no longer is.
///
/// Every row of the input is activity. An entity is *new* in the period of its first row, *returning* in a period that
/// follows on one with a row, *resurrected* in any other with a row, and *dormant* in one without a row that follows on
/// one with a row. The periods are those of `ActivityPlan`.
public struct LifecyclePlan: Hashable, Sendable {
  /// A log.
  public let input: Plan
  /// The length of a period.
  public let unit: CalendarUnit
  /// In microseconds: the first period of the result is that of this time, though earlier rows decide who is new;
  /// nothing for all of the log.
  public let from: Int64?
  /// The breakdown, read on an entity's first row: the groups add up; empty for none.
  public let groups: [NamedExpr]

  /// Without options: everyone together, in all of the log.
  public init(input: Plan, unit: CalendarUnit, from: Int64? = nil, groups: [NamedExpr] = []) {
    self.input = input
    self.unit = unit
    self.from = from
    self.groups = groups
  }

  /// The breakdown, then period (its first day), active, new, returning, resurrected, dormant.
  var schema: Schema {
    groups.map(\.field) + [Field("period", .date)]
      + ["active", "new", "returning", "resurrected", "dormant"].map { Field($0, .integer) }
  }
}
