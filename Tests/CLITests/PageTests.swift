import Foundation
import Testing
import Throughline

/// Reports are valid and accessible pages that ask nothing of other machines, and not large.
@Suite(.timeLimit(.minutes(10))) struct PageTests {
  private static let repository = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
  private static let analyses = Session.documents(in: repository.appending(path: "analyses"))
  private static let mostBytes = 200_000

  private static func report(of document: URL) -> URL {
    document.deletingLastPathComponent().appending(path: ReportFormat.html.fileName(for: document))
  }

  @Test("each analysis has a report that is not large", arguments: analyses)
  func analysisHasReport(_ document: URL) throws {
    let bytes = try Data(contentsOf: Self.report(of: document)).count
    #expect(bytes > 1000 && bytes < Self.mostBytes)
  }

  @Test func `There are analyses`() { #expect(!Self.analyses.isEmpty) }

  @Test func `Pages pass the checkers of HTML and of accessibility`() async throws {
    let folder = try WorkFolder()
    for name in ["gallery.md", "gallery.svg"] {
      try folder.write(name, try Data(contentsOf: Self.repository.appending(path: "Tests/Documents/\(name)")))
    }
    let gallery = try await Command.run("render", "gallery.md", "--out", "-", in: folder)
    #expect(gallery.status == 1)
    #expect(gallery.output.utf8.count < Self.mostBytes)
    #expect(try await Command.run("new", "fresh.md", in: folder).status == 0)
    #expect(try await Command.run("render", "fresh.md", in: folder).status == 0)
    try folder.write("gallery.html", gallery.output)
    try folder.document("empty.md", "")
    #expect(try await Command.run("render", "empty.md", in: folder).status == 0)

    let pages =
      ["gallery.html", "fresh.html", "empty.html"].map { folder[$0].path }
      + Self.analyses.map { Self.report(of: $0).path }
    let checkers = Self.repository.appending(path: ".build-deps/checkers")
    let missing = ["vnu.jar", "axe.min.js"].filter {
      !FileManager.default.fileExists(atPath: checkers.appending(path: $0).path)
    }
    try #require(missing.isEmpty, "\(missing) of .build-deps/checkers is not there: run 'make setup-test'")
    let script = """
      for tool in java python3 "${CHROMIUM:-chromium}"; do
        command -v "$tool" >/dev/null || { echo "there is no '$tool': run 'make setup-test'"; exit 1; }
      done
      exec python3 "$CHECK" \(pages.map { "'\($0)'" }.joined(separator: " "))
      """
    var environment = [
      "CHECK": Self.repository.appending(path: "Tests/Tools/check_html.py").path,
      "VNU_JAR": checkers.appending(path: "vnu.jar").path,
      "AXE_JS": checkers.appending(path: "axe.min.js").path,
    ]
    environment["CHROMIUM"] = ProcessInfo.processInfo.environment["CHROMIUM"]
    let run = try await Command.shell(script, in: folder, environment: environment)
    #expect(run.status == 0, "\(run.output)\(run.errors.suffix(2000))")
    #expect(run.output == "\(pages.count) pages checked, 0 findings\n")
  }
}
