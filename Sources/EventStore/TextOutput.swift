import Values

/// The two files of texts that lie one behind the other: their bytes, and where each starts.
final class TextOutput {
  private let offsets: OutputFile
  private let bytes: OutputFile
  private var count = 0
  private var end: UInt64 = 0
  /// Ends that are not written yet.
  private var ends: [UInt64] = [0]

  /// - Parameter path: of the files, to which their parts' names are added.
  init(path: String, _ purpose: OutputFile.Purpose) throws(StoreError) {
    offsets = try OutputFile(path: path + ".offsets", purpose)
    bytes = try OutputFile(path: path + ".bytes", purpose)
  }

  /// Adds a text.
  func write(_ text: UnsafeBufferPointer<UInt8>) throws(StoreError) {
    try bytes.write(UnsafeRawBufferPointer(text))
    end += UInt64(text.count)
    ends.append(end)
    count += 1
    if ends.count >= 1 << 12 { try drainEnds() }
  }

  /// Adds texts that lie one behind the other in a dictionary.
  func write(_ texts: TextDictionary, _ codes: Range<Int>) throws(StoreError) {
    if codes.count < 4 {
      for code in codes { try write(texts.utf8(code)) }
      return
    }
    // A list of ends that is as long as all of them would be as large as what is written.
    for start in stride(from: codes.lowerBound, to: codes.upperBound, by: 1 << 12) {
      let part = start..<min(start + 1 << 12, codes.upperBound)
      let found = texts.utf8(part)
      try bytes.write(UnsafeRawBufferPointer(found))
      texts.appendEnds(of: part, from: end, to: &ends)
      end += UInt64(found.count)
      count += part.count
      if ends.count >= 1 << 12 { try drainEnds() }
    }
  }

  private func drainEnds() throws(StoreError) {
    try offsets.write(ends)
    ends.removeAll(keepingCapacity: true)
  }

  /// Writes what is left and says what was written.
  func finish() throws(StoreError) -> (offsets: StoreManifest.File, bytes: StoreManifest.File) {
    try drainEnds()
    return (try offsets.finish(), try bytes.finish())
  }

  /// What was written, of texts in ascending order; the files are gone as soon as it is.
  func mapped() throws(StoreError) -> TextDictionary {
    try drainEnds()
    let parts = try (offsets.mapped(), bytes.mapped())
    return TextDictionary(
      count: count, offsets: parts.0.pointer(to: UInt64.self), bytes: parts.1.pointer(to: UInt8.self),
      isSorted: true, owner: Owner(parts: parts))
  }

  private final class Owner {
    let parts: (MappedFile, MappedFile)

    init(parts: (MappedFile, MappedFile)) { self.parts = parts }
  }
}
