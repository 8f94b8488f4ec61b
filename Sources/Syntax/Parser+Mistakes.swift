import Diagnostics

extension Parser {
  /// Adds a diagnostic, whatever was wrong before.
  mutating func report(
    _ id: String, _ message: String, at range: SourceRange, label: String, notes: [String] = [],
    hints: [String] = []
  ) {
    diagnostics.append(Diagnostic(id: id, message, at: range, label: label, notes: notes, hints: hints))
  }

  /// Whether a mistake at this place is news, and not a consequence of the one before.
  mutating func isNews() -> Bool {
    guard mistakePosition != position else { return false }
    mistakePosition = position
    let isUnclosed = unclosedLines.contains(token.line)
    let followsUnclosed = isAtEnd && position > 0 && unclosedLines.contains(tokens[position - 1].line)
    return token.kind != .damaged && !isUnclosed && !followsUnclosed
  }

  /// Whether a mistake was just found here, and nothing was read since.
  var isAtMistake: Bool { mistakePosition == position }

  /// Reports that something else should stand here; a word that is misspelt finds the right one.
  mutating func expected(_ what: String, hints: [String] = [], id: String = "syntax") {
    guard isNews() else { return }
    let hints = remedy.map { [$0] } ?? hints
    guard isAtEnd else {
      return report(
        id, "expected \(what), found \(shown(token))", at: range(of: token), label: "expected \(what)",
        hints: hints)
    }
    guard position > 0 else {
      return report(id, "expected \(what), found nothing", at: gap, label: "expected \(what)", hints: hints)
    }
    let last = tokens[position - 1]
    report(
      id, "expected \(what) after \(shown(last))", at: range(of: last), label: "expected \(what) after this",
      hints: hints)
  }

  /// A token as a message names it.
  func shown(_ token: Token) -> String {
    if token.kind == .end { return "the end" }
    let written = String(decoding: fragment.utf8[token.lower..<token.upper], as: UTF8.self)
    let cut = written.count > 40 ? written.prefix(40) + "…" : written
    return token.kind == .text ? "the text \(cut)" : "'\(cut)'"
  }

  /// Reports what is left of a piece that is over, and skips it.
  mutating func endOfPiece(_ expectation: String) {
    guard !isAtEnd else { return }
    leftover(expectation)
    position = limit
  }

  /// Reports a token that nothing goes on with, and why, where that is known.
  mutating func leftover(_ expectation: String) {
    if token.isSymbol(")") || token.isSymbol("]") {
      guard isNews() else { return }
      let hint = token.text == ")" ? "leave it out, or write '(' where it belongs" : "leave it out"
      return report(
        "unopened-bracket", "'\(token.text)' closes nothing", at: range(of: token),
        label: "no bracket is open here",
        hints: [hint])
    }
    if token.isWord("over"), clauses.phrases.isEmpty || startsWindow {
      guard isNews() else { return }
      return report(
        "window-without-call", "'over' follows a call of an aggregate", at: range(of: token),
        label: "no call stands before this", hints: ["write for example 'last(x) over prior'"])
    }
    if token.isWord("having") || token.isWord("qualify") {
      guard isNews() else { return }
      return report(
        "sql-having", "'\(token.text)' is a 'where' after 'aggregate'", at: range(of: token),
        label: "a step of its own", hints: ["write '|> where …' on the line below"])
    }
    if refuseClause() { return }
    expected(expectation, hints: token.isWord("by") ? ["write '|> aggregate … group by …'"] : [])
  }
}
