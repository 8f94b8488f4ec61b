/// Characters and parts of texts as UTF-8 bytes.
enum UTF8Text {
  /// How many code points there are: bytes that do not continue another.
  static func length(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for byte in text where byte & 0xC0 != 0x80 { count &+= 1 }
    return count
  }

  /// Where the code point at a position, from 0, starts; the end of the text where there are fewer.
  static func offset(_ text: UnsafeBufferPointer<UInt8>, ofCharacter position: Int64) -> Int {
    if position >= text.count { return text.count }
    var left = position
    for (offset, byte) in text.enumerated() where byte & 0xC0 != 0x80 {
      if left == 0 { return offset }
      left -= 1
    }
    return text.count
  }

  /// Where a part first occurs at or after an offset. Takes time in proportion to text and part, whatever
  /// they are.
  ///
  /// Source: D. E. Knuth, J. H. Morris, V. R. Pratt, "Fast Pattern Matching in Strings" (1977).
  static func find(
    _ part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    guard let first = part.first else { return start }
    guard text.count - start >= part.count, text[start...].contains(first) else { return nil }
    // For each prefix of the part, the length of its longest proper prefix that it also ends with.
    var borders = [Int](repeating: 0, count: part.count)
    var length = 0
    for index in 1..<max(part.count, 1) {
      while length > 0, part[index] != part[length] { length = borders[length - 1] }
      if part[index] == part[length] { length += 1 }
      borders[index] = length
    }
    length = 0
    for index in start..<text.count {
      while length > 0, text[index] != part[length] { length = borders[length - 1] }
      if text[index] == part[length] { length += 1 }
      if length == part.count { return index + 1 - length }
    }
    return nil
  }

  /// The part at a position, from 1, or from -1 at the end; the whole text where the separator is empty.
  static func part(
    of text: UnsafeBufferPointer<UInt8>, separator: UnsafeBufferPointer<UInt8>, _ position: Int64
  ) -> Slice<UnsafeBufferPointer<UInt8>>? {
    var bounds: [Range<Int>] = []
    var start = 0
    while !separator.isEmpty, let match = find(separator, in: text, from: start) {
      bounds.append(start..<match)
      if position == Int64(bounds.count) { return text[start..<match] }
      start = match + separator.count
    }
    bounds.append(start..<text.count)
    let index = position > 0 ? position - 1 : Int64(bounds.count) + max(position, -1 << 40)
    guard index >= 0, index < bounds.count else { return nil }
    return text[bounds[Int(index)]]
  }
}
