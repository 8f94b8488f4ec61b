import Foundation
import Testing
import Throughline

/// Every diagnostic that a document gives has a page in the manual, and every page a document that gives it.
@Suite struct DiagnosticPagesTests {
  private static let folder = RecordedDocuments.repository.appending(path: "Tests/Documents")

  /// Diagnostics that no document gives: they are about the description of a shop, which `throughline simulate` reads,
  /// and the tests of the simulation hold them.
  private static let withoutDocument: Set = [
    "shop-missing-key", "shop-no-key", "shop-shares", "shop-value", "shop-yaml",
  ]

  /// The first lines of the diagnostics in a recording, as a terminal shows them: identifier and message.
  private static func diagnostics(in recording: URL) throws -> [(id: String, message: String)] {
    try String(contentsOf: recording, encoding: .utf8).matches(
      of: /(?m)^(?:error|warning)\[([a-z-]+)\]: (.*)$/
    )
    .map { (String($0.1), String($0.2)) }
  }

  private static var recordings: [URL] {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return files?.compactMap { $0 as? URL }.filter { $0.lastPathComponent.hasSuffix(".out.md") } ?? []
  }

  @Test("each diagnostic in a recording has a page")
  func pages() throws {
    let known = Set(DiagnosticPages.identifiers)
    let seen = Set(try Self.recordings.flatMap { try Self.diagnostics(in: $0).map(\.id) })
    #expect(seen.count > 80)
    #expect(seen.subtracting(known).sorted() == [])
  }

  @Test(
    "each page has a document of its name that gives the diagnostic", arguments: DiagnosticPages.identifiers)
  func document(of id: String) throws {
    let folder = Self.folder.appending(path: "diagnostics")
    let files = ["\(id).out.md", "\(id)/\(id).out.md"].map { folder.appending(path: $0) }
      .filter { FileManager.default.fileExists(atPath: $0.path) }
    guard !Self.withoutDocument.contains(id) else {
      #expect(files.isEmpty)
      return
    }
    let recording = try #require(files.first, "there is no document for '\(id)'")
    #expect(try Self.diagnostics(in: recording).contains { $0.id == id })
  }

  @Test("pages stand in alphabetical order, each once, and say something")
  func order() throws {
    let manual = RecordedDocuments.repository.appending(path: "Documentation/diagnostics/diagnostics.md")
    let headings = try String(contentsOf: manual, encoding: .utf8).matches(of: /(?m)^## (.*)$/).map {
      String($0.1)
    }
    #expect(headings == headings.sorted())
    #expect(headings == DiagnosticPages.identifiers)
    for id in headings {
      let page = try #require(DiagnosticPages.page(id))
      #expect(page.hasPrefix("\(id)\n\n"))
      #expect(page.count > id.count + 60, "the page of '\(id)' says next to nothing")
    }
    #expect(DiagnosticPages.page("no-such-diagnostic") == nil)
  }

  @Test("messages are one line in lower case that states a fact and blames no one")
  func style() throws {
    for recording in Self.recordings {
      for (id, message) in try Self.diagnostics(in: recording) {
        #expect(message.first.map { !$0.isUppercase } ?? false, "[\(id)]: \(message)")
        #expect(!message.hasSuffix("."), "[\(id)]: \(message)")
        let own = message.replacing(/'[^']*'/, with: "").lowercased()
        for word in ["you", "your", "please", "invalid", "failed to", "error"] {
          #expect(!own.contains(try Regex("\\b\(word)\\b")), "[\(id)]: \(message)")
        }
      }
    }
  }

  @Test("one document has many mistakes, which are told in the order of the page")
  func manyMistakes() throws {
    let recording = Self.folder.appending(path: "diagnostics/many-mistakes.out.md")
    let text = try String(contentsOf: recording, encoding: .utf8)
    let end = try #require(text.range(of: "\n---\n\n```text\n", options: .backwards))
    let places = text[end.upperBound...].matches(of: /many-mistakes\.md:(\d+):(\d+)/).compactMap { match in
      Int(match.1).flatMap { line in Int(match.2).map { line * 1000 + $0 } }
    }
    #expect(Set(places).count >= 8)
    #expect(places == places.sorted())
    #expect(Set(try Self.diagnostics(in: recording).map(\.id)).count >= 8)
  }
}
