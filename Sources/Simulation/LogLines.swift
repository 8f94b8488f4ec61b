import Foundation
import Values

/// Formats that are a line of text for each event.
enum LineFormat {
  /// RFC 4180: a heading, commas, quotes where a value has a comma, a quote, a line break or a blank at an edge,
  /// and nothing for null. Lines end in a line feed.
  case csv
  /// One JSON object a line with all columns, null where there is nothing.
  case ndjson

  /// A text as it stands in a line.
  func written(_ text: String) -> [UInt8] {
    switch self {
    case .csv: LineFormat.quotedIfNeeded(text)
    case .ndjson: LineFormat.escaped(text)
    }
  }

  private static func quotedIfNeeded(_ text: String) -> [UInt8] {
    let special: Set<UInt8> = [34, 44, 10, 13]
    let atEdge = text.utf8.first == 32 || text.utf8.last == 32
    guard text.isEmpty || atEdge || text.utf8.contains(where: special.contains) else {
      return Array(text.utf8)
    }
    var result: [UInt8] = [34]
    for byte in text.utf8 {
      if byte == 34 { result.append(34) }
      result.append(byte)
    }
    result.append(34)
    return result
  }

  private static func escaped(_ text: String) -> [UInt8] {
    var result: [UInt8] = [34]
    for byte in text.utf8 {
      switch byte {
      case 34, 92: result += [92, byte]
      case 10: result += [92, UInt8(ascii: "n")]
      case 13: result += [92, UInt8(ascii: "r")]
      case 9: result += [92, UInt8(ascii: "t")]
      case 0..<32:
        result +=
          Array("\\u00".utf8) + [LineBuffer.digits[Int(byte >> 4)], LineBuffer.digits[Int(byte & 15)]]
      default: result.append(byte)
      }
    }
    result.append(34)
    return result
  }
}

/// Bytes of lines to come, with the writing of each kind of value.
struct LineBuffer {
  static let digits = Array("0123456789abcdef".utf8)

  private(set) var bytes: [UInt8] = []

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  var count: Int { bytes.count }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append(_ more: some Collection<UInt8>) { bytes.append(contentsOf: more) }

  /// The text of an identifier; nothing for other cells.
  mutating func append(identifier cell: LogCell) {
    switch cell {
    case .eventID(let bits):
      bytes.append(UInt8(ascii: "e"))
      appendHexadecimal(bits, digits: 16)
    case .userID(let bits):
      bytes.append(UInt8(ascii: "u"))
      appendHexadecimal(UInt64(bits), digits: 8)
    case .null, .text, .time, .integer, .money: break
    }
  }

  private mutating func appendHexadecimal(_ value: UInt64, digits count: Int) {
    for place in stride(from: (count - 1) * 4, through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(place)) & 15
      bytes.append(digit < 10 ? digit + 48 : digit + 87)
    }
  }

  mutating func appendDecimal(_ value: Int64) {
    if value < 0 { bytes.append(45) }
    let magnitude = value.magnitude
    var power: UInt64 = 1
    while magnitude / power >= 10 { power *= 10 }
    while power > 0 {
      bytes.append(UInt8(magnitude / power % 10) + 48)
      power /= 10
    }
  }

  /// Hundredths as a decimal number with two places.
  mutating func appendMoney(_ cents: Int64) {
    if cents < 0 { bytes.append(45) }
    appendDecimal(Int64(cents.magnitude / 100))
    bytes.append(46)
    appendTwo(Int64(cents.magnitude % 100))
  }

  /// Such as `2026-06-28T23:59:59.123Z`; years of four digits.
  mutating func appendTime(_ microseconds: Int64) {
    let day = Calendar.floorDivide(microseconds, Calendar.microsecondsPerDay)
    let milliseconds = Calendar.floorModulo(microseconds, Calendar.microsecondsPerDay) / 1000
    appendDate(day)
    bytes.append(84)
    appendTwo(milliseconds / 3_600_000)
    bytes.append(58)
    appendTwo(milliseconds / 60_000 % 60)
    bytes.append(58)
    appendTwo(milliseconds / 1000 % 60)
    bytes.append(46)
    bytes.append(UInt8(milliseconds % 1000 / 100) + 48)
    appendTwo(milliseconds % 100)
    bytes.append(90)
  }

  /// Such as `2026-06-28`.
  mutating func appendDate(_ day: Int64) {
    let date = Calendar.date(day)
    appendDecimal(date.year)
    bytes.append(45)
    appendTwo(date.month)
    bytes.append(45)
    appendTwo(date.day)
  }

  private mutating func appendTwo(_ value: Int64) {
    bytes.append(UInt8(value / 10) + 48)
    bytes.append(UInt8(value % 10) + 48)
  }
}

/// Writes events as lines of text.
struct LogLines {
  private let format: LineFormat
  private let log: LogTexts
  private let written: [[UInt8]]
  /// What stands before each column's value: a comma, and in JSON the column's name.
  private let before: [[UInt8]]

  init(_ format: LineFormat, of log: LogTexts) {
    self.format = format
    self.log = log
    written = log.texts.map(format.written)
    before = LogColumn.allCases.enumerated().map { index, column in
      switch format {
      case .csv: index == 0 ? [] : [44]
      case .ndjson: [index == 0 ? 123 : 44] + format.written(column.rawValue) + [58]
      }
    }
  }

  /// What stands before the first event.
  var heading: [UInt8] {
    switch format {
    case .csv: Array((LogColumn.allCases.map(\.rawValue).joined(separator: ",") + "\n").utf8)
    case .ndjson: []
    }
  }

  /// Writes events to a new file, a piece at a time.
  func write(_ events: [ShopEvent], to place: URL) throws {
    let file = try OutputFile(place)
    let piece = 1 << 20
    var buffer = LineBuffer(capacity: piece + 4096)
    buffer.append(heading)
    for event in events {
      append(event, to: &buffer)
      if buffer.count >= piece {
        try file.write(buffer.bytes)
        buffer.removeAll()
      }
    }
    try file.write(buffer.bytes)
    try file.close()
  }

  private func append(_ event: ShopEvent, to buffer: inout LineBuffer) {
    let quotes = format == .ndjson
    for (index, column) in LogColumn.allCases.enumerated() {
      buffer.append(before[index])
      let cell = log.cell(column, of: event)
      switch cell {
      case .null: if quotes { buffer.append(LogLines.null) }
      case .text(let code): buffer.append(written[code])
      case .integer(let value): buffer.appendDecimal(value)
      case .money(let cents): buffer.appendMoney(cents)
      case .eventID, .userID:
        if quotes { buffer.append(34) }
        buffer.append(identifier: cell)
        if quotes { buffer.append(34) }
      case .time(let time):
        if quotes { buffer.append(34) }
        buffer.appendTime(time)
        if quotes { buffer.append(34) }
      }
    }
    if quotes { buffer.append(125) }
    buffer.append(10)
  }

  private static let null = Array("null".utf8)
}
