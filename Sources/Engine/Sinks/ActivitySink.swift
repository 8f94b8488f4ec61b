import Functions
import Planning
import Values

/// Counts who is active, by period and by the window that ends with it.
final class ActivitySink: Sink {
  private let plan: ActivityPlan
  private let compiled: CompiledPeriods

  init(_ plan: ActivityPlan, _ compiled: CompiledPeriods) {
    self.plan = plan
    self.compiled = compiled
  }

  func makePartial() -> any SinkPartial { ActivePartial(compiled, windowDays: plan.windowDays) }

  func finish(_ merged: (any SinkPartial)?) throws -> Table {
    guard let merged = (merged ?? makePartial()) as? ActivePartial else {
      preconditionFailure("a sink is given its own partial results")
    }
    try merged.beginOnlyGroup()
    let rows = PeriodRows(merged.table.keyColumns(), groups: merged.table.count, compiled.periods)
    var columns = rows.keys
    let active = rows.known { merged.counts.active[$0 * compiled.periods.count + $1] }
    columns.append(Column(.integer, active))
    if plan.windowDays != nil {
      let windows = (0..<merged.table.count).map { merged.counts.inWindow($0) }
      let inWindow = rows.known { windows[$0][$1] }
      columns.append(Column(.integer, inWindow))
      columns.append(Column(.double, zip(rows.periods, zip(active, inWindow)).map(stickiness)))
    }
    columns.append(.booleans(rows.periods.map { isCovered($0) ? 1 : 0 }))
    return Table(schema: Plan.activity(plan).schema, columns: columns, count: rows.count, kind: .activity)
  }

  /// The part of a window's entities that are active in its last period; where that is longer than the window, they
  /// are no part of it.
  private func stickiness(_ period: Int, _ counts: (active: Scalar, inWindow: Scalar)) -> Scalar {
    guard let active = counts.active.number, let whole = counts.inWindow.number, whole > 0,
      lastDay(of: period) - compiled.periods.firstDay(of: period) < plan.windowDays ?? 0
    else { return .null }
    return .double(active / whole)
  }

  /// Whether there is data for all days of a period's window.
  private func isCovered(_ period: Int) -> Bool {
    let first =
      plan.windowDays.map { lastDay(of: period) - $0 + 1 } ?? compiled.periods.firstDay(of: period)
    return period < compiled.periods.endedCount && first >= compiled.periods.firstDay
  }

  private func lastDay(of period: Int) -> Int64 { compiled.periods.firstDay(of: period + 1) - 1 }
}

private final class ActivePartial: SinkPartial {
  private let compiled: CompiledPeriods
  private(set) var table: GroupTable
  private(set) var counts: ActivityCounts

  init(_ compiled: CompiledPeriods, windowDays: Int64?) {
    self.compiled = compiled
    table = GroupTable(compiled.groups.map(\.type))
    counts = ActivityCounts(compiled.periods, windowDays: windowDays)
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
    let groups = table.groups(of: try compiled.groups.map { try batch.column($0) }, count: batch.count)
    try grow()
    counts.take(times: times, entityStarts: batch.entityStarts, groups: groups)
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? ActivePartial else {
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
