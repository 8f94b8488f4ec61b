/// How many of some bytes, each of them 0 or 1, are 1 up to any of them: told without looking at each, or branching on
/// where runs end.
struct RunningOnes {
  /// Before each eight bytes, and after the last of them.
  private let ofWords: UnsafeBufferPointer<UInt32>
  private let bytes: UnsafeRawBufferPointer

  /// Counts ones; the counter is valid while the body runs.
  static func withOnes<Result>(of mask: [UInt8], _ body: (RunningOnes) -> Result) -> Result {
    mask.withUnsafeBytes { bytes in
      let words = bytes.count / 8
      return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: words + 1) { ofWords in
        var total: UInt32 = 0
        for word in 0..<words {
          ofWords.initializeElement(at: word, to: total)
          let ones = sum(bytes.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self))
          total &+= UInt32(truncatingIfNeeded: ones)
        }
        ofWords.initializeElement(at: words, to: total)
        return body(RunningOnes(ofWords: UnsafeBufferPointer(ofWords), bytes: bytes))
      }
    }
  }

  /// How many of so many first bytes are 1.
  @inline(__always) func count(before end: Int) -> Int {
    let rest = end & 7
    let whole = Int(ofWords[end &>> 3])
    if end < 8 {
      var count = 0
      for place in 0..<end { count &+= Int(bytes[place]) }
      return count
    }
    let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: end &- 8, as: UInt64.self))
    // Of the eight bytes that end there, those of whole words are shifted out: up to all of them, so in two steps.
    let half = UInt64(truncatingIfNeeded: 32 &- 4 &* rest)
    return whole &+ RunningOnes.sum((word &>> half) &>> half)
  }

  @inline(__always) private static func sum(_ word: UInt64) -> Int {
    Int(truncatingIfNeeded: (word &* 0x0101_0101_0101_0101) &>> 56)
  }
}
