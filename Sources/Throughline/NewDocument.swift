import Templates

extension Session {
  /// A document to start from, which runs as it is.
  public func newDocument(title: String) -> String {
    let quoted = "\"" + title.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    // The first in the project file is the one that its author thought of first.
    let first = project.sources.min { $0.range.lower < $1.range.lower }
    let source = first.map { "source: \($0.name)\n" } ?? ""
    return Templates.document.replacing("{{title}}", with: quoted).replacing("{{source}}", with: source)
  }
}
