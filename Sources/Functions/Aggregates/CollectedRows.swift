/// Values with their groups in the order of the rows, for aggregates that need all values at once.
struct CollectedRows<Value: BitwiseCopyable> {
  private(set) var groupCount = 0
  private var groups: [UInt32] = []
  private var values: [Value] = []

  mutating func grow(to groupCount: Int) { self.groupCount = max(self.groupCount, groupCount) }

  mutating func append(_ value: Value, group: UInt32) {
    groups.append(group)
    values.append(value)
  }

  /// Takes in later rows, whose group `i` is this one's `mapping[i]`.
  mutating func append(_ later: CollectedRows, mapping: [UInt32], _ translate: (Value) -> Value = { $0 }) {
    for index in later.groups.indices {
      append(translate(later.values[index]), group: mapping[Int(later.groups[index])])
    }
  }

  /// Visits each group's values, in the order of their rows, in group order.
  func eachGroup(_ visit: (inout UnsafeMutableBufferPointer<Value>) throws -> Void) rethrows {
    var ends = [Int](repeating: 0, count: groupCount + 1)
    for group in groups { ends[Int(group) + 1] += 1 }
    for group in 0..<groupCount { ends[group + 1] += ends[group] }
    let offsets = ends
    var sorted = values
    for (index, group) in groups.enumerated() {
      sorted[ends[Int(group)]] = values[index]
      ends[Int(group)] += 1
    }
    try sorted.withUnsafeMutableBufferPointer { sorted in
      for group in 0..<groupCount {
        var slice = UnsafeMutableBufferPointer(rebasing: sorted[offsets[group]..<offsets[group + 1]])
        try visit(&slice)
      }
    }
  }
}

/// Doubles as integers of the same order, NaN above all; both zeros are one.
enum SortableDouble {
  static func key(_ value: Double) -> Int64 {
    if value == 0 { return 0 }
    if value.isNaN { return .max }
    let bits = Int64(bitPattern: value.bitPattern)
    return bits < 0 ? Int64.min - bits : bits
  }

  static func value(_ key: Int64) -> Double {
    if key == .max { return .nan }
    return Double(bitPattern: UInt64(bitPattern: key < 0 ? Int64.min - key : key))
  }
}
