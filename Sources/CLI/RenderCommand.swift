import ArgumentParser
import Foundation
import Throughline

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Runs documents and writes their reports beside them.",
    discussion: """
      Exit status: 0 when all went well, 1 when a document has a mistake, 2 when an expectation does not hold. \
      The report of a document with a mistake is not written: the last good one stays.
      """)

  @Argument(help: "Documents, or folders of them.", completion: .file(extensions: ["md"]))
  var paths: [String] = ["."]

  @Option(name: .shortAndLong, help: "The folder that reports are written to, or '-' for standard output.")
  var out: String?

  @Option(help: "What is written: html, md (the document with its results) or json (every named value).")
  var format: ReportFormat = .html

  @OptionGroup var arguments: DocumentArguments

  func run() throws {
    let options = arguments.options()
    let projects = try DocumentPath.all(paths)
    try checkPlaces(projects.flatMap(\.documents))
    var outcome = Rendering.Outcome.succeeded
    for (project, documents) in projects {
      let session = try Session(folder: project, options: options)
      for document in documents {
        let result = try render(document, session)
        if outcome != .failed, result != .succeeded { outcome = result }
      }
    }
    if outcome != .succeeded { throw ExitCode(outcome.rawValue) }
  }

  private func render(_ document: DocumentPath, _ session: Session) throws -> Rendering.Outcome {
    do {
      let rendering = try session.render(document.file, as: format)
      Terminal.show(rendering.diagnostics)
      for expectation in rendering.brokenExpectations {
        Terminal.note("\(rendering.path): expectation does not hold: \(expectation)")
      }
      try write(rendering, document)
      return rendering.outcome
    } catch let refusal as FileRefusal {
      // One file that cannot be read or written does not keep the other documents from their reports.
      Terminal.note(Refusal(refusal).text)
      return .failed
    }
  }

  // MARK: Writing

  private func write(_ rendering: Rendering, _ document: DocumentPath) throws(FileRefusal) {
    if out == "-" {
      Terminal.print(rendering.text, terminator: "")
      return
    }
    guard rendering.outcome != .failed else {
      Terminal.note("\(rendering.path): not written, since the document has mistakes")
      return
    }
    let target = target(of: document)
    let bytes = Data(rendering.text.utf8)
    let isUnchanged = (try? Data(contentsOf: target)) == bytes
    if !isUnchanged { try write(bytes, to: target) }
    Terminal.note("\(rendering.path) → \(Terminal.path(target))\(isUnchanged ? " (unchanged)" : "")")
  }

  private func write(_ bytes: Data, to target: URL) throws(FileRefusal) {
    do {
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try bytes.write(to: target, options: .atomic)
    } catch {
      throw FileRefusal(
        .written, Terminal.path(target), error, hints: ["'--out' names another folder for the reports"])
    }
  }

  private func target(of document: DocumentPath) -> URL {
    let name = format.fileName(for: document.file)
    guard let out else { return document.file.deletingLastPathComponent().appending(path: name) }
    return URL(filePath: out, directoryHint: .isDirectory).appending(path: document.place)
      .deletingLastPathComponent().appending(path: name)
  }

  /// Refuses to write two reports into one file.
  private func checkPlaces(_ documents: [DocumentPath]) throws {
    guard out != "-" else { return }
    var places: [String: DocumentPath] = [:]
    for document in documents {
      let target = target(of: document)
      if let other = places.updateValue(document, forKey: target.standardizedFileURL.path) {
        throw Refusal.usage(
          "the reports of '\(Terminal.path(other.file))' and '\(Terminal.path(document.file))' would both be "
            + "'\(Terminal.path(target))'",
          hints: [
            "a folder that holds both keeps them apart: their reports lie below '--out' as they lie in it"
          ])
      }
    }
  }
}

extension ReportFormat: ExpressibleByArgument {}
