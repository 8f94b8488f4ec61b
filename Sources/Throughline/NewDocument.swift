import Templates

extension Session {
  /// A document to start from, which runs as it is.
  public func newDocument(title: String) -> String {
    let quoted = "\"" + title.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    let source = project.sources.first.map { "source: \($0.name)\n" } ?? ""
    return Templates.document.replacing("{{title}}", with: quoted).replacing("{{source}}", with: source)
  }
}
