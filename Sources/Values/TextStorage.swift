#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Texts one behind the other, in memory that grows where it lies: of very many texts each copy counts.
///
/// Who adds to it has it alone; what is shared is only read.
final class TextStorage: @unchecked Sendable {
  /// Where each text starts in `bytes`, and at the end where the last one ends.
  private(set) var offsets: UnsafeMutablePointer<UInt64>
  private(set) var bytes: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var offsetCapacity: Int
  private var byteCapacity: Int

  init(texts: Int = 0, bytes byteCount: Int = 0) {
    offsetCapacity = texts + 1
    byteCapacity = max(byteCount, 1)
    offsets = TextStorage.resized(nil, offsetCapacity)
    bytes = TextStorage.resized(nil, byteCapacity)
    offsets.initialize(to: 0)
  }

  /// Texts from `count + 1` ascending offsets into UTF-8 bytes.
  convenience init(offsets: [UInt64], utf8: [UInt8]) {
    self.init(texts: offsets.count - 1, bytes: utf8.count)
    self.offsets.initialize(from: offsets, count: offsets.count)
    bytes.initialize(from: utf8, count: utf8.count)
    count = offsets.count - 1
  }

  deinit {
    free(offsets)
    free(bytes)
  }

  var byteCount: Int { Int(offsets[count]) }

  func copy() -> TextStorage {
    let copy = TextStorage(texts: count, bytes: byteCount)
    copy.offsets.initialize(from: offsets, count: count + 1)
    copy.bytes.initialize(from: bytes, count: byteCount)
    copy.count = count
    return copy
  }

  func append(_ text: UnsafeBufferPointer<UInt8>) {
    let start = byteCount
    if count + 2 > offsetCapacity {
      offsetCapacity = max(count + 2, 2 * offsetCapacity)
      offsets = TextStorage.resized(offsets, offsetCapacity)
    }
    if start + text.count > byteCapacity {
      byteCapacity = max(start + text.count, 2 * byteCapacity)
      bytes = TextStorage.resized(bytes, byteCapacity)
    }
    if let base = text.baseAddress { (bytes + start).initialize(from: base, count: text.count) }
    count += 1
    (offsets + count).initialize(to: UInt64(start + text.count))
  }

  @inline(__always) func text(_ code: Int) -> UnsafeBufferPointer<UInt8> {
    let start = Int(offsets[code])
    return UnsafeBufferPointer(start: bytes + start, count: Int(offsets[code + 1]) - start)
  }

  /// Memory for so many elements, with those that were there before.
  private static func resized<Element: BitwiseCopyable>(
    _ memory: UnsafeMutablePointer<Element>?, _ capacity: Int
  ) -> UnsafeMutablePointer<Element> {
    guard let block = realloc(memory, capacity * MemoryLayout<Element>.stride) else {
      preconditionFailure("there is no memory for \(capacity) parts of texts")
    }
    return block.bindMemory(to: Element.self, capacity: capacity)
  }
}
