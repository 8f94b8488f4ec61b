import Diagnostics

extension Parser {
  /// Reads an expression whose operators bind at least so tightly.
  ///
  /// From the weakest: `or`, `and`, `not`, comparisons with `is`, `in`, `between` and `like`, `||`, `+ -`,
  /// `* / %`, signs, then what follows an operand. Comparisons do not chain; all others group from the left.
  mutating func expression(atLeast minimum: Precedence = .or) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Parser.maximumDepth else { return tooDeep() }
    // What was read with a weak operator is over for the stronger ones.
    var ceiling = token.isWord("not") ? Precedence.not : .unary
    var left = prefixed(atLeast: minimum)
    while let precedence = infixPrecedence(after: left), precedence >= minimum, precedence <= ceiling {
      let isChained = precedence == .comparison && ceiling == .comparison
      if precedence == .comparison, isEndOfExclusion(isCompared: isChained) { break }
      if isChained { reportChain(left) }
      let combined = combined(left)
      left = isChained ? Expression(.error, combined.range) : combined
      ceiling = precedence
      left = limited(left)
    }
    // Such a word has an operand on its right, so a name without one is no misspelt operator.
    if token.isName, peek(1).startsOperand || peek(1).isNegatable { look(for: Parser.operatorWords) }
    return left
  }

  /// The words between two operands.
  private static let operatorWords = ["and", "between", "in", "is", "like", "not", "or"]

  /// How tightly the operator that stands here binds; nothing when none does.
  private func infixPrecedence(after left: Expression) -> Precedence? {
    switch token.kind {
    case .symbol:
      switch token.text {
      case "&&": .and
      case "=", "==", "<>", "!=", "<", "<=", ">", ">=", "=>": .comparison
      // Between conditions it is meant as `or`, as elsewhere, and read so.
      case "||": left.kind.isCondition ? .or : .concatenation
      case "+", "-": .additive
      case "*", "/", "%": .multiplicative
      default: nil
      }
    case .word:
      switch token.folded {
      case "or": .or
      case "and": .and
      case "is", "in", "between", "like": .comparison
      case "not" where peek(1).isNegatable: .comparison
      default: nil
      }
    default: nil
    }
  }

  private mutating func prefixed(atLeast minimum: Precedence) -> Expression {
    let start = position
    if token.isWord("not") || isSymbol("!") {
      if isSymbol("!") { reportOperator("'!' is written 'not'", hint: "write 'not'") }
      let isMisplaced = minimum > .not && token.isWord("not")
      if isMisplaced, isNews() {
        report(
          "syntax", "'not' binds weaker than the operator before it", at: range(of: token),
          label: "stands in parentheses here", hints: ["write '(not …)'"])
      }
      position += 1
      let operand = expression(atLeast: .not)
      return Expression(isMisplaced ? .error : .unary(.not, operand), range(from: start))
    }
    guard isSymbol("-") || isSymbol("+") else { return postfixed(primary()) }
    let sign: UnaryOperator = isSymbol("-") ? .negate : .plus
    position += 1
    // The least number has no positive counterpart.
    if sign == .negate, token.kind == .number, token.text == "9223372036854775808" {
      position += 1
      return postfixed(Expression(.integer(.min), range(from: start)))
    }
    let operand = expression(atLeast: .unary)
    return Expression(.unary(sign, operand), range(from: start))
  }

  /// Reads the operator that stands here and what belongs to its right.
  private mutating func combined(_ left: Expression) -> Expression {
    if token.isWord("is") { return isPredicate(left) }
    let isNegated = take("not")
    if take("in") { return membership(left, isNegated: isNegated) }
    if take("between") { return between(left, isNegated: isNegated) }
    if take("like") {
      let pattern = comparisonOperand()
      return Expression(.isLike(left, pattern, isNegated: isNegated), left.range.joined(with: pattern.range))
    }
    let place = range(of: token)
    let binary = binaryOperator(after: left)
    let right =
      binary.precedence == .comparison ? comparisonOperand() : expression(atLeast: binary.precedence.next)
    if binary == .concatenate, right.kind.isCondition {
      reportJoinedConditions(place)
      return Expression(.error, left.range.joined(with: right.range))
    }
    return Expression(.binary(binary, place, left, right), left.range.joined(with: right.range))
  }

  private mutating func binaryOperator(after left: Expression) -> BinaryOperator {
    switch token.text {
    case "||" where left.kind.isCondition:
      reportJoinedConditions(range(of: advance()))
      return .or
    case "==":
      reportOperator("equality is written '='", hint: "write '='")
    case "&&":
      reportOperator("'&&' is written 'and'", hint: "write 'and'")
    case "=>":
      reportOperator(
        "'=>' names an argument of a call", hint: "write '>=' for greater or equal, '=' for equal")
    default: break
    }
    let current = advance()
    switch current.kind == .word ? current.folded : current.text {
    case "!=": return .notEqual
    case "&&": return .and
    case "=>": return .greaterOrEqual
    case let written: return BinaryOperator(rawValue: written) ?? .equal
    }
  }

  /// Reports an operator of another language, which is read as what it means there.
  mutating func reportOperator(_ message: String, hint: String) {
    report(
      "wrong-operator", message, at: range(of: token), label: "not an operator here", hints: [hint])
  }

  private mutating func reportJoinedConditions(_ place: SourceRange) {
    report(
      "wrong-operator", "'||' joins texts; between conditions stands 'or'", at: place,
      label: "joins conditions",
      hints: ["write 'or'"])
  }

  /// Reads what a comparison compares with: a name in double quotes is likely meant as a text here.
  private mutating func comparisonOperand(atLeast minimum: Precedence = .concatenation) -> Expression {
    let first = token
    return textLikely(expression(atLeast: minimum), startingWith: first)
  }

  /// `a < b < c`, and `a = 1 || b = 2`, where the joined texts are the sign of another mistake.
  private mutating func reportChain(_ left: Expression) {
    if case .binary(_, _, _, let right) = left.kind, case .binary(.concatenate, let place, _, _) = right.kind
    {
      return reportJoinedConditions(place)
    }
    guard left.kind != .error, isNews() else { return }
    report(
      "chained-comparison", "a comparison does not go on with \(shown(token))", at: range(of: token),
      label: "compares a comparison",
      hints: ["join two comparisons with 'and', or say in parentheses what is compared"])
  }

  private mutating func isPredicate(_ left: Expression) -> Expression {
    let start = position
    position += 1
    let isNegated = take("not")
    if take("null") {
      return Expression(.isNull(left, isNegated: isNegated), left.range.joined(with: range(from: start)))
    }
    let binary: BinaryOperator = isNegated ? .isNotDistinctFrom : .isDistinctFrom
    if take("distinct", "from") {
      let place = range(from: start)
      let right = comparisonOperand()
      return Expression(.binary(binary, place, left, right), left.range.joined(with: right.range))
    }
    // `is true` is false of null, where `= true` is null: so it is equality that knows null.
    let place = range(from: start)
    let truth: BinaryOperator = isNegated ? .isDistinctFrom : .isNotDistinctFrom
    let value = token
    if take("true") || take("false") {
      let right = Expression(.boolean(value.folded == "true"), range(of: value))
      return Expression(.binary(truth, place, left, right), left.range.joined(with: right.range))
    }
    expected("'null', 'true', 'false' or 'distinct from'", hints: ["equality is written '='"])
    return Expression(.error, left.range.joined(with: place))
  }

  private mutating func membership(_ left: Expression, isNegated: Bool) -> Expression {
    let opener = position
    guard take(symbol: "(") else {
      expected(
        "'(' and values", hints: ["write 'in (a, b)'; to keep rows that another query has, use 'semi join'"])
      return Expression(.error, left.range)
    }
    if isQuery {
      let query = subquery()
      close(opener)
      return Expression(.error, left.range.joined(with: query.range))
    }
    let items = bracketed {
      $0.list(in: opener, expecting: "',' or ')'") { $0.comparisonOperand(atLeast: .or) }
    }
    if items.isEmpty { expected("a value") }
    close(opener)
    return Expression(.isIn(left, items, isNegated: isNegated), left.range.joined(with: range(from: opener)))
  }

  private mutating func between(_ left: Expression, isNegated: Bool) -> Expression {
    let low = expression(atLeast: .concatenation)
    guard take("and") else {
      expected("'and' and the upper bound", hints: ["write 'between a and b'"])
      return Expression(.error, left.range.joined(with: low.range))
    }
    let high = expression(atLeast: .concatenation)
    return Expression(.isBetween(left, low, high, isNegated: isNegated), left.range.joined(with: high.range))
  }

  /// Whether `between` belongs to an exclusion of a funnel: two names of steps follow, or a comparison
  /// has been made already and cannot go on.
  private func isEndOfExclusion(isCompared: Bool) -> Bool {
    guard let exclusionSteps, token.isWord("between") else { return false }
    if isCompared { return true }
    guard peek(1).isName, peek(2).isWord("and"), peek(3).isName else { return false }
    return exclusionSteps.contains(peek(1).text) && exclusionSteps.contains(peek(3).text)
  }

  /// Reads what is in brackets, where an exclusion's condition cannot end.
  mutating func bracketed<Part>(_ read: (inout Parser) -> Part) -> Part {
    let steps = exclusionSteps
    exclusionSteps = nil
    defer { exclusionSteps = steps }
    return read(&self)
  }

  /// The expression itself, unless it has grown too deep by a chain of operators.
  mutating func limited(_ expression: Expression) -> Expression {
    guard expression.depth > Parser.maximumDepth - depth else { return expression }
    reportTooDeep(at: expression.range)
    return Expression(.error, expression.range)
  }

  private mutating func tooDeep() -> Expression {
    let place = range(of: token)
    if isNews() { reportTooDeep(at: place) }
    skip { $0.isSymbol(",") || $0.isSymbol(")") || $0.isSymbol("]") }
    _ = isNews()
    return Expression(.error, place)
  }

  private mutating func reportTooDeep(at place: SourceRange) {
    guard !isTooDeepReported else { return }
    isTooDeepReported = true
    report(
      "too-deep", "an expression has at most \(Parser.maximumDepth) levels", at: place,
      label: "one level too many",
      hints: ["give a part of it a name, with 'extend' or 'let'"])
  }
}

extension Token {
  /// Whether it is an operator that stands behind `not`.
  fileprivate var isNegatable: Bool { kind == .word && ["in", "between", "like"].contains(folded) }
}
