import Planning
import Values

/// Counts who is new, returning, resurrected and dormant, by period.
final class LifecycleSink: Sink {
  private let plan: LifecyclePlan
  private let compiled: CompiledPeriods

  init(_ plan: LifecyclePlan, _ compiled: CompiledPeriods) {
    self.plan = plan
    self.compiled = compiled
  }

  func makePartial() -> any SinkPartial { LifecyclePartial(compiled) }

  func finish(_ merged: (any SinkPartial)?) throws -> Table {
    guard let merged = (merged ?? makePartial()) as? LifecyclePartial else {
      preconditionFailure("a sink is given its own partial results")
    }
    try merged.beginOnlyGroup()
    let counts = merged.counts
    counts.check()
    let rows = PeriodRows(merged.table.keyColumns(), groups: merged.table.count, compiled.periods)
    func column(_ number: KeyPath<LifecycleCounts.Cell, Int64>) -> Column {
      Column(.integer, rows.known { counts.cells[$0 * compiled.periods.count + $1][keyPath: number] })
    }
    let columns =
      rows.keys + [
        column(\.active), column(\.new), column(\.returning), column(\.resurrected), column(\.dormant),
      ]
    return Table(schema: Plan.lifecycle(plan).schema, columns: columns, count: rows.count, kind: .lifecycle)
  }
}

private final class LifecyclePartial: SinkPartial {
  private let compiled: CompiledPeriods
  private(set) var table: GroupTable
  private(set) var counts: LifecycleCounts

  init(_ compiled: CompiledPeriods) {
    self.compiled = compiled
    table = GroupTable(compiled.groups.map(\.type))
    counts = LifecycleCounts(compiled.periods)
  }

  var isFull: Bool { compiled.periods.count == 0 }

  /// Makes the one group that there is without a breakdown, also without rows.
  func beginOnlyGroup() throws {
    guard compiled.groups.isEmpty else { return }
    _ = table.groups(of: [], count: 1)
    try grow()
  }

  func take(_ batch: Batch) throws {
    let times = try batch.column(compiled.time).integerValues
    let starts = batch.entityStarts
    // The group of an entity is that of its first row, and is computed of that row alone.
    let firstRows = starts.dropLast().map { Int32(truncatingIfNeeded: $0) }
    let first = Batch(batch, at: firstRows)
    let groups = table.groups(of: try compiled.groups.map { try first.column($0) }, count: first.count)
    try grow()
    for (entity, group) in groups.enumerated() {
      counts.take(times[starts[entity]..<starts[entity + 1]], group: Int(group))
    }
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? LifecyclePartial else {
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
