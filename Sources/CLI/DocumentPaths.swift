import Foundation
import Throughline

/// A document that the command line means.
struct DocumentPath {
  let file: URL
  /// The folder of the project that it belongs to.
  let project: URL
  /// Where its report belongs below a folder for reports: as it lies below the folder that was named.
  let place: String

  /// The documents that paths mean, those of one project together, in the order of the paths.
  static func all(_ paths: [String]) throws -> [(project: URL, documents: [DocumentPath])] {
    var result: [(project: URL, documents: [DocumentPath])] = []
    var seen: Set<String> = []
    for document in try paths.flatMap(documents)
    where seen.insert(document.file.standardizedFileURL.path).inserted {
      if let position = result.firstIndex(where: { $0.project.path == document.project.path }) {
        result[position].documents.append(document)
      } else {
        result.append((document.project, [document]))
      }
    }
    return result
  }

  private static func documents(_ path: String) throws -> [DocumentPath] {
    let url = URL(filePath: path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw Refusal.usage("there is no file or folder '\(path)'")
    }
    guard isFolder.boolValue else {
      guard Session.mayBeDocument(url) else {
        throw Refusal.usage(
          "'\(path)' is not a document", hints: ["a document starts with front matter, a line of '---'"])
      }
      return [try DocumentPath(url, place: url.lastPathComponent)]
    }
    let files = Session.documents(in: url)
    guard !files.isEmpty else {
      throw Refusal.usage(
        "there is no document in '\(path)'", hints: ["a document starts with front matter, a line of '---'"])
    }
    let base = url.resolvingSymlinksInPath().path
    return try files.map { file in
      let full = file.resolvingSymlinksInPath().path
      let isBelow = full.hasPrefix(base + "/")
      return try DocumentPath(
        file, place: isBelow ? String(full.dropFirst(base.count + 1)) : file.lastPathComponent)
    }
  }

  private init(_ file: URL, place: String) throws {
    self.file = file
    self.place = place
    project = try Project.containing(file.deletingLastPathComponent()).0.root
  }
}
