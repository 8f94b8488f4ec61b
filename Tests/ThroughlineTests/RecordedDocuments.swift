import Diagnostics
import Engine
import Foundation
import Testing
import Throughline

/// The folder of documents that a user might write, each with the recording of what it gives beside it.
///
/// `NAME.md` is a document, `NAME.out.md` the same document with each block's result or diagnostic written in. With
/// `RECORD=1` in the environment recordings are written anew; read the difference before committing it.
@Suite struct RecordedDocuments {
  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The test documents and the pages of the manual.
  static let documents: [URL] = ["Tests/Documents", "Documentation"].flatMap {
    Session.documents(in: repository.appending(path: $0))
  }

  @Test("there are documents") func thereAreDocuments() {
    #expect(Self.documents.count > 1)
  }

  @Test("a document gives what is recorded, whatever the number of threads", arguments: documents)
  func document(_ file: URL) throws {
    let text = try Self.rendered(file, threads: 2)
    for threads in [1, 8] { #expect(try Self.rendered(file, threads: threads) == text) }
    let recording = file.deletingLastPathComponent().appending(path: ReportFormat.md.fileName(for: file))
    let environment = ProcessInfo.processInfo.environment
    if environment["RECORD"] == "1" {
      try Data(text.utf8).write(to: recording)
      return
    }
    guard let recorded = try? String(contentsOf: recording, encoding: .utf8) else {
      if environment["CI"] == nil { try Data(text.utf8).write(to: recording) }
      Issue.record("\(recording.lastPathComponent) was missing; read it and commit it")
      return
    }
    #expect(
      text == recorded, "\(file.lastPathComponent) gives something else than \(recording.lastPathComponent)")
  }

  /// The document with its results, and below it all diagnostics as a terminal shows them.
  static func rendered(_ file: URL, threads: Int) throws -> String {
    var limits = ExecutionLimits()
    limits.threads = threads
    let session = try Session(
      folder: file.deletingLastPathComponent(), options: RunOptions(limits: limits, usesCache: false))
    let rendering = try session.render(file, as: .md)
    guard !rendering.diagnostics.isEmpty else { return rendering.text }
    let diagnostics = rendering.diagnostics.map { $0.diagnostic.rendered(in: $0.source) }
    return rendering.text + "\n---\n\n```text\n\(diagnostics.joined(separator: "\n\n"))\n```\n"
  }
}
