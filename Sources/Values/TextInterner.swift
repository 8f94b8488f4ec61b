/// Gives each distinct run of UTF-8 bytes a code, in order of first appearance; two texts are the same when their
/// bytes are, whatever Unicode says of them.
public struct TextInterner: Sendable {
  /// Shared with copies and dictionaries until a text is added.
  private var texts = TextStorage()
  /// The upper half of each is a text's hash, the lower its code + 1; 0 where there is none. With linear probing, a
  /// power of two long, at most three quarters full.
  private var slots = [UInt64](repeating: 0, count: 64)
  /// What was read of the slots ahead of time, so that it was read.
  private var touched: UInt64 = 0

  /// An interner without texts.
  public init() {}

  /// How many distinct texts so far.
  public var count: Int { texts.count }

  /// How many bytes the distinct texts have so far.
  public var byteCount: Int { texts.byteCount }

  /// About how many bytes of memory the distinct texts take, with what finds them.
  public var heldBytes: Int { byteCount + count * 3 * MemoryLayout<UInt64>.stride }

  /// Forgets all texts, and is ready for about as many.
  public mutating func removeAll() {
    texts = TextStorage()
    slots.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
  }

  /// The code of a text, new or known.
  public mutating func code(for text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    code(for: text, TextInterner.hash(text))
  }

  /// The codes of texts that lie one behind the other; 0 for those that are null.
  ///
  /// - Parameters:
  ///   - offsets: where each text starts in `bytes`, and at the end where the last one ends.
  ///   - validity: one byte a text, 0 where it is null; nothing when none is.
  public mutating func codes(
    count: Int, offsets: UnsafePointer<Int64>, bytes: UnsafePointer<UInt8>?, validity: [UInt8]?
  ) -> [UInt32] {
    func text(_ index: Int) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(
        start: bytes.map { $0 + Int(offsets[index]) }, count: Int(offsets[index + 1] - offsets[index]))
    }
    return [UInt32](unsafeUninitializedCapacity: count) { target, initialized in
      for index in 0..<count { target[index] = TextInterner.hash(text(index)) }
      if slots.count > 1 << 14 {
        // What a cache does not hold is fetched at once for all, and not in turn for each.
        let mask = slots.count - 1
        var sum: UInt64 = 0
        slots.withUnsafeBufferPointer { slots in
          for index in 0..<count { sum &+= slots[Int(target[index]) & mask] }
        }
        touched = sum
      }
      if let validity {
        for index in 0..<count {
          target[index] = validity[index] == 0 ? 0 : code(for: text(index), target[index])
        }
      } else {
        for index in 0..<count { target[index] = code(for: text(index), target[index]) }
      }
      initialized = count
    }
  }

  @inline(__always)
  private mutating func code(for text: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> UInt32 {
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let known = slots[slot]
      let code = UInt32(truncatingIfNeeded: known) - 1
      if UInt32(truncatingIfNeeded: known >> 32) == hash, matches(Int(code), text) { return code }
      slot = (slot + 1) & mask
    }
    let code = UInt32(count)
    if !isKnownUniquelyReferenced(&texts) { texts = texts.copy() }
    texts.append(text)
    slots[slot] = UInt64(hash) << 32 | UInt64(code + 1)
    if count * 4 > slots.count * 3 { grow() }
    return code
  }

  /// The dictionary of all texts so far, by code.
  public func dictionary() -> TextDictionary { TextDictionary(texts) }

  @inline(__always)
  private func matches(_ code: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let known = UnsafeRawBufferPointer(texts.text(code))
    let text = UnsafeRawBufferPointer(text)
    guard known.count == text.count else { return false }
    var index = 0
    while index + 8 <= text.count {
      guard
        known.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          == text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      else { return false }
      index += 8
    }
    return TextInterner.tail(known, from: index) == TextInterner.tail(text, from: index)
  }

  private mutating func grow() {
    var slots = [UInt64](repeating: 0, count: self.slots.count * 2)
    let mask = slots.count - 1
    for entry in self.slots where entry != 0 {
      var slot = Int(truncatingIfNeeded: entry >> 32) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = entry
    }
    self.slots = slots
  }

  /// Multiply and fold, eight bytes at a time.
  @inline(__always)
  static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var state = 0x9E37_79B9_7F4A_7C15 ^ UInt64(text.count)
    func mix(_ word: UInt64) {
      let product = (state ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
      state = product.high ^ product.low
    }
    let raw = UnsafeRawBufferPointer(text)
    var index = 0
    while index + 8 <= raw.count {
      mix(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    mix(tail(raw, from: index))
    return UInt32(truncatingIfNeeded: state ^ state >> 32)
  }

  /// The up to seven bytes from a position to the end, different for different bytes in texts of one length.
  @inline(__always)
  private static func tail(_ bytes: UnsafeRawBufferPointer, from index: Int) -> UInt64 {
    let rest = bytes.count - index
    // Loads that overlap are fewer than loads of single bytes.
    if rest >= 4 {
      let first = bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)
      let last = bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self)
      return UInt64(first) << 32 | UInt64(last)
    }
    guard rest > 0 else { return 0 }
    return UInt64(bytes[index]) << 16 | UInt64(bytes[index + rest / 2]) << 8 | UInt64(bytes[bytes.count - 1])
  }
}
