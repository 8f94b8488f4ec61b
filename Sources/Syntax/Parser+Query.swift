import Diagnostics

extension Parser {
  /// Reads one pipe query.
  public static func query(_ fragment: Fragment) -> (Query, [Diagnostic]) {
    var parser = Parser(fragment)
    let query = parser.query()
    return (query, parser.orderedDiagnostics)
  }

  private mutating func query() -> Query {
    let end = tokens.count - 1
    let pipes = self.pipes
    startPiece(0, to: pipes.first ?? end)
    var steps = opening()
    for (number, pipe) in pipes.enumerated() {
      guard steps.count <= Parser.maximumSteps else {
        reportTooManySteps(at: range(of: tokens[pipe]))
        break
      }
      startPiece(pipe + 1, to: number + 1 < pipes.count ? pipes[number + 1] : end)
      steps += piece()
    }
    position = end
    return Query(steps: steps, range: end > 0 ? range(from: 0) : fragment.range(0, 0))
  }

  private mutating func reportTooManySteps(at place: SourceRange) {
    report(
      "too-many-steps", "a query has at most \(Parser.maximumSteps) steps", at: place,
      label: "one step too many",
      hints: ["make the steps so far a query of its own, and start from it"])
  }

  /// The tokens that start steps: all `|>` but those of a query in parentheses, which is a mistake of its own.
  private var pipes: [Int] {
    var pipes = [Int]()
    var index = 0
    while index < tokens.count {
      if opensQuery(tokens, index), let closing = partners[index] { index = closing }
      if tokens[index].isSymbol("|>") { pipes.append(index) }
      index += 1
    }
    return pipes
  }

  /// Reads what stands before the first `|>`: `from …`.
  private mutating func opening() -> [Query.Step] {
    clauses = Clauses("from")
    if token.isWord("from") {
      let start = position
      position += 1
      var name = relationName()
      name?.refusedName = refuseFromClauses()
      let step = Query.Step(name.map { .from($0) } ?? .error, range(of: tokens[start]))
      return [step] + rest()
    }
    if token.isWord("select") || isWords("with") && peek(2).isWord("as") { return sqlQuery() }
    guard isNews() else {
      position = limit
      return []
    }
    let place = isAtEnd ? gap : range(of: token)
    let isRelation = token.isName && !startsStep && (peek(1).kind == .end || peek(1).isSymbol("."))
    report(
      "missing-from", "a query starts with 'from'", at: place,
      label: "expected 'from' and the name of a table",
      hints: [isRelation ? "write 'from \(token.text)'" : "write for example 'from events' on the first line"]
    )
    if isRelation { return relationName().map { [Query.Step(.from($0), place)] } ?? [] }
    return startsStep ? piece() : rest()
  }

  /// `select … from …` as SQL has it: one mistake, whatever its clauses.
  private mutating func sqlQuery() -> [Query.Step] {
    let place = range(of: token)
    let table = (position..<limit).first {
      tokens[$0].isWord("from") && $0 + 1 < limit && tokens[$0 + 1].isName
    }
    let name = table.map { tokens[$0 + 1].text } ?? "events"
    report(
      "sql-query", "a query starts with 'from'; '\(token.text)' is not its first word", at: place,
      label: "SQL's order of clauses",
      hints: ["write 'from \(name)', then '|> where …', '|> select …', a step a line"])
    position = limit
    return [Query.Step(.error, place)]
  }

  /// An alias, a list of tables: what SQL's `from` has and this one leaves to `join`.
  private mutating func refuseFromClauses() -> Identifier? {
    var otherName: Identifier?
    if isSymbol(","), isNews() {
      report(
        "from-list", "'from' takes one table", at: range(of: token), label: "a second table",
        hints: ["write '|> join NAME on …', or '|> cross join NAME'"])
    } else if token.isWord("as") || (token.isName && !startsStep), isNews() {
      report(
        "from-alias", "'from' gives no other name to its table", at: range(of: token),
        label: "a name for the table",
        hints: ["leave it out: columns stand by their own names; a table in a 'join' may have another name"])
      _ = take("as")
      if token.isName { otherName = Identifier(token.text, range(of: token)) }
    } else {
      return nil
    }
    skip { $0.startsStep }
    _ = isNews()
    return otherName
  }

  /// Reads the steps between one `|>` and the next: one, unless a `|>` is missing.
  private mutating func piece() -> [Query.Step] {
    let step = self.step()
    return [step] + rest()
  }

  private mutating func rest() -> [Query.Step] {
    var steps = [Query.Step]()
    while !isAtEnd {
      if startsStep {
        if !token.isWord("from"), isNews() {
          let words = (0..<operatorLength).map { peek($0).text }.joined(separator: " ")
          report(
            "missing-pipe", "a step starts with '|>'", at: range(of: token), label: "a new step",
            hints: ["write '|> \(words)'"])
        }
        steps.append(step())
        continue
      }
      if isWords("group", "by") { refuseGroupBy() }
      leftover("an operator, '|>' or the end of the query")
      skip { $0.token.startsLine && $0.startsStep }
    }
    return steps
  }

  private mutating func refuseGroupBy() {
    guard isNews() else { return }
    report(
      "group-by-step", "'group by' belongs to 'aggregate'", at: fragment.range(token.lower, peek(1).upper),
      label: clauses.operation == "group" ? "no step of its own" : "not part of '\(clauses.operation)'",
      hints: ["write '|> aggregate … group by …'"])
  }

  /// Whether an operator starts here, told by what follows its word: a column may have the same name.
  var startsStep: Bool {
    let next = peek(1)
    guard token.kind == .word, !["asc", "desc", "nulls"].contains(next.folded) else { return false }
    if clauses.phrases.contains(token.folded) { return false }
    switch token.folded {
    case "from", "where", "select": return true
    case "distinct": return token.startsLine && !next.continuesOperand
    case "order": return next.isWord("by")
    case "inner", "left", "right", "full", "cross", "semi", "anti":
      return next.isWord("join") || next.isWord("outer") && peek(2).isWord("join")
    case "drop", "rename", "set": return next.isName
    case "join", "union": return next.isName || next.isSymbol("(")
    case "aggregate", "attribute", "extend", "funnel": return next.startsOperand
    case "limit": return next.kind == .number
    case "pivot": return next.isSymbol("(")
    case "retention": return next.isWord("start")
    case "activity", "lifecycle", "paths", "sessions":
      return Clauses.of(token.folded).phrases.contains { next.isWord($0.firstWord) }
    default: return false
    }
  }

  /// How many words the operator has that stands here.
  private var operatorLength: Int {
    if isAtEnd { return 0 }
    if isWords("order", "by") || isWords("select", "distinct") || peek(1).isWord("join") { return 2 }
    if isWords("union", "all") || isWords("union", "distinct") { return 2 }
    return peek(1).isWord("outer") && peek(2).isWord("join") ? 3 : 1
  }

  /// Reads one step; the words of its operator come first.
  private mutating func step() -> Query.Step {
    let words = operatorLength
    let place = words == 0 ? gap : fragment.range(token.lower, peek(words - 1).upper)
    return Query.Step(operation(), place)
  }

  private mutating func operation() -> Query.Kind {
    clauses = .of((0..<operatorLength).map { peek($0).text }.joined(separator: " "))
    clausesRead = []
    guard token.kind == .word else {
      expected("an operator such as 'where'")
      skip { $0.token.startsLine && $0.startsStep }
      return .error
    }
    switch token.folded {
    case "where": return whereStep()
    case "extend": return extendStep()
    case "select": return selectStep()
    case "set": return setStep()
    case "drop": return dropStep()
    case "rename": return renameStep()
    case "activity": return activityStep()
    case "aggregate": return aggregateStep()
    case "attribute": return attributeStep()
    case "order" where peek(1).isWord("by"): return orderStep()
    case "limit": return limitStep()
    case "distinct":
      position += 1
      return .distinct
    case "join", "inner", "left", "right", "full", "cross", "semi", "anti": return joinStep()
    case "union": return unionStep()
    case "pivot": return pivotStep()
    case "funnel": return funnelStep()
    case "lifecycle": return lifecycleStep()
    case "retention": return retentionStep()
    case "sessions": return sessionsStep()
    case "paths": return pathsStep()
    case "from": return secondFrom()
    default: return unknownOperator()
    }
  }

  private mutating func secondFrom() -> Query.Kind {
    if isNews() {
      report(
        "second-from", "'from' stands first in a query, once", at: range(of: token), label: "a second 'from'",
        hints: ["add rows with '|> union NAME', columns with '|> join NAME on …'"])
    }
    skip { $0.token.startsLine && $0.startsStep && !$0.isWords("from") }
    return .error
  }

  private mutating func unknownOperator() -> Query.Kind {
    let name = token
    defer {
      position = min(limit, position + 1)
      skip { $0.token.startsLine && $0.startsStep }
    }
    if isWords("group", "by") { refuseGroupBy() }
    guard isNews() else { return .error }
    let nearest =
      Keywords.foreignOperators[name.folded] ?? NearestName.of(name.text, among: Keywords.operators)
    report(
      "unknown-operator", "no operator is named '\(name.text)'", at: range(of: name),
      label: "not an operator",
      hints: [
        nearest.map { "write '|> \($0)'" }
          ?? "the operators are \(Keywords.operators.filter { $0 != "from" }.joined(separator: ", "))"
      ])
    return .error
  }
}
