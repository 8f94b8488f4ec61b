#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

private let systemWrite = write

/// A file that is written from start to end, through a buffer, with its size and hash on the way.
final class OutputFile {
  let path: String
  private(set) var count: Int64 = 0
  private let descriptor: Int32
  private let hash: ContentHash?
  private let buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: OutputFile.pieceSize, alignment: 16)
  private var filled = 0

  /// How many bytes are written at once, each time but the last from a multiple of it on: Linux keeps them in memory
  /// as it got them, and pieces of this size are mapped whole, where smaller ones take a page fault for every few
  /// kilobytes and an entry of the processor's address cache for each page.
  private static let pieceSize = 2 << 20

  /// What is known of a file's bytes once it is written.
  enum Hashing { case hashed, unhashed }

  init(path: String, _ hashing: Hashing) throws(StoreError) {
    self.path = path
    hash = hashing == .hashed ? ContentHash() : nil
    descriptor = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileRecord.refusal("write", path) }
  }

  deinit {
    buffer.deallocate()
    if descriptor >= 0 { close(descriptor) }
  }

  func write<Element: BitwiseCopyable>(_ elements: [Element]) throws(StoreError) {
    try elements.withUnsafeBufferPointer { (elements) throws(StoreError) in
      try write(UnsafeRawBufferPointer(elements))
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    count += Int64(bytes.count)
    var rest = bytes
    while !rest.isEmpty {
      if filled == buffer.count { try drain() }
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(buffer.count - filled))
      UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: part)
      filled += part.count
      rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
    }
  }

  /// Writes what is left in the buffer.
  func drain() throws(StoreError) {
    let pending = filled
    filled = 0
    try put(UnsafeRawBufferPointer(rebasing: buffer[..<pending]))
  }

  /// Writes everything through to the disk and says what was written.
  func finish() throws(StoreError) -> StoreManifest.File {
    try drain()
    guard fsync(descriptor) == 0 else { throw FileRecord.refusal("write", path) }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return StoreManifest.File(
      name: name, bytes: count, hash: hash?.hex() ?? "", record: try FileRecord(path: path))
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    hash?.update(bytes)
    var rest = bytes
    while !rest.isEmpty {
      let written = systemWrite(descriptor, rest.baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw FileRecord.refusal("write", path)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }
}
