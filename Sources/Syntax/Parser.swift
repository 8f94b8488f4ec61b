import Diagnostics

/// Reads the language into trees. Reading never fails: what is wrong becomes a diagnostic, and the rest is
/// read.
///
/// Blocks are cut first, queries at `|>`, computations at `let`, expectations at lines, decisions at their
/// actions, and each piece is read by itself, so a mistake in one never hides those in the next.
public struct Parser {
  /// How deep expressions lie inside one another at most, brackets and operators counted.
  public static let maximumDepth = 200
  /// How many steps a query has at most: each stands on the one before it.
  public static let maximumSteps = 200

  /// What is read.
  let fragment: Fragment
  /// All of its tokens; the last is its end.
  let tokens: [Token]
  /// For each bracket that has one, the index of the bracket that closes or opens it.
  let partners: [Int: Int]
  /// Lines on which a quote is not closed, so that nothing else can be said of them.
  let unclosedLines: Set<Int>
  /// What has been found, in the order of finding.
  var diagnostics: [Diagnostic]
  /// The index of the token that is read next.
  var position = 0
  /// The index of the token that ends the piece being read.
  var limit: Int
  /// How many expressions are being read, one inside the other.
  var depth = 0
  /// Whether the depth was found fault with; once is enough.
  var isTooDeepReported = false
  /// How many `case`s are being read, one inside the other: their words end what stands before them.
  var openCases = 0
  /// Names of a funnel's steps while the condition of one of its exclusions is read, outside of brackets.
  var exclusionSteps: Set<String>?
  /// The clauses of the operator being read; none outside of queries.
  var clauses = Clauses("")
  /// The clauses of the operator that have been read.
  var clausesRead: [String] = []
  /// By the index of the token that stands in their place, the words that were looked for and not found.
  var lookedFor: [Int: [String]] = [:]
  /// Where the last mistake was found; until something is read, nothing more is wrong there.
  var mistakePosition: Int?

  /// A parser that is about to read the whole fragment.
  init(_ fragment: Fragment) {
    let lexer = Lexer(fragment)
    self.fragment = fragment
    tokens = lexer.tokens
    partners = bracketPartners(lexer.tokens) { $0.isSymbol("|>") || $0.isWord("let") }
    unclosedLines = lexer.unclosedLines
    diagnostics = lexer.diagnostics
    limit = lexer.tokens.count - 1
  }

  /// Reads one expression: an inline value, or a chart.
  public static func expression(_ fragment: Fragment) -> (Expression, [Diagnostic]) {
    var parser = Parser(fragment)
    let expression = parser.expression()
    parser.endOfPiece("an operator or the end of the expression")
    return (expression, parser.orderedDiagnostics)
  }

  /// Everything found, in the order of its places.
  var orderedDiagnostics: [Diagnostic] {
    diagnostics.enumerated().sorted { left, right in
      let places = (left.element.range?.lower ?? 0, right.element.range?.lower ?? 0)
      return places.0 == places.1 ? left.offset < right.offset : places.0 < places.1
    }.map(\.element)
  }
}
