import Values

/// Distinct texts in ascending order of their bytes, with the codes that they were given as they came.
struct TextRun: Sendable {
  /// How the texts lie, and which code belongs to which.
  private enum Order: @unchecked Sendable {
    /// In order, and so are the codes.
    case places
    /// In order; the file has their codes.
    case listed(MappedFile)
    /// By their codes, which are listed in the order of the texts.
    case held([UInt32])
  }

  private let texts: TextDictionary
  private let order: Order
  /// What codes count from.
  private let first: Int

  /// The texts of a dictionary, brought in order where they are not.
  ///
  /// - Parameter first: what is added to their codes in it.
  init(sorting texts: TextDictionary, from first: Int = 0) {
    self.texts = texts
    self.first = first
    order = texts.isSorted ? .places : .held(texts.codesInOrder())
  }

  private init(_ texts: TextDictionary, _ codes: MappedFile, from first: Int) {
    (self.texts, order, self.first) = (texts, .listed(codes), first)
  }

  /// How many texts.
  var count: Int { texts.count }

  /// The text in a place; valid while the run is.
  @inline(__always) func text(_ place: Int) -> UnsafeBufferPointer<UInt8> {
    if case .held(let codes) = order { return texts.utf8(Int(codes[place])) }
    return texts.utf8(place)
  }

  /// The code of the text in a place.
  @inline(__always) func code(_ place: Int) -> Int {
    switch order {
    case .places: first &+ place
    case .listed(let codes): first &+ Int(codes.pointer(to: UInt32.self)[place])
    case .held(let codes): first &+ Int(codes[place])
    }
  }

  /// The same run in files, which are gone as soon as it is.
  ///
  /// - Parameter path: of the files, to which their parts' names are added.
  func spilled(to path: String) throws(StoreError) -> TextRun {
    let output = try TextOutput(path: path, .scratch)
    try write(0..<count, to: output)
    let codes = try OutputFile(path: path + ".codes", .scratch)
    try codes.write(count: count) { (target: UnsafeMutableBufferPointer<UInt32>, start) in
      for index in target.indices {
        target.initializeElement(at: index, to: UInt32(truncatingIfNeeded: code(start + index) - first))
      }
    }
    return TextRun(try output.mapped(), try codes.mapped(), from: first)
  }

  /// Writes the texts of some places.
  func write(_ places: Range<Int>, to output: TextOutput) throws(StoreError) {
    guard case .held(let codes) = order else { return try output.write(texts, places) }
    var touched: UInt8 = 0
    for start in stride(from: places.lowerBound, to: places.upperBound, by: 1 << 12) {
      // What lies anywhere in memory is fetched at once for all, and not in turn for each.
      let found = codes[start..<min(start + 1 << 12, places.upperBound)].map { texts.utf8(Int($0)) }
      touched = found.reduce(touched) { $0 &+ ($1.first ?? 0) }
      for text in found { try output.write(text) }
    }
    withExtendedLifetime(touched) {}
  }
}
