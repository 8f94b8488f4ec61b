import Diagnostics

extension Parser {
  /// Reads what follows an operand: `.name`, `[condition]`, `::type`.
  mutating func postfixed(_ operand: Expression) -> Expression {
    var result = operand
    while true {
      if take(symbol: ".") {
        result = member(of: result)
      } else if isSymbol("[") {
        let opener = position
        position += 1
        let condition = bracketed { $0.expression() }
        close(opener, orExpect: "an operator or ']'")
        result = Expression(.rows(result, condition), result.range.joined(with: range(from: opener)))
      } else if take(symbol: "::") {
        let type = typeName()
        result =
          type.map { Expression(.cast(result, $0, isTry: false), result.range.joined(with: $0.range)) }
          ?? Expression(.error, result.range)
      } else if startsWindow {
        // A call has read its own window: this is one of something else.
        leftover("an operator")
        _ = window()
        return Expression(.error, result.range)
      } else {
        return result
      }
      result = limited(result)
    }
  }

  /// Whether a window starts here, such as `over prior`.
  var startsWindow: Bool {
    token.isWord("over") && (Call.Window.Kind(rawValue: peek(1).folded) != nil || peek(1).isSymbol("("))
  }

  /// After a dot every word is a name.
  private mutating func member(of base: Expression) -> Expression {
    guard token.kind == .word || token.isName else {
      expected("a name")
      return Expression(.error, base.range)
    }
    let current = advance()
    let name = Identifier(current.text, range(of: current))
    let whole = Expression(.member(base, name), base.range.joined(with: name.range))
    guard isSymbol("("), token.lower == current.upper else { return whole }
    // A call of what is no function: the arguments are read for their own mistakes.
    if isNews() {
      report(
        "member-call", "'\(current.text)' is called, and functions stand by themselves", at: name.range,
        label: "not a function of what is before the dot",
        hints: ["write '\(current.text)(…)', with what is before the dot as an argument"])
    }
    let opener = position
    _ = arguments()
    return Expression(.error, whole.range.joined(with: range(from: opener)))
  }

  private mutating func typeName() -> Identifier? {
    guard let type = identifier("a type") else { return nil }
    if isSymbol("("), isNews() {
      let opener = position
      skip { _ in true }
      position = min(limit, (partners[opener] ?? opener) + 1)
      report(
        "type-length", "types have no length", at: range(from: opener), label: "a length",
        hints: ["write '\(type.name)' alone"])
    }
    return type
  }

  /// Reads one operand without what may follow it.
  mutating func primary() -> Expression {
    bracketed { $0.unbracketedPrimary() }
  }

  private mutating func unbracketedPrimary() -> Expression {
    let start = position
    let current = token
    switch current.kind {
    case .number: return number()
    case .text:
      position += 1
      return Expression(.text(current.text), range(of: current))
    case .backquoted, .doubleQuoted:
      position += 1
      let name = Identifier(
        current.text, range(of: current), quotes: current.kind == .doubleQuoted ? .double : .backticks)
      return Expression(.name(name), name.range)
    case .symbol where current.text == "(":
      if peek(1).isWord("from") || peek(1).isWord("select") { return parenthesisedQuery() }
      position += 1
      let inner = expression()
      close(start, orExpect: "an operator or ')'")
      return Expression(inner.kind, range(from: start))
    case .word: return word()
    case .damaged:
      _ = isNews()
      position += 1
      _ = isNews()
      return Expression(.error, range(of: current))
    default: return missing()
    }
  }

  private mutating func missing() -> Expression {
    let place = isAtEnd ? gap : range(of: token)
    expected("an expression")
    return Expression(.error, place)
  }

  private mutating func word() -> Expression {
    let current = token
    switch current.folded {
    case "null", "true", "false":
      position += 1
      return Expression(
        current.folded == "null" ? .null : .boolean(current.folded == "true"), range(of: current))
    case "case": return conditional()
    case "cast" where peek(1).isSymbol("("), "try_cast" where peek(1).isSymbol("("): return cast()
    case "date" where isTextAhead, "timestamp" where isTextAhead: return typedText()
    case "interval" where peek(1).kind == .text || peek(1).kind == .number: return interval()
    default: break
    }
    guard current.isName else {
      if standsAsName, let name = identifier("an expression") { return Expression(.name(name), name.range) }
      return isQuery ? subquery() : missing()
    }
    if peek(1).isSymbol("(") { return call() }
    position += 1
    return Expression(.name(Identifier(current.text, range(of: current))), range(of: current))
  }

  /// Whether a word of the language stands where an operand should, and what follows goes on as if it were a name.
  private var standsAsName: Bool {
    let next = peek(1)
    if openCases > 0, token.isPartOfConditional { return false }
    return !token.startsLine
      && (next.continuesOperand || next.isSymbol("-") || next.isSymbol("+") || next.kind == .end)
  }

  private var isTextAhead: Bool {
    peek(1).kind == .text || (peek(1).kind == .doubleQuoted && peek(1).line == token.line)
  }

  private mutating func typedText() -> Expression {
    let start = position
    let type = advance()
    let content = text("a text") ?? ""
    return Expression(.typedText(Identifier(type.text, range(of: type)), content), range(from: start))
  }

  /// Whether a query starts here, where an expression should.
  var isQuery: Bool { token.isWord("from") || token.isWord("select") }

  /// Skips a query that stands where an expression should, to the end of its brackets.
  mutating func subquery() -> Expression {
    let place = range(of: token)
    if isNews() {
      report(
        "subquery", "a query does not stand inside another", at: place, label: "starts a query",
        hints: [
          "give the query a block and a name of its own, and combine the two by 'join' or 'semi join'"
        ])
    }
    skip { $0.isSymbol(")") }
    _ = isNews()
    return Expression(.error, place)
  }

  private mutating func parenthesisedQuery() -> Expression {
    let opener = position
    position += 1
    _ = subquery()
    close(opener)
    return Expression(.error, range(from: opener))
  }

  private mutating func conditional() -> Expression {
    let start = position
    position += 1
    openCases += 1
    defer { openCases -= 1 }
    look(for: ["when"])
    let operand = token.isWord("when") ? nil : expression()
    var branches = [Expression.Branch]()
    if !token.isWord("when") { expected("'when'") }
    while take("when") {
      let condition = expression()
      guard take("then") else {
        expected("an operator or 'then'")
        skip { $0.isPartOfConditional }
        if take("then") { _ = expression() }
        continue
      }
      branches.append(Expression.Branch(condition: condition, value: expression()))
      if !token.isPartOfConditional, !isAtEnd {
        expected("an operator, 'when', 'else' or 'end'")
        skip { $0.isPartOfConditional }
      }
    }
    let otherwise = take("else") ? expression() : nil
    if !take("end"), isNews() {
      report(
        "unclosed-case", "'case' goes on to 'end'", at: range(of: tokens[start]), label: "never closed",
        hints: ["write 'end' behind the last value"])
    }
    let kind: Expression.Kind =
      branches.isEmpty ? .error : .conditional(operand: operand, branches, otherwise: otherwise)
    return Expression(kind, range(from: start))
  }

  private var isPartOfConditional: Bool { token.isPartOfConditional }

  private mutating func cast() -> Expression {
    let start = position
    let isTry = advance().folded == "try_cast"
    let opener = position
    position += 1
    let operand = expression()
    var type: Identifier?
    if take("as") {
      type = typeName()
    } else {
      expected("'as' and a type", hints: ["write '\(tokens[start].text)(x as integer)'"])
    }
    close(opener)
    let kind: Expression.Kind = type.map { .cast(operand, $0, isTry: isTry) } ?? .error
    return Expression(kind, range(from: start))
  }
}

extension Token {
  fileprivate var isPartOfConditional: Bool {
    isWord("when") || isWord("then") || isWord("else") || isWord("end")
  }
}
