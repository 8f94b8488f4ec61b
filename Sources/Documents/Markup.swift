import Diagnostics

/// A document as a tree: front matter, and the blocks of its body in the order of the page.
public struct Document: Sendable {
  /// The text that was read.
  public let source: SourceText
  /// What stands above the body; empty when nothing does.
  public let frontMatter: FrontMatter
  /// The page from top to bottom, without its footnotes.
  public let body: [BlockMarkup]
  /// Footnotes in the order of their first reference; those without a reference are left out.
  public let footnotes: [Footnote]
  /// All blocks that run, in the order of the page, also those nested in lists and quotations.
  public let blocks: [CodeBlock]
  /// All inline values, in the order of the page.
  public let inlineValues: [InlineValue]
  /// The stretches of the text that could not be read as what they were meant to be, for mistakes that were reported.
  public internal(set) var unread: [SourceRange] = []
}

extension Document {
  /// The words of what could not be read. Any of them may be a name that is bound there.
  public var unreadWords: Set<String> {
    var words: Set<String> = []
    for range in unread {
      let scalars = source.text(in: range).unicodeScalars
      for word in scalars.split(whereSeparator: { $0 != "_" && !$0.properties.isXIDContinue }) {
        words.insert(String(word))
      }
    }
    return words
  }
}

/// A footnote's label, number (from 1) and text.
public struct Footnote: Sendable {
  /// How the document names it, without the brackets.
  public let label: String
  /// The place among the footnotes, from 1.
  public let number: Int
  /// How many places refer to it.
  public let references: Int
  /// What the footnote says.
  public let body: [BlockMarkup]
}

/// A part of a page that stands on its own lines.
public indirect enum BlockMarkup: Sendable {
  /// `id` is the anchor, unique in the document.
  case heading(level: Int, id: String, [InlineMarkup])
  case paragraph([InlineMarkup])
  case list(List)
  case quotation([BlockMarkup])
  /// GitHub's `> [!NOTE]`.
  case callout(Callout, [BlockMarkup])
  case table(MarkupTable)
  /// Code that is shown and never run.
  case code(language: String?, String)
  /// A block that runs: its index in `Document.blocks`.
  case block(Int)
  /// Display math.
  case math(Math)
  /// Raw HTML, which is shown as the text it is.
  case html(String)
  case thematicBreak

  /// The callouts that GitHub has.
  public enum Callout: String, Sendable, CaseIterable { case note, tip, important, warning, caution }
}

/// A bulleted, numbered or task list.
public struct List: Sendable {
  /// What stands behind one bullet or number.
  public struct Item: Sendable {
    /// For a task: whether it is done.
    public let isDone: Bool?
    /// What the item says.
    public let body: [BlockMarkup]
  }

  /// The first number of a numbered list.
  public let start: Int?
  /// Whether the items stand close, without paragraphs of their own.
  public let isTight: Bool
  /// One or more.
  public let items: [Item]
}

/// A table that was written in the document.
public struct MarkupTable: Sendable {
  /// Where the text of a column stands.
  public enum Alignment: Sendable { case none, left, center, right }

  /// One for each column.
  public let alignments: [Alignment]
  /// The cells of the head, one for each column.
  public let header: [[InlineMarkup]]
  /// The cells row by row, one for each column.
  public let rows: [[[InlineMarkup]]]
}

/// A part of a line.
public indirect enum InlineMarkup: Sendable {
  case text(String)
  case code(String)
  case emphasis([InlineMarkup])
  case strong([InlineMarkup])
  case strikethrough([InlineMarkup])
  /// The destination is safe: relative, or of scheme http, https or mailto; nothing when it was neutralised.
  case link(destination: String?, title: String?, [InlineMarkup])
  case image(destination: String?, title: String?, alternative: String)
  case footnoteReference(label: String, number: Int, occurrence: Int)
  /// An inline value: its index in `Document.inlineValues`.
  case value(Int)
  case math(Math)
  case html(String)
  case softBreak
  case lineBreak
}

/// A formula as it was written, between dollar signs, and in MathML where it could be translated.
public struct Math: Sendable {
  /// The formula as it was written, without the dollars.
  public let tex: String
  /// A `math` element without scripts; nothing when the formula has something that is not supported.
  public let mathML: String?
}

/// A fenced code block that runs: what follows the fence, and the body.
public struct CodeBlock: Sendable {
  /// The kinds of block that run.
  public enum Kind: String, Sendable, CaseIterable { case query, compute, chart, expect, decide, data, sql }

  /// The word after the fence.
  public let kind: Kind
  /// What other blocks know it by.
  public let name: String?
  /// Where the name stands.
  public let nameRange: SourceRange?
  /// In the order they were written, also those that are not known.
  public let options: [Option]
  /// The lines between the fences, without the last line break.
  public let body: Fragment
  /// The opening line of the fence.
  public let range: SourceRange

  /// One option in the braces after a name: `{hide, caption: "Weekly users"}`.
  public struct Option: Sendable {
    /// The word before the colon.
    public let name: String
    /// What follows the colon, without quotes; nothing for an option that has no value.
    public let value: String?
    /// The name and the value.
    public let range: SourceRange
  }

  /// An option's value; an empty text where the option has none.
  public func option(_ name: String) -> String? {
    options.first { $0.name == name }.map { $0.value ?? "" }
  }
}

/// A code span that starts with `=`: its expression and the range of the whole span's text.
public struct InlineValue: Sendable {
  /// What follows the sign of equality.
  public let expression: Fragment
  /// The span's text with the sign of equality, without backticks.
  public let range: SourceRange
}

/// What stands between the dashes at the top of a document.
public struct FrontMatter: Sendable {
  /// The report's title; where there is none, the first heading may serve.
  public var title: String?
  /// A sentence or two on what the document is for.
  public var description: String?
  /// Who answers for it.
  public var author: String?
  /// As it was written.
  public var date: String?
  /// The name of the source of `events`: one of the project file's, or a data block of the document.
  public var source: String?
  /// Where the source is named.
  public var sourceRange: SourceRange?
  /// In the order they were written.
  public var params: [Parameter] = []
  /// In the order they were written.
  public var imports: [Import] = []
  /// Whether it has a mistake, so that more may have been meant than is here.
  public internal(set) var isDamaged = false

  /// A value that a reader may override: `-P name=value`.
  public struct Parameter: Sendable {
    /// What expressions know it by.
    public var name: String
    /// One of `string`, `integer`, `number`, `boolean`, `date`, `duration`; nothing when it is to be inferred.
    public var type: String?
    /// The default as written; nothing for null.
    public var value: String?
    /// Where the name stands.
    public var range: SourceRange?
    /// Where the default stands.
    public var valueRange: SourceRange?
  }

  /// Another document whose names are available under an alias.
  public struct Import: Sendable {
    /// The word before the point in `alias.name`.
    public var alias: String
    /// The document, relative to the one that imports it; as it was written, not checked.
    public var path: String
    /// Where the path stands.
    public var range: SourceRange?
  }
}
