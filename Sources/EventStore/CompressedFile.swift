import CZlib

/// Finds compressed files that end too early: the database reads what is there and says nothing.
enum CompressedFile {
  /// Throws where a file with the suffix `.gz` or `.zst` is not whole.
  static func requireWhole(_ file: SourceFile) throws(StoreError) {
    let name = file.name.lowercased()
    if name.hasSuffix(".gz") {
      guard try isWholeGzip(file.path) else { throw torn(file) }
    } else if name.hasSuffix(".zst") {
      let mapped = try MappedFile(path: file.path)
      guard isWholeZstandard(UnsafeRawBufferPointer(start: mapped.start, count: mapped.count)) else {
        throw torn(file)
      }
    }
  }

  private static func torn(_ file: SourceFile) -> StoreError {
    StoreError(
      "'\(file.name)' cannot be read: its compressed data are cut off or damaged",
      hints: ["write the file again, or take it away"])
  }

  /// Decompresses a file into nothing; its own checksums tell.
  private static func isWholeGzip(_ path: String) throws(StoreError) -> Bool {
    let file = try MappedFile(path: path)
    guard file.count > 0 else { return true }
    var stream = z_stream()
    // 15 bits of window, and 16 for the header and checksum of gzip.
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw StoreError("zlib does not start")
    }
    defer { inflateEnd(&stream) }
    let output = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 18)
    defer { output.deallocate() }
    let input = UnsafeMutablePointer(mutating: file.pointer(to: UInt8.self))
    var position = 0
    while true {
      if stream.avail_in == 0 {
        let count = min(file.count - position, 1 << 30)
        guard count > 0 else { return false }
        stream.next_in = input + position
        stream.avail_in = UInt32(count)
        position += count
      }
      stream.next_out = output
      stream.avail_out = 1 << 18
      let status = inflate(&stream, Z_NO_FLUSH)
      if status == Z_STREAM_END {
        // Members may follow one another; zeros may pad the last one.
        let rest = UnsafeRawBufferPointer(start: file.start, count: file.count)[
          (position - Int(stream.avail_in))...]
        if rest.allSatisfy({ $0 == 0 }) { return true }
        guard inflateReset(&stream) == Z_OK else { return false }
      } else if status != Z_OK {
        return false
      }
    }
  }

  /// Walks from block to block of each frame to the end, without decompressing.
  ///
  /// Source of the format: RFC 8878, "Zstandard Compression", sections 3.1.1 and 3.1.2.
  static func isWholeZstandard(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    func number(_ count: Int) -> Int? {
      guard position + count <= bytes.count else { return nil }
      defer { position += count }
      return (0..<count).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
    }
    while position < bytes.count {
      guard let magic = number(4) else { return false }
      if magic & 0xFFFF_FFF0 == 0x184D_2A50 {
        guard let size = number(4), position + size <= bytes.count else { return false }
        position += size
        continue
      }
      guard magic == 0xFD2F_B528, let descriptor = number(1) else { return false }
      let isSingleSegment = descriptor & 0x20 != 0
      let dictionarySize = [0, 1, 2, 4][descriptor & 3]
      let contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]
      position += (isSingleSegment ? 0 : 1) + dictionarySize + contentSize
      var isLast = false
      while !isLast {
        guard let header = number(3) else { return false }
        isLast = header & 1 != 0
        switch header >> 1 & 3 {
        case 0, 2: position += header >> 3
        case 1: position += 1  // one byte, repeated
        default: return false
        }
      }
      if descriptor & 4 != 0 { position += 4 }
      guard position <= bytes.count else { return false }
    }
    return true
  }
}
