import Functions
import Planning
import Values

/// Counts who is active, by period and by the window that ends with it.
final class ActivitySink: Sink {
  private let plan: ActivityPlan
  private let compiled: CompiledPeriods
  private let days: ActivityDays

  /// - Parameter days: the days of the same log.
  init(_ plan: ActivityPlan, _ compiled: CompiledPeriods, days: LogPeriods) {
    self.plan = plan
    self.compiled = compiled
    self.days = ActivityDays(days, in: compiled.periods, windowDays: plan.windowDays)
  }

  func makePartial() -> any SinkPartial { makeCounts() }

  private func makeCounts() -> PeriodPartial<ActivityCounts> { PeriodPartial(compiled, ActivityCounts(days)) }

  func finish(_ merged: (any SinkPartial)?) throws -> Table {
    guard let merged = (merged ?? makeCounts()) as? PeriodPartial<ActivityCounts> else {
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
