import Diagnostics

extension Parser {
  /// Reads `funnel condition as name, …` and its clauses.
  mutating func funnelStep() -> Query.Kind {
    position += 1
    clausePhrases = ["within", "ties", "entry", "excluding", "same", "any order", "each attempt", "group by"]
    var funnel = Query.FunnelSyntax(
      steps: items("a condition", until: { $0.startsFunnelClause }) { $0.funnelCondition() })
    let names = Set(funnel.steps.compactMap { $0.name?.name })
    clauses(
      ["within", "ties", "entry", "same", "any", "each", "group", "at"], isClause: { $0.startsFunnelClause }
    ) { parser in parser.funnelClause(of: &funnel, names: names) }
    return .funnel(funnel)
  }

  private mutating func funnelCondition() -> Query.FunnelSyntax.Step? {
    let isImmediate = isClauseWord("immediately") && take("immediately")
    let step = namedExpression()
    return Query.FunnelSyntax.Step(condition: step.expression, name: step.name, isImmediate: isImmediate)
  }

  private var startsFunnelClause: Bool {
    isWords("group", "by") || isWords("any", "order") || isWords("each", "attempt")
      || ["within", "ties", "entry", "excluding", "same", "at"].contains { isClauseWord($0) }
  }

  private mutating func funnelClause(of funnel: inout Query.FunnelSyntax, names: Set<String>) {
    switch token.folded {
    case "within":
      position += 1
      funnel.within = duration("7 days")
    case "ties":
      position += 1
      funnel.ties = choice() ?? funnel.ties
    case "entry":
      position += 1
      funnel.entry = choice() ?? funnel.entry
    case "excluding":
      position += 1
      funnel.exclusions.append(exclusion(names))
    case "same":
      position += 1
      funnel.same += items("a property", until: { $0.startsFunnelClause }) { $0.identifier("a property") }
    case "any":
      position += 2
      funnel.isAnyOrder = true
    case "each":
      position += 2
      funnel.isEachAttempt = true
    case "group": funnel.groups += grouping { $0.startsFunnelClause }
    default: funnel.breakdown = breakdown(isGrouped: !funnel.groups.isEmpty) ?? funnel.breakdown
    }
  }

  /// Reads a condition, and `between a and b` of two steps.
  ///
  /// The range wins over an expression's own `between … and` when both words name steps, and where a
  /// comparison has been made already; in parentheses `between` is always the expression's.
  private mutating func exclusion(_ names: Set<String>) -> Query.FunnelSyntax.Exclusion {
    exclusionSteps = names
    let condition = expression()
    exclusionSteps = nil
    guard take("between") else {
      return Query.FunnelSyntax.Exclusion(condition: condition, after: nil, before: nil)
    }
    let after = identifier("the name of a step")
    if !take("and") { expected("'and' and the name of a later step") }
    let before = identifier("the name of a step")
    return Query.FunnelSyntax.Exclusion(condition: condition, after: after, before: before)
  }

  /// Reads `at first`, `at last`, `at step NAME`, `at NAME`.
  private mutating func breakdown(isGrouped: Bool) -> Query.FunnelSyntax.Breakdown? {
    if !isGrouped, isNews() {
      report(
        "clause-order", "'at' says at which step the values of 'group by' are read", at: range(of: token),
        label: "no 'group by' stands before this", hints: ["write 'group by … at last'"])
    }
    position += 1
    if take("first") { return .first }
    if take("last") { return .last }
    if token.isWord("step"), peek(1).isName, !Parser.isFunnelWord(peek(1)) { position += 1 }
    return identifier("'first', 'last' or the name of a step").map { .step($0) }
  }

  private static func isFunnelWord(_ token: Token) -> Bool {
    ["within", "ties", "entry", "excluding", "same", "any", "each", "group"].contains(token.folded)
  }

  /// Reads `sessions gap duration` and its clauses.
  mutating func sessionsStep() -> Query.Kind {
    position += 1
    clausePhrases = ["max", "split daily", "key"]
    guard isClauseWord("gap"), take("gap") else {
      expected("'gap' and a duration", hints: ["write 'sessions gap 30 minutes'"])
      return .error
    }
    let gap = duration("30 minutes")
    var sessions = Query.SessionsSyntax(gap: gap ?? Expression(.error, self.gap))
    let isClause = { (parser: Parser) in ["max", "split", "key"].contains { parser.isClauseWord($0) } }
    clauses(["max", "split", "key"], isClause: isClause) { parser in
      switch parser.advance().folded {
      case "max": sessions.maximum = parser.duration("24 hours")
      case "split":
        if parser.take("daily") { sessions.isSplitDaily = true } else { parser.expected("'daily'") }
      default: sessions.key = parser.identifier("a property")
      }
    }
    return gap == nil ? .error : .sessions(sessions)
  }
}
