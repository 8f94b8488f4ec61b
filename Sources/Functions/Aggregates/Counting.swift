import Values

/// Aggregates that count rows or hold conditions together.
enum Counting {
  static let functions: [AggregateFunction] = [
    AggregateFunction(
      "count", "How many rows there are, or how many values are not null.",
      [.init([], result: .integer, sql: { _, rows in rows.anyCall("count", "*") }) { CountState() }]
        + ScalarType.allCases.map { type in
          .init([Parameter("x", type)], result: .integer, sql: { $1.call("count", $0[0]) }) { CountState() }
        },
      examples: [Example("count(*)", "3", over: [input]), Example("count(x)", "2", over: [input])]),
    AggregateFunction(
      "count_if", "How many times a condition is true.",
      [
        .init(
          [Parameter("condition", .boolean)], result: .integer,
          sql: { $1.call("count", "nullif(\($0[0]), false)") }
        ) { CellState<TrueCount>(.integer) }
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

/// Counts rows, or those in which an operand has a value.
private final class CountState: AggregateState {
  private var counts = ContiguousArray<Int64>()

  var bytes: Int { counts.count * 8 }

  func grow(to groupCount: Int) {
    guard groupCount > counts.count else { return }
    counts.append(contentsOf: repeatElement(0, count: groupCount - counts.count))
  }

  func update(groups: [UInt32], operands: [Operand]) {
    if CountState.isNull(operands) { return }
    guard let validity = CountState.validity(operands) else {
      if groups.count < 16 * CountState.fewGroups || counts.count > CountState.fewGroups {
        counts.withUnsafeMutableBufferPointer { counts in
          for group in groups { counts[Int(group)] &+= 1 }
        }
      } else {
        countInTurns(groups)
      }
      return
    }
    counts.withUnsafeMutableBufferPointer { counts in
      validity.withUnsafeBufferPointer { validity in
        for row in groups.indices { counts[Int(groups[row])] &+= Int64(validity[row]) }
      }
    }
  }

  func update(runs: GroupRuns, operands: [Operand]) {
    if CountState.isNull(operands) { return }
    counts.withUnsafeMutableBufferPointer { counts in
      guard let validity = CountState.validity(operands) else {
        runs.forEach { group, rows in counts[group] &+= Int64(rows.count) }
        return
      }
      validity.withUnsafeBufferPointer { validity in
        runs.forEach { group, rows in
          counts[group] &+= Int64(ones(UnsafeBufferPointer(rebasing: validity[rows])))
        }
      }
    }
  }

  private static func isNull(_ operands: [Operand]) -> Bool {
    operands.first.map { $0.isConstant && $0.isNull(0) } ?? false
  }

  /// One byte a row, 1 where it is counted; nothing for all rows.
  private static func validity(_ operands: [Operand]) -> [UInt8]? {
    operands.first.flatMap { $0.isConstant ? nil : $0.column.validity }
  }

  /// Counters of so many groups stay close at hand, also four times.
  private static let fewGroups = 1 << 9

  /// Counts with four counters for each group in turn: one that was just written cannot be read at once.
  private func countInTurns(_ groups: [UInt32]) {
    let width = counts.count
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * width) { turns in
      turns.initialize(repeating: 0)
      groups.withUnsafeBufferPointer { groups in
        var row = 0
        while row &+ 4 <= groups.count {
          turns[Int(groups[row])] &+= 1
          turns[width &+ Int(groups[row &+ 1])] &+= 1
          turns[2 &* width &+ Int(groups[row &+ 2])] &+= 1
          turns[3 &* width &+ Int(groups[row &+ 3])] &+= 1
          row &+= 4
        }
        while row < groups.count {
          turns[Int(groups[row])] &+= 1
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

private struct TrueCount: Cell {
  private var count: Int64 = 0

  mutating func add(_ value: UInt8) { count &+= Int64(value) }

  @inline(__always)
  mutating func add(_ values: UnsafeBufferPointer<UInt8>, validity: UnsafeBufferPointer<UInt8>?) {
    guard let validity else {
      count &+= Int64(ones(values))
      return
    }
    for row in 0..<values.count { count &+= Int64(values[row] & validity[row]) }
  }

  mutating func merge(_ later: TrueCount) { count += later.count }
  func result() -> Int64? { count }
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
