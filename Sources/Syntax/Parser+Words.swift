import Diagnostics

extension Parser {
  /// Remembers words that would have been understood here, so that one that is misspelt finds them.
  mutating func look(for phrases: [String]) { lookedFor[position, default: []] += phrases }

  /// What is most likely meant by the word at an index: one of those that were looked for there.
  func meant(at index: Int) -> String? {
    index < limit ? tokens[index].nearest(among: lookedFor[index] ?? []) : nil
  }

  /// What to do about the word that stands here, or the one before it, where one that was looked for is meant.
  var remedy: String? {
    guard let meant = meant(at: position) else {
      guard position > 0, tokens[position - 1].folded.count > 2, let before = meant(at: position - 1),
        before != tokens[position - 1].folded
      else { return nil }
      return "did you mean '\(before)' by '\(tokens[position - 1].text)'?"
    }
    if meant == token.folded { return peek(1).isSymbol("=") ? "leave '=' out" : nil }
    return clauseBehind(meant).map { "did you mean '\(meant)'? it stands before '\($0)'" }
      ?? "did you mean '\(meant)'?"
  }

  /// Whether the word here is rather one that was looked for, misspelt, than a name whose `as` or comma is missing.
  var isLikelyWord: Bool {
    guard token.folded.count > 2, meant(at: position) != nil else { return false }
    return hasOperandBehind || lookedFor[position]?.contains("as") != true
  }

  /// Whether something follows the word here that belongs to it, as to that of a clause.
  var hasOperandBehind: Bool {
    peek(1).isWord("by") || peek(1).startsOperand && !clauses.isFirstWord(peek(1))
  }
}

extension Token {
  /// Of some words that stand together, those that this one was meant as: it is one of them, stands for them
  /// elsewhere, or is nearly the first.
  func nearest(among phrases: [String]) -> String? {
    guard kind == .word, folded.count > 1 else { return nil }
    if let own = Keywords.foreignWords[folded], phrases.contains(own) { return own }
    if let part = phrases.first(where: { $0.split(separator: " ").contains { $0 == folded } }) { return part }
    let nearest = NearestName.of(text, among: phrases.map(\.firstWord))
    return phrases.first { $0.firstWord == nearest }
  }
}

extension String {
  /// What stands before the first blank.
  var firstWord: String { String(prefix { $0 != " " }) }
}
