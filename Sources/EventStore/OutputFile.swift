import CWriteback

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
  private let isScratch: Bool
  private let buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: OutputFile.pieceSize, alignment: 16)
  private var filled = 0

  /// How many bytes are written at once, each time but the last from a multiple of it on: Linux keeps them in memory
  /// as it got them, and pieces of this size are mapped whole, where smaller ones take a page fault for every few
  /// kilobytes and an entry of the processor's address cache for each page.
  private static let pieceSize = 2 << 20

  /// What a file is written for.
  enum Purpose {
    /// The store, which knows its hash.
    case hashed
    /// The store.
    case unhashed
    /// What goes before the store is there, and need not reach the disk.
    case scratch
  }

  init(path: String, _ purpose: Purpose) throws(StoreError) {
    self.path = path
    hash = purpose == .hashed ? ContentHash() : nil
    isScratch = purpose == .scratch
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
    // Most often there is room, and little to write.
    if bytes.count <= buffer.count &- filled, let target = buffer.baseAddress, let source = bytes.baseAddress
    {
      (target + filled).copyMemory(from: source, byteCount: bytes.count)
      filled &+= bytes.count
      return
    }
    var rest = bytes
    while !rest.isEmpty {
      if filled == buffer.count { try drain() }
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(buffer.count - filled))
      UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: part)
      filled += part.count
      rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
    }
  }

  /// Writes elements that are made where they are written from. All elements of such a file are of one size.
  ///
  /// - Parameter make: initializes some of them, of which the first has the given number.
  @inline(__always)
  func write<Element: BitwiseCopyable>(
    count elements: Int, _ make: (_ target: UnsafeMutableBufferPointer<Element>, _ first: Int) -> Void
  ) throws(StoreError) {
    let stride = MemoryLayout<Element>.stride
    count += Int64(elements * stride)
    var first = 0
    while first < elements {
      if filled == buffer.count { try drain() }
      precondition(filled % stride == 0, "elements of one file have one size")
      let part = min(elements - first, (buffer.count - filled) / stride)
      let target = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + part * stride])
      make(target.bindMemory(to: Element.self), first)
      filled += part * stride
      first += part
    }
  }

  /// Writes what is left in the buffer.
  func drain() throws(StoreError) {
    let pending = filled
    filled = 0
    try put(UnsafeRawBufferPointer(rebasing: buffer[..<pending]))
  }

  /// Writes what is left and says what was written, which is on its way to the disk: nobody waits for that before the
  /// whole store is there.
  func finish() throws(StoreError) -> StoreManifest.File {
    try drain()
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return StoreManifest.File(
      name: name, bytes: count, hash: hash?.hex() ?? "", record: try FileRecord(path: path))
  }

  /// What was written to a scratch file, which is gone as soon as that is let go.
  func mapped() throws(StoreError) -> MappedFile {
    precondition(isScratch, "a file of the store stays")
    try drain()
    defer { unlink(path) }
    return try MappedFile(path: path)
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
    #if os(Linux)
      // The disk works while the rest is made.
      if !isScratch { sync_file_range(descriptor, 0, 0, UInt32(WRITEBACK_START)) }
    #endif
  }
}
