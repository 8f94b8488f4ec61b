/// Why a plan has no SQL that gives its answer: one line, lower case.
public struct SQLRefusal: Error, Hashable, Sendable {
  /// Names the function or operator.
  public let message: String
  /// What can be done about it, one line each.
  public let hints: [String]

  /// A refusal that may say what to do.
  public init(_ message: String, hints: [String] = []) {
    self.message = message
    self.hints = hints
  }

  /// A part of the language without SQL that gives its very answer.
  static func missing(_ what: String) -> SQLRefusal {
    SQLRefusal(
      "\(what) has no SQL that gives the same answer",
      hints: ["a source without 'engine' is read natively, which computes all of the language"])
  }
}
