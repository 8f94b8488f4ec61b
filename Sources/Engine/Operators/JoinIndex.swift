import Functions
import Planning
import Synchronization
import Values

/// The right side of a join: its rows by their keys.
final class JoinIndex: @unchecked Sendable {
  /// The rows of each combination of keys, by its number.
  private enum Rows {
    /// Each row is everyone's partner.
    case all
    /// One row at most; -1 is none.
    case one([Int32])
    /// Where those of each combination start in `rows`.
    case several(starts: [Int32], rows: [Int32])
  }

  let table: Table
  private let probe: KeyProbe
  private let rows: Rows
  /// How many pairs all workers have asked for.
  private let pairs = Atomic<Int>(0)
  /// Pairs that one join makes at most: more take minutes, whatever becomes of them.
  private static let mostPairs = 1_000_000_000

  /// An index of a table by key columns. A row with a null key is not found.
  init(_ table: Table, keys: [Column]) {
    self.table = table
    if keys.isEmpty {
      probe = KeyProbe(GroupTable([]))
      rows = .all
      return
    }
    let isKey = JoinIndex.jointValidity(keys)
    if keys.count == 1, case .texts(let codes, let dictionary) = keys[0].values,
      dictionary.count <= 4 * table.count + 1024
    {
      probe = KeyProbe(codesOf: dictionary)
      let first = dictionary.isSorted ? codes : JoinIndex.firstCodes(codes, dictionary, isKey)
      rows = JoinIndex.rows(of: first, isKey, groupCount: dictionary.count)
      return
    }
    var groups = GroupTable(keys.map(\.type))
    let groupOfRow = groups.groups(of: keys, count: table.count)
    probe = KeyProbe(groups)
    rows = JoinIndex.rows(of: groupOfRow, isKey, groupCount: groups.count)
  }

  /// One byte a row, 0 where a key is null; nothing where none is.
  private static func jointValidity(_ keys: [Column]) -> [UInt8]? {
    keys.reduce(nil) { joint, key in
      guard let validity = key.validity else { return joint }
      return joint.map { zipped($0, validity) { $0 & $1 } } ?? validity
    }
  }

  /// The codes, of equal texts always the first one's.
  private static func firstCodes(_ codes: [UInt32], _ dictionary: TextDictionary, _ isKey: [UInt8]?)
    -> [UInt32]
  {
    dictionary.translation(to: dictionary).codes(of: codes, validity: isKey).map {
      UInt32(bitPattern: max($0, 0))
    }
  }

  private static func rows(of groups: [UInt32], _ isKey: [UInt8]?, groupCount: Int) -> Rows {
    only(groups, isKey, groupCount) ?? several(groups, isKey, groupCount)
  }

  /// The one row of each group; nothing where a group has several.
  private static func only(_ groups: [UInt32], _ isKey: [UInt8]?, _ groupCount: Int) -> Rows? {
    var rows = [Int32](repeating: -1, count: groupCount)
    let isUnique = rows.withUnsafeMutableBufferPointer { rows in
      groups.withUnsafeBufferPointer { groups in
        guard let isKey else { return JoinIndex.place(groups, in: rows) { _ in true } }
        return isKey.withUnsafeBufferPointer { isKey in
          JoinIndex.place(groups, in: rows) { isKey[$0] != 0 }
        }
      }
    }
    return isUnique ? .one(rows) : nil
  }

  /// Notes the row of each group; false where a group has another one already.
  @inline(__always)
  private static func place(
    _ groups: UnsafeBufferPointer<UInt32>, in rows: UnsafeMutableBufferPointer<Int32>, isKey: (Int) -> Bool
  ) -> Bool {
    for row in 0..<groups.count where isKey(row) {
      let group = Int(groups[row])
      if rows[group] >= 0 { return false }
      rows[group] = Int32(truncatingIfNeeded: row)
    }
    return true
  }

  private static func several(_ groups: [UInt32], _ isKey: [UInt8]?, _ groupCount: Int) -> Rows {
    var starts = [Int32](repeating: 0, count: groupCount + 1)
    for row in groups.indices where isKey.map({ $0[row] != 0 }) ?? true { starts[Int(groups[row]) + 1] += 1 }
    for group in 0..<groupCount { starts[group + 1] += starts[group] }
    var next = starts
    var rows = [Int32](repeating: 0, count: Int(starts[groupCount]))
    for row in groups.indices where isKey.map({ $0[row] != 0 }) ?? true {
      let group = Int(groups[row])
      rows[Int(next[group])] = Int32(truncatingIfNeeded: row)
      next[group] += 1
    }
    return .several(starts: starts, rows: rows)
  }

  /// Finds keys from now on; each worker has its own.
  func makeProbe() -> KeyProbe { probe }

  /// The partner of each row whose keys have a number, -1 where it has none; nothing where rows may have several.
  func onlyPartners(_ groups: [Int32]) -> [Int32]? {
    guard case .one(let rows) = rows else { return nil }
    return rows.withUnsafeBufferPointer { rows in
      groups.map { $0 < 0 ? -1 : rows[Int($0)] }
    }
  }

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
    switch rows {
    case .all: table.count
    case .one(let rows): group < 0 || rows[Int(group)] < 0 ? 0 : 1
    case .several(let starts, _): group < 0 ? 0 : Int(starts[Int(group) + 1] - starts[Int(group)])
    }
  }

  /// The row of one of the partners.
  @inline(__always) func partner(_ group: Int32, _ index: Int) -> Int32 {
    switch rows {
    case .all: Int32(truncatingIfNeeded: index)
    case .one(let rows): rows[Int(group)]
    case .several(let starts, let rows): rows[Int(starts[Int(group)]) + index]
    }
  }
}
