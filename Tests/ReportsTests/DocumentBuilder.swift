import Diagnostics
import Values

@testable import Documents
@testable import Reports

/// Puts a document together by hand, with a source that its ranges are true of.
struct DocumentBuilder {
  private(set) var text = ""
  private(set) var body: [BlockMarkup] = []
  private(set) var blocks: [CodeBlock] = []
  private(set) var inlineValues: [InlineValue] = []
  var footnotes: [Footnote] = []
  var frontMatter = FrontMatter()

  mutating func add(_ markup: BlockMarkup...) { body += markup }

  /// Adds a block that runs, and its text to the source.
  mutating func block(
    _ kind: CodeBlock.Kind, _ name: String? = nil, options: [String: String?] = [:], code: String
  ) {
    body.append(reference(kind, name, options: options, code: code))
  }

  /// A block that stands within other markup; each of its lines has a prefix in the source, such as `> `.
  mutating func reference(
    _ kind: CodeBlock.Kind, _ name: String? = nil, options: [String: String?] = [:], prefix: String = "",
    code: String
  ) -> BlockMarkup {
    let start = text.utf8.count
    text += "\(prefix)```\(kind.rawValue)\(name.map { " \($0)" } ?? "")"
    let fence = SourceRange(start, text.utf8.count)
    text += "\n"
    var lines: [(local: Int, source: Int)] = []
    var bytes: [UInt8] = []
    for line in code.split(separator: "\n", omittingEmptySubsequences: false) where !code.isEmpty {
      lines.append((bytes.count, text.utf8.count + prefix.utf8.count))
      bytes += Array(line.utf8) + [UInt8(ascii: "\n")]
      text += "\(prefix)\(line)\n"
    }
    text += "\(prefix)```\n\n"
    let options = options.sorted { $0.key < $1.key }.map {
      CodeBlock.Option(name: $0.key, value: $0.value, range: fence)
    }
    blocks.append(
      CodeBlock(
        kind: kind, name: name, nameRange: nil, options: options, body: Fragment(utf8: bytes, lines: lines),
        range: fence))
    return .block(blocks.count - 1)
  }

  /// An inline value, in a line of its own in the source.
  mutating func inline(_ expression: String) -> InlineMarkup {
    text += "Value `= "
    let start = text.utf8.count
    text += expression
    let range = SourceRange(start - 2, text.utf8.count)
    text += "` here.\n\n"
    inlineValues.append(
      InlineValue(expression: Fragment(utf8: Array(expression.utf8), at: start), range: range))
    return .value(inlineValues.count - 1)
  }

  func build(named name: String = "analyses/sizing.md") -> Document {
    Document(
      source: SourceText(name: name, text: text), frontMatter: frontMatter, body: body, footnotes: footnotes,
      blocks: blocks, inlineValues: inlineValues)
  }
}

extension Report {
  /// A report with a provenance that tests need not say.
  init(_ builder: DocumentBuilder, results: [BlockResult] = [], inline: [InlineResult] = []) {
    self.init(
      document: builder.build(), results: results, inlineResults: inline,
      provenance: Provenance(documentHash: "sha256:1f", toolVersion: "0.1.0", semanticVersion: "1"))
  }

  /// The page with a drawing that says which figure it is.
  func page() throws -> String { try html { _, id in "<svg id=\"\(id)\" role=\"img\"></svg>" } }
}
