import Diagnostics

extension Parser {
  /// The clause of another operator that starts here with a word that no clause of this one has; a reserved word
  /// has a meaning of its own everywhere.
  var strayClause: String? {
    guard !clauses.operation.isEmpty, token.isName else { return nil }
    let own = clauses.phrases.flatMap { $0.split(separator: " ") }
    if own.contains(where: { $0 == token.folded }) { return nil }
    return Clauses.all.flatMap(\.phrases).filter(isClause).max { $0.count < $1.count }
  }

  /// The clause that starts here and cannot: one that has its place before the others, or is another operator's.
  var misplacedClause: String? { clauses.leading.joined().first(where: isClause) ?? strayClause }

  /// The clause that was read and stands behind this one, where this one has its place before it.
  func clauseBehind(_ leading: String) -> String? {
    guard clauses.leading.joined().contains(leading) else { return nil }
    return clausesRead.first { clauses.free.joined().contains($0) }
  }

  /// Reports a clause that stands here and cannot: it stands already, comes before others, or is another operator's.
  mutating func refuseClause() -> Bool {
    guard let clause = misplacedClause else { return false }
    if refuseRival(of: clause) { return true }
    if let next = clauseBehind(clause) {
      guard isNews() else { return true }
      report(
        "clause-order", "'\(clause)' stands before '\(next)'", at: range(ofClause: clause),
        label: "too late here", hints: ["move it in front of '\(next)'"])
      return true
    }
    guard clause == strayClause else { return false }
    if isNews() { refuseStray(clause) }
    return true
  }

  private mutating func refuseStray(_ stray: String) {
    let operators = Clauses.all.filter { $0.phrases.contains(stray) }.map(\.operation)
    let own = clauses.phrases.map { "'\($0)'" }.joined(separator: ", ")
    let others = operators.map { "'\($0)'" }.joined(separator: ", ")
    report(
      "no-clause", "'\(clauses.operation)' has no '\(stray)'", at: range(ofClause: stray),
      label: "not a clause of '\(clauses.operation)'",
      notes: (own.isEmpty ? [] : ["the clauses of '\(clauses.operation)' are \(own)"])
        + ["'\(stray)' is a clause of \(others)"],
      hints: ["leave it out"])
  }

  /// Reports a clause that stands here beside one that it cannot stand beside, such as itself.
  @discardableResult
  mutating func refuseRival(of clause: String) -> Bool {
    guard let rival = clauses.rivals(of: clause, among: clausesRead).first else { return false }
    guard isNews() else { return true }
    let isSame = rival == clause
    report(
      "repeated-clause", isSame ? "'\(clause)' stands once" : "'\(clause)' excludes '\(rival)'",
      at: range(ofClause: clause), label: isSame ? "a second '\(clause)'" : "beside '\(rival)'",
      hints: ["leave one of the two out"])
    return true
  }

  private func range(ofClause phrase: String) -> SourceRange {
    fragment.range(token.lower, peek(phrase.split(separator: " ").count - 1).upper)
  }
}
