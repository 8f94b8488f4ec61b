import Values

/// The texts of a dictionary in ascending order of their bytes.
struct SortedTexts {
  private let texts: TextDictionary
  /// Codes in the order of their texts.
  private let order: [UInt32]

  init(_ texts: TextDictionary) {
    self.texts = texts
    if texts.isSorted {
      order = (0..<texts.count).map { UInt32($0) }
      return
    }
    // The first eight bytes decide most comparisons, and lie together.
    var keyed = (0..<texts.count).map { code in
      (prefix: SortedTexts.prefix(texts.utf8(code)), code: UInt32(code))
    }
    keyed.sort { a, b in
      if a.prefix != b.prefix { return a.prefix < b.prefix }
      return TextDictionary.compare(texts.utf8(Int(a.code)), texts.utf8(Int(b.code))) < 0
    }
    order = keyed.map(\.code)
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
    for code in order {
      let text = texts.utf8(Int(code))
      end += UInt64(text.count)
      try bytes.write(UnsafeRawBufferPointer(text))
      try offsets.write([end])
    }
    return (try offsets.finish(), try bytes.finish())
  }

  /// The first eight bytes as a number that orders like them.
  private static func prefix(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var prefix: UInt64 = 0
    for index in 0..<8 { prefix = prefix << 8 | (index < text.count ? UInt64(text[index]) : 0) }
    return prefix
  }
}
