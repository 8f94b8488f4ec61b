import Synchronization

/// An immutable list of texts that codes point into. Shared by every column that was read from it.
///
/// The bytes may be mapped from a file: `owner` keeps them alive. Codes are positions, from 0. When `isSorted`,
/// the texts are in ascending order of their UTF-8 bytes and without duplicates, so codes compare like texts.
public final class TextDictionary: @unchecked Sendable {
  /// How many texts.
  public let count: Int
  /// Whether the texts ascend, without duplicates.
  public let isSorted: Bool
  private let offsets: UnsafePointer<UInt64>
  private let bytes: UnsafePointer<UInt8>
  private let owner: AnyObject?
  /// What was found out about the texts so far.
  let lookUps = Mutex(TextLookUps())

  /// A view over memory that `owner` keeps alive: `count + 1` offsets into `bytes`, ascending from 0.
  public init(
    count: Int, offsets: UnsafePointer<UInt64>, bytes: UnsafePointer<UInt8>, isSorted: Bool, owner: AnyObject?
  ) {
    self.count = count
    self.offsets = offsets
    self.bytes = bytes
    self.isSorted = isSorted
    self.owner = owner
  }

  /// A dictionary of the texts in the given order.
  public convenience init(_ texts: some Sequence<String>) {
    var offsets: [UInt64] = [0]
    var utf8: [UInt8] = []
    for text in texts {
      utf8.append(contentsOf: text.utf8)
      offsets.append(UInt64(utf8.count))
    }
    self.init(offsets: offsets, utf8: utf8)
  }

  /// A dictionary from `count + 1` ascending offsets into UTF-8 bytes.
  public convenience init(offsets: [UInt64], utf8: [UInt8]) {
    self.init(TextStorage(offsets: offsets, utf8: utf8))
  }

  /// The texts of a storage, to which no more are added.
  convenience init(_ storage: TextStorage) {
    var sorted = true
    for code in 1..<max(storage.count, 1) where sorted {
      sorted = TextDictionary.compare(storage.text(code - 1), storage.text(code)) < 0
    }
    self.init(
      count: storage.count, offsets: UnsafePointer(storage.offsets), bytes: UnsafePointer(storage.bytes),
      isSorted: sorted, owner: storage)
  }

  /// The UTF-8 bytes of a text; valid while the dictionary is.
  @inlinable public func utf8(_ code: Int) -> UnsafeBufferPointer<UInt8> { bytes(code) }

  @usableFromInline func bytes(_ code: Int) -> UnsafeBufferPointer<UInt8> {
    precondition(code >= 0 && code < count, "a text code lies outside its dictionary")
    let start = Int(offsets[code])
    return UnsafeBufferPointer(start: bytes + start, count: Int(offsets[code + 1]) - start)
  }

  /// The UTF-8 bytes of texts whose codes follow each other, one behind the other; valid while the dictionary is.
  public func utf8(_ codes: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    precondition(
      codes.lowerBound >= 0 && codes.upperBound <= count, "a text code lies outside its dictionary")
    let start = Int(offsets[codes.lowerBound])
    return UnsafeBufferPointer(start: bytes + start, count: Int(offsets[codes.upperBound]) - start)
  }

  /// Adds to a list where each of these texts ends if the first one starts at a position.
  public func appendEnds(of codes: Range<Int>, from start: UInt64, to ends: inout [UInt64]) {
    precondition(
      codes.lowerBound >= 0 && codes.upperBound <= count, "a text code lies outside its dictionary")
    let shift = start &- offsets[codes.lowerBound]
    for code in codes { ends.append(offsets[code &+ 1] &+ shift) }
  }

  /// The text of a code.
  public func text(_ code: Int) -> String { String(decoding: bytes(code), as: UTF8.self) }

  /// The code of a text, if it is there. O(log count) when sorted, O(count) otherwise.
  public func code(of text: String) -> Int? {
    var wanted = text
    return wanted.withUTF8 { wanted in
      if isSorted {
        var low = 0
        var high = count
        while low < high {
          let middle = (low + high) / 2
          switch TextDictionary.compare(bytes(middle), wanted) {
          case 0: return middle
          case ..<0: low = middle + 1
          default: high = middle
          }
        }
        return nil
      }
      return (0..<count).first { TextDictionary.compare(bytes($0), wanted) == 0 }
    }
  }

  /// Negative, zero or positive as the first text's bytes come before, equal or come after the second's.
  public static func compare(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
    let shared = min(a.count, b.count)
    let (left, right) = (UnsafeRawBufferPointer(a), UnsafeRawBufferPointer(b))
    var index = 0
    // Eight bytes compare like a number of which the first is the most significant.
    while index &+ 8 <= shared {
      let x = left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let y = right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      if x != y { return x.bigEndian < y.bigEndian ? -1 : 1 }
      index &+= 8
    }
    while index < shared {
      if a[index] != b[index] { return a[index] < b[index] ? -1 : 1 }
      index &+= 1
    }
    return a.count - b.count
  }
}

/// Gives each distinct text a code, in order of first appearance.
public struct TextDictionaryBuilder {
  private var interner = TextInterner()

  /// A builder without texts.
  public init() {}

  /// How many distinct texts so far.
  public var count: Int { interner.count }

  /// The code of a text, new or known.
  public mutating func code(for text: String) -> UInt32 {
    var text = text
    return text.withUTF8 { interner.code(for: $0) }
  }

  /// The dictionary of all texts so far.
  public func build() -> TextDictionary { interner.dictionary() }
}
