import Values

/// The texts of a dictionary in ascending order of their bytes.
struct SortedTexts {
  private let texts: TextDictionary
  /// Codes in the order of their texts.
  let order: [UInt32]

  init(_ texts: TextDictionary) {
    self.texts = texts
    if texts.isSorted {
      order = (0..<texts.count).map { UInt32($0) }
      return
    }
    // The first eight bytes decide most comparisons, and lie together.
    var keys = (0..<texts.count).map { code in
      Key(prefix: SortedTexts.prefix(texts.utf8(code)), code: UInt32(code))
    }
    var spare = keys
    keys.withUnsafeMutableBufferPointer { keys in
      spare.withUnsafeMutableBufferPointer { spare in
        SortedTexts.sort(keys, by: 0, texts, spare)
      }
    }
    order = keys.map(\.code)
  }

  private struct Key {
    var prefix: UInt64
    var code: UInt32
  }

  /// Sorts keys whose first bytes are equal: many by the next byte, then each of its values' keys, few by comparing.
  private static func sort(
    _ keys: UnsafeMutableBufferPointer<Key>, by byte: Int, _ texts: TextDictionary,
    _ spare: UnsafeMutableBufferPointer<Key>
  ) {
    guard keys.count > 256, byte < 8 else {
      var few = keys
      return few.sort { a, b in
        if a.prefix != b.prefix { return a.prefix < b.prefix }
        return TextDictionary.compare(texts.utf8(Int(a.code)), texts.utf8(Int(b.code))) < 0
      }
    }
    let shift = UInt64(56 - 8 * byte)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 257) { ends in
      ends.initialize(repeating: 0)
      for key in keys { ends[Int(key.prefix >> shift & 255) + 1] += 1 }
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
          UnsafeMutableBufferPointer(rebasing: keys[range]), by: byte + 1, texts,
          UnsafeMutableBufferPointer(rebasing: spare[range]))
        start = ends[value]
      }
    }
  }

  /// By code, the text's place in the order.
  var ranks: [UInt32] {
    var ranks = [UInt32](repeating: 0, count: order.count)
    for (rank, code) in order.enumerated() { ranks[Int(code)] = UInt32(rank) }
    return ranks
  }

  /// Writes the texts in order, and where each starts, into files of the given path and their parts' names.
  func write(to path: String) throws(StoreError) -> (offsets: StoreManifest.File, bytes: StoreManifest.File) {
    let offsets = try OutputFile(path: path + ".offsets", .hashed)
    let bytes = try OutputFile(path: path + ".bytes", .hashed)
    var end: UInt64 = 0
    try offsets.write([end])
    for start in stride(from: 0, to: order.count, by: 1 << 12) {
      var ends: [UInt64] = []
      var texts: [UInt8] = []
      for code in order[start..<min(start + 1 << 12, order.count)] {
        let text = self.texts.utf8(Int(code))
        texts.append(contentsOf: text)
        end += UInt64(text.count)
        ends.append(end)
      }
      try bytes.write(texts)
      try offsets.write(ends)
    }
    return (try offsets.finish(), try bytes.finish())
  }

  /// The first eight bytes as a number that orders like them.
  private static func prefix(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    if text.count >= 8 {
      return UInt64(bigEndian: UnsafeRawBufferPointer(text).loadUnaligned(as: UInt64.self))
    }
    var prefix: UInt64 = 0
    for byte in text { prefix = prefix << 8 | UInt64(byte) }
    return prefix << UInt64(8 * (8 - text.count))
  }
}
