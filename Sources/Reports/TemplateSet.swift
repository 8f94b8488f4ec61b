import Mustache
import Templates

/// The templates that a page is made with: a skeleton and a style sheet.
///
/// The skeleton is a Mustache template. All that it is given is HTML already, so `{{title}}` and
/// `{{{title}}}` are the same, and a template cannot forget to escape.
public struct TemplateSet: Sendable {
  /// The file names under which a project may keep templates of its own.
  public enum Name: String, Sendable, CaseIterable {
    case page = "report.mustache"
    case style = "report.css"
  }

  private let texts: [Name: String]

  /// The built-in templates, with a project's own in the place of those that it has.
  public init(overriding texts: [Name: String] = [:]) {
    self.texts = [.page: Templates.page, .style: Templates.style].merging(texts) { $1 }
  }

  /// The templates that come with the program.
  public static let builtIn = TemplateSet()

  /// The style sheet, ready to stand between `<style>` tags.
  func style() throws(TemplateError) -> String {
    let style = texts[.style] ?? ""
    guard !style.lowercased().contains("</style") else {
      throw TemplateError(template: .style, line: nil, reason: "a style sheet has no '</style'")
    }
    return style
  }

  /// Sections more than these are taken for a mistake: the template's parser descends into each.
  private static let mostSections = 500

  /// The page that the skeleton makes of named pieces.
  func page(_ pieces: [String: Any]) throws(TemplateError) -> String {
    let text = texts[.page] ?? ""
    for tag in ["{{>", "{{<"] where text.contains(tag) {
      throw TemplateError(
        template: .page, line: line(of: tag, in: text), reason: "a page has no partials: '\(tag)'")
    }
    let sections = text.ranges(of: "{{#").count + text.ranges(of: "{{^").count
    guard sections <= TemplateSet.mostSections else {
      throw TemplateError(
        template: .page, line: nil, reason: "a page has at most \(TemplateSet.mostSections) sections")
    }
    do {
      // The pieces are escaped by scalars; the library would escape by characters, which is not enough.
      return try MustacheTemplate(string: "{{% CONTENT_TYPE: TEXT}}" + text).render(pieces)
    } catch let error as MustacheTemplate.ParserError {
      throw TemplateError(
        template: .page, line: error.context.lineNumber, reason: TemplateSet.reason(error.error))
    } catch {
      throw TemplateError(template: .page, line: nil, reason: "the template cannot be read: \(error)")
    }
  }

  private func line(of tag: String, in text: String) -> Int? {
    text.firstRange(of: tag).map { text[..<$0.lowerBound].count { $0 == "\n" } + 1 }
  }

  private static func reason(_ error: any Error) -> String {
    switch error as? MustacheTemplate.Error {
    case .sectionCloseNameIncorrect: "a section is closed under another name than it was opened"
    case .unfinishedName: "a tag has no '}}'"
    case .expectedSectionEnd: "a section is not closed"
    case .invalidSetDelimiter: "the tag that sets delimiters is malformed"
    case .invalidConfigVariableSyntax, .unrecognisedConfigVariable: "the pragma is not known"
    case .transformAppliedToInheritanceSection, .illegalTokenInsideInheritSection, .textInsideInheritSection:
      "a page has no partials"
    case nil: "the template ends within a tag"
    }
  }
}

/// A template that cannot be used, and why.
public struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The template that is at fault.
  public let template: TemplateSet.Name
  /// The one-based line, where it is known.
  public let line: Int?
  /// One line, lower case.
  public let reason: String

  /// File, line and reason, on one line.
  public var description: String {
    "\(template.rawValue)\(line.map { ":\($0)" } ?? ""): \(reason)"
  }
}
