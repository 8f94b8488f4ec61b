import Values

/// A column of an event log as it lies in memory: fixed-width values, possibly mapped from a file, possibly
/// narrower than the type they stand for. `owner` keeps the memory alive.
public struct StoredColumn: @unchecked Sendable {
  /// How the values lie in memory; each pointer has one element a row.
  public enum Encoding {
    /// 0 or 1.
    case booleans(UnsafePointer<UInt8>)
    case integers8(UnsafePointer<Int8>)
    case integers16(UnsafePointer<Int16>)
    case integers32(UnsafePointer<Int32>)
    case integers64(UnsafePointer<Int64>)
    /// Whole seconds from `base` (in microseconds), and the microseconds within the second where any row has some.
    case seconds(UnsafePointer<UInt32>, base: Int64, microseconds: UnsafePointer<UInt32>?)
    case doubles(UnsafePointer<Double>)
    case codes8(UnsafePointer<UInt8>, TextDictionary)
    case codes16(UnsafePointer<UInt16>, TextDictionary)
    case codes32(UnsafePointer<UInt32>, TextDictionary)
  }

  /// The type that the values stand for.
  public let type: ScalarType
  /// Where the values are; those of null texts have code 0.
  public let encoding: Encoding
  /// One byte a row, 1 where there is a value; nothing when no value is null.
  public let validity: UnsafePointer<UInt8>?
  /// How many values.
  public let count: Int
  private let owner: AnyObject?

  /// A column over memory that `owner` keeps alive.
  public init(
    type: ScalarType, encoding: Encoding, validity: UnsafePointer<UInt8>?, count: Int, owner: AnyObject?
  ) {
    self.type = type
    self.encoding = encoding
    self.validity = validity
    self.count = count
    self.owner = owner
  }

  /// The dictionary of a text column.
  public var dictionary: TextDictionary? {
    switch encoding {
    case .codes8(_, let dictionary), .codes16(_, let dictionary), .codes32(_, let dictionary): dictionary
    default: nil
    }
  }

  /// The values of a contiguous range of rows.
  public func read(_ rows: Range<Int>) -> Column {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows lie outside the column")
    return read(count: rows.count) { rows.lowerBound &+ $0 }
  }

  /// The values at `base + positions[i]`; the positions are ascending.
  public func read(_ positions: [Int32], from base: Int) -> Column {
    if let first = positions.first, let last = positions.last {
      precondition(base + Int(first) >= 0 && base + Int(last) < count, "rows lie outside the column")
    }
    return positions.withUnsafeBufferPointer { positions in
      read(count: positions.count) { base &+ Int(positions[$0]) }
    }
  }

  /// One byte for each row of a range: 1 where the text's code is `code` and not null, else 0.
  public func equalityMask(code: UInt32, rows: Range<Int>) -> [UInt8] {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows lie outside the column")
    return [UInt8](unsafeUninitializedCapacity: rows.count) { mask, initialized in
      let first = rows.lowerBound
      let rowCount = rows.count
      switch encoding {
      case .codes8(let codes, _):
        let wanted = UInt8(truncatingIfNeeded: code)
        if code > UInt8.max {
          mask.initialize(repeating: 0)
        } else {
          for row in 0..<rowCount { mask[row] = codes[first &+ row] == wanted ? 1 : 0 }
        }
      case .codes16(let codes, _):
        let wanted = UInt16(truncatingIfNeeded: code)
        if code > UInt16.max {
          mask.initialize(repeating: 0)
        } else {
          for row in 0..<rowCount { mask[row] = codes[first &+ row] == wanted ? 1 : 0 }
        }
      case .codes32(let codes, _):
        for row in 0..<rowCount { mask[row] = codes[first &+ row] == code ? 1 : 0 }
      default: preconditionFailure("an equality mask is of a text column")
      }
      // Nulls have code 0.
      if let validity, code == 0 {
        for row in 0..<rowCount { mask[row] &= validity[first &+ row] }
      }
      initialized = rowCount
    }
  }

  @inline(__always)
  private func read(count rowCount: Int, row: (Int) -> Int) -> Column {
    @inline(__always)
    func collect<Source, Target>(
      _ source: UnsafePointer<Source>, _ convert: (Source) -> Target
    ) -> [Target] {
      [Target](unsafeUninitializedCapacity: rowCount) { target, initialized in
        for index in 0..<rowCount { target.initializeElement(at: index, to: convert(source[row(index)])) }
        initialized = rowCount
      }
    }
    let values: Column.Values =
      switch encoding {
      case .booleans(let values): .booleans(collect(values) { $0 })
      case .integers8(let values): .integers(collect(values) { Int64($0) })
      case .integers16(let values): .integers(collect(values) { Int64($0) })
      case .integers32(let values): .integers(collect(values) { Int64($0) })
      case .integers64(let values): .integers(collect(values) { $0 })
      case .seconds(let seconds, let base, let microseconds):
        if let microseconds {
          .integers(
            [Int64](unsafeUninitializedCapacity: rowCount) { target, initialized in
              for index in 0..<rowCount {
                let place = row(index)
                let value = base &+ Int64(seconds[place]) &* 1_000_000 &+ Int64(microseconds[place])
                target.initializeElement(at: index, to: value)
              }
              initialized = rowCount
            })
        } else {
          .integers(collect(seconds) { base &+ Int64($0) &* 1_000_000 })
        }
      case .doubles(let values): .doubles(collect(values) { $0 })
      case .codes8(let codes, let dictionary): .texts(collect(codes) { UInt32($0) }, dictionary)
      case .codes16(let codes, let dictionary): .texts(collect(codes) { UInt32($0) }, dictionary)
      case .codes32(let codes, let dictionary): .texts(collect(codes) { $0 }, dictionary)
      }
    guard let validity else { return Column(type: type, values: values) }
    let valid = collect(validity) { $0 }
    return Column(type: type, values: values, validity: valid.contains(0) ? valid : nil)
  }
}
