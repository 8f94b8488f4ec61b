import Diagnostics
import Documents
import Values

/// A page while it is written from top to bottom: what it is made of, and the ids and numbers that are
/// given out.
struct Page {
  let report: Report
  let drawFigure: (Figure, String) -> String
  var identifiers: Identifiers
  var figureCount = 0
  var tableCount = 0
  /// The levels of the headings so far that the next one may stand under.
  var lastHeadingLevel = 1
  /// The headings that the list of contents shows.
  var contents: [ContentsEntry] = []

  init(_ report: Report, drawFigure: @escaping (Figure, String) -> String) {
    self.report = report
    self.drawFigure = drawFigure
    identifiers = Identifiers(taken: report.document.body.headingIDs)
  }

  /// A value in its element, with an id made of its name's parts.
  mutating func data(_ shown: ShownValue, id parts: [String]) -> HTML {
    let id = identifiers.id(["value"] + parts)
    return "<data id=\"\(exact: id)\" value=\"\(exact: shown.machine)\">\(shown.text)</data>"
  }

  /// A diagnostic as a terminal would show it.
  func diagnostic(_ diagnostic: Diagnostic) -> HTML {
    let text = diagnostic.rendered(in: report.document.source)
    return """
      <pre class="diagnostic \(diagnostic.severity.rawValue)" tabindex="0">\(text)</pre>

      """
  }
}

/// A heading in the list of contents.
struct ContentsEntry {
  var id: String
  var title: String
  var level: Int
}

extension [BlockMarkup] {
  /// The anchors of all headings, also of those within lists and quotations.
  fileprivate var headingIDs: [String] {
    flatMap { block -> [String] in
      switch block {
      case .heading(_, let id, _): [id]
      case .list(let list): list.items.flatMap(\.body.headingIDs)
      case .quotation(let body), .callout(_, let body): body.headingIDs
      case .paragraph, .table, .code, .block, .math, .html, .thematicBreak: []
      }
    }
  }
}
