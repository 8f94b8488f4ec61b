import Values

/// All values of each group, for aggregates that look at them in order: counted while few different ones repeat, and
/// else one by one.
///
/// Doubles are told by their bits while they are counted, and from then on by integers of the same order.
final class CollectedValues {
  private let type: ScalarType
  /// Nothing once the values were too different.
  private var repeated: RepeatedValues? = RepeatedValues()
  private var rows = CollectedRows<Int64>()

  /// Values of a type that is not a text.
  init(_ type: ScalarType) { self.type = type }

  /// About the memory that is kept.
  var bytes: Int { (repeated?.bytes ?? 0) + rows.bytes }

  func grow(to groupCount: Int) {
    repeated?.grow(to: groupCount)
    rows.grow(to: groupCount)
  }

  /// Takes rows; nulls are passed over.
  func take(_ operand: Operand, groups: [UInt32]) {
    let column = operand.expanded(to: groups.count)
    switch column.values {
    case .integers(let values): values.withUnsafeBufferPointer { take($0, column.validity, groups) }
    case .doubles(let values):
      values.withUnsafeBufferPointer { values in
        values.withMemoryRebound(to: Int64.self) { take($0, column.validity, groups) }
      }
    case .booleans(let values):
      values.map(Int64.init).withUnsafeBufferPointer { take($0, column.validity, groups) }
    case .texts: preconditionFailure("texts are collected by their codes")
    }
  }

  private func take(_ values: UnsafeBufferPointer<Int64>, _ validity: [UInt8]?, _ groups: [UInt32]) {
    var first = 0
    if let taken = repeated?.take(values, validity, groups: groups) {
      if taken == groups.count { return }
      first = taken
      spill()
    }
    if type == .double {
      rows.append(values, validity, groups: groups, from: first) { SortableDouble.key(bits: $0) }
    } else {
      rows.append(values, validity, groups: groups, from: first) { $0 }
    }
  }

  /// Takes in what was collected of later rows, whose group `i` is this one's `mapping[i]`.
  func merge(_ later: CollectedValues, mapping: [UInt32]) {
    if let values = later.repeated, repeated?.merge(values, mapping: mapping) ?? false { return }
    spill()
    later.spill()
    rows.append(later.rows, mapping: mapping)
  }

  /// From now on each value is kept.
  private func spill() {
    guard let values = repeated else { return }
    repeated = nil
    let keys = keys(values)
    for group in 0..<values.groupCount {
      for (number, key) in keys.enumerated() {
        let count = values.count(ofValue: number, in: group)
        if count > 0 { rows.append(key, group: UInt32(truncatingIfNeeded: group), count: count) }
      }
    }
  }

  /// The repeated values as integers of their order.
  private func keys(_ values: RepeatedValues) -> [Int64] {
    type == .double ? values.values.map(SortableDouble.key(bits:)) : values.values
  }

  /// Visits the values of each group in turn, as integers of their order.
  func forEachGroup(_ visit: (inout GroupValues) -> Void) {
    guard let values = repeated else {
      rows.eachGroup { slice in
        var group = GroupValues.each(slice)
        visit(&group)
      }
      return
    }
    let keys = keys(values)
    let order = keys.indices.sorted { keys[$0] < keys[$1] }
    var counted: [(key: Int64, upTo: Int)] = []
    for group in 0..<values.groupCount {
      counted.removeAll(keepingCapacity: true)
      var total = 0
      for number in order {
        let count = values.count(ofValue: number, in: group)
        if count == 0 { continue }
        total += count
        if let last = counted.last, last.key == keys[number] {
          counted[counted.count - 1].upTo = total
        } else {
          counted.append((keys[number], total))
        }
      }
      var group = GroupValues.counted(counted)
      visit(&group)
    }
  }
}

/// The values of one group.
enum GroupValues {
  /// All of them, in any order.
  case each(UnsafeMutableBufferPointer<Int64>)
  /// The different ones ascending, each with how many values there are up to it, itself included.
  case counted([(key: Int64, upTo: Int)])

  /// How many values there are.
  var count: Int {
    switch self {
    case .each(let values): values.count
    case .counted(let values): values.last?.upTo ?? 0
    }
  }

  /// The value at a place in ascending order, and the one after it, or itself again where it is the last.
  mutating func pair(at place: Int) -> (Int64, Int64) {
    switch self {
    case .each(var values):
      values.select(place)
      // What is behind the one is no smaller: the next is the least of it.
      return (values[place], values[(place + 1)...].min() ?? values[place])
    case .counted(let values):
      let index = values.firstIndex { $0.upTo > place } ?? values.count - 1
      let isLast = index == values.count - 1 || values[index].upTo > place + 1
      return (values[index].key, values[isLast ? index : index + 1].key)
    }
  }

  /// The most frequent value, of several the smallest; nothing where there are no values.
  mutating func mode() -> Int64? {
    var best: (key: Int64, count: Int)?
    switch self {
    case .each(var values):
      values.sort()
      var start = 0
      for index in values.indices where index + 1 == values.count || values[index + 1] != values[index] {
        if index + 1 - start > best?.count ?? 0 { best = (values[index], index + 1 - start) }
        start = index + 1
      }
    case .counted(let values):
      var before = 0
      for value in values {
        if value.upTo - before > best?.count ?? 0 { best = (value.key, value.upTo - before) }
        before = value.upTo
      }
    }
    return best?.key
  }
}

extension UnsafeMutableBufferPointer<Int64> {
  /// Puts the value that would be at an index if all were sorted there, none that is larger before it and none that
  /// is smaller behind it.
  fileprivate mutating func select(_ index: Int) {
    var low = 0
    var high = count - 1
    var patience = 2 * (Int.bitWidth - count.leadingZeroBitCount)
    while low < high {
      if patience == 0 {
        // Whatever the order was, halves were never near.
        self[low...high].sort()
        return
      }
      patience -= 1
      let pivot = median(self[low], self[low + (high - low) / 2], self[high])
      var left = low
      var right = high
      while left <= right {
        while self[left] < pivot { left += 1 }
        while self[right] > pivot { right -= 1 }
        if left <= right {
          swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if index <= right {
        high = right
      } else if index >= left {
        low = left
      } else {
        return
      }
    }
  }

  private func median(_ a: Int64, _ b: Int64, _ c: Int64) -> Int64 {
    Swift.max(Swift.min(a, b), Swift.min(Swift.max(a, b), c))
  }
}
