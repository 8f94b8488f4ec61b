/// The key values of some rows as they came.
struct KeyLane {
  enum Values {
    case bytes([UInt8])
    case codes([UInt32])
    case integers([Int64])
  }

  let values: Values
  let validity: [UInt8]?
  /// A range that all values are known to lie in, small enough to be taken as it is.
  private let known: ClosedRange<Int64>?

  init(_ values: Values, _ validity: [UInt8]?, known: ClosedRange<Int64>? = nil) {
    self.values = values
    self.validity = validity
    self.known = known
  }

  func isNull(_ row: Int) -> Bool { validity.map { $0[row] == 0 } ?? false }

  subscript(row: Int) -> Int64 {
    switch values {
    case .bytes(let values): Int64(values[row])
    case .codes(let values): Int64(values[row])
    case .integers(let values): values[row]
    }
  }

  /// The least and the greatest value that is not null; of nulls alone it is that of zero.
  var range: ClosedRange<Int64> {
    if let known { return known }
    return switch values {
    case .bytes: 0...1
    case .codes(let values): range(of: values)
    case .integers(let values): range(of: values)
    }
  }

  @inline(__always)
  private func range<T: FixedWidthInteger>(of values: [T]) -> ClosedRange<Int64> {
    var low = T.max
    var high = T.min
    if let validity {
      for row in values.indices where validity[row] != 0 {
        low = min(low, values[row])
        high = max(high, values[row])
      }
    } else {
      for value in values {
        low = min(low, value)
        high = max(high, value)
      }
    }
    return low > high ? 0...0 : Int64(low)...Int64(high)
  }

  /// Adds each row's place among `width` to what a grid's earlier keys gave.
  func addPlaces(to index: inout [UInt32], low: Int64, width: Int) {
    switch values {
    case .bytes(let values): add(values, to: &index, low, width)
    case .codes(let values): add(values, to: &index, low, width)
    case .integers(let values): add(values, to: &index, low, width)
    }
  }

  @inline(__always)
  private func add<T: FixedWidthInteger>(_ values: [T], to index: inout [UInt32], _ low: Int64, _ width: Int)
  {
    let scale = UInt32(width)
    let null = UInt32(width - 1)
    index.withUnsafeMutableBufferPointer { index in
      values.withUnsafeBufferPointer { values in
        guard let validity else {
          for row in 0..<index.count {
            index[row] = index[row] &* scale &+ UInt32(truncatingIfNeeded: Int64(values[row]) &- low)
          }
          return
        }
        for row in 0..<index.count {
          let place = UInt32(truncatingIfNeeded: Int64(values[row]) &- low)
          index[row] = index[row] &* scale &+ (validity[row] != 0 ? place : null)
        }
      }
    }
  }

  /// Writes the values among the words of some rows, and a bit where one is null.
  func write(into words: inout [Int64], stride: Int, key: Int, nullWord: Int) {
    switch values {
    case .bytes(let values): write(values, &words, stride, key, nullWord)
    case .codes(let values): write(values, &words, stride, key, nullWord)
    case .integers(let values): write(values, &words, stride, key, nullWord)
    }
  }

  @inline(__always)
  private func write<T: FixedWidthInteger>(
    _ values: [T], _ words: inout [Int64], _ stride: Int, _ key: Int, _ nullWord: Int
  ) {
    words.withUnsafeMutableBufferPointer { words in
      values.withUnsafeBufferPointer { values in
        guard let validity else {
          for row in 0..<values.count { words[row &* stride &+ key] = Int64(values[row]) }
          return
        }
        for row in 0..<values.count {
          if validity[row] != 0 {
            words[row &* stride &+ key] = Int64(values[row])
          } else {
            words[row &* stride &+ nullWord] |= 1 << Int64(key % 64)
          }
        }
      }
    }
  }
}
