import Diagnostics

extension Parser {
  /// Reads `paths from condition, depth 5` and its clauses.
  mutating func pathsStep() -> Query.Kind {
    position += 1
    clausePhrases = ["depth", "per session", "collapse repeats", "keep repeats", "hide"]
    var anchor = Query.PathsSyntax.Anchor.beginning
    if take("from") {
      anchor = .from(expression())
    } else if isClauseWord("to"), take("to") {
      anchor = .to(expression())
    }
    _ = take(symbol: ",")
    var depth: Int64?
    var hasDepth = false
    var paths = Query.PathsSyntax(anchor: anchor, depth: 1)
    let mistakes = diagnostics.count
    clauses(
      ["depth", "per", "collapse", "keep", "hide"], isClause: { $0.startsPathsClause }
    ) { parser in
      switch parser.advance().folded {
      case "depth":
        hasDepth = true
        depth = parser.wholeNumber("a whole number of events, from 1", atLeast: 1)
      case "per": if parser.takeOrExpect("session") { paths.isPerSession = true }
      case "collapse": if parser.takeOrExpect("repeats") { paths.repeats = .collapsed }
      case "keep": if parser.takeOrExpect("repeats") { paths.repeats = .kept }
      default: paths.hidden = parser.expression()
      }
    }
    // A word that was not understood is most likely the one that is missing.
    if !hasDepth, diagnostics.count == mistakes {
      expected("'depth' and a number", hints: ["write 'paths from …, depth 5'"])
    }
    guard let depth else { return .error }
    paths.depth = depth
    return .paths(paths)
  }

  private var startsPathsClause: Bool {
    ["depth", "per", "collapse", "keep", "hide"].contains { isClauseWord($0) }
  }

  private mutating func takeOrExpect(_ word: String) -> Bool {
    if take(word) { return true }
    expected("'\(word)'")
    return false
  }
}
