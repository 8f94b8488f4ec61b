import Diagnostics

extension Query {
  /// `attribute … to … within 30 days by last credit property` with its options.
  public struct AttributionSyntax: Hashable, Sendable {
    /// The words after `by`: how a conversion is divided among the touches before it.
    public enum Model: Hashable, Sendable {
      case last, first, linear, participation, position
      /// `time decay half life 7 days`: a duration, or the name of one; nothing when not said.
      case timeDecay(halfLife: Expression?)
    }

    /// Over the rows of the log.
    public var touch: Expression
    /// What stands after `to`, over the rows of the log.
    public var conversion: Expression
    /// A duration, or the name of one; nothing when not said.
    public var within: Expression?
    /// Always said.
    public var model: Model
    /// What of a touch is credited; always said.
    public var credit: NamedExpression
    /// What of a conversion is divided beside the conversion itself; nothing when not said.
    public var value: NamedExpression?
    /// What stands after `group by`; empty without it.
    public var groups: [NamedExpression] = []

    /// An attribution without options.
    public init(touch: Expression, conversion: Expression, model: Model, credit: NamedExpression) {
      self.touch = touch
      self.conversion = conversion
      self.model = model
      self.credit = credit
    }
  }
}
