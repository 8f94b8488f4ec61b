import Functions
import Values

/// Numbers by group and period that come of whole entities' rows.
protocol PeriodCounts {
  static var grouping: PeriodGrouping { get }

  /// The bytes that so many groups take.
  func bytes(groups: Int) -> Int
  /// Makes room for groups.
  mutating func grow(to groups: Int)
  /// Takes the rows of whole entities, each entity's in the order of time.
  ///
  /// - Parameter groups: for each row its group; nothing where there is but one.
  mutating func take(_ rows: PlacedRows, groups: [UInt32]?)
  /// Takes in the counts of other entities: their group `i` is this one's `mapping[i]`.
  mutating func merge(_ later: Self, mapping: [UInt32])
}

/// What has a group of its own.
enum PeriodGrouping {
  case rows
  /// The group is that of the first row, and is computed of that row alone.
  case entities
}

/// The counts of the rows of some morsels.
final class PeriodPartial<Counts: PeriodCounts>: SinkPartial {
  private let compiled: CompiledPeriods
  private(set) var table: GroupTable
  private(set) var counts: Counts

  init(_ compiled: CompiledPeriods, _ counts: Counts) {
    self.compiled = compiled
    table = GroupTable(compiled.groups.map(\.type))
    self.counts = counts
  }

  var isFull: Bool { compiled.periods.count == 0 }

  /// Makes the one group that there is without a breakdown, also without rows.
  func beginOnlyGroup() throws {
    guard compiled.groups.isEmpty else { return }
    _ = table.groups(of: [], count: 1)
    try grow()
  }

  func take(_ batch: Batch) throws {
    let groups = try groups(batch)
    try grow()
    try PlacedRows.with(batch, compiled.time) { counts.take($0, groups: groups) }
  }

  private func groups(_ batch: Batch) throws -> [UInt32]? {
    if compiled.groups.isEmpty {
      _ = table.groups(of: [], count: 1)
      return nil
    }
    switch Counts.grouping {
    case .rows:
      return table.groups(of: try compiled.groups.map { try batch.column($0) }, count: batch.count)
    case .entities:
      let starts = batch.entityStarts
      let first = Batch(batch, at: starts.dropLast().map { Int32(truncatingIfNeeded: $0) })
      let groups = table.groups(of: try compiled.groups.map { try first.column($0) }, count: first.count)
      return zip(groups, zip(starts, starts.dropFirst())).flatMap { group, rows in
        repeatElement(group, count: rows.1 - rows.0)
      }
    }
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? PeriodPartial<Counts> else {
      preconditionFailure("a sink merges its own partial results")
    }
    let mapping = table.groups(of: later.table.keyColumns(), count: later.table.count)
    try grow()
    counts.merge(later.counts, mapping: mapping)
  }

  private func grow() throws(ExecutionError) {
    try compiled.limits.check(bytes: table.bytes + counts.bytes(groups: table.count))
    counts.grow(to: table.count)
  }
}
