import Diagnostics

extension Parser {
  /// Whether the word stands here with a clause of its own behind it, and not as the name of a column.
  func isClauseWord(_ word: String) -> Bool { token.isWord(word) && !peek(1).continuesOperand }

  /// The clause that is most likely meant by what stands here and starts none.
  var meantClause: String? {
    guard token.isName else { return nil }
    let begun = clausePhrases.first { $0.contains(" ") && Parser.firstWord($0) == token.folded }
    if let begun { return begun }
    let nearest = NearestName.of(token.text, among: clausePhrases.map(Parser.firstWord))
    return clausePhrases.first { Parser.firstWord($0) == nearest }
  }

  /// Whether the word is the first of a clause.
  var isFirstOfClause: Bool {
    token.kind == .word && clausePhrases.contains { Parser.firstWord($0) == token.folded }
  }

  private static func firstWord(_ phrase: String) -> String { String(phrase.prefix { $0 != " " }) }

  /// Whether a clause is meant here rather than the next item of a list: something follows that is its own.
  var isLikelyClause: Bool { meantClause != nil && (peek(1).startsOperand || peek(1).isWord("by")) }

  /// Reads clauses in any order; those that stand once are told by their first words.
  mutating func clauses(
    _ single: Set<String>, isClause: (Parser) -> Bool, _ read: (inout Parser) -> Void
  ) {
    let phrases = clausePhrases.map { "'\($0)'" }.joined(separator: ", ")
    var seen = Set<String>()
    while !isAtEnd, !startsStep {
      guard isClause(self) else {
        // What is no clause is skipped alone: the clauses behind it are read.
        leftover("\(phrases) or '|>'")
        let start = position
        skip {
          isClause($0) || ($0.token.startsLine && $0.startsStep)
            || ($0.position > start && $0.isLikelyClause)
        }
        continue
      }
      let word = token
      if single.contains(word.folded), !seen.insert(word.folded).inserted, isNews() {
        report(
          "repeated-clause", "'\(word.text)' stands once", at: range(of: word),
          label: "a second '\(word.text)'",
          hints: ["leave one of the two out"])
      }
      read(&self)
    }
  }

  /// Reads one of the words of a choice.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>() -> Choice? {
    if token.kind == .word, let choice = Choice(rawValue: token.folded) {
      position += 1
      return choice
    }
    let words = Choice.allCases.map { "'\($0.rawValue)'" }
    let nearest = NearestName.of(token.text, among: Choice.allCases.map(\.rawValue))
    expected(
      words.dropLast().joined(separator: ", ") + " or " + (words.last ?? ""),
      hints: nearest.map { ["write '\($0)'"] } ?? [])
    // A word in its place is a word too many, not the next clause.
    if token.isName, !token.startsLine { position += 1 }
    return nil
  }
}
