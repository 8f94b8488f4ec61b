import Foundation
import Manual

/// What each diagnostic means, from the manual.
public enum DiagnosticPages {
  /// The page of a diagnostic by its identifier, as Markdown; nothing when there is none.
  public static func page(_ id: String) -> String? { pages[id] }

  /// The identifiers that have a page, in alphabetical order.
  public static var identifiers: [String] { pages.keys.sorted() }

  private static let pages: [String: String] = {
    var pages: [String: String] = [:]
    for part in Manual.diagnostics.components(separatedBy: "\n## ").dropFirst() {
      let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      let id = lines[0].trimmingCharacters(in: .whitespaces)
      let text = lines.count > 1 ? lines[1].trimmingCharacters(in: .whitespacesAndNewlines) : ""
      pages[id] = "\(id)\n\n\(text)"
    }
    return pages
  }()
}
