import Functions
import Values

/// One aggregate of all groups.
final class GroupedAggregate {
  let call: CompiledAggregate
  private let state: any AggregateState
  private var groupCount = 0
  /// For `distinct`: the combinations of group and arguments that were met.
  private var combinations: GroupTable
  /// For `runs`: for each group the number of the last run in the lower half of a word, and how many there were in
  /// the upper half.
  private var runs: [UInt64] = []
  /// The greatest number of a run so far; 0 is none.
  private var lastRun: UInt32 = 0

  init(_ call: CompiledAggregate) {
    self.call = call
    state = call.makeState()
    combinations = GroupTable([.integer] + call.arguments.map(\.type))
  }

  /// Lets another one collect what both would, and reads it there; false where they collect different things.
  func readsRows(of other: GroupedAggregate) -> Bool {
    other.call.seesRows(of: call) && state.readsRows(of: other.state)
  }

  /// About the memory that is kept.
  var bytes: Int { state.bytes + combinations.bytes + runs.count * 8 }

  func grow(to count: Int) {
    guard count > groupCount else { return }
    switch call.method {
    case .plain, .distinct: state.grow(to: count)
    case .runs: runs.append(contentsOf: repeatElement(0, count: count - groupCount))
    }
    groupCount = count
  }

  /// Takes rows that the call's filter leaves, of the given groups; where entities are counted, no run goes beyond one.
  func take(_ rows: Batch, groups: RowGroups) throws {
    switch (call.method, groups.runs) {
    case (.plain, let runs?):
      if state.passesOverNulls, call.arguments.count == 1,
        let (values, runs) = rows.storedValues(call.arguments[0], in: runs)
      {
        return try state.update(runs: runs, operands: [Operand(values)])
      }
      try state.update(runs: runs, operands: call.arguments.map { try rows.value($0) })
    case (.plain, nil):
      try state.update(groups: groups.ofRows, operands: call.arguments.map { try rows.value($0) })
    case (.distinct, _):
      let lane = Column.integers(groups.ofRows.map(Int64.init))
      _ = combinations.groups(of: try [lane] + call.arguments.map { try rows.column($0) }, count: rows.count)
    case (.runs(nil), let runs?): countRuns(runs, entityStarts: rows.entityStarts)
    case (.runs(let session), _):
      try countRuns(groups.ofRows, session.map { try $0.numbers(rows) } ?? rows.entityNumbers)
    }
  }

  /// Takes in what later rows gave: their group `i` is this one's `mapping[i]`.
  func merge(_ later: GroupedAggregate, mapping: [UInt32]) throws {
    switch call.method {
    case .plain: try state.merge(later.state, mapping: mapping)
    case .distinct:
      var columns = later.combinations.keyColumns()
      columns[0] = .integers(columns[0].integerValues.map { Int64(mapping[Int($0)]) })
      _ = combinations.groups(of: columns, count: later.combinations.count)
    case .runs:
      // An entity's rows are in one morsel, so no run counts twice.
      for (group, target) in mapping.enumerated() { runs[Int(target)] += (later.runs[group] >> 32) << 32 }
    }
  }

  /// One value for each group.
  func finish() throws -> Column {
    switch call.method {
    case .plain: return try state.finish()
    case .distinct:
      let columns = combinations.keyColumns()
      if combinations.count > 0 {
        let groups = columns[0].integerValues.map { UInt32(truncatingIfNeeded: $0) }
        try state.update(groups: groups, operands: columns.dropFirst().map { Operand($0) })
      }
      return try state.finish()
    case .runs: return .integers(runs.map { Int64($0 >> 32) })
    }
  }

  /// Counts the entities of each group, whose rows are in runs of their own.
  private func countRuns(_ rows: GroupRuns, entityStarts: [Int]) {
    let first = lastRun &+ 1
    var entity = -1
    runs.withUnsafeMutableBufferPointer { runs in
      entityStarts.withUnsafeBufferPointer { entityStarts in
        rows.starts.withUnsafeBufferPointer { starts in
          for (place, group) in rows.groups.enumerated() {
            let isNext = Int(starts[place]) == entityStarts[entity &+ 1]
            entity &+= Int(unsafeBitCast(isNext, to: UInt8.self))
            let run = first &+ UInt32(truncatingIfNeeded: entity)
            let cell = runs[Int(group)]
            let isNew = unsafeBitCast(UInt32(truncatingIfNeeded: cell) != run, to: UInt8.self)
            runs[Int(group)] = (cell >> 32 &+ UInt64(isNew)) << 32 | UInt64(run)
          }
        }
      }
    }
    lastRun = first &+ UInt32(truncatingIfNeeded: max(entity, 0))
  }

  /// Counts the runs of each group; they are numbered in each batch from 0.
  private func countRuns(_ groups: [UInt32], _ numbers: [UInt32]) {
    let first = lastRun &+ 1
    runs.withUnsafeMutableBufferPointer { runs in
      numbers.withUnsafeBufferPointer { numbers in
        for row in groups.indices {
          let group = Int(groups[row])
          let run = first &+ numbers[row]
          let cell = runs[group]
          // Whether it is another run cannot be foretold, so nothing branches on it.
          let isNew = unsafeBitCast(UInt32(truncatingIfNeeded: cell) != run, to: UInt8.self)
          runs[group] = (cell >> 32 &+ UInt64(isNew)) << 32 | UInt64(run)
        }
      }
    }
    if let last = numbers.last { lastRun = first &+ last }
  }
}
