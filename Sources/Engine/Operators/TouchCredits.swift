import Planning
import Values

/// What conversions were credited to, by group and value.
struct TouchCredits {
  /// The credit of one value in one group.
  struct Sum {
    /// The parts of conversions, added up in the order of the log.
    var conversions = 0.0
    /// How many touches with the value lay in the windows of conversions.
    var touches: Int64 = 0
    /// The same parts of what conversions were worth.
    var value = 0.0
  }

  /// What one conversion credits to one value.
  private struct Credit {
    let group: UInt32
    let value: UInt32
    let sum: Sum
  }

  /// The combinations of the numbers of a group and of a value.
  private(set) var cells = GroupTable([.integer, .integer])
  /// One for each cell.
  private(set) var all: [Sum] = []
  /// What was taken and has no cell yet.
  private var taken: [Credit] = []

  /// More of what was taken than these would leave a core's cache.
  private static let mostTaken = 1 << 13

  var bytes: Int { cells.bytes + all.count * MemoryLayout<Sum>.stride }

  /// Takes conversions, each with the touches before it.
  ///
  /// - Parameters:
  ///   - groups: one for each conversion.
  ///   - worth: what each is worth; nothing where that is not asked.
  ///   - entities: those of the touches that the window moves along, as the conversions' are.
  mutating func take(
    _ conversions: TimedRows, groups: [UInt32], worth: [Double]?, entities: [Int32],
    _ window: inout TouchWindow
  ) {
    var entity: Int32 = -1
    var touch = 0
    for row in conversions.times.indices {
      if conversions.entities[row] != entity {
        entity = conversions.entities[row]
        while touch < entities.count, entities[touch] < entity { touch &+= 1 }
        let first = touch
        while touch < entities.count, entities[touch] == entity { touch &+= 1 }
        window.enter(first..<touch)
      }
      window.move(to: conversions.times[row])
      take(window, group: groups[row], value: worth?[row] ?? 0)
      if taken.count >= TouchCredits.mostTaken { settle() }
    }
    settle()
  }

  private mutating func take(_ window: TouchWindow, group: UInt32, value: Double) {
    if window.isEmpty {
      // The first value is that of conversions without a touch.
      taken.append(Credit(group: group, value: 0, sum: Sum(conversions: 1, touches: 0, value: value)))
    } else {
      window.forEachCredit { number, credit, touches in
        let sum = Sum(conversions: credit, touches: Int64(touches), value: credit * value)
        taken.append(Credit(group: group, value: number, sum: sum))
      }
    }
  }

  /// Adds what was taken to its cells.
  private mutating func settle() {
    let found = cells(groups: taken.map(\.group), values: taken.map(\.value))
    all.withUnsafeMutableBufferPointer { all in
      for index in taken.indices { all[Int(found[index])] += taken[index].sum }
    }
    taken.removeAll(keepingCapacity: true)
  }

  /// Takes in what was credited later, by its own numbers of groups and values.
  mutating func merge(_ later: TouchCredits, groups: [UInt32], values: [UInt32]) {
    let keys = later.cells.keyColumns().map(\.integerValues)
    let found = cells(groups: keys[0].map { groups[Int($0)] }, values: keys[1].map { values[Int($0)] })
    for (sum, cell) in zip(later.all, found) { all[Int(cell)] += sum }
  }

  /// The cells of some combinations, new or known.
  private mutating func cells(groups: [UInt32], values: [UInt32]) -> [UInt32] {
    let keys = [groups, values].map { KeyColumn(KeyLane(.codes($0), nil)) }
    let found = cells.rowGroups(of: keys, count: groups.count, starts: nil).ofRows
    all.append(contentsOf: repeatElement(Sum(), count: cells.count - all.count))
    return found
  }
}

extension TouchCredits.Sum {
  fileprivate static func += (sum: inout Self, other: Self) {
    sum.conversions += other.conversions
    sum.touches += other.touches
    sum.value += other.value
  }
}
