/// The key values of some rows, as narrow as they came.
struct KeyLane {
  enum Values {
    case bytes([UInt8])
    case shorts([UInt16])
    case codes([UInt32])
    case integers([Int64])
  }

  let values: Values
  let validity: [UInt8]?
  /// What each of the values is counted from.
  private let base: Int64
  /// A range that all values are known to lie in, small enough to be taken as it is.
  private let known: ClosedRange<Int64>?

  init(_ values: Values, _ validity: [UInt8]?, from base: Int64 = 0, known: ClosedRange<Int64>? = nil) {
    self.values = values
    self.validity = validity
    self.base = base
    self.known = known
  }

  func isNull(_ row: Int) -> Bool { validity.map { $0[row] == 0 } ?? false }

  subscript(row: Int) -> Int64 {
    switch values {
    case .bytes(let values): base + Int64(values[row])
    case .shorts(let values): base + Int64(values[row])
    case .codes(let values): base + Int64(values[row])
    case .integers(let values): base + values[row]
    }
  }

  /// The least and the greatest value that is not null; of nulls alone it is that of zero.
  var range: ClosedRange<Int64> {
    if let known { return known }
    return switch values {
    case .bytes(let values): range(of: values)
    case .shorts(let values): range(of: values)
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
    return low > high ? 0...0 : (base + Int64(low))...(base + Int64(high))
  }

  /// Each row's place among `width`, of which the last is that of null.
  func places<Place: PlaceNumber>(count: Int, low: Int64, width: Int) -> [Place] {
    [Place](unsafeUninitializedCapacity: count) { target, initialized in
      forEachPlace(low, width) { row, place in target.initializeElement(at: row, to: place) }
      initialized = count
    }
  }

  /// Adds each row's place among `width` to what a grid's earlier keys gave.
  func addPlaces<Place: PlaceNumber>(to index: inout [Place], low: Int64, width: Int) {
    let scale = Place(truncatingIfNeeded: width)
    index.withUnsafeMutableBufferPointer { index in
      forEachPlace(low, width) { row, place in index[row] = index[row] &* scale &+ place }
    }
  }

  @inline(__always)
  private func forEachPlace<Place: PlaceNumber>(_ low: Int64, _ width: Int, _ body: (Int, Place) -> Void) {
    switch values {
    case .bytes(let values): forEachPlace(of: values, low, width, body)
    case .shorts(let values): forEachPlace(of: values, low, width, body)
    case .codes(let values): forEachPlace(of: values, low, width, body)
    case .integers(let values): forEachPlace(of: values, low, width, body)
    }
  }

  @inline(__always)
  private func forEachPlace<T: FixedWidthInteger, Place: PlaceNumber>(
    of values: [T], _ low: Int64, _ width: Int, _ body: (Int, Place) -> Void
  ) {
    let null = Place(truncatingIfNeeded: width - 1)
    // Places are small: what is beyond their bits of a value and of where places begin is equal.
    let first = Place(truncatingIfNeeded: low &- base)
    values.withUnsafeBufferPointer { values in
      guard let validity else {
        for row in 0..<values.count { body(row, Place(truncatingIfNeeded: values[row]) &- first) }
        return
      }
      validity.withUnsafeBufferPointer { validity in
        for row in 0..<values.count {
          let place = Place(truncatingIfNeeded: values[row]) &- first
          body(row, validity[row] != 0 ? place : null)
        }
      }
    }
  }

  /// Writes the values among the words of some rows, and a bit where one is null.
  func write(into words: inout [Int64], stride: Int, key: Int, nullWord: Int) {
    switch values {
    case .bytes(let values): write(values, &words, stride, key, nullWord)
    case .shorts(let values): write(values, &words, stride, key, nullWord)
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
          for row in 0..<values.count { words[row &* stride &+ key] = base &+ Int64(values[row]) }
          return
        }
        for row in 0..<values.count {
          if validity[row] != 0 {
            words[row &* stride &+ key] = base &+ Int64(values[row])
          } else {
            words[row &* stride &+ nullWord] |= 1 << Int64(key % 64)
          }
        }
      }
    }
  }
}

/// Numbers of places in a grid: as narrow as there are places.
protocol PlaceNumber: FixedWidthInteger, UnsignedInteger, BitwiseCopyable {}

extension UInt16: PlaceNumber {}
extension UInt32: PlaceNumber {}
