import Diagnostics
import Foundation
import Testing
import Throughline

/// Values that the command line gives to parameters.
@Suite struct OverriddenParametersTests {
  private static let text = """
    ---
    params:
      weeks: {type: integer, default: 8}
    ---
    `= weeks * 2`
    """

  private func rendering(_ parameters: [String: String], of text: String = text) throws -> Rendering {
    let folder = RecordedDocuments.repository.appending(path: "Tests/Documents")
    let session = try Session(folder: folder, options: RunOptions(parameters: parameters, usesCache: false))
    return try session.render(SourceText(name: "a.md", text: text), in: folder, as: .md)
  }

  @Test("a value that is given stands for the default")
  func value() throws {
    #expect(try rendering([:]).text.contains("16"))
    let given = try rendering(["weeks": "21"])
    #expect(given.text.contains("42") && given.diagnostics.isEmpty)
  }

  @Test("a value of another type is reported at the parameter, for its default is not to blame")
  func badValue() throws {
    let found = try rendering(["weeks": "eight"]).diagnostics
    #expect(found.map(\.diagnostic.id) == ["bad-parameter"])
    let shown = found.map { $0.diagnostic.rendered(in: $0.source) }.joined()
    #expect(shown.contains("error[bad-parameter]: '-P weeks=eight': 'eight' does not read as an integer\n"))
    #expect(
      shown.contains("a.md:3:3\n 3 │   weeks: {type: integer, default: 8}\n   │   ^^^^^ of type integer"))
  }

  @Test(
    "a value of a parameter without a type is of the type of its default",
    arguments: [
      ("0.05", "abc", nil), ("0.05", "1", "<!--=--> 1<!"), ("2026-03-01", "08.03.2026", nil),
      ("Lyon", "5", "<!--=--> 5<!"),
      ("4", "4.5", nil), ("null", "abc", "<!--=--> abc<!"), ("null", "7", "<!--=--> 7<!"),
    ])
  func untyped(_ written: String, _ given: String, _ shown: String?) throws {
    let text = "---\nparams:\n  share: \(written)\n---\n`= share`\n"
    let found = try rendering(["share": given], of: text)
    #expect(found.diagnostics.map(\.diagnostic.id) == (shown == nil ? ["bad-parameter"] : []))
    if let shown { #expect(found.text.contains(shown), "\(found.text)") }
  }

  @Test("a parameter that is not there is reported without a place, with the nearest one")
  func unknownName() throws {
    let found = try rendering(["week": "3"]).diagnostics.map(\.diagnostic)
    #expect(found.map(\.id) == ["no-parameter"])
    #expect(found.first?.range == nil)
    #expect(found.first?.hints == ["did you mean 'weeks'?"])
  }
}
