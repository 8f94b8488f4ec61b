import Diagnostics

extension Parser {
  /// Reads `funnel condition as name, …` and its clauses.
  mutating func funnelStep() -> Query.Kind {
    position += 1
    var funnel = Query.FunnelSyntax(steps: items("a condition") { $0.funnelCondition() })
    let names = Set(funnel.steps.compactMap { $0.name?.name })
    readClauses { parser, clause in parser.read(clause, of: &funnel, names: names) }
    return .funnel(funnel)
  }

  private mutating func funnelCondition() -> Query.FunnelSyntax.Step? {
    let isImmediate = !peek(1).continuesOperand && take("immediately")
    let step = namedExpression()
    return Query.FunnelSyntax.Step(condition: step.expression, name: step.name, isImmediate: isImmediate)
  }

  private mutating func read(_ clause: String, of funnel: inout Query.FunnelSyntax, names: Set<String>) {
    switch clause {
    case "within": funnel.within = duration("7 days")
    case "ties": funnel.ties = choice() ?? funnel.ties
    case "entry": funnel.entry = choice() ?? funnel.entry
    case "excluding": funnel.exclusions.append(exclusion(names))
    case "same": funnel.same += items("a property") { $0.identifier("a property") }
    case "any order": funnel.isAnyOrder = true
    case "each attempt": funnel.isEachAttempt = true
    case "group by": funnel.groups += grouping()
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

  /// Reads what stands behind `at`: `first`, `last`, `step NAME`, `NAME`.
  private mutating func breakdown(isGrouped: Bool) -> Query.FunnelSyntax.Breakdown? {
    if !isGrouped, isNews() {
      report(
        "clause-order", "'at' says at which step the values of 'group by' are read",
        at: range(of: tokens[position - 1]),
        label: "no 'group by' stands before this", hints: ["write 'group by … at last'"])
    }
    if take("first") { return .first }
    if take("last") { return .last }
    if peek(1).isName, take("step"), isFreeClauseWord { position -= 1 }
    return identifier("'first', 'last' or the name of a step").map { .step($0) }
  }

  /// Reads `sessions gap duration` and its clauses.
  mutating func sessionsStep() -> Query.Kind {
    position += 1
    guard take(clause: "gap") else {
      expected("'gap' and a duration", hints: ["write 'sessions gap 30 minutes'"])
      return .error
    }
    let gap = duration("30 minutes")
    var sessions = Query.SessionsSyntax(gap: gap ?? Expression(.error, self.gap))
    readClauses { parser, clause in
      switch clause {
      case "max": sessions.maximum = parser.duration("24 hours")
      case "split daily": sessions.isSplitDaily = true
      default: sessions.key = parser.identifier("a property")
      }
    }
    return gap == nil ? .error : .sessions(sessions)
  }
}
