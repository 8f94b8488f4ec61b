import Functions

/// Which group each row of a batch belongs to.
final class RowGroups {
  /// Nothing where runs are short.
  let runs: GroupRuns?
  private var numbers: [UInt32]?

  init(_ numbers: [UInt32]) {
    runs = nil
    self.numbers = numbers
  }

  init(_ runs: GroupRuns) {
    self.runs = runs
    numbers = nil
  }

  /// Rows of the one group 0, in runs from some of them on.
  convenience init(oneOf count: Int, starts: [Int]?) {
    var starts = (starts ?? [0]).map { Int32(truncatingIfNeeded: $0) }
    if starts.last != Int32(truncatingIfNeeded: count) { starts.append(Int32(truncatingIfNeeded: count)) }
    self.init(GroupRuns(starts: starts, groups: [UInt32](repeating: 0, count: starts.count - 1)))
  }

  /// The group of each row.
  var ofRows: [UInt32] {
    if let numbers { return numbers }
    let numbers = runs?.groupOfRow ?? []
    self.numbers = numbers
    return numbers
  }

  /// The groups of some of the rows, which are ascending; nothing stands for all.
  func among(_ rows: [Int32]?) -> RowGroups {
    guard let rows else { return self }
    guard let runs else { return RowGroups(ofRows.gathered(rows)) }
    return RowGroups(runs.among(rows))
  }
}

extension GroupRuns {
  /// The runs of some of the rows, which are ascending, without those that have none of them.
  fileprivate func among(_ rows: [Int32]) -> GroupRuns {
    var groups: [UInt32] = []
    var starts: [Int32] = []
    var next = 0
    rows.withUnsafeBufferPointer { rows in
      forEach { group, run in
        let first = next
        while next < rows.count, Int(rows[next]) < run.upperBound { next &+= 1 }
        if next == first { return }
        groups.append(UInt32(truncatingIfNeeded: group))
        starts.append(Int32(truncatingIfNeeded: first))
      }
    }
    starts.append(Int32(truncatingIfNeeded: rows.count))
    return GroupRuns(starts: starts, groups: groups)
  }
}
