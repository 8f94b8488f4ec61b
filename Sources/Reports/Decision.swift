import Values

/// The recommendations of a decide block, in the order they were written, and the one that holds.
public struct Decision: Sendable {
  /// One recommendation, such as `ship 'video to everyone'`, and what it depends on.
  public struct Recommendation: Sendable {
    /// What is to be done, such as `ship`.
    public var verb: String
    /// What it is to be done to; may be empty.
    public var text: String
    /// All of them must hold; there are none after `otherwise`.
    public var conditions: [Condition]

    /// What is to be done, and under which conditions.
    public init(verb: String, text: String = "", conditions: [Condition] = []) {
      self.verb = verb
      self.text = text
      self.conditions = conditions
    }
  }

  /// One condition of a recommendation.
  public struct Condition: Sendable {
    /// What a value is held against.
    public struct Bound: Sendable {
      /// How the value has to stand to it, such as `≥`.
      public var sign: String
      /// The right side of the comparison.
      public var value: Value

      /// A sign and what follows it.
      public init(_ sign: String, _ value: Value) {
        self.sign = sign
        self.value = value
      }
    }

    /// The condition as it was written.
    public var text: String
    /// The value that the condition is about, such as the left side of a comparison.
    public var value: Value?
    /// What the value is compared with; nothing where the condition says it itself.
    public var bound: Bound?
    /// Whether it holds; nothing when that is not known.
    public var holds: Bool?

    /// A condition as it was written, and what became of it.
    public init(_ text: String, value: Value? = nil, bound: Bound? = nil, holds: Bool?) {
      self.text = text
      self.value = value
      self.bound = bound
      self.holds = holds
    }
  }

  /// All of them, also those that do not hold.
  public var recommendations: [Recommendation]
  /// The position of the recommendation that holds; nothing when none does, or when it is not known.
  public var chosen: Int?

  /// The recommendations, and the position of the one that holds.
  public init(recommendations: [Recommendation], chosen: Int?) {
    self.recommendations = recommendations
    self.chosen = chosen
  }
}

extension Decision {
  /// The conditions for want of whose values nothing is recommended; none when one does not hold beside them.
  var openConditions: [Condition] {
    guard chosen == nil else { return [] }
    return recommendations.filter { $0.conditions.allSatisfy { $0.holds != false } }
      .flatMap { $0.conditions.filter { $0.holds == nil } }
  }
}
