import CADBC
import Values

extension ArrowField {
  /// The values of some rows; what does not fit 64 bits is an error, for a report would be wrong without a word.
  func decode(_ rows: ArrowRows, _ interner: inout TextInterner) throws(DatabaseError) -> CodedColumn {
    if layout == .null {
      return CodedColumn(
        values: .codes([UInt32](repeating: 0, count: rows.count)),
        validity: [UInt8](repeating: 0, count: rows.count))
    }
    let validity = rows.validity
    return CodedColumn(values: try values(rows, validity, &interner), validity: validity)
  }

  private func values(
    _ rows: ArrowRows, _ validity: [UInt8]?, _ interner: inout TextInterner
  ) throws(DatabaseError) -> CodedColumn.Values {
    switch layout {
    case .null: return .codes([])
    case .bits:
      guard let bits = rows.buffer(1) else { return .booleans([UInt8](repeating: 0, count: rows.count)) }
      return .booleans(rows.unpacked(bits))
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32: return .integers(integers(rows, layout))
    case .float: return .doubles(collect(rows, Float.self) { Double($0) })
    case .double: return .doubles(collect(rows, Double.self) { $0 })
    case .text32, .text64: return .codes(texts(rows, layout, validity, &interner))
    case .dictionary(let codes, let textLayout):
      guard let texts = rows.array.dictionary?.pointee else {
        throw DatabaseError(message: "the driver left out the texts of column '\(name)'")
      }
      let known = ArrowRows(array: texts, skip: 0, count: Int(texts.length))
      let translation = self.texts(known, textLayout, known.validity, &interner)
      let places = integers(rows, codes)
      return .codes(
        places.indices.map { row in
          let place = Int(places[row])
          return (validity?[row] ?? 1) != 0 && translation.indices.contains(place) ? translation[place] : 0
        })
    case .uint64:
      return .integers(
        try exact(rows, validity, collect(rows, UInt64.self) { $0 }) { value in Int64(exactly: value) })
    case .scaled64(let multiply, let divide):
      let values = collect(rows, Int64.self) { $0 }
      return .integers(
        try exact(rows, validity, values) { value in
          let (product, overflow) = value.multipliedReportingOverflow(by: multiply)
          return overflow ? nil : Calendar.floorDivide(product, divide)
        })
    case .scaled32(let multiply): return .integers(collect(rows, Int32.self) { Int64($0) &* multiply })
    case .decimal(let bits, let scale):
      let values: [Int128] =
        switch bits {
        case 32: collect(rows, Int32.self) { Int128($0) }
        case 64: collect(rows, Int64.self) { Int128($0) }
        default: collect(rows, Halves.self) { Int128(_low: $0.low, _high: $0.high) }
        }
      if scale == 0 { return .integers(try exact(rows, validity, values) { value in Int64(exactly: value) }) }
      let power = (0..<scale).reduce(1.0) { power, _ in power * 10 }
      return .doubles(values.map { Double($0) / power })
    case .interval:
      let values = collect(rows, Interval.self) { $0 }
      return .integers(
        try exact(rows, validity, values) { value in
          guard value.months == 0 else { return nil }
          return Int64(value.days) * Calendar.microsecondsPerDay
            + Calendar.floorDivide(value.nanoseconds, 1_000)
        })
    }
  }

  /// The parts of a 128-bit number, the low one first.
  private struct Halves: BitwiseCopyable {
    var low: UInt64
    var high: Int64
  }

  private struct Interval: BitwiseCopyable {
    var months: Int32
    var days: Int32
    var nanoseconds: Int64
  }

  private func collect<Source: BitwiseCopyable, Target>(
    _ rows: ArrowRows, _: Source.Type, _ convert: (Source) -> Target
  ) -> [Target] {
    guard rows.count > 0, let buffer = rows.buffer(1) else { return [] }
    let source = buffer.assumingMemoryBound(to: Source.self) + rows.start
    return [Target](unsafeUninitializedCapacity: rows.count) { target, initialized in
      for row in 0..<rows.count { target.initializeElement(at: row, to: convert(source[row])) }
      initialized = rows.count
    }
  }

  private func integers(_ rows: ArrowRows, _ layout: Layout) -> [Int64] {
    switch layout {
    case .int8: collect(rows, Int8.self) { Int64($0) }
    case .int16: collect(rows, Int16.self) { Int64($0) }
    case .int32: collect(rows, Int32.self) { Int64($0) }
    case .uint8: collect(rows, UInt8.self) { Int64($0) }
    case .uint16: collect(rows, UInt16.self) { Int64($0) }
    case .uint32: collect(rows, UInt32.self) { Int64($0) }
    case .int64: collect(rows, Int64.self) { $0 }
    default: preconditionFailure("only whole numbers of up to 64 bits are read as such")
    }
  }

  private func texts(
    _ rows: ArrowRows, _ layout: Layout, _ validity: [UInt8]?, _ interner: inout TextInterner
  ) -> [UInt32] {
    guard let offsets = rows.buffer(1) else { return [UInt32](repeating: 0, count: rows.count) }
    let bytes = rows.buffer(2)?.assumingMemoryBound(to: UInt8.self)
    guard layout == .text64 else {
      let narrow = offsets.assumingMemoryBound(to: Int32.self) + rows.start
      return (0...rows.count).map { Int64(narrow[$0]) }.withUnsafeBufferPointer { offsets in
        offsets.baseAddress.map {
          interner.codes(count: rows.count, offsets: $0, bytes: bytes, validity: validity)
        } ?? []
      }
    }
    return interner.codes(
      count: rows.count, offsets: offsets.assumingMemoryBound(to: Int64.self) + rows.start, bytes: bytes,
      validity: validity)
  }

  /// Converts values that may not fit; null ones are 0 whatever lies in their place.
  private func exact<Source>(
    _ rows: ArrowRows, _ validity: [UInt8]?, _ values: [Source], _ convert: (Source) -> Int64?
  ) throws(DatabaseError) -> [Int64] {
    var converted = [Int64](repeating: 0, count: rows.count)
    for row in values.indices where validity == nil || validity?[row] != 0 {
      guard let value = convert(values[row]) else {
        throw DatabaseError(
          message: "column '\(name)' has a value that does not fit a 64-bit \(type): \(values[row])",
          hints: ["cast the column to a double or a text"])
      }
      converted[row] = value
    }
    return converted
  }
}
