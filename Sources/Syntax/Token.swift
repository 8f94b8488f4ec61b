/// The smallest piece of the language that means something.
struct Token: Hashable, Sendable {
  /// What a token is by its form.
  enum Kind: Hashable, Sendable {
    case word
    /// A name in backticks.
    case backquoted
    /// A name in double quotes.
    case doubleQuoted
    case text, number, symbol
    /// What the lexer has given a diagnostic for.
    case damaged
    case end
  }

  /// By which the text is understood.
  var kind: Kind
  /// A word as written, a name or text without its quotes, a number without underscores, an operator's
  /// characters.
  let text: String
  /// The word in lower case; empty for what is no word.
  let folded: String
  /// Where it starts in the fragment, in UTF-8 offsets.
  let lower: Int
  /// Where it ends, not included.
  let upper: Int
  /// Counted from zero in the fragment.
  let line: Int
  /// Whether nothing stands before it on its line.
  let startsLine: Bool

  /// Whether it is this word, given in lower case.
  func isWord(_ word: String) -> Bool { kind == .word && folded == word }

  /// Whether it is this operator or bracket.
  func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }

  /// A word that names something, or anything in name quotes.
  var isName: Bool {
    switch kind {
    case .word: !Keywords.reserved.contains(folded)
    case .backquoted, .doubleQuoted: true
    default: false
    }
  }

  /// Whether an operand may start here, signs aside.
  var startsOperand: Bool {
    switch kind {
    case .number, .text: true
    case .symbol: text == "("
    case .word where Keywords.reserved.contains(folded):
      ["case", "false", "not", "null", "true"].contains(folded)
    default: isName
    }
  }

  /// Whether an operand that stands before goes on here: the word before was a name and not a clause's.
  var continuesOperand: Bool {
    switch kind {
    case .symbol: text != "(" && text != "-" && text != "+" && text != "!"
    case .word: ["and", "as", "between", "in", "is", "like", "or"].contains(folded)
    default: false
    }
  }

  /// The bracket that closes this one, if it opens.
  var closingBracket: String? {
    guard kind == .symbol else { return nil }
    return text == "(" ? ")" : text == "[" ? "]" : nil
  }
}

/// Whether a parenthesis opens a query.
func opensQuery(_ tokens: [Token], _ index: Int) -> Bool {
  guard tokens[index].isSymbol("("), index + 1 < tokens.count else { return false }
  return tokens[index + 1].isWord("from") || tokens[index + 1].isWord("select")
}

/// Pairs the brackets: for each token that is a bracket with a partner, the partner's index.
///
/// `isBarrier` says which tokens no pair reaches over, so one that is never closed stays where it was
/// written.
func bracketPartners(_ tokens: [Token], isBarrier: (Token) -> Bool) -> [Int: Int] {
  var partners = [Int: Int]()
  var open = [Int]()
  for (index, token) in tokens.enumerated() where token.kind == .symbol || token.kind == .word {
    if isBarrier(token) {
      // A query in parentheses has steps of its own.
      open.removeSubrange((open.lastIndex { opensQuery(tokens, $0) }.map { $0 + 1 } ?? 0)...)
    }
    if token.closingBracket != nil { open.append(index) }
    guard token.isSymbol(")") || token.isSymbol("]") else { continue }
    guard let last = open.last else { continue }
    // A bracket of the other kind leaves everything open as it was: only one of the two is the mistake.
    guard tokens[last].closingBracket == token.text else { continue }
    open.removeLast()
    partners[last] = index
    partners[index] = last
  }
  return partners
}
