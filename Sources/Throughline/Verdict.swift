import Foundation

/// Whether a committed report is what its document and data give now.
public struct Verdict: Sendable {
  /// What comparing the report with a fresh one has shown.
  public enum State: Sendable {
    case current
    /// Why, one reason a text.
    case stale(reasons: [String])
    /// There is no report yet.
    case missing
    /// The report is current, and an expectation does not hold.
    case expectationFailed([String])
    /// The document cannot be run here.
    case cannotTell([LocatedDiagnostic])
  }

  /// The document's path, relative to the project.
  public let path: String
  /// The outcome, with its reasons.
  public let state: State
  /// What the document gives to think about, whether its report is current or not.
  public let warnings: [LocatedDiagnostic]

  /// The verdict in words.
  public var text: String {
    switch state {
    case .current: "current"
    case .stale(let reasons): "stale: \(reasons.joined(separator: ", "))"
    case .missing: "has no report yet"
    case .expectationFailed(let expectations):
      "current, but does not hold: \(expectations.joined(separator: "; "))"
    case .cannotTell: "cannot be verified: the document does not run"
    }
  }
}

extension Session {
  /// Holds the report beside a document against what the document gives now.
  public func verdict(on file: URL) throws -> Verdict {
    let rendering = try render(file, as: .html)
    let target = file.deletingLastPathComponent().appending(path: ReportFormat.html.fileName(for: file))
    func verdict(_ state: Verdict.State) -> Verdict {
      Verdict(path: rendering.path, state: state, warnings: rendering.diagnostics)
    }
    guard rendering.outcome != .failed else {
      return Verdict(path: rendering.path, state: .cannotTell(rendering.diagnostics), warnings: [])
    }
    guard let data = try? Data(contentsOf: target) else { return verdict(.missing) }
    let committed = String(decoding: data, as: UTF8.self)
    guard committed == rendering.text else {
      return verdict(.stale(reasons: Session.differences(committed, rendering.text)))
    }
    return verdict(
      rendering.outcome == .expectationFailed ? .expectationFailed(rendering.brokenExpectations) : .current)
  }

  /// What differs between two reports, by the marks in their heads.
  private static func differences(_ committed: String, _ current: String) -> [String] {
    let old = marks(committed)
    let new = marks(current)
    let meanings = [
      ("throughline.document", "the document changed"), ("throughline.data", "the data changed"),
      ("throughline.parameter", "the parameters differ"),
      ("generator", "another version of throughline wrote it"),
      ("throughline.semantics", "the language's meaning changed"),
    ]
    let reasons = meanings.filter { old[$0.0] != new[$0.0] }.map(\.1)
    return reasons.isEmpty
      ? ["the report was edited, or an imported document or a template changed"] : reasons
  }

  private static func marks(_ html: String) -> [String: [String]] {
    var marks: [String: [String]] = [:]
    for line in html.split(separator: "\n").prefix(2000) where line.hasPrefix("<meta name=\"") {
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      guard parts.count >= 4 else { continue }
      marks[String(parts[1]), default: []].append(String(parts[3]))
    }
    return marks
  }
}
