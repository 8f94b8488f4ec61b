import Values

/// What an aggregate keeps for each group while rows come in.
///
/// Groups are dense numbers from 0. Rows come in a fixed order; states of later rows are merged into those of
/// earlier rows, in order, so that results do not depend on threads.
public protocol AggregateState: AnyObject {
  /// Makes room for so many groups; new ones are empty.
  func grow(to groupCount: Int)

  /// Takes a batch of rows: `groups[i]` is the group of row `i`. Operands are those of the overload's
  /// parameters. Rows that a filter leaves out are not given.
  func update(groups: [UInt32], operands: [Operand]) throws

  /// Takes in the state of later rows, of the same class: its group `i` is this one's `mapping[i]`.
  func merge(_ later: any AggregateState, mapping: [UInt32]) throws

  /// One value for each group.
  func finish() throws -> Column
}

/// A function over many rows.
public struct AggregateFunction: Sendable {
  /// One list of parameter types that the aggregate takes.
  public struct Overload: Sendable {
    /// In the order of the arguments.
    public let parameters: [Parameter]
    /// The type of each group's value.
    public let result: ScalarType
    /// The same in SQL; nothing where SQL has not the same answer.
    public let sql: SQLAggregateTemplate?
    /// A state without groups.
    public let makeState: @Sendable () -> any AggregateState

    /// An entry as it stands in the catalogue.
    public init(
      _ parameters: [Parameter], result: ScalarType, sql: SQLAggregateTemplate? = nil,
      makeState: @escaping @Sendable () -> any AggregateState
    ) {
      self.parameters = parameters
      self.result = result
      self.sql = sql
      self.makeState = makeState
    }
  }

  /// Lower case.
  public let name: String
  /// One sentence for the manual, with the null rule where it matters.
  public let summary: String
  /// The first of several that fit equally well is meant.
  public let overloads: [Overload]
  /// How results are shown.
  public let display: DisplayRule
  /// At least one, over the columns that it brings along.
  public let examples: [Example]

  /// An entry as it stands in the catalogue.
  public init(
    _ name: String, _ summary: String, _ overloads: [Overload], display: DisplayRule = .automatic,
    examples: [Example]
  ) {
    self.name = name
    self.summary = summary
    self.overloads = overloads
    self.display = display
    self.examples = examples
  }
}
