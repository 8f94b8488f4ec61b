import Documents
import Foundation
import Testing
import Throughline

/// The pages of the manual, beside what the recorded documents among them show.
@Suite struct ManualTests {
  static let folder = RecordedDocuments.repository.appending(path: "Documentation")

  static func text(_ page: String) throws -> String {
    try String(contentsOf: folder.appending(path: page), encoding: .utf8)
  }

  /// The pages without the recordings, in the order of their names.
  static let pages: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".md") && !$0.hasSuffix(".out.md") }.sorted()

  @Test("the page of functions is the catalogue") func functions() throws {
    let markdown = FunctionPages.markdown()
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try Data(markdown.utf8).write(to: Self.folder.appending(path: "functions.md"))
    }
    #expect(
      try Self.text("functions.md") == markdown,
      "write it again: throughline functions --format md > Documentation/functions.md")
  }

  @Test("the index names every page") func index() throws {
    let index = try Self.text("README.md")
    #expect(Self.pages.count > 10)
    for page in Self.pages where page != "README.md" { #expect(index.contains("](\(page))"), "\(page)") }
  }

  @Test("a link leads to a page and a heading that are there", arguments: pages)
  func links(_ page: String) throws {
    for match in try Self.text(page).matches(of: /\]\(([^()\s]+)\)/) {
      let destination = String(match.output.1)
      guard !destination.contains("://") else { continue }
      let parts = destination.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let target = parts[0].isEmpty ? page : String(parts[0])
      let file = Self.folder.appending(path: target)
      #expect(FileManager.default.fileExists(atPath: file.path), "\(page) links to \(destination)")
      guard parts.count == 2, target.hasSuffix(".md") else { continue }
      #expect(try Self.anchors(target).contains(String(parts[1])), "\(page) links to \(destination)")
    }
  }

  /// The anchors that Git hosts give to headings.
  static func anchors(_ page: String) throws -> Set<String> {
    Set(
      try text(page).split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
        line.drop { $0 == "#" }.lowercased().trimmingCharacters(in: .whitespaces)
          .filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }.replacing(" ", with: "-")
      })
  }
}
