import ArgumentParser
import Foundation
import Throughline

/// The argument of the commands that are about a project and not about documents.
struct ProjectArguments: ParsableArguments {
  @Option(name: .customLong("project"), help: "The folder of the project.", completion: .directory)
  var folder = "."

  /// The project that the folder belongs to.
  func session(_ options: RunOptions) throws -> Session {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw Refusal.usage("there is no folder '\(folder)'")
    }
    return try Session(folder: URL(filePath: folder), options: options)
  }
}
