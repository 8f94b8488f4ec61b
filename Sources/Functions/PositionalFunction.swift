import Values

/// A function of other rows of a row's entity, with one value for each row of a log.
public struct PositionalFunction: Sendable {
  /// Which rows are looked at, in the order (entity, time, sequence).
  public enum Meaning: Hashable, Sendable {
    /// The row so many places before, whatever its time.
    case before
    /// The row so many places after, whatever its time.
    case after
    /// The last row with a strictly earlier time for which a condition is true; the value is the time since then.
    case elapsed
  }

  /// One list of parameter types that the function takes.
  public struct Overload: Sendable {
    /// In the order of unnamed arguments; `before` and `after` have a value, an offset and a default.
    public let parameters: [Parameter]
    /// The type of each row's value.
    public let result: ScalarType

    /// An entry as it stands in the catalogue.
    public init(_ parameters: [Parameter], result: ScalarType) {
      self.parameters = parameters
      self.result = result
    }
  }

  /// Lower case.
  public let name: String
  /// Which rows are looked at.
  public let meaning: Meaning
  /// One sentence for the manual, with the null rule where it matters.
  public let summary: String
  /// The first of several that fit equally well is meant.
  public let overloads: [Overload]
  /// How results are shown.
  public let display: DisplayRule
  /// At least one, over the rows of one entity that are an hour apart; the result has the values of all rows.
  public let examples: [Example]

  /// An entry as it stands in the catalogue.
  public init(
    _ name: String, _ meaning: Meaning, _ summary: String, _ overloads: [Overload],
    display: DisplayRule = .automatic, examples: [Example]
  ) {
    self.name = name
    self.meaning = meaning
    self.summary = summary
    self.overloads = overloads
    self.display = display
    self.examples = examples
  }
}
