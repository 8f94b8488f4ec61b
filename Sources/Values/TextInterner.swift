/// Gives each distinct run of UTF-8 bytes a code, in order of first appearance; two texts are the same when their
/// bytes are, whatever Unicode says of them.
public struct TextInterner: Sendable {
  /// In which order the texts are going to come.
  public enum Arrival: Sendable {
    case anyOrder
    /// Equal texts one after another, so that only the last needs to be compared.
    case grouped
  }

  private let arrival: Arrival
  private var offsets: [UInt64] = [0]
  private var bytes: [UInt8] = []
  /// The hash of each text, by code.
  private var hashes: [UInt32] = []
  /// Code + 1 by hash, with linear probing; 0 where there is none. A power of two long, at most half full.
  private var slots: [UInt32]

  /// An interner without texts.
  public init(arrival: Arrival = .anyOrder) {
    self.arrival = arrival
    slots = arrival == .anyOrder ? [UInt32](repeating: 0, count: 64) : []
  }

  /// How many distinct texts so far.
  public var count: Int { offsets.count - 1 }

  /// How many bytes the distinct texts have so far.
  public var byteCount: Int { bytes.count }

  /// The code of a text, new or known.
  public mutating func code(for text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    guard arrival == .anyOrder else {
      if count > 0, matches(count - 1, text) { return UInt32(count - 1) }
      return append(text)
    }
    let hash = TextInterner.hash(text)
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let code = slots[slot] - 1
      if hashes[Int(code)] == hash, matches(Int(code), text) { return code }
      slot = (slot + 1) & mask
    }
    let code = append(text)
    hashes.append(hash)
    slots[slot] = code + 1
    if count * 2 > slots.count { grow() }
    return code
  }

  /// The dictionary of all texts so far, by code.
  public func dictionary() -> TextDictionary { TextDictionary(offsets: offsets, utf8: bytes) }

  private func matches(_ code: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = Int(offsets[code])
    guard Int(offsets[code + 1]) - start == text.count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      for index in 0..<text.count where bytes[start &+ index] != text[index] { return false }
      return true
    }
  }

  private mutating func append(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let code = UInt32(count)
    bytes.append(contentsOf: text)
    offsets.append(UInt64(bytes.count))
    return code
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for (code, hash) in hashes.enumerated() {
      var slot = Int(hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(code) + 1
    }
  }

  /// Multiply and fold, eight bytes at a time.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
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
    var rest: UInt64 = 0
    while index < raw.count {
      rest = rest << 8 | UInt64(raw[index])
      index += 1
    }
    mix(rest)
    return UInt32(truncatingIfNeeded: state ^ state >> 32)
  }
}
