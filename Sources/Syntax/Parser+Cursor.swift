import Diagnostics

extension Parser {
  /// Whether the piece has been read.
  var isAtEnd: Bool { position >= limit }

  /// What is read next.
  var token: Token { peek(0) }

  /// The token so far ahead; at and behind the end of the piece, its end.
  func peek(_ ahead: Int) -> Token {
    let index = position + ahead
    if index < limit { return tokens[index] }
    let end = tokens[limit]
    return Token(
      kind: .end, text: "", folded: "", lower: end.lower, upper: end.lower, line: end.line,
      startsLine: end.startsLine)
  }

  /// Whether these characters of an operator or a bracket come next.
  func isSymbol(_ symbol: String) -> Bool { token.isSymbol(symbol) }

  /// Whether these words stand here, one after the other.
  func isWords(_ words: String...) -> Bool {
    words.indices.allSatisfy { peek($0).isWord(words[$0]) }
  }

  /// Turns to a piece of the tokens; what was wrong before has no bearing on it.
  mutating func startPiece(_ start: Int, to end: Int) {
    position = start
    limit = end
    mistakePosition = nil
  }

  /// Reads whatever comes next; at the end, nothing.
  mutating func advance() -> Token {
    let current = token
    if !isAtEnd { position += 1 }
    return current
  }

  /// Reads the words if they stand here; if not, they are remembered as what could have stood here.
  mutating func take(_ words: String...) -> Bool {
    guard words.indices.allSatisfy({ peek($0).isWord(words[$0]) }) else {
      look(for: [words.joined(separator: " ")])
      return false
    }
    position += words.count
    return true
  }

  /// Reads the symbol if it comes next.
  mutating func take(symbol: String) -> Bool {
    guard isSymbol(symbol) else { return false }
    position += 1
    return true
  }

  /// Where it stands in the source.
  func range(of token: Token) -> SourceRange { fragment.range(token.lower, token.upper) }

  /// From a token to the last one read.
  func range(from start: Int) -> SourceRange {
    fragment.range(tokens[start].lower, tokens[max(start, position - 1)].upper)
  }

  /// Between the last token read and the next one: where something is missing.
  var gap: SourceRange {
    let offset = position > 0 ? tokens[position - 1].upper : token.lower
    return fragment.range(offset, offset)
  }

  /// Goes on to the next token for which the test holds, over brackets that are closed, or to the end.
  mutating func skip(until isStop: (Parser) -> Bool) {
    while !isAtEnd, !isStop(self) {
      let partner = token.closingBracket == nil ? nil : partners[position]
      position = min(limit, (partner ?? position) + 1)
    }
  }
}
