import ADBC
import Values

/// A column's values on their way into the store, in the order in which they come: only when all are known is it known
/// where they belong. One thread at a time uses it.
final class ColumnSpool: @unchecked Sendable {
  let field: Field
  let path: String
  let values: SpoolFile
  private(set) var validity: SpoolFile?
  private(set) var count = 0
  /// Of what lies behind integral types, without nulls.
  private(set) var range: StoreManifest.Range

  /// - Parameter path: of files to come, to which the names of the parts are added.
  init(_ field: Field, path: String) throws(StoreError) {
    self.field = field
    self.path = path
    range = StoreManifest.Range()
    switch field.type {
    case .boolean, .text: values = try SpoolFile(path: path + ".spool", .one)
    case .integer, .date, .duration: values = try SpoolFile(path: path + ".spool", .one, .signed)
    case .double, .timestamp: values = try SpoolFile(path: path + ".spool", .eight)
    }
  }

  /// Adds the rows of a batch.
  func append(_ column: CodedColumn, count rows: Int) throws(StoreError) {
    switch column.values {
    case .booleans(let bytes): try values.append(bytes)
    case .doubles(let doubles): try values.append(doubles)
    case .codes(let codes):
      try values.widen(to: SpoolFile.Width(unsignedUpTo: codes.reduce(0) { $0 | $1 }))
      try values.append(narrowing: codes)
    case .integers(let integers):
      range.observe(integers, column.validity, isTime: field.type == .timestamp)
      try values.widen(to: StoreManifest.Encoding(integersIn: range).width)
      try values.append(narrowing: integers)
    }
    try appendValidity(column.validity, count: rows)
    count += rows
  }

  private func appendValidity(_ bytes: [UInt8]?, count rows: Int) throws(StoreError) {
    if bytes != nil, validity == nil {
      let file = try SpoolFile(path: path + ".valid-spool", .one)
      try file.append([UInt8](repeating: 1, count: count))
      validity = file
    }
    try validity?.append(bytes ?? [UInt8](repeating: 1, count: rows))
  }

  /// What was spooled so far, in the order of its coming.
  ///
  /// - Parameter width: of the values, where narrower ones are of no use.
  func contents(width: SpoolFile.Width = .one) throws(StoreError) -> Contents {
    try values.widen(to: width)
    return Contents(
      values: try values.contents(),
      validity: try validity?.contents())
  }

  /// Spooled rows, mapped; what lies in the place of a null means nothing.
  struct Contents {
    /// Times and doubles are eight bytes wide, booleans one, all else as wide as needed.
    let values: SpoolFile.Contents
    /// One byte a row, 1 where there is a value; nothing when no value is null.
    let validity: SpoolFile.Contents?

    /// The number behind a row's value: of a text its code, of a double its bits; nothing for null.
    @inline(__always)
    func number(_ row: Int) -> Int64? {
      if validity?.pointer(to: UInt8.self)[row] == 0 { return nil }
      return values.integer(row)
    }
  }
}

extension StoreManifest {
  /// Between which integers a column's values lie, and whether all of its times are whole seconds.
  struct Range: Codable, Hashable {
    /// Exceeds `highest` as long as there is no value.
    var lowest = Int64.max
    var highest = Int64.min
    var hasMicroseconds = false

    var isEmpty: Bool { lowest > highest }

    mutating func formUnion(_ other: Range) {
      lowest = min(lowest, other.lowest)
      highest = max(highest, other.highest)
      hasMicroseconds = hasMicroseconds || other.hasMicroseconds
    }

    /// Takes in the values that are not null.
    ///
    /// - Parameter isTime: whether parts of seconds are looked for.
    mutating func observe(_ integers: [Int64], _ validity: [UInt8]?, isTime: Bool) {
      var found = self
      for (row, value) in integers.enumerated() {
        if let validity, validity[row] == 0 { continue }
        if value < found.lowest { found.lowest = value }
        if value > found.highest { found.highest = value }
        if isTime, !found.hasMicroseconds {
          found.hasMicroseconds = value % Calendar.microsecondsPerSecond != 0
        }
      }
      self = found
    }

    /// Microseconds since 1970 of the second that seconds are counted from.
    var secondsBase: Int64 {
      let second = Calendar.microsecondsPerSecond
      return isEmpty ? 0 : Calendar.floorDivide(lowest, second) * second
    }

    /// Whether times can be stored as 32-bit seconds from the first one.
    var fitsSeconds: Bool {
      guard !isEmpty else { return true }
      let second = Calendar.microsecondsPerSecond
      let (first, last) = (Calendar.floorDivide(lowest, second), Calendar.floorDivide(highest, second))
      return last - first <= Int64(UInt32.max) && first > Int64.min / second + 1
    }
  }
}

extension StoreManifest.Encoding {
  /// The narrowest encoding of the integers in a range, and of 0, which stands for null.
  init(integersIn range: StoreManifest.Range) {
    let (lowest, highest) = (min(range.lowest, 0), max(range.highest, 0))
    func fits<Narrow: FixedWidthInteger>(_: Narrow.Type) -> Bool {
      Narrow(exactly: lowest) != nil && Narrow(exactly: highest) != nil
    }
    if fits(Int8.self) {
      self = .integers8
    } else if fits(Int16.self) {
      self = .integers16
    } else if fits(Int32.self) {
      self = .integers32
    } else {
      self = .integers64
    }
  }
}

extension StoreManifest.Encoding {
  /// How wide numbers are that are written in the encoding.
  var width: SpoolFile.Width {
    switch self {
    case .booleans, .integers8, .codes8: .one
    case .integers16, .codes16: .two
    case .integers32, .codes32, .seconds: .four
    case .integers64, .doubles: .eight
    }
  }
}
