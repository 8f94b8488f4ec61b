import Diagnostics

extension Parser {
  /// Reads items with commas between them; one behind the last is fine.
  ///
  /// A broken item does not end the list: reading goes on behind the next comma. In a bracket that is never
  /// closed it does, since what follows may stand behind the bracket that is missing.
  mutating func list<Item>(
    in opener: Int? = nil, until isClause: (Parser) -> Bool = { _ in false }, expecting separator: String,
    _ item: (inout Parser) -> Item?
  ) -> [Item] {
    let closing = opener.flatMap { tokens[$0].closingBracket }
    let isUnclosed = opener.map { partners[$0] == nil } ?? false
    func isEnd(_ parser: Parser) -> Bool {
      closing.map { parser.isSymbol($0) } ?? false || isClause(parser)
    }
    var items = [Item]()
    while !isAtEnd, !isEnd(self) || (opener == nil && freeClause != nil && !startsClause) {
      let start = position
      if let item = item(&self) { items.append(item) }
      if take(symbol: ",") { continue }
      if isAtEnd || isEnd(self) || isUnclosed { break }
      let isForeign = (token.isWord("having") || token.isWord("qualify")) && !peek(1).continuesOperand
      let isMistaken = isAtMistake || position == start
      if opener == nil {
        look(for: clauses.phrases)
        if !isMistaken, isLikelyClause { break }
      }
      if !isMistaken, !isForeign, token.startsOperand, !isLikelyWord {
        if !missingComma(behind: start), !items.isEmpty { items.removeLast() }
        continue
      }
      leftover(separator)
      // An item that does not go on with what stands behind it was not meant to end there.
      if opener == nil, position > start, !items.isEmpty { items.removeLast() }
      skip { $0.isSymbol(",") || isEnd($0) }
      guard take(symbol: ",") else { break }
    }
    return items
  }

  /// Reports that two items stand side by side; says whether the first of them is one, and no misspelt word.
  private mutating func missingComma(behind start: Int) -> Bool {
    let word = position == start + 1 && tokens[start].folded.count > 2 ? meant(at: start) : nil
    guard isNews() else { return word == nil }
    if let word {
      report(
        "missing-comma", "expected ',' between \(shown(tokens[start])) and \(shown(token))",
        at: range(of: tokens[start]), label: "an item by itself", hints: ["did you mean '\(word)'?"])
      return false
    }
    var hints = ["write ',' between two items"]
    if token.isName, lookedFor[position]?.contains("as") == true {
      hints.append("a name for the item follows 'as': 'as \(token.text)'")
    }
    report(
      "missing-comma", "expected ',' before \(shown(token))", at: range(of: token), label: "a new item",
      hints: hints)
    return true
  }

  /// Reads the bracket that closes the one at the index.
  mutating func close(_ opener: Int, orExpect expectation: String? = nil) {
    let opening = tokens[opener]
    let closing = opening.closingBracket ?? ")"
    if take(symbol: closing) { return }
    if let partner = partners[opener], partner >= position, partner < limit {
      expected(expectation ?? "'\(closing)'")
      position = partner + 1
      return
    }
    guard isNews() else { return }
    report(
      "unclosed-bracket", "'\(opening.text)' is never closed", at: range(of: opening),
      label: "no '\(closing)' belongs to this", hints: ["write '\(closing)' where it ends"])
  }

  /// Reads a name, or reports that one is missing.
  mutating func identifier(_ what: String) -> Identifier? {
    let current = token
    if current.isName {
      position += 1
      return Identifier(current.text, range(of: current))
    }
    // A reserved word is taken for a name unless it starts what comes next.
    guard current.kind == .word, !current.startsLine, isNews() else {
      expected(what)
      return nil
    }
    position += 1
    report(
      "reserved-word", "'\(current.text)' is a word of the language", at: range(of: current),
      label: "a name only in backticks", hints: ["write `\(current.text)`"])
    return Identifier(current.text, range(of: current))
  }

  /// Reads a text; one in double quotes is reported and taken as it is meant.
  mutating func text(_ what: String) -> String? {
    guard token.kind == .text || token.kind == .doubleQuoted else {
      expected(what)
      return nil
    }
    let current = advance()
    if current.kind == .doubleQuoted { reportDoubleQuotes(current) }
    return current.text
  }

  /// An expression where a text is likely: a name in double quotes is reported and left without meaning.
  mutating func textLikely(_ expression: Expression, startingWith first: Token) -> Expression {
    guard first.kind == .doubleQuoted, case .name = expression.kind else { return expression }
    reportDoubleQuotes(first)
    return Expression(.error, expression.range)
  }

  /// Reports a name in double quotes where SQL would have a text in single ones.
  mutating func reportDoubleQuotes(_ token: Token) {
    guard !unclosedLines.contains(token.line) else { return }
    report(
      "double-quotes", "texts stand in single quotes, names in double quotes or backticks",
      at: range(of: token),
      label: "a name", hints: ["write '\(token.text)' for a text", "write `\(token.text)` for a name"])
  }

  /// Reads a whole number that is written out.
  mutating func wholeNumber(_ what: String, atLeast minimum: Int64) -> Int64? {
    guard token.kind == .number, let value = Int64(token.text), value >= minimum else {
      expected(what)
      return nil
    }
    position += 1
    return value
  }
}
