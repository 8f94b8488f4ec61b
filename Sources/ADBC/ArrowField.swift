import CADBC
import Values

/// A column of a result: its name, its type, and how its values lie in Arrow's buffers.
struct ArrowField {
  /// How values lie in memory.
  enum Layout: Hashable {
    case null
    case bits
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case float, double
    /// Texts with offsets of 32 or 64 bits.
    case text32, text64
    /// Codes of the given layout into an array of texts.
    indirect case dictionary(codes: Layout, texts: Layout)
    /// Whole numbers of so many bits, to be divided by a power of ten.
    case decimal(bits: Int, scale: Int)
    /// 64-bit numbers, a microsecond being `divide / multiply` of their unit.
    case scaled64(multiply: Int64, divide: Int64)
    case scaled32(multiply: Int64)
    /// Months, days and nanoseconds.
    case interval
  }

  let name: String
  let type: ScalarType
  let layout: Layout

  init(_ schema: ArrowSchema) throws(DatabaseError) {
    let name = schema.name.map { String(cString: $0) } ?? ""
    let format = schema.format.map { String(cString: $0) } ?? ""
    guard var (type, layout) = ArrowField.parse(format) else {
      throw DatabaseError(
        message: "column '\(name)' holds lists, records or bytes, which are not plain values",
        hints: ["cast it to a text or take a part of it"], details: "Arrow format '\(format)'")
    }
    if let texts = schema.dictionary?.pointee {
      guard let textFormat = texts.format.map({ String(cString: $0) }),
        case (.text, let textLayout)? = ArrowField.parse(textFormat), type == .integer
      else { throw DatabaseError(message: "column '\(name)' has a dictionary of something other than texts") }
      (type, layout) = (.text, .dictionary(codes: layout, texts: textLayout))
    }
    self.name = name
    self.type = type
    self.layout = layout
  }

  /// The type and layout of a format string, if values of it are plain.
  private static func parse(_ format: String) -> (ScalarType, Layout)? {
    switch format {
    case "n": return (.text, .null)
    case "b": return (.boolean, .bits)
    case "c": return (.integer, .int8)
    case "C": return (.integer, .uint8)
    case "s": return (.integer, .int16)
    case "S": return (.integer, .uint16)
    case "i": return (.integer, .int32)
    case "I": return (.integer, .uint32)
    case "l": return (.integer, .int64)
    case "L": return (.integer, .uint64)
    case "f": return (.double, .float)
    case "g": return (.double, .double)
    case "u": return (.text, .text32)
    case "U": return (.text, .text64)
    case "tdD": return (.date, .int32)
    case "tdm": return (.date, .scaled64(multiply: 1, divide: 86_400_000))
    case "tts": return (.duration, .scaled32(multiply: 1_000_000))
    case "ttm": return (.duration, .scaled32(multiply: 1_000))
    case "ttu", "tDu": return (.duration, .int64)
    case "ttn", "tDn": return (.duration, .scaled64(multiply: 1, divide: 1_000))
    case "tDs": return (.duration, .scaled64(multiply: 1_000_000, divide: 1))
    case "tDm": return (.duration, .scaled64(multiply: 1_000, divide: 1))
    case "tin": return (.duration, .interval)
    default: break
    }
    // With or without a time zone behind the colon: the number counts from 1970 in UTC either way.
    if format.hasPrefix("tss:") { return (.timestamp, .scaled64(multiply: 1_000_000, divide: 1)) }
    if format.hasPrefix("tsm:") { return (.timestamp, .scaled64(multiply: 1_000, divide: 1)) }
    if format.hasPrefix("tsu:") { return (.timestamp, .int64) }
    if format.hasPrefix("tsn:") { return (.timestamp, .scaled64(multiply: 1, divide: 1_000)) }
    if format.hasPrefix("d:") {
      let parts = format.dropFirst(2).split(separator: ",").compactMap { Int($0) }
      guard parts.count >= 2, (0...38).contains(parts[1]) else { return nil }
      let bits = parts.count > 2 ? parts[2] : 128
      guard [32, 64, 128].contains(bits) else { return nil }
      return (parts[1] == 0 ? .integer : .double, .decimal(bits: bits, scale: parts[1]))
    }
    return nil
  }
}

/// Some rows of an array of Arrow's.
struct ArrowRows {
  let array: ArrowArray
  /// The first row's position in the buffers.
  let start: Int
  let count: Int

  init(array: ArrowArray, skip: Int, count: Int) {
    self.array = array
    start = Int(array.offset) + skip
    self.count = count
  }

  func buffer(_ index: Int) -> UnsafeRawPointer? {
    guard index < Int(array.n_buffers), let buffers = array.buffers else { return nil }
    return buffers[index]
  }

  /// One byte a row, 1 where there is a value; nothing when no value is null.
  var validity: [UInt8]? {
    guard array.null_count != 0, let bits = buffer(0) else { return nil }
    let valid = unpacked(bits)
    return valid.contains(0) ? valid : nil
  }

  /// One byte for each row's bit.
  func unpacked(_ bits: UnsafeRawPointer) -> [UInt8] {
    let bytes = bits.assumingMemoryBound(to: UInt8.self)
    return [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      for row in 0..<count {
        let place = start &+ row
        target[row] = (bytes[place >> 3] >> UInt8(truncatingIfNeeded: place & 7)) & 1
      }
      initialized = count
    }
  }
}
