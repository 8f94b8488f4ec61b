/// Values with their groups in the order of the rows, for aggregates that need all values at once.
struct CollectedRows<Value: BitwiseCopyable> {
  private(set) var groupCount = 0
  private var groups: [UInt32] = []
  private var values: [Value] = []

  /// About the memory that is kept.
  var bytes: Int { groups.count * (4 + MemoryLayout<Value>.stride) }

  mutating func grow(to groupCount: Int) { self.groupCount = max(self.groupCount, groupCount) }

  mutating func append(_ value: Value, group: UInt32) {
    groups.append(group)
    values.append(value)
  }

  /// Takes rows from one on, as something else; those whose byte of validity is 0 are passed over.
  @inline(__always)
  mutating func append(
    _ rowValues: UnsafeBufferPointer<Value>, _ validity: [UInt8]?, groups rowGroups: [UInt32],
    from first: Int,
    _ translate: (Value) -> Value
  ) {
    values.reserveCapacity(CollectedRows.room(values.count, rowGroups.count - first, values.capacity))
    groups.reserveCapacity(values.capacity)
    for row in first..<rowGroups.count where validity.map({ $0[row] != 0 }) ?? true {
      values.append(translate(rowValues[row]))
      groups.append(rowGroups[row])
    }
  }

  /// Takes a value as often as it occurs.
  mutating func append(_ value: Value, group: UInt32, count: Int) {
    values.append(contentsOf: repeatElement(value, count: count))
    groups.append(contentsOf: repeatElement(group, count: count))
  }

  /// Room for more elements that grows with what is there, so that what is there is rarely moved.
  private static func room(_ count: Int, _ more: Int, _ capacity: Int) -> Int {
    count + more <= capacity ? capacity : max(count + more, 2 * capacity)
  }

  /// Takes in later rows, whose group `i` is this one's `mapping[i]`.
  mutating func append(_ later: CollectedRows, mapping: [UInt32]) {
    values.append(contentsOf: later.values)
    groups.append(contentsOf: later.groups.lazy.map { mapping[Int($0)] })
  }

  /// Takes in later rows whose values are called something else here.
  mutating func append(_ later: CollectedRows, mapping: [UInt32], _ translate: (Value) -> Value) {
    values.append(contentsOf: later.values.lazy.map(translate))
    groups.append(contentsOf: later.groups.lazy.map { mapping[Int($0)] })
  }

  /// Visits each group's values, in the order of their rows, in group order.
  func eachGroup(_ visit: (inout UnsafeMutableBufferPointer<Value>) throws -> Void) rethrows {
    var ends = [Int](repeating: 0, count: groupCount + 1)
    for group in groups { ends[Int(group) + 1] += 1 }
    for group in 0..<groupCount { ends[group + 1] += ends[group] }
    let offsets = ends
    var sorted = [Value](unsafeUninitializedCapacity: values.count) { sorted, initialized in
      ends.withUnsafeMutableBufferPointer { ends in
        values.withUnsafeBufferPointer { values in
          for (index, group) in groups.enumerated() {
            sorted.initializeElement(at: ends[Int(group)], to: values[index])
            ends[Int(group)] += 1
          }
        }
      }
      initialized = values.count
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
  /// The integer of a double whose bits are given.
  @inline(__always) static func key(bits: Int64) -> Int64 {
    if Double(bitPattern: UInt64(bitPattern: bits)).isNaN { return .max }
    // The bits of -0 become 0.
    return bits < 0 ? Int64.min &- bits : bits
  }

  static func value(_ key: Int64) -> Double {
    if key == .max { return .nan }
    return Double(bitPattern: UInt64(bitPattern: key < 0 ? Int64.min - key : key))
  }
}
