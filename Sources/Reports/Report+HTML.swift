import Documents
import Values

extension Report {
  /// What a page may load: nothing but its own styles, and images that are in it or beside it.
  private static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'"

  /// The report as one HTML page without scripts, which asks no other machine for anything.
  ///
  /// - Parameters:
  ///   - templates: the page's skeleton and style sheet.   - drawFigure: draws a figure as SVG, which it
  /// answers for; the text is the id of the `svg` element, and what
  ///     other ids in it start with. The page shows title and subtitle in the caption.
  public func html(
    templates: TemplateSet = .builtIn, drawFigure: @escaping (Figure, String) -> String
  ) throws(TemplateError) -> String {
    var page = Page(self, drawFigure: drawFigure)
    var pieces: [String: HTML] = [
      "language": "en",
      "policy": HTML(trusted: Report.policy),
      "style": HTML(trusted: try templates.style()),
      "generator": "Throughline \(provenance.toolVersion)",
      "title": title(&page),
      "plainTitle": "\(plainTitle(page))",
    ]
    let front = document.frontMatter
    pieces["titleID"] = titleID.map { "\(exact: $0)" }
    pieces["description"] = front.description.map { "\($0)" }
    pieces["author"] = front.author.map { "\($0)" }
    pieces["date"] = front.date.map { "\($0)" }
    pieces["hasByline"] = front.author ?? front.date == nil ? nil : "yes"
    pieces["problems"] = page.problemList()
    let keyNumbers = page.keyNumbers()
    pieces["keyNumbers"] = keyNumbers.isEmpty ? nil : keyNumbers
    pieces["expectations"] = page.expectationSummary()
    pieces["recommendations"] = page.recommendations()
    var body = document.body
    if let position = titleHeading { body.remove(at: position) }
    pieces["body"] = page.blocks(body)
    pieces["contents"] = page.contentsList()
    pieces["footnotes"] = document.footnotes.isEmpty ? nil : page.footnotes()
    pieces["provenance"] = page.provenanceList()
    pieces["marks"] = marks
    return try templates.page(pieces.mapValues { $0.source })
  }

  /// The position of the heading that is the page's title: one of level 1 at the start, unless the front
  /// matter has another title.
  var titleHeading: Int? {
    guard case .heading(1, _, let content)? = document.body.first else { return nil }
    guard let title = document.frontMatter.title else { return 0 }
    return content.plainText == title.trimmed ? 0 : nil
  }

  private var titleID: String? {
    guard let position = titleHeading, case .heading(_, let id, _) = document.body[position] else {
      return nil
    }
    return id
  }

  private func title(_ page: inout Page) -> HTML {
    guard let position = titleHeading, case .heading(_, _, let content) = document.body[position] else {
      return "\(plainTitle(page))"
    }
    return page.line(content)
  }

  /// The title without markup; a document without one goes by its file's name.
  private func plainTitle(_ page: Page) -> String {
    if let position = titleHeading, case .heading(_, _, let content) = document.body[position] {
      return page.plain(content)
    }
    if let title = document.frontMatter.title?.trimmed, !title.isEmpty { return title }
    let file = document.source.name.split(separator: "/").last ?? "Report"
    return file.hasSuffix(".md") ? String(file.dropLast(3)) : String(file)
  }

  /// What the values were made from, for programs that ask whether the report still holds.
  private var marks: HTML {
    var html: HTML = "<meta name=\"throughline.document\" content=\"\(exact: provenance.documentHash)\">\n"
    for source in provenance.sources {
      let content = [source.name, source.fingerprint].compactMap(\.self).joined(separator: " ")
      html += "<meta name=\"throughline.data\" content=\"\(exact: content)\">\n"
    }
    for parameter in provenance.parameters {
      let content = "\(parameter.name)=\(parameter.value)"
      html += "<meta name=\"throughline.parameter\" content=\"\(exact: content)\">\n"
    }
    html += "<meta name=\"throughline.semantics\" content=\"\(exact: provenance.semanticVersion)\">\n"
    return html
  }
}

extension [InlineMarkup] {
  /// The text, where there is nothing but text.
  fileprivate var plainText: String? {
    var text = ""
    for part in self {
      guard case .text(let piece) = part else { return nil }
      text += piece
    }
    return text.trimmed
  }
}
