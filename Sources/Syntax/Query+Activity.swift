import Diagnostics

extension Query {
  /// The word after `each`, where periods are whole calendar ones.
  public enum CalendarUnit: String, Hashable, Sendable, CaseIterable { case day, week, month }

  /// `activity each day over 28 days` with its options.
  public struct ActivitySyntax: Hashable, Sendable {
    /// How long a period is.
    public var unit: CalendarUnit
    /// What stands after `over`: a duration, or the name of one; nothing when not said.
    public var window: Expression?
    /// What stands after `group by`; empty without it.
    public var groups: [NamedExpression] = []

    /// An activity of periods alone.
    public init(unit: CalendarUnit) { self.unit = unit }
  }

  /// `lifecycle each week` with its options.
  public struct LifecycleSyntax: Hashable, Sendable {
    /// How long a period is.
    public var unit: CalendarUnit
    /// What stands after `group by`; empty without it.
    public var groups: [NamedExpression] = []

    /// A life cycle of everyone together.
    public init(unit: CalendarUnit) { self.unit = unit }
  }
}
