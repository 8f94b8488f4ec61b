import Diagnostics

/// The body of a `compute` block: names and what they are bound to.
public struct Computation: Hashable, Sendable {
  /// One `let name = expression`.
  public struct Binding: Hashable, Sendable {
    /// Bound once in the document.
    public let name: Identifier
    /// May use any name of the document.
    public let value: Expression

    /// A name and what it is bound to.
    public init(name: Identifier, value: Expression) {
      self.name = name
      self.value = value
    }
  }

  /// In the order they are written in, which need not be that of evaluation.
  public let bindings: [Binding]

  /// Several bindings of one block.
  public init(bindings: [Binding]) { self.bindings = bindings }
}

/// The body of an `expect` block: conditions, one a line, each with an optional message after `else`.
public struct Expectations: Hashable, Sendable {
  /// One line of the block.
  public struct Condition: Hashable, Sendable {
    /// Holds when it is true; null does not hold.
    public let expression: Expression
    /// What is shown in place of the condition's own text.
    public let message: String?

    /// A condition with its message, if it has one.
    public init(expression: Expression, message: String?) {
      self.expression = expression
      self.message = message
    }
  }

  /// In the order they are written in.
  public let conditions: [Condition]

  /// Several conditions of one block.
  public init(conditions: [Condition]) { self.conditions = conditions }
}

/// The body of a `decide` block: recommendations in order, each `when` a condition holds, and what to do
/// otherwise.
public struct Decision: Hashable, Sendable {
  /// One action with what it depends on.
  public struct Recommendation: Hashable, Sendable {
    /// A word such as `ship`, `stop`, `continue`.
    public let action: Identifier
    /// The quoted text after the action, if there is one.
    public let text: String?
    /// Nothing for `otherwise`.
    public let condition: Expression?

    /// An action with what it depends on.
    public init(action: Identifier, text: String?, condition: Expression?) {
      self.action = action
      self.text = text
      self.condition = condition
    }
  }

  /// The first whose condition holds is what the document recommends.
  public let recommendations: [Recommendation]

  /// Several recommendations of one block, in order.
  public init(recommendations: [Recommendation]) { self.recommendations = recommendations }
}
