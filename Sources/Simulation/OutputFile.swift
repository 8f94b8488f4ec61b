import Foundation

/// A new file that is written from start to end.
final class OutputFile {
  private let handle: FileHandle
  private(set) var bytes = 0

  /// Makes the file, or goes on at the end of one that is there.
  init(_ place: URL) throws {
    if !FileManager.default.fileExists(atPath: place.path) {
      try Data().write(to: place)
    }
    handle = try FileHandle(forWritingTo: place)
    try handle.seekToEnd()
  }

  func write(_ more: [UInt8]) throws {
    guard !more.isEmpty else { return }
    try handle.write(contentsOf: more)
    bytes += more.count
  }

  func close() throws { try handle.close() }
}
