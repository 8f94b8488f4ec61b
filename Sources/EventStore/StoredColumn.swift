import Values

/// A column of an event log as it lies in memory: fixed-width values, possibly mapped from a file, possibly
/// narrower than the type they stand for. `owner` keeps the memory alive.
public struct StoredColumn: @unchecked Sendable {
  /// How the values lie in memory; each pointer has one element a row, or a value where nulls are left out.
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

  /// How rows without a value are told.
  public enum Nulls {
    case nowhere
    /// One byte a row, 1 where there is a value; a null text has code 0.
    case marked(UnsafePointer<UInt8>)
    /// Only what is no null is stored.
    case leftOut(Presence)
  }

  /// What is known of rows that are asked for.
  public enum Knowledge { case nothing, haveValues }

  /// The type that the values stand for.
  public let type: ScalarType
  /// Where the values are.
  public let encoding: Encoding
  /// Which rows have none.
  public let nulls: Nulls
  /// How many rows.
  public let count: Int
  private let owner: AnyObject?

  /// A column over memory that `owner` keeps alive.
  public init(
    type: ScalarType, encoding: Encoding, nulls: Nulls = .nowhere, count: Int, owner: AnyObject?
  ) {
    self.type = type
    self.encoding = encoding
    self.nulls = nulls
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

  /// Where the values are, if each row has an element there.
  public var rowwise: Encoding? { if case .leftOut = nulls { nil } else { encoding } }

  /// Where in `encoding` a range of rows is, or of these rows those that are stored at all.
  public func places(of rows: Range<Int>) -> Range<Int> {
    requireRows(rows)
    return if case .leftOut(let presence) = nulls { presence.places(of: rows) } else { rows }
  }

  /// What was made of each place of a range of rows, for each of the rows; 0 for those that are not stored.
  @inlinable
  public func spread<Element: Numeric>(_ made: [Element], over rows: Range<Int>) -> [Element] {
    guard case .leftOut(let presence) = nulls, made.count < rows.count else { return made }
    return StoredColumn.spread(made, to: presence.positions(in: rows), count: rows.count)
  }

  @inlinable
  static func spread<Element: Numeric>(_ made: [Element], to targets: [Int32], count: Int) -> [Element] {
    precondition(targets.count == made.count, "there is something for each place")
    return [Element](unsafeUninitializedCapacity: count) { target, initialized in
      target.initialize(repeating: 0)
      for index in targets.indices { target[Int(targets[index])] = made[index] }
      initialized = count
    }
  }

  /// One byte for each row of a range, 1 where there is a value; nothing where no row can be null.
  public func validity(of rows: Range<Int>) -> [UInt8]? {
    switch nulls {
    case .nowhere: return nil
    case .marked(let bytes):
      return Array(UnsafeBufferPointer(start: bytes + rows.lowerBound, count: rows.count))
    case .leftOut: return spread([UInt8](repeating: 1, count: places(of: rows).count), over: rows)
    }
  }

  /// The values of a contiguous range of rows.
  public func read(_ rows: Range<Int>) -> Column {
    let places = places(of: rows)
    var targets: [Int32]?
    if case .leftOut(let presence) = nulls, places.count < rows.count {
      targets = presence.positions(in: rows)
    }
    return read(rows.count, targets, from: places.count) { places.lowerBound &+ $0 }
  }

  /// The values that a contiguous range of rows has, and how many of them are before each of some rows, by ascending
  /// distances from the first; nothing where nulls are stored too.
  public func storedValues(
    of rows: Range<Int>, before distances: [Int32]
  ) -> (values: Column, counts: [Int32])? {
    guard case .leftOut(let presence) = nulls else { return nil }
    let places = places(of: rows)
    if let first = distances.first, let last = distances.last {
      precondition(first >= 0 && last <= rows.count, "rows lie within their range")
    }
    return (
      read(places.count, nil, from: places.count) { places.lowerBound &+ $0 },
      presence.counts(before: distances, from: rows.lowerBound)
    )
  }

  /// The values at `base + positions[i]`; the positions are ascending.
  public func read(_ positions: [Int32], from base: Int, _ known: Knowledge = .nothing) -> Column {
    requireRows(positions, from: base)
    return positions.withUnsafeBufferPointer { positions in
      guard case .leftOut(let presence) = nulls else {
        return read(positions.count, nil, from: positions.count) { base &+ Int(positions[$0]) }
      }
      let found = presence.found(at: positions, from: base, known)
      guard let distances = found.distances else {
        return read(positions.count, nil, from: positions.count) { found.first &+ $0 }
      }
      return distances.withUnsafeBufferPointer { distances in
        read(positions.count, found.targets, from: distances.count) { found.first &+ Int(distances[$0]) }
      }
    }
  }

  private func requireRows(_ positions: [Int32], from base: Int) {
    if let first = positions.first, let last = positions.last {
      requireRows(base + Int(first)..<base + Int(last) + 1)
    }
  }

  private func requireRows(_ rows: Range<Int>) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows lie outside the column")
  }

  /// One byte for each row of a range: 1 where the text's code is `code` and not null, else 0.
  public func equalityMask(code: UInt32, rows: Range<Int>) -> [UInt8] {
    let places = places(of: rows)
    return spread(mask(code, places.count) { places.lowerBound &+ $0 }, over: rows)
  }

  /// The same for the rows at `base + positions[i]`; the positions are ascending.
  public func equalityMask(
    code: UInt32, at positions: [Int32], from base: Int, _ known: Knowledge = .nothing
  ) -> [UInt8] {
    requireRows(positions, from: base)
    return positions.withUnsafeBufferPointer { positions in
      guard case .leftOut(let presence) = nulls else {
        return mask(code, positions.count) { base &+ Int(positions[$0]) }
      }
      let found = presence.found(at: positions, from: base, known)
      guard let distances = found.distances else { return mask(code, positions.count) { found.first &+ $0 } }
      let own = distances.withUnsafeBufferPointer { distances in
        mask(code, distances.count) { found.first &+ Int(distances[$0]) }
      }
      guard let targets = found.targets else { return own }
      return StoredColumn.spread(own, to: targets, count: positions.count)
    }
  }

  /// One byte for each of some places, 1 where a text that is not null has a code.
  @inline(__always)
  private func mask(_ code: UInt32, _ count: Int, place: (Int) -> Int) -> [UInt8] {
    @inline(__always)
    func compare<Code: FixedWidthInteger>(_ codes: UnsafePointer<Code>) -> [UInt8] {
      guard let wanted = Code(exactly: code) else { return [UInt8](repeating: 0, count: count) }
      return [UInt8](unsafeUninitializedCapacity: count) { mask, initialized in
        for index in 0..<count { mask[index] = codes[place(index)] == wanted ? 1 : 0 }
        initialized = count
      }
    }
    var mask =
      switch encoding {
      case .codes8(let codes, _): compare(codes)
      case .codes16(let codes, _): compare(codes)
      case .codes32(let codes, _): compare(codes)
      default: preconditionFailure("an equality mask is of a text column")
      }
    // Nulls that are stored have code 0.
    if code == 0, case .marked(let validity) = nulls {
      for index in 0..<count { mask[index] &= validity[place(index)] }
    }
    return mask
  }

  /// The values of so many rows, from so many places.
  ///
  /// - Parameter targets: for each place the number of its row; nothing where each row has a place.
  @inline(__always)
  private func read(
    _ rowCount: Int, _ targets: [Int32]?, from placeCount: Int, place: (Int) -> Int
  ) -> Column {
    @inline(__always)
    func collect<Target: BitwiseCopyable & Numeric>(_ value: (Int) -> Target) -> [Target] {
      [Target](unsafeUninitializedCapacity: rowCount) { target, initialized in
        if let targets {
          target.initialize(repeating: 0)
          targets.withUnsafeBufferPointer { targets in
            for index in 0..<placeCount { target[Int(targets[index])] = value(place(index)) }
          }
        } else {
          for index in 0..<rowCount { target.initializeElement(at: index, to: value(place(index))) }
        }
        initialized = rowCount
      }
    }
    let values: Column.Values =
      switch encoding {
      case .booleans(let values): .booleans(collect { values[$0] })
      case .integers8(let values): .integers(collect { Int64(values[$0]) })
      case .integers16(let values): .integers(collect { Int64(values[$0]) })
      case .integers32(let values): .integers(collect { Int64(values[$0]) })
      case .integers64(let values): .integers(collect { values[$0] })
      case .seconds(let seconds, let base, let microseconds?):
        .integers(collect { base &+ Int64(seconds[$0]) &* 1_000_000 &+ Int64(microseconds[$0]) })
      case .seconds(let seconds, let base, nil):
        .integers(collect { base &+ Int64(seconds[$0]) &* 1_000_000 })
      case .doubles(let values): .doubles(collect { values[$0] })
      case .codes8(let codes, let dictionary): .texts(collect { UInt32(codes[$0]) }, dictionary)
      case .codes16(let codes, let dictionary): .texts(collect { UInt32(codes[$0]) }, dictionary)
      case .codes32(let codes, let dictionary): .texts(collect { codes[$0] }, dictionary)
      }
    switch nulls {
    case .nowhere: return Column(type: type, values: values)
    case .marked(let validity):
      let valid = collect { validity[$0] }
      var all: UInt8 = 1
      for byte in valid { all &= byte }
      return Column(type: type, values: values, validity: all == 0 ? valid : nil)
    case .leftOut:
      return Column(type: type, values: values, validity: targets.map { _ in collect { _ in 1 } })
    }
  }
}
