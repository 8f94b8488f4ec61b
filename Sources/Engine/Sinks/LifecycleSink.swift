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

  func makePartial() -> any SinkPartial { makeCounts() }

  private func makeCounts() -> PeriodPartial<LifecycleCounts> {
    PeriodPartial(compiled, LifecycleCounts(compiled.periods))
  }

  func finish(_ merged: (any SinkPartial)?) throws -> Table {
    guard let merged = (merged ?? makeCounts()) as? PeriodPartial<LifecycleCounts> else {
      preconditionFailure("a sink is given its own partial results")
    }
    try merged.beginOnlyGroup()
    let cells = (0..<merged.table.count).map { merged.counts.cells($0) }
    let rows = PeriodRows(merged.table.keyColumns(), groups: merged.table.count, compiled.periods)
    func column(_ number: KeyPath<LifecycleCounts.Cell, Int64>) -> Column {
      Column(.integer, rows.known { cells[$0][$1][keyPath: number] })
    }
    let columns =
      rows.keys + [
        column(\.active), column(\.new), column(\.returning), column(\.resurrected), column(\.dormant),
      ]
    return Table(schema: Plan.lifecycle(plan).schema, columns: columns, count: rows.count, kind: .lifecycle)
  }
}
