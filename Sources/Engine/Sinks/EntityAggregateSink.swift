import EventStore
import Functions
import Values

/// Aggregates the rows of each entity of a log. They come together, so that a morsel's groups are complete, and
/// finished, when the morsel is.
final class EntityAggregateSink: Sink {
  private let schema: Schema
  private let calls: [CompiledAggregate]
  private let log: EventLog
  private let first: FirstRowsSelection?
  private let limits: ExecutionLimits

  /// - Parameter first: leaves the rows that somebody reads; nothing where all are read.
  init(
    _ schema: Schema, calls: [CompiledAggregate], log: EventLog, first: FirstRowsSelection?,
    limits: ExecutionLimits
  ) {
    self.schema = schema
    self.calls = calls
    self.log = log
    self.first = first
    self.limits = limits
  }

  func makePartial() -> any SinkPartial { EntityGroups(schema, calls, log, first, limits) }

  /// The entities in their order.
  func finish(_ merged: (any SinkPartial)?) throws -> Table {
    guard let merged = (merged ?? makePartial()) as? EntityGroups else {
      preconditionFailure("a sink is given its own partial results")
    }
    return try Table.union(merged.finished, schema: schema, limits: limits)
  }
}

private final class EntityGroups: SinkPartial {
  private let schema: Schema
  private let calls: [CompiledAggregate]
  private let log: EventLog
  private let first: FirstRowsSelection?
  private let limits: ExecutionLimits
  /// The entities of the morsel so far, by their numbers in the log.
  private var entities: [Int32] = []
  private var aggregates: GroupedAggregates
  /// The groups of whole morsels, as far as they are read.
  private(set) var finished: [Table] = []
  private var finishedBytes = 0

  init(
    _ schema: Schema, _ calls: [CompiledAggregate], _ log: EventLog, _ first: FirstRowsSelection?,
    _ limits: ExecutionLimits
  ) {
    self.schema = schema
    self.calls = calls
    self.log = log
    self.first = first
    self.limits = limits
    aggregates = GroupedAggregates(calls)
  }

  var isFull: Bool { false }

  /// About the memory that the morsel's groups take, more than what they become.
  private var bytes: Int { entities.count * 4 + aggregates.bytes }

  func take(_ batch: Batch) throws {
    let runs = runs(batch)
    aggregates.grow(to: entities.count)
    try aggregates.take(batch, groups: RowGroups(runs))
    try limits.check(bytes: bytes)
  }

  /// The runs of a batch's entities, which are new groups.
  private func runs(_ batch: Batch) -> GroupRuns {
    let starts = batch.entityStarts.map { Int32(truncatingIfNeeded: $0) }
    let new = starts.count - 1
    let base = Int32(truncatingIfNeeded: batch.entities.lowerBound)
    if new == batch.entities.count {
      entities += ascending(from: base, count: new)
    } else {
      entities += batch.entityPositions.gathered(Array(starts.dropLast())).map { base &+ $0 }
    }
    return GroupRuns(starts: starts, groups: ascending(from: UInt32(entities.count - new), count: new))
  }

  func close() throws {
    guard !entities.isEmpty else { return }
    let columns = try [log.entities.read(entities, from: 0)] + aggregates.columns()
    let all = Table(schema: schema, columns: columns, count: entities.count)
    let table = try first?.rows(of: all) ?? all
    finished = [table]
    finishedBytes = bytes * table.count / all.count
    entities = []
    aggregates = GroupedAggregates(calls)
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? EntityGroups else {
      preconditionFailure("a sink merges its own partial results")
    }
    finished += later.finished
    finishedBytes += later.finishedBytes
    try limits.check(bytes: finishedBytes)
  }
}

/// So many numbers from one on.
private func ascending<Number: FixedWidthInteger>(from first: Number, count: Int) -> [Number] {
  [Number](unsafeUninitializedCapacity: count) { numbers, initialized in
    for place in 0..<count {
      numbers.initializeElement(at: place, to: first &+ Number(truncatingIfNeeded: place))
    }
    initialized = count
  }
}
