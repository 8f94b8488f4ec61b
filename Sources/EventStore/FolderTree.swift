import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Folders inside one another.
enum FolderTree {
  /// A folder and those in it at any depth, each once, in the order of their names. Hidden ones are left out, and
  /// symbolic links are not followed, which could lead round in a circle.
  static func folders(in path: String) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [] }
    let inner = names.filter { !$0.hasPrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    return [path] + inner.filter(isFolder).flatMap { folders(in: $0) }
  }

  /// Whether a path leads to a folder, and not to a link to one.
  static func isFolder(_ path: String) -> Bool {
    var record = stat()
    return lstat(path, &record) == 0 && record.st_mode & S_IFMT == S_IFDIR
  }
}
