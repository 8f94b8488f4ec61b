import Diagnostics

/// Comma-separated values as RFC 4180 has them, with the place of each: values are trimmed unless they are quoted.
/// Empty lines and lines that start with `#` are left out.
enum CommaSeparatedValues {
  struct Field {
    let text: String
    let isQuoted: Bool
    /// Whether a quote that opens it is closed.
    var isClosed = true
    let range: SourceRange

    var isNull: Bool { text.isEmpty && !isQuoted }
  }

  struct Record {
    let fields: [Field]
    let range: SourceRange
  }

  static func records(_ fragment: Fragment) -> [Record] {
    let bytes = fragment.utf8
    var records: [Record] = []
    var position = 0
    while position < bytes.count {
      let start = position
      var fields: [Field] = []
      var isEnd = false
      while !isEnd {
        fields.append(field(bytes, &position, fragment))
        isEnd = position >= bytes.count || bytes[position] != UInt8(ascii: ",")
        if !isEnd { position += 1 }
      }
      let range = fragment.range(start, position)
      while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      position += 1
      if fields.count == 1, fields[0].isNull { continue }
      if bytes[start] == UInt8(ascii: "#") { continue }
      records.append(Record(fields: fields, range: range))
    }
    return records
  }

  private static func field(_ bytes: [UInt8], _ position: inout Int, _ fragment: Fragment) -> Field {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    while position < bytes.count, isBlank(bytes[position]) { position += 1 }
    let start = position
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      var text: [UInt8] = []
      position += 1
      var isClosed = false
      while position < bytes.count {
        if bytes[position] == UInt8(ascii: "\"") {
          position += 1
          guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            isClosed = true
            break
          }
        }
        text.append(bytes[position])
        position += 1
      }
      let end = position
      while position < bytes.count, bytes[position] != UInt8(ascii: ","),
        bytes[position] != UInt8(ascii: "\n")
      {
        position += 1
      }
      return Field(
        text: String(decoding: text, as: UTF8.self), isQuoted: true, isClosed: isClosed,
        range: fragment.range(start, end))
    }
    while position < bytes.count, bytes[position] != UInt8(ascii: ","), bytes[position] != UInt8(ascii: "\n")
    {
      position += 1
    }
    var end = position
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return Field(
      text: String(decoding: bytes[start..<end], as: UTF8.self), isQuoted: false,
      range: fragment.range(start, end))
  }
}
