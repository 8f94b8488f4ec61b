import Functions
import Values

/// How rows are told which group they belong to.
enum GroupNumbering {
  /// By what their keys are.
  case keys(GroupTable)
  /// By whose events they are: these come one after another.
  case entities(EntityNumbers)

  /// How many groups there are.
  var count: Int {
    switch self {
    case .keys(let table): table.count
    case .entities(let numbers): numbers.count
    }
  }

  /// About the memory that is kept.
  var bytes: Int {
    switch self {
    case .keys(let table): table.bytes
    case .entities(let numbers): numbers.count * 4
    }
  }

  /// Makes the one group that there is without keys.
  mutating func beginOnlyGroup() {
    guard case .keys(var table) = self else { return }
    _ = table.groups(of: [], count: 1)
    self = .keys(table)
  }

  /// The groups of the rows of a batch, in runs that start at all of the given rows, which have the first one among
  /// them; groups that are entities have runs of their own.
  mutating func groups(_ batch: Batch, _ keys: [Node], starts: [Int]) throws -> RowGroups {
    switch self {
    case .keys(var table):
      let columns = try keys.map { try $0.keyColumn(batch) }
      self = .entities(EntityNumbers())
      defer { self = .keys(table) }
      return table.rowGroups(of: columns, count: batch.count, starts: starts)
    case .entities(var numbers):
      self = .entities(EntityNumbers())
      defer { self = .entities(numbers) }
      return RowGroups(numbers.runs(batch))
    }
  }

  /// Takes in the groups of later rows: gives for each of them its number here.
  mutating func merge(_ later: GroupNumbering) -> [UInt32] {
    switch (self, later) {
    case (.keys(var table), .keys(let later)):
      self = .entities(EntityNumbers())
      defer { self = .keys(table) }
      return table.groups(of: later.keyColumns(), count: later.count)
    case (.entities(var numbers), .entities(let later)):
      self = .entities(EntityNumbers())
      defer { self = .entities(numbers) }
      return numbers.append(later)
    default: preconditionFailure("the groups of one sink are numbered in one way")
    }
  }
}

/// Groups that are the entities of a log, numbered in their order.
struct EntityNumbers {
  /// The entities' numbers in the log.
  private(set) var ascending: [Int32] = []

  var count: Int { ascending.count }

  /// The runs of the entities of some later rows.
  mutating func runs(_ batch: Batch) -> GroupRuns {
    let starts = batch.entityStarts.map { Int32(truncatingIfNeeded: $0) }
    let first = UInt32(truncatingIfNeeded: count)
    let new = starts.count - 1
    if new == batch.entities.count {
      ascending.append(contentsOf: batch.entities.lazy.map { Int32(truncatingIfNeeded: $0) })
    } else {
      let base = Int32(truncatingIfNeeded: batch.entities.lowerBound)
      let entities = batch.entityPositions
      ascending.append(contentsOf: starts.dropLast().lazy.map { base &+ entities[Int($0)] })
    }
    return GroupRuns(starts: starts, groups: (0..<UInt32(truncatingIfNeeded: new)).map { first &+ $0 })
  }

  /// Takes in later entities; gives their numbers here.
  mutating func append(_ later: EntityNumbers) -> [UInt32] {
    let first = UInt32(truncatingIfNeeded: count)
    ascending.append(contentsOf: later.ascending)
    return (0..<UInt32(truncatingIfNeeded: later.count)).map { first &+ $0 }
  }
}
