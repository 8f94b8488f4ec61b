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
    let columns = try keyColumns + merged.states.map { try $0.finish() }
    let table = Table(schema: schema, columns: columns, count: count)
    guard !keys.isEmpty else { return table }
    return table.gathered(RowOrder.ascending(keyColumns, count: count))
  }
}

private final class Groups: SinkPartial {
  private let keys: [Node]
  private let calls: [CompiledAggregate]
  private let limits: ExecutionLimits
  private(set) var table: GroupTable
  private(set) var states: [GroupedAggregate]

  init(_ keys: [Node], _ calls: [CompiledAggregate], _ limits: ExecutionLimits) {
    self.keys = keys
    self.calls = calls
    self.limits = limits
    table = GroupTable(keys.map(\.type))
    states = calls.map { GroupedAggregate($0) }
  }

  var isFull: Bool { false }

  /// Makes the one group that there is without keys, also without rows.
  func beginOnlyGroup() {
    _ = table.groups(of: [], count: 1)
    for state in states { state.grow(to: 1) }
  }

  func take(_ batch: Batch) throws {
    let groups = table.groups(of: try keys.map { try batch.column($0) }, count: batch.count)
    for state in states { state.grow(to: table.count) }
    for state in states { try state.take(batch, groups: groups) }
    try checkMemory()
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? Groups else { preconditionFailure("a sink merges its own partial results") }
    let mapping = table.groups(of: later.table.keyColumns(), count: later.table.count)
    for (state, other) in zip(states, later.states) {
      state.grow(to: table.count)
      try state.merge(other, mapping: mapping)
    }
    try checkMemory()
  }

  private func checkMemory() throws(ExecutionError) {
    try limits.check(bytes: states.reduce(table.bytes) { $0 + $1.bytes })
  }
}

/// One aggregate of all groups.
final class GroupedAggregate {
  private let call: CompiledAggregate
  private let state: any AggregateState
  private var groupCount = 0
  /// For `distinct`: the combinations of group and arguments that were met.
  private var combinations: GroupTable
  /// For `entities`: how many each group has, and the last one and 1.
  private var entityCounts: [Int64] = []
  private var lastEntities: [UInt32] = []

  init(_ call: CompiledAggregate) {
    self.call = call
    state = call.makeState()
    combinations = GroupTable([.integer] + call.arguments.map(\.type))
  }

  /// About the memory that is kept; what a state keeps beside a few words for each group is not known.
  var bytes: Int {
    switch call.method {
    case .plain: groupCount * 24
    case .distinct: groupCount * 24 + combinations.bytes
    case .entities: groupCount * 12
    }
  }

  func grow(to count: Int) {
    guard count > groupCount else { return }
    switch call.method {
    case .plain, .distinct: state.grow(to: count)
    case .entities:
      entityCounts.append(contentsOf: repeatElement(0, count: count - groupCount))
      lastEntities.append(contentsOf: repeatElement(0, count: count - groupCount))
    }
    groupCount = count
  }

  /// Takes rows that belong to the given groups.
  func take(_ batch: Batch, groups: [UInt32]) throws {
    guard let kept = try batch.filtered(by: call.filter) else { return }
    let groups = kept.selection(in: batch).map { groups.gathered($0) } ?? groups
    switch call.method {
    case .plain:
      try state.update(groups: groups, operands: call.arguments.map { try kept.value($0) })
    case .distinct:
      let lane = Column.integers(groups.map(Int64.init))
      _ = combinations.groups(
        of: try [lane] + call.arguments.map { try kept.column($0) }, count: groups.count)
    case .entities: countEntities(kept, groups)
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
    case .entities:
      // An entity's rows are in one morsel, so none counts twice.
      for (group, target) in mapping.enumerated() {
        entityCounts[Int(target)] += later.entityCounts[group]
      }
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
    case .entities: return .integers(entityCounts)
    }
  }

  private func countEntities(_ batch: Batch, _ groups: [UInt32]) {
    let first = UInt32(truncatingIfNeeded: batch.entities.lowerBound) &+ 1
    let entities = batch.entityPositions
    entityCounts.withUnsafeMutableBufferPointer { counts in
      lastEntities.withUnsafeMutableBufferPointer { lasts in
        for row in groups.indices {
          let group = Int(groups[row])
          let entity = first &+ UInt32(truncatingIfNeeded: entities[row])
          if lasts[group] != entity {
            lasts[group] = entity
            counts[group] &+= 1
          }
        }
      }
    }
  }
}
