import Diagnostics

extension Parser {
  /// Whether the words stand here with a clause of their own behind them, and not as the name of a column.
  func isClause(_ phrase: String) -> Bool {
    let words = phrase.split(separator: " ")
    return words.indices.allSatisfy { peek($0).isWord(String(words[$0])) }
      && !peek(words.count).continuesOperand
  }

  /// The clause of the operator that starts here, of those that stand in any order.
  var freeClause: String? {
    clauses.free.joined().filter(isClause).max { $0.count < $1.count }
  }

  /// Whether a clause starts here where an item of a list could: the last word of all is rather a name.
  var startsClause: Bool { freeClause != nil && peek(1).kind != .end }

  /// Whether the word is one that a clause starts with which may stand in any order, whatever follows it.
  var isFreeClauseWord: Bool {
    token.kind == .word && clauses.free.joined().contains { $0.firstWord == token.folded }
  }

  /// Whether a clause is meant here rather than the next item of a list: something follows that is its own.
  var isLikelyClause: Bool {
    guard token.isName, hasOperandBehind else { return false }
    return token.nearest(among: clauses.phrases) != nil || strayClause != nil
  }

  /// Reads the words if they start a clause here.
  mutating func take(clause phrase: String) -> Bool {
    guard isClause(phrase) else {
      look(for: [phrase])
      return false
    }
    position += phrase.split(separator: " ").count
    clausesRead.append(phrase)
    return true
  }

  /// Reads clauses in any order to the end of the step, each by what follows its words.
  mutating func readClauses(_ read: (inout Parser, String) -> Void) {
    let phrases = clauses.free.joined().map { "'\($0)'" }.joined(separator: ", ")
    while !isAtEnd, !startsStep {
      guard let clause = freeClause else {
        if refuseComma() { continue }
        look(for: clauses.phrases)
        leftover("\(phrases) or '|>'")
        // What is no clause is skipped alone: the clauses behind it are read.
        let start = position
        skip {
          $0.freeClause != nil || ($0.token.startsLine && $0.startsStep)
            || ($0.position > start && $0.isLikelyClause)
        }
        continue
      }
      refuseRival(of: clause)
      _ = take(clause: clause)
      read(&self, clause)
    }
  }

  /// Reads a comma between clauses; one before a clause that may not stand here is no mistake beside that.
  private mutating func refuseComma() -> Bool {
    guard isSymbol(",") else { return false }
    let comma = range(of: advance())
    if freeClause != nil {
      report(
        "syntax", "clauses have no commas between them", at: comma, label: "between two clauses",
        hints: ["leave it out"])
      return true
    }
    if misplacedClause != nil { return true }
    position -= 1
    return false
  }

  /// Reads one of the words of a choice.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>() -> Choice? {
    if token.kind == .word, let choice = Choice(rawValue: token.folded) {
      position += 1
      return choice
    }
    look(for: Choice.allCases.map(\.rawValue))
    let words = Choice.allCases.map { "'\($0.rawValue)'" }
    expected(words.dropLast().joined(separator: ", ") + " or " + (words.last ?? ""))
    // A word in its place is a word too many, not the next clause.
    if token.isName, !token.startsLine { position += 1 }
    return nil
  }
}
