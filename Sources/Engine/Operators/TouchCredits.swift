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

  /// The combinations of the numbers of a group and of a value.
  private(set) var cells = GroupTable([.integer, .integer])
  /// One for each cell.
  private(set) var all: [Sum] = []
  /// What was taken and has no cell yet.
  private var groups: [Int64] = []
  private var values: [Int64] = []
  private var sums: [Sum] = []

  var bytes: Int { cells.bytes + (all.count + sums.count) * 40 }

  /// Takes a conversion and the touches before it.
  mutating func take(_ window: borrowing TouchWindow, group: UInt32, value: Double) {
    if window.isEmpty {
      // The first value is that of conversions without a touch.
      append(group, 0, Sum(conversions: 1, touches: 0, value: value))
    } else {
      window.forEachCredit { number, credit, touches in
        append(group, number, Sum(conversions: credit, touches: Int64(touches), value: credit * value))
      }
    }
    if sums.count >= 1 << 16 { settle() }
  }

  private mutating func append(_ group: UInt32, _ value: UInt32, _ sum: Sum) {
    groups.append(Int64(group))
    values.append(Int64(value))
    sums.append(sum)
  }

  /// Adds what was taken to its cells.
  mutating func settle() {
    let found = cells.groups(of: [.integers(groups), .integers(values)], count: sums.count)
    add(sums, to: found)
    groups.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    sums.removeAll(keepingCapacity: true)
  }

  /// Takes in what was credited later, by its own numbers of groups and values.
  mutating func merge(_ later: TouchCredits, groups: [UInt32], values: [UInt32]) {
    let keys = later.cells.keyColumns().map(\.integerValues)
    let found = cells.groups(
      of: [
        .integers(keys[0].map { Int64(groups[Int($0)]) }), .integers(keys[1].map { Int64(values[Int($0)]) }),
      ], count: later.all.count)
    add(later.all, to: found)
  }

  private mutating func add(_ sums: [Sum], to found: [UInt32]) {
    if cells.count > all.count {
      all.append(contentsOf: repeatElement(Sum(), count: cells.count - all.count))
    }
    for (sum, cell) in zip(sums, found) {
      all[Int(cell)].conversions += sum.conversions
      all[Int(cell)].touches += sum.touches
      all[Int(cell)].value += sum.value
    }
  }
}
