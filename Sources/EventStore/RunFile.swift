#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file of numbers that grows in many places at once, one for each run, through a buffer for each.
final class RunFile<Element: BitwiseCopyable> {
  private let path: String
  /// Where the numbers lie until the last of them is there.
  private let scratch: String
  private let descriptor: Int32
  /// For each run where its next element that is written goes, counted in elements.
  private var places: [Int]
  private let buffers: UnsafeMutableBufferPointer<Element>
  private let width: Int
  private var filled: [Int]

  /// - Parameter starts: where each run starts, and after the last one the number of elements.
  init(path: String, starts: [UInt64]) throws(StoreError) {
    self.path = path
    scratch = path + ".scratch"
    places = starts.dropLast().map { Int($0) }
    width = max(64, min(1 << 13, (1 << 18) / max(1, places.count)))
    buffers = .allocate(capacity: max(1, width * places.count))
    filled = [Int](repeating: 0, count: places.count)
    descriptor = open(scratch, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileRecord.refusal("write", scratch) }
  }

  deinit {
    buffers.deallocate()
    if descriptor >= 0 {
      close(descriptor)
      unlink(scratch)
    }
  }

  @inline(__always) func append(_ element: Element, to run: Int) throws(StoreError) {
    if filled[run] == width { try drain(run) }
    buffers.initializeElement(at: run &* width &+ filled[run], to: element)
    filled[run] &+= 1
  }

  /// Writes everything through to the disk and says what was written.
  ///
  /// All of it is read once for the hash; what is written again then lies in the large pieces of an `OutputFile`.
  func finish() throws(StoreError) -> StoreManifest.File {
    for run in places.indices { try drain(run) }
    let file = try OutputFile(path: path, .hashed)
    let scattered = try MappedFile(path: scratch)
    try file.write(UnsafeRawBufferPointer(start: scattered.start, count: scattered.count))
    return try file.finish()
  }

  private func drain(_ run: Int) throws(StoreError) {
    let first = run * width
    var rest = UnsafeRawBufferPointer(
      UnsafeMutableBufferPointer(rebasing: buffers[first..<(first + filled[run])]))
    var offset = places[run] * MemoryLayout<Element>.stride
    while !rest.isEmpty {
      let written = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset))
      if written < 0 {
        if errno == EINTR { continue }
        throw FileRecord.refusal("write", scratch)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      offset += written
    }
    places[run] += filled[run]
    filled[run] = 0
  }
}
