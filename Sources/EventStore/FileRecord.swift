#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the file system says of a file: two different records mean that it may have changed.
struct FileRecord: Hashable, Codable {
  var size: Int64
  /// Nanoseconds since 1970.
  var modified: Int64
  /// Nanoseconds since 1970 of the last change of anything about the file; programs cannot set it.
  var changed: Int64
  var inode: UInt64
  var device: UInt64

  /// The record of a file at this moment.
  init(path: String) throws(StoreError) {
    var record = stat()
    guard stat(path, &record) == 0 else { throw FileRecord.refusal("read", path) }
    size = Int64(record.st_size)
    inode = UInt64(record.st_ino)
    device = UInt64(truncatingIfNeeded: record.st_dev)
    #if canImport(Darwin)
      let (modification, change) = (record.st_mtimespec, record.st_ctimespec)
    #else
      let (modification, change) = (record.st_mtim, record.st_ctim)
    #endif
    modified = Int64(modification.tv_sec) * 1_000_000_000 + Int64(modification.tv_nsec)
    changed = Int64(change.tv_sec) * 1_000_000_000 + Int64(change.tv_nsec)
  }

  /// An error from `errno`: what could not be done with a path, and why.
  static func refusal(_ action: String, _ path: String) -> StoreError {
    StoreError("could not \(action) '\(path)': \(String(cString: strerror(errno)))")
  }

  /// The hash of a file's bytes, 64 hexadecimal digits.
  static func contentHash(ofFile path: String) throws(StoreError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw refusal("read", path) }
    defer { close(descriptor) }
    let hash = ContentHash()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count == 0 { return hash.hex() }
      if count < 0 {
        if errno == EINTR { continue }
        throw refusal("read", path)
      }
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}
