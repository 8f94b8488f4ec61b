import Diagnostics

extension Parser {
  /// Reads `function(…)` with the `filter` and `over` that may follow.
  mutating func call() -> Expression {
    let start = position
    let word = advance()
    if word.folded == "extract", peek(1).kind == .word, peek(2).isWord("from") { return extract(word) }
    var function = Identifier(word.text, range(of: word))
    var inside = arguments()
    if word.folded == "count_distinct" {
      report(
        "sql-count-distinct", "distinct values are counted by 'count(distinct …)'", at: function.range,
        label: "not a function", hints: ["write 'count(distinct …)'"])
      function = Identifier("count", function.range)
      inside.isDistinct = true
    }
    let filter = self.filter()
    let window = self.window()
    // What a call that is never closed takes is not known: its bracket is the mistake, and not what it lacks.
    guard partners[start + 1] != nil else { return Expression(.error, range(from: start)) }
    let call = Call(
      function: function, arguments: inside.list, isStar: inside.isStar, isDistinct: inside.isDistinct,
      filter: filter, window: window)
    return Expression(.call(call), range(from: start))
  }

  /// Reads `(unit from x)` behind SQL's `extract`, and takes it for the function that is named like the unit.
  private mutating func extract(_ word: Token) -> Expression {
    let opener = position
    let unit = peek(1)
    let names = ["dow": "day_of_week", "doy": "day_of_year", "week": "week_of_year"]
    let name = names[unit.folded] ?? unit.folded
    report(
      "sql-extract", "parts of a time have functions of their own", at: range(of: word),
      label: "not a function", hints: ["write '\(name)(…)'"])
    position += 3
    let value = bracketed { $0.expression() }
    close(opener)
    let call = Call(
      function: Identifier(name, range(of: unit)), arguments: [Call.Argument(label: nil, value: value)])
    return Expression(.call(call), fragment.range(word.lower, tokens[max(opener, position - 1)].upper))
  }

  /// Reads what is in the parentheses of a call, and the parentheses.
  mutating func arguments() -> (list: [Call.Argument], isStar: Bool, isDistinct: Bool) {
    let opener = position
    position += 1
    if take(symbol: "*") {
      close(opener)
      return ([], isStar: true, isDistinct: false)
    }
    let isDistinct = !peek(1).isSymbol("=>") && take("distinct")
    let list = bracketed {
      $0.list(in: opener, expecting: "',' or ')'") { $0.argument() }
    }
    if isDistinct, list.isEmpty { expected("an expression") }
    close(opener, orExpect: "',' or ')'")
    return (list, isStar: false, isDistinct: isDistinct)
  }

  private mutating func argument() -> Call.Argument? {
    guard token.kind == .word || token.isName, peek(1).isSymbol("=>") else {
      return Call.Argument(label: nil, value: expression())
    }
    let label = advance()
    position += 1
    return Call.Argument(label: Identifier(label.text, range(of: label)), value: expression())
  }

  /// Reads `filter (where condition)`.
  private mutating func filter() -> Expression? {
    guard peek(1).isSymbol("("), take("filter") else { return nil }
    let opener = position
    position += 1
    if !take("where") { expected("'where'", hints: ["write 'filter (where …)'"]) }
    let condition = bracketed { $0.expression() }
    close(opener, orExpect: "an operator or ')'")
    return condition
  }

  /// Reads `over prior`, `over (prior 30 days)` and `over (prior 30 days inclusive)`.
  mutating func window() -> Call.Window? {
    let start = position
    guard take("over") else { return nil }
    let opener = position
    let isBracketed = take(symbol: "(")
    guard let kind = Call.Window.Kind(rawValue: token.folded) else {
      refuseWindow(isBracketed ? opener : nil)
      return nil
    }
    position += 1
    var reach: Expression?
    var isInclusive = false
    if isBracketed {
      if !isSymbol(")"), !isAtEnd, !token.isWord("inclusive") { reach = duration("30 days") }
      isInclusive = take("inclusive")
      if kind == .lifetime, reach != nil || isInclusive {
        report(
          "window-reach", "'lifetime' has no bounds", at: range(from: start), label: "bounded",
          hints: ["write 'over lifetime', or bound 'prior' or 'later'"])
        (reach, isInclusive) = (nil, false)
      }
      close(opener)
    }
    return Call.Window(kind: kind, reach: reach, isInclusive: isInclusive, range: range(from: start))
  }

  /// `over (partition by …)` and its kin: the windows of an event log have names instead.
  private mutating func refuseWindow(_ opener: Int?) {
    let isSQL = isWords("partition", "by") || isWords("order", "by") || token.isWord("rows") || isSymbol(")")
    let remedies = "write 'over prior', 'over (prior 30 days)', 'over later' or 'over lifetime'"
    if isSQL, isNews() {
      report(
        "sql-window", "windows are 'prior', 'later' and 'lifetime', each over the rows of one entity",
        at: opener.map { fragment.range(tokens[$0].lower, tokens[partners[$0] ?? $0].upper) }
          ?? range(of: token),
        label: "a window of SQL", hints: [remedies])
    } else {
      look(for: Call.Window.Kind.allCases.map(\.rawValue))
      expected("'prior', 'later' or 'lifetime'", hints: [remedies])
    }
    guard let opener else {
      if token.kind == .word { position += 1 }
      return
    }
    skip { $0.isSymbol(")") }
    _ = isNews()
    close(opener)
  }
}
