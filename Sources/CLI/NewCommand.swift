import ArgumentParser
import Foundation
import Throughline

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Writes a document to start from.",
    discussion: "An existing file is never overwritten.")

  @Argument(help: "The file to write, such as 'analyses/checkout.md'.")
  var path: String

  @Option(help: "The document's title.")
  var title: String?

  func run() throws {
    let file = URL(filePath: path.hasSuffix(".md") ? path : path + ".md")
    let name =
      title ?? file.deletingPathExtension().lastPathComponent.replacing("-", with: " ").capitalizedFirst
    guard !FileManager.default.fileExists(atPath: file.path) else {
      throw Refusal.usage("'\(Terminal.path(file))' exists and is left as it is")
    }
    let session = try Session(folder: file.deletingLastPathComponent())
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(session.newDocument(title: name).utf8).write(to: file, options: .withoutOverwriting)
    } catch {
      throw FileRefusal(.written, Terminal.path(file), error)
    }
    Terminal.note("wrote \(Terminal.path(file)); render it with: throughline render \(Terminal.path(file))")
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
