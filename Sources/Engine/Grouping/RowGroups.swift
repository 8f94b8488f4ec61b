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
}
