import ADBC
import Values

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A column's values on their way into the store: in a file, in the order in which they come and at full width, for
/// only when all are known is it known where they belong and how narrow they may be.
/// One thread at a time uses it.
final class ColumnSpool: @unchecked Sendable {
  let field: Field
  private let path: String
  private let values: OutputFile
  private var validity: OutputFile?
  private(set) var count = 0
  /// Of what lies behind integral types, without nulls.
  private var range = StoreManifest.Range()

  /// - Parameter path: of files to come, to which the names of the parts are added.
  init(_ field: Field, path: String) throws(StoreError) {
    self.field = field
    self.path = path
    values = try OutputFile(path: path + ".spool", .unhashed)
  }

  deinit {
    unlink(values.path)
    if let validity { unlink(validity.path) }
  }

  /// Takes note of what a store's column holds, also where that is in none of its rows.
  func note(_ range: StoreManifest.Range) { self.range.formUnion(range) }

  /// Adds the rows of a batch.
  func append(_ column: CodedColumn, count rows: Int) throws(StoreError) {
    switch column.values {
    case .booleans(let bytes): try values.write(bytes)
    case .doubles(let doubles): try values.write(doubles)
    case .codes(let codes): try values.write(codes)
    case .integers(let integers):
      range.observe(integers, column.validity, isTime: field.type == .timestamp)
      try values.write(integers)
    }
    try appendValidity(column.validity, count: rows)
    count += rows
  }

  private func appendValidity(_ bytes: [UInt8]?, count rows: Int) throws(StoreError) {
    if bytes != nil, validity == nil {
      let file = try OutputFile(path: path + ".valid-spool", .unhashed)
      try file.write([UInt8](repeating: 1, count: count))
      validity = file
    }
    try validity?.write(bytes ?? [UInt8](repeating: 1, count: rows))
  }

  /// What was spooled so far, in the order of its coming.
  func contents() throws(StoreError) -> Contents {
    try values.drain()
    try validity?.drain()
    return Contents(
      values: try MappedFile(path: values.path),
      validity: try validity.map { (file) throws(StoreError) in try MappedFile(path: file.path) })
  }

  /// Spooled rows, mapped; what lies in the place of a null means nothing.
  struct Contents {
    let values: MappedFile
    /// One byte a row, 1 where there is a value; nothing when no value is null.
    let validity: MappedFile?
  }

  /// Writes the column's files, narrow, of the given rows in the given order.
  ///
  /// - Parameter texts: of a text column, what its codes stand for.
  func finish(_ rows: [UInt32], _ texts: TextDictionary?) throws(StoreError) -> StoreManifest.Column {
    let contents = try contents()
    var rows = rows
    var column = StoreManifest.Column(
      name: field.name, type: field.type, encoding: .booleans, nulls: 0, parts: [:])
    var valid: UnsafePointer<UInt8>?
    if let file = contents.validity {
      let bytes = file.pointer(to: UInt8.self)
      for row in rows where bytes[Int(row)] == 0 { column.nulls += 1 }
      if Presence.isWorthIt(rows: rows.count, nulls: column.nulls) {
        let (words, present) = Presence.words(rows, bytes)
        rows = present
        let output = try OutputFile(path: "\(path).presence", .hashed)
        try output.write(words)
        column.parts["presence"] = try output.finish()
      } else if column.nulls > 0 {
        valid = bytes
        column.parts["validity"] = try write("validity", rows, nil, bytes) { $0 }
      }
    }

    func add<Source: BitwiseCopyable, Target: BitwiseCopyable & Numeric>(
      _ part: String, _: Source.Type, _ convert: (Source) -> Target
    ) throws(StoreError) {
      column.parts[part] = try self.write(
        part, rows, valid, contents.values.pointer(to: Source.self), convert)
    }

    switch field.type {
    case .boolean: try add("values", UInt8.self) { $0 }
    case .double:
      column.encoding = .doubles
      try add("values", Double.self) { $0 }
    case .timestamp where range.fitsSeconds:
      column.encoding = .seconds
      column.range = range
      let second = Calendar.microsecondsPerSecond
      let base = range.isEmpty ? 0 : Calendar.floorDivide(range.lowest, second) * second
      column.base = base
      try add("values", Int64.self) { UInt32(truncatingIfNeeded: ($0 &- base) / second) }
      if range.hasMicroseconds {
        try add("microseconds", Int64.self) { UInt32(truncatingIfNeeded: ($0 &- base) % second) }
      }
    case .integer, .date, .duration, .timestamp:
      column.range = range
      column.encoding = StoreManifest.Encoding(integersIn: range)
      switch column.encoding {
      case .integers8: try add("values", Int64.self) { Int8(truncatingIfNeeded: $0) }
      case .integers16: try add("values", Int64.self) { Int16(truncatingIfNeeded: $0) }
      case .integers32: try add("values", Int64.self) { Int32(truncatingIfNeeded: $0) }
      default: try add("values", Int64.self) { $0 }
      }
    case .text:
      guard let texts else { preconditionFailure("a text column has a dictionary") }
      let order = SortedTexts(texts)
      column.texts = texts.count
      column.encoding = texts.count <= 1 << 8 ? .codes8 : texts.count <= 1 << 16 ? .codes16 : .codes32
      let ranks = order.ranks
      try ranks.withUnsafeBufferPointer { (ranks) throws(StoreError) in
        switch column.encoding {
        case .codes8: try add("values", UInt32.self) { UInt8(truncatingIfNeeded: ranks[Int($0)]) }
        case .codes16: try add("values", UInt32.self) { UInt16(truncatingIfNeeded: ranks[Int($0)]) }
        default: try add("values", UInt32.self) { ranks[Int($0)] }
        }
      }
      (column.parts["offsets"], column.parts["bytes"]) = try order.write(to: path)
    }
    return column
  }

  /// Writes a part of some rows; nulls are 0, so that the store's bytes are the same from run to run.
  @inline(__always)
  private func write<Source: BitwiseCopyable, Target: BitwiseCopyable & Numeric>(
    _ part: String, _ rows: [UInt32], _ valid: UnsafePointer<UInt8>?, _ source: UnsafePointer<Source>,
    _ convert: (Source) -> Target
  ) throws(StoreError) -> StoreManifest.File {
    let output = try OutputFile(path: "\(path).\(part)", .hashed)
    for start in stride(from: 0, to: rows.count, by: 1 << 16) {
      let places = start..<min(start + 1 << 16, rows.count)
      try output.write(
        [Target](unsafeUninitializedCapacity: places.count) { target, initialized in
          rows.withUnsafeBufferPointer { rows in
            if let valid {
              for (index, place) in places.enumerated() {
                let row = Int(rows[place])
                target.initializeElement(at: index, to: valid[row] == 0 ? 0 : convert(source[row]))
              }
            } else {
              for (index, place) in places.enumerated() {
                target.initializeElement(at: index, to: convert(source[Int(rows[place])]))
              }
            }
          }
          initialized = places.count
        })
    }
    return try output.finish()
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
