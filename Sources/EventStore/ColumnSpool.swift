import ADBC
import Values

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A column's values on their way into the store: in a file, at full width, for only when all are known is it known
/// how narrow they may be. The memory that this takes does not grow with the rows.
final class ColumnSpool {
  let field: Field
  private let path: String
  private let values: OutputFile
  private var validity: OutputFile?
  private(set) var count = 0
  /// Of what lies behind integral types, without nulls; empty as long as the lower exceeds the upper.
  private var lowest = Int64.max
  private var highest = Int64.min
  private var hasMicroseconds = false

  /// - Parameter path: of files to come, to which the names of the parts are added.
  init(_ field: Field, path: String) throws(StoreError) {
    self.field = field
    self.path = path
    values = try OutputFile(path: path + ".spool", .unhashed)
  }

  /// Adds the rows of a batch.
  func append(_ column: CodedColumn, count rows: Int) throws(StoreError) {
    switch column.values {
    case .booleans(let bytes): try values.write(zeroed(bytes, column.validity))
    case .doubles(let doubles): try values.write(zeroed(doubles, column.validity))
    case .codes(let codes): try values.write(codes)
    case .integers(let integers):
      observe(integers, column.validity)
      try values.write(zeroed(integers, column.validity))
    }
    try appendValidity(column.validity, count: rows)
    count += rows
  }

  /// Adds one integer, for what is not read from files.
  func append(_ integer: Int64) throws(StoreError) {
    lowest = min(lowest, integer)
    highest = max(highest, integer)
    try withUnsafeBytes(of: integer) { (bytes) throws(StoreError) in try values.write(bytes) }
    count += 1
  }

  /// What lies in the place of a null is not the same from run to run; the store's bytes are.
  private func zeroed<Element: Numeric>(_ elements: [Element], _ validity: [UInt8]?) -> [Element] {
    guard let validity else { return elements }
    return zip(elements, validity).map { $1 == 0 ? 0 : $0 }
  }

  private func observe(_ integers: [Int64], _ validity: [UInt8]?) {
    var (lowest, highest, hasMicroseconds) = (lowest, highest, hasMicroseconds)
    let isTime = field.type == .timestamp
    for (row, value) in integers.enumerated() where validity == nil || validity?[row] != 0 {
      lowest = min(lowest, value)
      highest = max(highest, value)
      if isTime, !hasMicroseconds { hasMicroseconds = value % Calendar.microsecondsPerSecond != 0 }
    }
    (self.lowest, self.highest, self.hasMicroseconds) = (lowest, highest, hasMicroseconds)
  }

  private func appendValidity(_ bytes: [UInt8]?, count rows: Int) throws(StoreError) {
    if bytes != nil, validity == nil {
      let file = try OutputFile(path: path + ".valid-spool", .unhashed)
      try file.write([UInt8](repeating: 1, count: count))
      validity = file
    }
    try validity?.write(bytes ?? [UInt8](repeating: 1, count: rows))
  }

  /// Writes the column's files, narrow, without the rows that are dropped, and removes what was spooled.
  ///
  /// - Parameters:
  ///   - texts: of a text column, what its codes stand for.
  ///   - dropped: one byte a row, 1 where the row is not kept.
  func finish(_ texts: TextDictionary?, dropped: [UInt8]?) throws(StoreError) -> StoreManifest.Column {
    try values.drain()
    try validity?.drain()
    let spooled = try MappedFile(path: path + ".spool")
    let valid = try validity.map { (file) throws(StoreError) in try MappedFile(path: file.path) }
    defer {
      unlink(values.path)
      if let validity { unlink(validity.path) }
    }
    let rows = KeptRows(count: count, dropped: dropped)
    var column = StoreManifest.Column(
      name: field.name, type: field.type, encoding: .booleans, nulls: 0, parts: [:])

    func write<Source: BitwiseCopyable, Target: BitwiseCopyable>(
      _ part: String, from file: MappedFile, _: Source.Type, _ convert: (Source) -> Target
    ) throws(StoreError) {
      let output = try OutputFile(path: "\(path).\(part)", .hashed)
      let source = file.pointer(to: Source.self)
      try rows.forEachRun { (run) throws(StoreError) in
        try output.write(
          [Target](unsafeUninitializedCapacity: run.count) { target, initialized in
            for (index, row) in run.enumerated() {
              target.initializeElement(at: index, to: convert(source[row]))
            }
            initialized = run.count
          })
      }
      column.parts[part] = try output.finish()
    }

    if let valid {
      let bytes = valid.pointer(to: UInt8.self)
      try rows.forEachRun { (run) throws(StoreError) in
        for row in run where bytes[row] == 0 { column.nulls += 1 }
      }
      if column.nulls > 0 { try write("validity", from: valid, UInt8.self) { $0 } }
    }
    switch field.type {
    case .boolean: try write("values", from: spooled, UInt8.self) { $0 }
    case .double:
      column.encoding = .doubles
      try write("values", from: spooled, Double.self) { $0 }
    case .timestamp where secondsFit:
      column.encoding = .seconds
      let second = Calendar.microsecondsPerSecond
      let base = lowest > highest ? 0 : Calendar.floorDivide(lowest, second) * second
      column.base = base
      // A null is spooled as 0, which may lie before the base: it wraps, and means nothing.
      try write("values", from: spooled, Int64.self) { value in
        UInt32(truncatingIfNeeded: (value &- base) / second)
      }
      if hasMicroseconds {
        try write("microseconds", from: spooled, Int64.self) { value in
          UInt32(truncatingIfNeeded: (value &- base) % second)
        }
      }
    case .integer, .date, .duration, .timestamp:
      column.encoding = StoreManifest.Encoding(integersFrom: min(lowest, 0), to: max(highest, 0))
      switch column.encoding {
      case .integers8: try write("values", from: spooled, Int64.self) { Int8(truncatingIfNeeded: $0) }
      case .integers16: try write("values", from: spooled, Int64.self) { Int16(truncatingIfNeeded: $0) }
      case .integers32: try write("values", from: spooled, Int64.self) { Int32(truncatingIfNeeded: $0) }
      default: try write("values", from: spooled, Int64.self) { $0 }
      }
    case .text:
      guard let texts else { preconditionFailure("a text column has a dictionary") }
      let order = SortedTexts(texts)
      column.texts = texts.count
      column.encoding = texts.count <= 1 << 8 ? .codes8 : texts.count <= 1 << 16 ? .codes16 : .codes32
      // Null rows have code 0, also where there is no text.
      let ranks = texts.count == 0 ? [0] : order.ranks
      try ranks.withUnsafeBufferPointer { (ranks) throws(StoreError) in
        switch column.encoding {
        case .codes8:
          try write("values", from: spooled, UInt32.self) { UInt8(truncatingIfNeeded: ranks[Int($0)]) }
        case .codes16:
          try write("values", from: spooled, UInt32.self) { UInt16(truncatingIfNeeded: ranks[Int($0)]) }
        default: try write("values", from: spooled, UInt32.self) { ranks[Int($0)] }
        }
      }
      (column.parts["offsets"], column.parts["bytes"]) = try order.write(to: path)
    }
    return column
  }

  private var secondsFit: Bool {
    guard lowest <= highest else { return true }
    let second = Calendar.microsecondsPerSecond
    return Calendar.floorDivide(highest, second) - Calendar.floorDivide(lowest, second) <= Int64(UInt32.max)
      && Calendar.floorDivide(lowest, second) > Int64.min / second + 1
  }
}

extension StoreManifest.Encoding {
  /// The narrowest encoding of integers in a range.
  init(integersFrom lowest: Int64, to highest: Int64) {
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

/// The rows of a spool that go into the store.
private struct KeptRows {
  let count: Int
  /// One byte a row, 1 where the row is not kept.
  let dropped: [UInt8]?

  /// Calls with ranges of neighbouring rows, ascending, each short enough to be held in memory.
  func forEachRun(_ body: (Range<Int>) throws(StoreError) -> Void) throws(StoreError) {
    var start = 0
    while start < count {
      if let dropped, dropped[start] != 0 {
        start += 1
        continue
      }
      var end = min(start + 1 << 16, count)
      if let dropped, let next = dropped[start..<end].firstIndex(where: { $0 != 0 }) { end = next }
      try body(start..<end)
      start = end
    }
  }
}
