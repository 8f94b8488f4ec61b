import Diagnostics

extension Parser {
  /// Reads `paths from condition, depth 5` and its clauses.
  mutating func pathsStep() -> Query.Kind {
    position += 1
    var anchor = Query.PathsSyntax.Anchor.beginning
    if take(clause: "from") {
      anchor = .from(expression())
    } else if take(clause: "to") {
      anchor = .to(expression())
    }
    _ = take(symbol: ",")
    var depth: Int64?
    var hasDepth = false
    var paths = Query.PathsSyntax(anchor: anchor, depth: 1)
    let mistakes = diagnostics.count
    readClauses { parser, clause in
      switch clause {
      case "depth":
        hasDepth = true
        depth = parser.wholeNumber("a whole number of events, from 1", atLeast: 1)
      case "per session": paths.isPerSession = true
      case "collapse repeats": paths.repeats = .collapsed
      case "keep repeats": paths.repeats = .kept
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
}
