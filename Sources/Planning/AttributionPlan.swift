import Values

/// Which touches conversions are owed to.
///
/// A conversion's touches are the rows of its entity that satisfy the touch condition at its own time or before, within
/// the window. A row that satisfies both conditions is a touch of its own conversion. Touches of one time are in no
/// order: they share alike what the model gives to their places.
public struct AttributionPlan: Hashable, Sendable {
  /// How one conversion is divided among its touches; all shares but those of `participation` sum to 1.
  public enum Model: Hashable, Sendable {
    /// All to the touches of the latest, or of the earliest time.
    case last, first
    /// The same to each touch.
    case linear
    /// 40 % to the first place, 40 % to the last, the rest to those between alike; of two places half to each.
    case position
    /// Half as much for each half life, in microseconds, that a touch lies further back.
    case timeDecay(halfLife: Int64)
    /// The whole conversion to each of the values that the touches have.
    case participation
  }

  /// The value of conversions without a touch.
  public static let none = "(none)"

  /// A log.
  public let input: Plan
  /// Which rows are touches.
  public let touch: Expr
  /// Which rows are conversions.
  public let conversion: Expr
  /// How far a touch may lie before the conversion, in microseconds, inclusive; nothing for any distance.
  public let within: Int64?
  /// How conversions are divided.
  public let model: Model
  /// What is credited: a text, read on the touch; null is a value like others.
  public let credit: NamedExpr
  /// A double, read on the conversion, which is divided like it; null adds nothing.
  public let value: NamedExpr?
  /// In microseconds: conversions before this time do not count, touches do; nothing for all of the log.
  public let from: Int64?
  /// The breakdown, read on the conversion; empty for none.
  public let groups: [NamedExpr]

  /// Without options: touches however far back, for all conversions together.
  public init(
    input: Plan, touch: Expr, conversion: Expr, within: Int64? = nil, model: Model, credit: NamedExpr,
    value: NamedExpr? = nil, from: Int64? = nil, groups: [NamedExpr] = []
  ) {
    self.input = input
    self.touch = touch
    self.conversion = conversion
    self.within = within
    self.model = model
    self.credit = credit
    self.value = value
    self.from = from
    self.groups = groups
  }

  /// The breakdown, then what is credited, conversions, share (of the group's conversions), touches (how many of the
  /// value lie in a conversion's window), and the value where there is one.
  var schema: Schema {
    groups.map(\.field) + [
      credit.field, Field("conversions", .double), Field("share", .double, display: .percent(decimals: 1)),
      Field("touches", .integer),
    ] + (value.map { [$0.field] } ?? [])
  }
}
