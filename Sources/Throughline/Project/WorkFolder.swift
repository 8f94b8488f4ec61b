import Foundation

/// The folder that stores and caches lie in.
enum WorkFolder {
  /// Makes the folder, if it is not there, as one that no repository takes in. A folder that cannot be made is told of
  /// by what is to be written into it.
  static func make(_ folder: URL) {
    let exclusion = folder.appending(path: ".gitignore")
    guard !FileManager.default.fileExists(atPath: exclusion.path) else { return }
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try? Data("*\n".utf8).write(to: exclusion, options: .withoutOverwriting)
  }
}
