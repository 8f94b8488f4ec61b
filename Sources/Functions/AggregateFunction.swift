import Values

/// What an aggregate keeps for each group while rows come in.
///
/// Groups are dense numbers from 0. Rows come in a fixed order; states of later rows are merged into those of
/// earlier rows, in order, so that results do not depend on threads.
public protocol AggregateState: AnyObject {
  /// About the memory that is kept.
  var bytes: Int { get }

  /// Whether it has one operand, and rows without a value of it need not be given.
  var passesOverNulls: Bool { get }

  /// Makes room for so many groups; new ones are empty.
  func grow(to groupCount: Int)

  /// Takes a batch of rows: `groups[i]` is the group of row `i`. Operands are those of the overload's
  /// parameters. Rows that a filter leaves out are not given.
  func update(groups: [UInt32], operands: [Operand]) throws

  /// Takes a batch of rows of which those of one group follow each other.
  func update(runs: GroupRuns, operands: [Operand]) throws

  /// Lets another state collect what both would, and reads it there; false where they do not collect the same. The
  /// other is given the same rows and the same operands, constants apart, before this one is.
  func readsRows(of other: any AggregateState) -> Bool

  /// Takes in the state of later rows, of the same class: its group `i` is this one's `mapping[i]`.
  func merge(_ later: any AggregateState, mapping: [UInt32]) throws

  /// One value for each group.
  func finish() throws -> Column
}

extension AggregateState {
  /// All rows are given.
  public var passesOverNulls: Bool { false }

  /// Gives each row its group.
  public func update(runs: GroupRuns, operands: [Operand]) throws {
    try update(groups: runs.groupOfRow, operands: operands)
  }

  /// States collect for themselves.
  public func readsRows(of other: any AggregateState) -> Bool { false }
}

/// Rows in runs, each of one group. A group may have several runs, and a run no rows.
public struct GroupRuns: Sendable {
  /// Where each run starts, ascending from 0, and after the last one the number of rows.
  public let starts: [Int32]
  /// The group of each run.
  public let groups: [UInt32]

  /// Runs that together are all rows.
  public init(starts: [Int32], groups: [UInt32]) {
    precondition(starts.count == groups.count + 1 && starts[0] == 0, "runs are all rows")
    self.starts = starts
    self.groups = groups
  }

  /// How many rows there are.
  public var rowCount: Int { Int(starts[groups.count]) }

  /// The group of each row.
  public var groupOfRow: [UInt32] {
    [UInt32](unsafeUninitializedCapacity: rowCount) { target, initialized in
      forEach { group, rows in
        for row in rows { target.initializeElement(at: row, to: UInt32(truncatingIfNeeded: group)) }
      }
      initialized = rowCount
    }
  }

  /// Calls with the group and the rows of each run, in order.
  @inlinable @inline(__always) public func forEach(_ body: (_ group: Int, _ rows: Range<Int>) -> Void) {
    groups.withUnsafeBufferPointer { groups in
      starts.withUnsafeBufferPointer { starts in
        for run in 0..<groups.count { body(Int(groups[run]), Int(starts[run])..<Int(starts[run &+ 1])) }
      }
    }
  }
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
