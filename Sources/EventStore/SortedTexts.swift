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
    // Texts that were added to sorted ones are few, and are sorted for themselves.
    let ascending = SortedTexts.ascendingCount(texts)
    let known = ascending > texts.count / 2 ? ascending : 0
    // The first eight bytes decide most comparisons, and lie together.
    var keys = (known..<texts.count).map { code in
      Key(prefix: SortedTexts.prefix(texts.utf8(code)), code: UInt32(code))
    }
    var spare = keys
    keys.withUnsafeMutableBufferPointer { keys in
      spare.withUnsafeMutableBufferPointer { spare in
        SortedTexts.sort(keys, by: 0, texts, spare)
      }
    }
    order = known == 0 ? keys.map(\.code) : SortedTexts.merged(known, keys, texts)
  }

  /// How many of the first texts ascend.
  private static func ascendingCount(_ texts: TextDictionary) -> Int {
    var count = min(texts.count, 1)
    while count < texts.count, TextDictionary.compare(texts.utf8(count - 1), texts.utf8(count)) < 0 {
      count += 1
    }
    return count
  }

  /// The codes in order of the first texts, which ascend, and of the other ones, whose keys do.
  private static func merged(_ known: Int, _ keys: [Key], _ texts: TextDictionary) -> [UInt32] {
    var order: [UInt32] = []
    order.reserveCapacity(texts.count)
    var next = 0
    for key in keys {
      let text = texts.utf8(Int(key.code))
      while next < known, TextDictionary.compare(texts.utf8(next), text) < 0 {
        order.append(UInt32(next))
        next += 1
      }
      order.append(key.code)
    }
    for code in next..<known { order.append(UInt32(code)) }
    return order
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
      // Where all have the byte, nothing moves.
      if ends[Int(keys[0].prefix >> shift & 255) + 1] == keys.count {
        return sort(keys, by: byte + 1, texts, spare)
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
  func write(to path: String) throws(StoreError) -> WrittenTexts {
    let offsets = try OutputFile(path: path + ".offsets", .hashed)
    let bytes = try OutputFile(path: path + ".bytes", .hashed)
    var end: UInt64 = 0
    var touched: UInt8 = 0
    try offsets.write([end])
    var block: [UInt8] = []
    for start in stride(from: 0, to: order.count, by: 1 << 12) {
      let codes = order[start..<min(start + 1 << 12, order.count)]
      // What lies anywhere in memory is fetched at once for all, and not in turn for each.
      let found = codes.map { texts.utf8(Int($0)) }
      touched = found.reduce(touched) { $0 &+ ($1.first ?? 0) }
      var ends: [UInt64] = []
      ends.reserveCapacity(found.count)
      block.removeAll(keepingCapacity: true)
      for text in found {
        block.append(contentsOf: text)
        end += UInt64(text.count)
        ends.append(end)
      }
      try bytes.write(block)
      try offsets.write(ends)
    }
    withExtendedLifetime(touched) {}
    return WrittenTexts(ranks: ranks, offsets: try offsets.finish(), bytes: try bytes.finish())
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

/// A dictionary as it lies in a store.
struct WrittenTexts {
  /// By the code that a text had, its place in the store.
  let ranks: [UInt32]
  let offsets: StoreManifest.File
  let bytes: StoreManifest.File
}
