/// The clauses of an operator, by the words that each starts with.
struct Clauses: Sendable {
  /// The operator as it is written after `|>`.
  let operation: String
  /// Those that stand first, in this order; of several in one place one stands.
  let leading: [[String]]
  /// Those that stand behind them, in any order; of several in one place one stands.
  let free: [[String]]
  /// Those that may stand more than once.
  let repeated: Set<String>
  /// Every clause, in the order in which they are written or listed.
  let phrases: [String]

  /// An operator with its clauses, by default none.
  init(
    _ operation: String, leading: [[String]] = [], free: [[String]] = [], repeated: Set<String> = []
  ) {
    self.operation = operation
    self.leading = leading
    self.free = free
    self.repeated = repeated
    phrases = Array((leading + free).joined())
  }

  /// Whether a clause starts with the word, whatever follows it.
  func isFirstWord(_ token: Token) -> Bool {
    token.kind == .word && phrases.contains { $0.firstWord == token.folded }
  }

  /// Of the clauses that are given, those that cannot stand beside this one, which may be itself.
  func rivals(of phrase: String, among read: [String]) -> [String] {
    guard !repeated.contains(phrase) else { return [] }
    let places = (leading + free).filter { $0.contains(phrase) }
    return read.filter { other in places.contains { $0.contains(other) } }
  }
}

extension Clauses {
  /// The operators that have clauses, in alphabetical order.
  static let all = [
    Clauses("activity", leading: [["each"]], free: [["over"], ["group by"]]),
    Clauses("aggregate", free: [["group by"]]),
    Clauses(
      "attribute", leading: [["to"]], free: [["within"], ["by"], ["credit"], ["value"], ["group by"]]),
    Clauses(
      "funnel",
      free: [
        ["within"], ["ties"], ["entry"], ["excluding"], ["same"], ["any order"], ["each attempt"],
        ["group by"], ["at"],
      ],
      repeated: ["excluding"]),
    Clauses("join", leading: [["on", "using"]]),
    Clauses("lifecycle", leading: [["each"]], free: [["group by"]]),
    Clauses("limit", leading: [["offset"]]),
    Clauses(
      "paths", leading: [["from", "to"]],
      free: [["depth"], ["per session"], ["collapse repeats", "keep repeats"], ["hide"]]),
    Clauses(
      "retention", leading: [["start"], ["return"], ["each"], ["for"]],
      free: [
        ["calendar", "rolling"], ["on", "on or after"], ["first ever", "first in range", "recurring"],
        ["group by"],
      ]),
    Clauses("sessions", leading: [["gap"]], free: [["max"], ["split daily"], ["key"]]),
  ]

  /// Those of an operator, given by its words as written.
  static func of(_ operation: String) -> Clauses {
    let folded = operation.lowercased()
    return all.first { folded == $0.operation || folded.hasSuffix(" " + $0.operation) } ?? Clauses(folded)
  }
}
