import Functions
import Values

/// Groups rows by keys and aggregates each group.
final class AggregateSink: Sink {
  private let schema: Schema
  private let keys: [Node]
  private let calls: [CompiledAggregate]
  private let limits: ExecutionLimits

  init(_ schema: Schema, keys: [Node], calls: [CompiledAggregate], limits: ExecutionLimits) {
    self.schema = schema
    self.keys = keys
    self.calls = calls
    self.limits = limits
  }

  func makePartial() -> any SinkPartial { Groups(keys, calls, limits) }

  func finish(_ merged: (any SinkPartial)?) throws -> Table {
    guard let merged = (merged ?? makePartial()) as? Groups else {
      preconditionFailure("a sink is given its own partial results")
    }
    if keys.isEmpty { merged.beginOnlyGroup() }
    let keyColumns = merged.table.keyColumns()
    let count = merged.table.count
    let table = Table(schema: schema, columns: try keyColumns + merged.aggregates.columns(), count: count)
    if keys.isEmpty { return table }
    return table.gathered(RowOrder.ascending(keyColumns, count: count))
  }
}

private final class Groups: SinkPartial {
  private let keys: [Node]
  private let countsEntities: Bool
  private let limits: ExecutionLimits
  private(set) var table: GroupTable
  let aggregates: GroupedAggregates

  init(_ keys: [Node], _ calls: [CompiledAggregate], _ limits: ExecutionLimits) {
    self.keys = keys
    self.limits = limits
    countsEntities = calls.contains(where: \.countsEntities)
    table = GroupTable(keys.map(\.type))
    aggregates = GroupedAggregates(calls)
  }

  var isFull: Bool { false }

  /// Makes the one group that there is without keys, also without rows.
  func beginOnlyGroup() {
    _ = table.groups(of: [], count: 1)
    aggregates.grow(to: 1)
  }

  func take(_ batch: Batch) throws {
    // Who counts entities wants to know where they start.
    let starts = countsEntities ? batch.entityStarts : [0]
    let groups = table.rowGroups(
      of: try keys.map { try $0.keyColumn(batch) }, count: batch.count, starts: starts)
    aggregates.grow(to: table.count)
    try aggregates.take(batch, groups: groups)
    try checkMemory()
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? Groups else { preconditionFailure("a sink merges its own partial results") }
    let mapping = table.groups(of: later.table.keyColumns(), count: later.table.count)
    aggregates.grow(to: table.count)
    try aggregates.merge(later.aggregates, mapping: mapping)
    try checkMemory()
  }

  private func checkMemory() throws(ExecutionError) {
    try limits.check(bytes: table.bytes + aggregates.bytes)
  }
}
