import Functions
import Planning
import Synchronization
import Values

/// The right side of a join: its rows by their keys.
final class JoinIndex: @unchecked Sendable {
  let table: Table
  private let probe: KeyProbe
  /// Where the rows of each combination of keys start in `rows`.
  private let starts: [Int32]
  private let rows: [Int32]
  private let hasKeys: Bool
  /// How many pairs all workers have asked for.
  private let pairs = Atomic<Int>(0)
  /// Pairs that one join makes at most: more take minutes, whatever becomes of them.
  private static let mostPairs = 1_000_000_000

  /// An index of a table by key columns. A row with a null key is not found.
  init(_ table: Table, keys: [Column]) {
    self.table = table
    hasKeys = !keys.isEmpty
    var groups = GroupTable(keys.map(\.type))
    let isNull = (0..<table.count).map { row in keys.contains { $0.isNull(row) } }
    let groupOfRow = hasKeys ? groups.groups(of: keys, count: table.count) : []
    var starts = [Int32](repeating: 0, count: groups.count + 1)
    for (row, group) in groupOfRow.enumerated() where !isNull[row] { starts[Int(group) + 1] += 1 }
    for group in 0..<groups.count { starts[group + 1] += starts[group] }
    var next = starts
    var rows = [Int32](repeating: 0, count: Int(starts.last ?? 0))
    for (row, group) in groupOfRow.enumerated() where !isNull[row] {
      rows[Int(next[Int(group)])] = Int32(row)
      next[Int(group)] += 1
    }
    probe = KeyProbe(groups)
    self.starts = starts
    self.rows = rows
  }

  /// Finds keys from now on; each worker has its own.
  func makeProbe() -> KeyProbe { probe }

  /// Counts the pairs that rows with these keys are going to make, and refuses too many.
  func count(_ groups: [Int32], rows: Int) throws(ExecutionError) {
    var more = 0
    for row in 0..<rows { more += partnerCount(groups[row]) }
    guard pairs.add(more, ordering: .relaxed).newValue <= JoinIndex.mostPairs else {
      throw ExecutionError(
        "a join makes at most 1,000,000,000 pairs of rows",
        hints: ["join on more columns, or aggregate before the join"])
    }
  }

  /// How many rows have the keys with this number; all where there are no keys.
  @inline(__always) func partnerCount(_ group: Int32) -> Int {
    if !hasKeys { return table.count }
    return group < 0 ? 0 : Int(starts[Int(group) + 1] - starts[Int(group)])
  }

  /// The row of one of the partners.
  @inline(__always) func partner(_ group: Int32, _ index: Int) -> Int32 {
    hasKeys ? rows[Int(starts[Int(group)]) + index] : Int32(truncatingIfNeeded: index)
  }
}
