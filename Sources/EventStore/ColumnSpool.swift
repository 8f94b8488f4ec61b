import ADBC
import Values

/// A column's values on their way into the store, in the order in which they come: only when all are known is it known
/// where they belong. One thread at a time uses it.
final class ColumnSpool: @unchecked Sendable {
  let field: Field
  private let path: String
  private let values: SpoolFile
  private var validity: SpoolFile?
  private(set) var count = 0
  /// Of what lies behind integral types, without nulls.
  private var range = StoreManifest.Range()

  /// - Parameter path: of files to come, to which the names of the parts are added.
  init(_ field: Field, path: String) throws(StoreError) {
    self.field = field
    self.path = path
    switch field.type {
    case .boolean, .text: values = try SpoolFile(path: path + ".spool", .one)
    case .integer, .date, .duration: values = try SpoolFile(path: path + ".spool", .one, .signed)
    case .double, .timestamp: values = try SpoolFile(path: path + ".spool", .eight)
    }
  }

  /// Takes note of what a store's column holds, also where that is in none of its rows.
  func note(_ range: StoreManifest.Range) { self.range.formUnion(range) }

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
  }

  /// Writes the column's files, narrow, of the given rows in the given order.
  ///
  /// - Parameter texts: of a text column, what its codes stand for.
  func finish(_ rows: [UInt32], _ texts: WrittenTexts?) throws(StoreError) -> StoreManifest.Column {
    var rows = rows
    var column = StoreManifest.Column(
      name: field.name, type: field.type, encoding: .booleans, nulls: 0, parts: [:])
    // In the order of the log, so that it is looked up once for all parts.
    var valid: [UInt8]?
    if let known = try validity?.contents() {
      let bytes = known.pointer(to: UInt8.self)
      let found = rows.map { bytes[Int($0)] }
      for byte in found where byte == 0 { column.nulls += 1 }
      if Presence.isWorthIt(rows: rows.count, nulls: column.nulls) {
        let (words, present) = Presence.words(rows, found)
        rows = present
        let output = try OutputFile(path: "\(path).presence", .hashed)
        try output.write(words)
        column.parts["presence"] = try output.finish()
      } else if column.nulls > 0 {
        valid = found
        let output = try OutputFile(path: "\(path).validity", .hashed)
        try output.write(found)
        column.parts["validity"] = try output.finish()
      }
    }

    func add<Source: BitwiseCopyable, Target: BitwiseCopyable & Numeric>(
      _ part: String, _: Source.Type, _ convert: (Source) -> Target
    ) throws(StoreError) {
      let source = try values.contents()
      column.parts[part] = try self.write(part, rows, valid, source.pointer(to: Source.self), convert)
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
      try values.widen(to: column.encoding.width)
      switch values.width {
      case .one: try add("values", Int8.self) { $0 }
      case .two: try add("values", Int16.self) { $0 }
      case .four: try add("values", Int32.self) { $0 }
      case .eight: try add("values", Int64.self) { $0 }
      }
    case .text:
      guard let texts else { preconditionFailure("a text column has a dictionary") }
      column.texts = texts.ranks.count
      column.encoding =
        texts.ranks.count <= 1 << 8 ? .codes8 : texts.ranks.count <= 1 << 16 ? .codes16 : .codes32
      try values.widen(to: column.encoding.width)
      try texts.ranks.withUnsafeBufferPointer { (ranks) throws(StoreError) in
        switch values.width {
        case .one: try add("values", UInt8.self) { UInt8(truncatingIfNeeded: ranks[Int($0)]) }
        case .two: try add("values", UInt16.self) { UInt16(truncatingIfNeeded: ranks[Int($0)]) }
        case .four, .eight: try add("values", UInt32.self) { ranks[Int($0)] }
        }
      }
      (column.parts["offsets"], column.parts["bytes"]) = (texts.offsets, texts.bytes)
    }
    return column
  }

  /// Writes a part of some rows; nulls are 0, so that the store's bytes are the same from run to run.
  @inline(__always)
  private func write<Source: BitwiseCopyable, Target: BitwiseCopyable & Numeric>(
    _ part: String, _ rows: [UInt32], _ valid: [UInt8]?, _ source: UnsafePointer<Source>,
    _ convert: (Source) -> Target
  ) throws(StoreError) -> StoreManifest.File {
    let output = try OutputFile(path: "\(path).\(part)", .hashed)
    try output.write(count: rows.count) { (target: UnsafeMutableBufferPointer<Target>, first) in
      rows.withUnsafeBufferPointer { rows in
        if let valid {
          for index in target.indices {
            let value = valid[first &+ index] == 0 ? 0 : convert(source[Int(rows[first &+ index])])
            target.initializeElement(at: index, to: value)
          }
        } else {
          for index in target.indices {
            target.initializeElement(at: index, to: convert(source[Int(rows[first &+ index])]))
          }
        }
      }
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

extension StoreManifest.Encoding {
  /// How wide numbers are that are written in the encoding.
  fileprivate var width: SpoolFile.Width {
    switch self {
    case .booleans, .integers8, .codes8: .one
    case .integers16, .codes16: .two
    case .integers32, .codes32, .seconds: .four
    case .integers64, .doubles: .eight
    }
  }
}
