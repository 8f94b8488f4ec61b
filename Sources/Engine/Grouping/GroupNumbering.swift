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

  /// The group of each row of a batch.
  mutating func groups(_ batch: Batch, _ keys: [Node]) throws -> [UInt32] {
    switch self {
    case .keys(var table):
      let columns = try keys.map { try batch.column($0) }
      self = .entities(EntityNumbers())
      defer { self = .keys(table) }
      return table.groups(of: columns, count: batch.count)
    case .entities(var numbers):
      self = .entities(EntityNumbers())
      defer { self = .entities(numbers) }
      return numbers.groups(batch.entityPositions, from: batch.entities.lowerBound)
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

  /// The group of each of some later rows, whose entities are given as distances from one of the log.
  mutating func groups(_ entities: [Int32], from first: Int) -> [UInt32] {
    var groups = [UInt32](repeating: 0, count: entities.count)
    var group = UInt32(truncatingIfNeeded: count) &- 1
    var last: Int32 = -1
    for row in entities.indices {
      if entities[row] != last {
        last = entities[row]
        group &+= 1
        ascending.append(Int32(truncatingIfNeeded: first) &+ last)
      }
      groups[row] = group
    }
    return groups
  }

  /// Takes in later entities; gives their numbers here.
  mutating func append(_ later: EntityNumbers) -> [UInt32] {
    let first = UInt32(truncatingIfNeeded: count)
    ascending.append(contentsOf: later.ascending)
    return (0..<UInt32(truncatingIfNeeded: later.count)).map { first &+ $0 }
  }
}
