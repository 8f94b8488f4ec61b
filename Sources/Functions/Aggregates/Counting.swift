import Values

/// Aggregates that count rows or hold conditions together.
enum Counting {
  static let functions: [AggregateFunction] = [
    AggregateFunction(
      "count", "How many rows there are, or how many values are not null.",
      [.init([], result: .integer, sql: { _, rows in rows.anyCall("count", "*") }) { CountState(.values) }]
        + ScalarType.allCases.map { type in
          .init([Parameter("x", type)], result: .integer, sql: { $1.call("count", $0[0]) }) {
            CountState(.values)
          }
        },
      examples: [Example("count(*)", "3", over: [input]), Example("count(x)", "2", over: [input])]),
    AggregateFunction(
      "count_if", "How many times a condition is true.",
      [
        .init(
          [Parameter("condition", .boolean)], result: .integer,
          sql: { $1.call("count", "nullif(\($0[0]), false)") }
        ) { CountState(.truths) }
      ],
      examples: [Example("count_if(x > 1)", "1", over: [input])]),
    AggregateFunction(
      "any", "Whether a condition is true of any row; null when it is null for all.",
      [
        .init(
          [Parameter("condition", .boolean)], result: .boolean, sql: { $1.anyCall("bool_or", $0[0]) }
        ) { CellState<AnyTrue>(.boolean) }
      ],
      examples: [Example("any(x > 1)", "true", over: [input])]),
    AggregateFunction(
      "every",
      "Whether a condition is true of every row for which it is not null; null when it is null for all.",
      [
        .init(
          [Parameter("condition", .boolean)], result: .boolean, sql: { $1.anyCall("bool_and", $0[0]) }
        ) { CellState<EveryTrue>(.boolean) }
      ],
      examples: [Example("every(x > 1)", "false", over: [input])]),
  ]

  private static let input = Example.Input("x", .integer, [.integer(1), .null, .integer(2)])
}

/// Counts rows.
private final class CountState: AggregateState {
  /// Which rows are counted.
  enum Counted {
    /// All, or those in which an operand has a value.
    case values
    /// Those in which a condition is true.
    case truths
  }

  private let counted: Counted
  private var counts = ContiguousArray<Int64>()

  init(_ counted: Counted) { self.counted = counted }

  var bytes: Int { counts.count * 8 }

  var passesOverNulls: Bool { true }

  func grow(to groupCount: Int) {
    guard groupCount > counts.count else { return }
    counts.append(contentsOf: repeatElement(0, count: groupCount - counts.count))
  }

  func update(groups: [UInt32], operands: [Operand]) {
    switch choice(operands) {
    case .none: return
    case .all: count(groups) { _ in 1 }
    case .some(let mask): mask.withUnsafeBufferPointer { mask in count(groups) { mask[$0] } }
    }
  }

  func update(runs: GroupRuns, operands: [Operand]) {
    switch choice(operands) {
    case .none: return
    case .all:
      counts.withUnsafeMutableBufferPointer { counts in
        runs.forEach { group, rows in counts[group] &+= Int64(rows.count) }
      }
    case .some(let mask):
      counts.withUnsafeMutableBufferPointer { counts in
        RunningOnes.withOnes(of: mask) { ones in
          var before = 0
          runs.forEach { group, rows in
            let upTo = ones.count(before: rows.upperBound)
            counts[group] &+= Int64(upTo &- before)
            before = upTo
          }
        }
      }
    }
  }

  private enum Choice {
    case all, none
    /// One byte a row, 1 where it is counted.
    case some([UInt8])
  }

  private func choice(_ operands: [Operand]) -> Choice {
    guard let operand = operands.first else { return .all }
    let column = operand.column
    switch counted {
    case .values:
      if operand.isConstant { return operand.isNull(0) ? .none : .all }
      return column.validity.map { .some($0) } ?? .all
    case .truths:
      let truths = UInt8.values(of: column)
      if operand.isConstant { return operand.isNull(0) || truths[0] == 0 ? .none : .all }
      return .some(column.validity.map { both(truths, $0) } ?? truths)
    }
  }

  /// Counters of so many groups stay close at hand, also four times.
  private static let fewGroups = 1 << 9

  @inline(__always) private func count(_ groups: [UInt32], _ one: (_ row: Int) -> UInt8) {
    guard groups.count >= 16 * CountState.fewGroups, counts.count <= CountState.fewGroups else {
      counts.withUnsafeMutableBufferPointer { counts in
        for row in groups.indices { counts[Int(groups[row])] &+= Int64(one(row)) }
      }
      return
    }
    // With four counters for each group in turn: one that was just written cannot be read at once.
    let width = counts.count
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * width) { turns in
      turns.initialize(repeating: 0)
      groups.withUnsafeBufferPointer { groups in
        var row = 0
        while row &+ 4 <= groups.count {
          for turn in 0..<4 {
            turns[turn &* width &+ Int(groups[row &+ turn])] &+= UInt32(one(row &+ turn))
          }
          row &+= 4
        }
        while row < groups.count {
          turns[Int(groups[row])] &+= UInt32(one(row))
          row &+= 1
        }
      }
      for (place, count) in turns.enumerated() { counts[place % width] += Int64(count) }
    }
  }

  func merge(_ later: any AggregateState, mapping: [UInt32]) {
    let later = sameState(later).counts
    counts.withUnsafeMutableBufferPointer { counts in
      for (group, target) in mapping.enumerated() { counts[Int(target)] &+= later[group] }
    }
  }

  func finish() -> Column { .integers(Array(counts)) }
}

private struct AnyTrue: Cell {
  private var seen: UInt8?

  mutating func add(_ value: UInt8) { seen = (seen ?? 0) | value }
  mutating func merge(_ later: AnyTrue) { if let value = later.seen { add(value) } }
  func result() -> UInt8? { seen }
}

private struct EveryTrue: Cell {
  private var seen: UInt8?

  mutating func add(_ value: UInt8) { seen = (seen ?? 1) & value }
  mutating func merge(_ later: EveryTrue) { if let value = later.seen { add(value) } }
  func result() -> UInt8? { seen }
}
