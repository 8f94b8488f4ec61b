#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file's bytes in memory, read-only, for as long as this lives.
final class MappedFile: @unchecked Sendable {
  /// At least one readable byte, also of an empty file.
  let start: UnsafeRawPointer
  let count: Int
  private let mapping: UnsafeMutableRawPointer?

  init(path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileRecord.refusal("read", path) }
    defer { close(descriptor) }
    var record = stat()
    guard fstat(descriptor, &record) == 0 else { throw FileRecord.refusal("read", path) }
    count = Int(record.st_size)
    guard count > 0 else {
      mapping = nil
      start = UnsafeRawPointer(MappedFile.nothing)
      return
    }
    let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else { throw FileRecord.refusal("map", path) }
    #if os(Linux)
      // What is not in memory is read in pieces that are mapped whole, as they are written; see `OutputFile`.
      madvise(address, count, 14 /* MADV_HUGEPAGE */)
    #endif
    mapping = address
    start = UnsafeRawPointer(address)
  }

  deinit { if let mapping { munmap(mapping, count) } }

  func pointer<Element: BitwiseCopyable>(to _: Element.Type) -> UnsafePointer<Element> {
    start.assumingMemoryBound(to: Element.self)
  }

  // Never written, never freed: what pointers to no elements point to.
  private nonisolated(unsafe) static let nothing = UnsafeMutableRawPointer.allocate(
    byteCount: 16, alignment: 16)
}
