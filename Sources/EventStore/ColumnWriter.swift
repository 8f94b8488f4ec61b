import ADBC
import Values

/// Writes the files of a column, narrow, from what its rows have piece by piece.
struct ColumnWriter {
  let field: Field
  /// Of the files, to which the names of the parts are added.
  let path: String
  /// How many rows there are, and how many of them have no value.
  let rowCount: Int
  let nulls: Int
  /// Of integral types: between which integers the values lie.
  let range: StoreManifest.Range
  /// Of a text column, what its codes stand for.
  let texts: WrittenTexts?

  /// Rows that are asked for at once: few enough to stay near the processor.
  private static let pieceSize = 1 << 14

  /// Writes the files.
  ///
  /// - Parameter piece: what some rows have; the ranges follow each other. What lies in the place of a null means
  ///   nothing.
  func write(_ piece: (Range<Int>) throws(StoreError) -> CodedColumn) throws(StoreError)
    -> StoreManifest.Column
  {
    var column = StoreManifest.Column(
      name: field.name, type: field.type, encoding: encoding, range: isIntegral ? range : nil,
      texts: texts?.count, nulls: nulls, parts: [:])
    let values = try OutputFile(path: "\(path).values", .hashed)
    let isSparse = Presence.isWorthIt(rows: rowCount, nulls: nulls)
    let validity = nulls > 0 && !isSparse ? try OutputFile(path: "\(path).validity", .hashed) : nil
    var presence = Presence.Builder(rows: isSparse ? rowCount : 0)
    var microseconds: OutputFile?
    if column.encoding == .seconds {
      column.base = range.secondsBase
      if range.hasMicroseconds { microseconds = try OutputFile(path: "\(path).microseconds", .hashed) }
    }
    for start in stride(from: 0, to: rowCount, by: ColumnWriter.pieceSize) {
      let rows = start..<min(start + ColumnWriter.pieceSize, rowCount)
      let found = try piece(rows)
      try validity?.write(found.validity ?? [UInt8](repeating: 1, count: rows.count))
      if isSparse { presence.append(found.validity, count: rows.count) }
      let stored = Stored(validity: found.validity, isSparse: isSparse)
      try write(found.values, stored, to: values, microseconds)
    }
    column.parts["values"] = try values.finish()
    column.parts["validity"] = try validity?.finish()
    column.parts["microseconds"] = try microseconds?.finish()
    if isSparse {
      let output = try OutputFile(path: "\(path).presence", .hashed)
      try output.write(presence.finish())
      column.parts["presence"] = try output.finish()
    }
    (column.parts["offsets"], column.parts["bytes"]) = (texts?.offsets, texts?.bytes)
    return column
  }

  private var isIntegral: Bool {
    switch field.type {
    case .integer, .timestamp, .date, .duration: true
    case .boolean, .double, .text: false
    }
  }

  private var encoding: StoreManifest.Encoding {
    switch field.type {
    case .boolean: return .booleans
    case .double: return .doubles
    case .timestamp where range.fitsSeconds: return .seconds
    case .integer, .date, .duration, .timestamp: return StoreManifest.Encoding(integersIn: range)
    case .text:
      guard let texts else { preconditionFailure("a text column has a dictionary") }
      return texts.count <= 1 << 8 ? .codes8 : texts.count <= 1 << 16 ? .codes16 : .codes32
    }
  }

  private func write(
    _ values: CodedColumn.Values, _ stored: Stored, to output: OutputFile, _ microseconds: OutputFile?
  ) throws(StoreError) {
    switch (values, encoding) {
    case (.booleans(let booleans), .booleans): try stored.write(booleans, to: output) { $0 }
    case (.doubles(let doubles), .doubles): try stored.write(doubles, to: output) { $0 }
    case (.integers(let times), .seconds):
      let (base, second) = (range.secondsBase, Calendar.microsecondsPerSecond)
      try stored.write(times, to: output) { UInt32(truncatingIfNeeded: ($0 &- base) / second) }
      if let microseconds {
        try stored.write(times, to: microseconds) { UInt32(truncatingIfNeeded: ($0 &- base) % second) }
      }
    case (.integers(let integers), .integers8):
      try stored.write(integers, to: output) { Int8(truncatingIfNeeded: $0) }
    case (.integers(let integers), .integers16):
      try stored.write(integers, to: output) { Int16(truncatingIfNeeded: $0) }
    case (.integers(let integers), .integers32):
      try stored.write(integers, to: output) { Int32(truncatingIfNeeded: $0) }
    case (.integers(let integers), .integers64): try stored.write(integers, to: output) { $0 }
    case (.codes(let codes), .codes8): try stored.write(codes, to: output) { UInt8(truncatingIfNeeded: $0) }
    case (.codes(let codes), .codes16): try stored.write(codes, to: output) { UInt16(truncatingIfNeeded: $0) }
    case (.codes(let codes), .codes32): try stored.write(codes, to: output) { $0 }
    default: preconditionFailure("a column has values of its type")
    }
  }

  /// Which of some rows are stored, and of these which have a value.
  private struct Stored {
    let validity: [UInt8]?
    /// Whether rows without a value are left out.
    let isSparse: Bool

    /// Writes what rows have; nulls that are stored are 0, so that the store's bytes are the same from run to run.
    @inline(__always)
    func write<Source, Target: BitwiseCopyable & Numeric>(
      _ values: [Source], to output: OutputFile, _ convert: (Source) -> Target
    ) throws(StoreError) {
      guard let validity else {
        return try output.write(count: values.count) { (target: UnsafeMutableBufferPointer<Target>, first) in
          values.withUnsafeBufferPointer { values in
            for index in target.indices {
              target.initializeElement(at: index, to: convert(values[first &+ index]))
            }
          }
        }
      }
      if isSparse {
        return try output.write(values.indices.filter { validity[$0] != 0 }.map { convert(values[$0]) })
      }
      try output.write(count: values.count) { (target: UnsafeMutableBufferPointer<Target>, first) in
        for index in target.indices {
          let place = first &+ index
          target.initializeElement(at: index, to: validity[place] != 0 ? convert(values[place]) : 0)
        }
      }
    }
  }
}
