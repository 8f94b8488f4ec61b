import Functions
import Values

/// The aggregates of one operator, each of all groups.
struct GroupedAggregates {
  private let aggregates: [GroupedAggregate]

  /// One for each call. Those that would collect the same of the same rows collect it once.
  init(_ calls: [CompiledAggregate]) {
    var aggregates: [GroupedAggregate] = []
    for call in calls {
      let new = GroupedAggregate(call)
      _ = aggregates.contains { new.readsRows(of: $0) }
      aggregates.append(new)
    }
    self.aggregates = aggregates
  }

  /// About the memory that is kept.
  var bytes: Int { aggregates.reduce(0) { $0 + $1.bytes } }

  func grow(to groupCount: Int) { for aggregate in aggregates { aggregate.grow(to: groupCount) } }

  /// Takes rows that belong to the given groups; where entities are counted, no run goes beyond one.
  func take(_ batch: Batch, groups: RowGroups) throws {
    // Calls of one filter are given the same rows, chosen once.
    var chosen: [[Int]: (rows: Batch, groups: RowGroups)?] = [[]: (batch, groups)]
    for aggregate in aggregates {
      let filter = aggregate.call.filter
      let key = filter.map(\.id)
      if chosen[key] == nil {
        let rows = try batch.filtered(by: filter)
        chosen[key] = .some(rows.map { ($0, groups.among($0.selection(in: batch))) })
      }
      if case .some((let rows, let groups)?) = chosen[key] { try aggregate.take(rows, groups: groups) }
    }
  }

  /// Takes in what later rows gave: their group `i` is this one's `mapping[i]`.
  func merge(_ later: GroupedAggregates, mapping: [UInt32]) throws {
    for (aggregate, other) in zip(aggregates, later.aggregates) {
      try aggregate.merge(other, mapping: mapping)
    }
  }

  /// Of each aggregate a value for each group.
  func columns() throws -> [Column] { try aggregates.map { try $0.finish() } }
}
