import EventStore
import Functions
import Values

/// Groups rows by keys and aggregates each group.
final class AggregateSink: Sink {
  private let schema: Schema
  private let keys: [Node]
  private let calls: [CompiledAggregate]
  private let limits: ExecutionLimits
  /// The log whose entity is the one key.
  private let entities: EventLog?

  init(
    _ schema: Schema, keys: [Node], calls: [CompiledAggregate], entities: EventLog?, limits: ExecutionLimits
  ) {
    self.schema = schema
    self.keys = keys
    self.calls = calls
    self.entities = entities
    self.limits = limits
  }

  func makePartial() -> any SinkPartial { Groups(keys, calls, byEntity: entities != nil, limits) }

  func finish(_ merged: (any SinkPartial)?) throws -> Table {
    guard let merged = (merged ?? makePartial()) as? Groups else {
      preconditionFailure("a sink is given its own partial results")
    }
    if keys.isEmpty { merged.beginOnlyGroup() }
    let keyColumns =
      switch merged.numbering {
      case .keys(let table): table.keyColumns()
      case .entities(let numbers): entities.map { [$0.entities.read(numbers.ascending, from: 0)] } ?? []
      }
    let count = merged.numbering.count
    let columns = try keyColumns + merged.states.map { try $0.finish() }
    let table = Table(schema: schema, columns: columns, count: count)
    // Entities come in their order.
    guard !keys.isEmpty, entities == nil else { return table }
    return table.gathered(RowOrder.ascending(keyColumns, count: count))
  }
}

private final class Groups: SinkPartial {
  private let keys: [Node]
  private let calls: [CompiledAggregate]
  private let limits: ExecutionLimits
  private(set) var numbering: GroupNumbering
  private(set) var states: [GroupedAggregate]

  init(_ keys: [Node], _ calls: [CompiledAggregate], byEntity: Bool, _ limits: ExecutionLimits) {
    self.keys = keys
    self.calls = calls
    self.limits = limits
    numbering = byEntity ? .entities(EntityNumbers()) : .keys(GroupTable(keys.map(\.type)))
    states = GroupedAggregate.states(of: calls)
  }

  var isFull: Bool { false }

  /// Makes the one group that there is without keys, also without rows.
  func beginOnlyGroup() {
    numbering.beginOnlyGroup()
    for state in states { state.grow(to: 1) }
  }

  func take(_ batch: Batch) throws {
    // Who counts entities wants to know where they start.
    let starts = calls.contains(where: \.countsEntities) ? batch.entityStarts : [0]
    let groups = try numbering.groups(batch, keys, starts: starts)
    for state in states { state.grow(to: numbering.count) }
    for state in states { try state.take(batch, groups: groups) }
    try checkMemory()
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? Groups else { preconditionFailure("a sink merges its own partial results") }
    let mapping = numbering.merge(later.numbering)
    for (state, other) in zip(states, later.states) {
      state.grow(to: numbering.count)
      try state.merge(other, mapping: mapping)
    }
    try checkMemory()
  }

  private func checkMemory() throws(ExecutionError) {
    try limits.check(bytes: states.reduce(numbering.bytes) { $0 + $1.bytes })
  }
}

/// One aggregate of all groups.
final class GroupedAggregate {
  private let call: CompiledAggregate
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

  /// One for each call. Those that would collect the same of the same rows collect it once.
  static func states(of calls: [CompiledAggregate]) -> [GroupedAggregate] {
    var states: [GroupedAggregate] = []
    for call in calls {
      let new = GroupedAggregate(call)
      _ = states.contains { $0.call.seesRows(of: call) && new.state.readsRows(of: $0.state) }
      states.append(new)
    }
    return states
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

  /// Takes rows that belong to the given groups; where entities are counted, no run goes beyond one.
  func take(_ batch: Batch, groups: RowGroups) throws {
    guard let kept = try batch.filtered(by: call.filter) else { return }
    let selection = kept.selection(in: batch)
    if selection == nil, let runs = groups.runs {
      switch call.method {
      case .plain:
        try state.update(runs: runs, operands: call.arguments.map { try kept.value($0) })
        return
      case .runs(nil):
        countRuns(runs, entityStarts: kept.entityStarts)
        return
      case .distinct, .runs: break
      }
    }
    let groups = selection.map { groups.ofRows.gathered($0) } ?? groups.ofRows
    switch call.method {
    case .plain:
      try state.update(groups: groups, operands: call.arguments.map { try kept.value($0) })
    case .distinct:
      let lane = Column.integers(groups.map(Int64.init))
      _ = combinations.groups(
        of: try [lane] + call.arguments.map { try kept.column($0) }, count: groups.count)
    case .runs(let session):
      try countRuns(groups, session.map { try $0.numbers(kept) } ?? kept.entityNumbers)
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
