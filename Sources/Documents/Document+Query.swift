import Diagnostics

extension Document {
  /// A document that is nothing but one query, such as one from the shell; its result is bound to a name.
  ///
  /// - Parameter source: the source of `events`, as front matter would name it.
  public static func query(_ text: SourceText, name: String, source: String?) -> Document {
    var frontMatter = FrontMatter()
    frontMatter.source = source
    let block = CodeBlock(
      kind: .query, name: name, nameRange: nil, options: [], body: Fragment(utf8: text.utf8, at: 0),
      range: SourceRange(0, 0))
    return Document(
      source: text, frontMatter: frontMatter, body: [.block(0)], footnotes: [], blocks: [block],
      inlineValues: [])
  }
}
