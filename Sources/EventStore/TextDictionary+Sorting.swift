import Values

/// A text's code, and what of the text decides most comparisons.
private struct TextKey {
  var prefix: UInt64
  var code: UInt32
}

extension TextDictionary {
  /// The codes in ascending order of their texts' bytes.
  func codesInOrder() -> [UInt32] {
    if isSorted { return (0..<count).map { UInt32($0) } }
    // The first eight bytes decide most comparisons, and lie together.
    var keys = (0..<count).map { TextKey(prefix: TextDictionary.prefix(utf8($0)), code: UInt32($0)) }
    var spare = keys
    keys.withUnsafeMutableBufferPointer { keys in
      spare.withUnsafeMutableBufferPointer { spare in sort(keys, by: 0, spare) }
    }
    return keys.map(\.code)
  }

  /// Sorts keys whose first bytes are equal: many by the next byte, then each of its values' keys, few by comparing.
  private func sort(
    _ keys: UnsafeMutableBufferPointer<TextKey>, by byte: Int, _ spare: UnsafeMutableBufferPointer<TextKey>
  ) {
    guard keys.count > 256, byte < 8 else {
      var few = keys
      return few.sort { a, b in
        if a.prefix != b.prefix { return a.prefix < b.prefix }
        return TextDictionary.compare(utf8(Int(a.code)), utf8(Int(b.code))) < 0
      }
    }
    let shift = UInt64(56 - 8 * byte)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 257) { ends in
      ends.initialize(repeating: 0)
      for key in keys { ends[Int(key.prefix >> shift & 255) + 1] += 1 }
      // Where all have the byte, nothing moves.
      if ends[Int(keys[0].prefix >> shift & 255) + 1] == keys.count {
        return sort(keys, by: byte + 1, spare)
      }
      for value in 1...256 { ends[value] += ends[value - 1] }
      for key in keys {
        let value = Int(key.prefix >> shift & 255)
        spare[ends[value]] = key
        ends[value] += 1
      }
      for place in keys.indices { keys[place] = spare[place] }
      var start = 0
      for value in 0..<256 where ends[value] > start {
        let range = start..<ends[value]
        sort(
          UnsafeMutableBufferPointer(rebasing: keys[range]), by: byte + 1,
          UnsafeMutableBufferPointer(rebasing: spare[range]))
        start = ends[value]
      }
    }
  }

  /// The first eight bytes as a number that orders like them.
  static func prefix(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    if text.count >= 8 {
      return UInt64(bigEndian: UnsafeRawBufferPointer(text).loadUnaligned(as: UInt64.self))
    }
    var prefix: UInt64 = 0
    for byte in text { prefix = prefix << 8 | UInt64(byte) }
    return prefix << UInt64(8 * (8 - text.count))
  }
}
