import Diagnostics

extension Parser {
  /// Reads the body of a `compute` block.
  public static func computation(_ fragment: Fragment) -> (Computation, [Diagnostic]) {
    var parser = Parser(fragment)
    let starts = parser.tokens.indices.filter { parser.tokens[$0].isWord("let") }
    var bindings = [Computation.Binding]()
    parser.pieces(startingAt: starts) { bindings += $0.bindings() }
    return (Computation(bindings: bindings), parser.orderedDiagnostics)
  }

  /// Reads the body of an `expect` block.
  public static func expectations(_ fragment: Fragment) -> (Expectations, [Diagnostic]) {
    var parser = Parser(fragment)
    var conditions = [Expectations.Condition]()
    parser.pieces(startingAt: parser.conditionStarts) { conditions.append($0.condition()) }
    return (Expectations(conditions: conditions), parser.orderedDiagnostics)
  }

  /// Reads the body of a `decide` block.
  public static func decision(_ fragment: Fragment) -> (Decision, [Diagnostic]) {
    var parser = Parser(fragment)
    var recommendations = [Decision.Recommendation]()
    var isOver = false
    parser.pieces(startingAt: parser.recommendationStarts) { parser in
      if isOver {
        parser.report(
          "otherwise-last", "what follows 'otherwise' never holds", at: parser.range(of: parser.token),
          label: "behind 'otherwise'", hints: ["move it before 'otherwise'"])
      }
      isOver = isOver || parser.token.isWord("otherwise")
      if let recommendation = parser.recommendation() { recommendations.append(recommendation) }
    }
    return (Decision(recommendations: recommendations), parser.orderedDiagnostics)
  }

  /// Reads each piece of the block by itself; one may stand before the first start.
  private mutating func pieces(startingAt starts: [Int], _ read: (inout Parser) -> Void) {
    let end = tokens.count - 1
    let lowers = starts.first == 0 ? starts : [0] + starts
    for (number, lower) in lowers.enumerated() where lower < end {
      startPiece(lower, to: number + 1 < lowers.count ? lowers[number + 1] : end)
      read(&self)
    }
  }

  /// The tokens outside of brackets that are closed, and that start a line.
  private var lineStarts: [Int] {
    var starts = [Int]()
    var index = 0
    while index < tokens.count - 1 {
      if tokens[index].startsLine { starts.append(index) }
      let partner = tokens[index].closingBracket == nil ? nil : partners[index]
      index = (partner ?? index) + 1
    }
    return starts
  }
}

// MARK: - Computations

extension Parser {
  /// Reads `let name = expression`; further ones when their `let` is missing.
  private mutating func bindings() -> [Computation.Binding] {
    var bindings = [Computation.Binding]()
    repeat {
      if !take("let") {
        guard token.isName, peek(1).isSymbol("=") || peek(1).isSymbol(":=") else {
          endOfPiece("an operator, or 'let' and a name")
          break
        }
        if isNews() {
          report(
            "missing-let", "a name is given by 'let'", at: range(of: token),
            label: "expected 'let' before this",
            hints: ["write 'let \(token.text) = …'"])
        }
      }
      guard let name = identifier("a name") else { break }
      guard takeEquals() else { break }
      bindings.append(Computation.Binding(name: name, value: expression()))
    } while !isAtEnd
    return bindings
  }
}

// MARK: - Expectations

extension Parser {
  /// Where conditions start: at lines that do not go on with the one above.
  private var conditionStarts: [Int] {
    lineStarts.filter { index in
      index == 0 || !(continuesCondition(index) || tokens[index - 1].awaitsOperand)
    }
  }

  private func continuesCondition(_ index: Int) -> Bool {
    let token = tokens[index]
    let next = tokens[min(index + 1, tokens.count - 1)]
    switch token.kind {
    case .symbol: return token.text != "(" && token.text != "!"
    case .word:
      switch token.folded {
      case "not": return ["in", "between", "like"].contains(next.folded)
      case "null", "true", "false", "case": return false
      case "over": return Call.Window.Kind(rawValue: next.folded) != nil || next.isSymbol("(")
      case "filter": return next.isSymbol("(") && tokens[min(index + 2, tokens.count - 1)].isWord("where")
      default: return Keywords.reserved.contains(token.folded)
      }
    default: return false
    }
  }

  private mutating func condition() -> Expectations.Condition {
    let expression = expression()
    var message: String?
    if take("else") {
      message = text("a message in single quotes")
    } else if token.kind == .text, isNews() {
      report(
        "syntax", "a message follows 'else'", at: range(of: token), label: "expected 'else' before this",
        hints: ["put 'else' before the message"])
      position = limit
    }
    endOfPiece("an operator, 'else' or the end of the line")
    return Expectations.Condition(expression: expression, message: message)
  }
}

extension Token {
  /// Whether an operator stands here that has nothing to its right yet.
  fileprivate var awaitsOperand: Bool {
    switch kind {
    case .symbol: text != ")" && text != "]" && text != "%" && closingBracket == nil
    case .word:
      ["and", "or", "not", "in", "between", "like", "else", "is", "case", "when", "then"].contains(folded)
    default: false
    }
  }
}

// MARK: - Decisions

extension Parser {
  /// Where recommendations start: at lines with an action before `when`, and at `otherwise`.
  private var recommendationStarts: [Int] {
    var cases = 0
    var counted = 0
    return lineStarts.filter { index in
      // `case x` may stand at the start of a line with its `when` behind it.
      for token in tokens[counted..<index] where token.kind == .word {
        if token.folded == "case" { cases += 1 }
        if token.folded == "end" { cases = max(0, cases - 1) }
      }
      counted = index
      let token = tokens[index]
      guard token.kind == .word, token.isName else { return false }
      if token.isWord("otherwise") { return true }
      let next = tokens[index + 1]
      let isText = next.kind == .text || next.kind == .doubleQuoted
      if cases == 0, next.isWord("when") || unquoted(from: index + 1) != nil { return true }
      return isText && tokens[index + 2].isWord("when")
    }
  }

  /// The words between a recommendation and its `when`, from an index on: a text that lacks its quotes.
  private func unquoted(from start: Int) -> Range<Int>? {
    let words = tokens[start...].prefix { $0.isName && !$0.startsLine && !$0.isWord("when") }
    return words.isEmpty || !tokens[words.endIndex].isWord("when") ? nil : words.indices
  }

  /// Reads `ACTION 'text' when condition`, or `otherwise ACTION 'text'`.
  private mutating func recommendation() -> Decision.Recommendation? {
    let isFallback = take("otherwise")
    guard let action = identifier("a recommendation such as 'ship' or 'stop'") else {
      position = limit
      return nil
    }
    let hasText = token.kind == .text || token.kind == .doubleQuoted
    let text = hasText ? self.text("a text") : nil
    if isFallback {
      endOfPiece("the end: 'otherwise' has no condition")
      return Decision.Recommendation(action: action, text: text, condition: nil)
    }
    if !take("when") {
      let isOtherWord = token.isWord("if") && !peek(1).isSymbol("(") || token.isWord("where")
      let isMistakenWord = isOtherWord || meant(at: position) != nil
      if let words = unquoted(from: position) {
        let text = String(
          decoding: fragment.utf8[tokens[words.lowerBound].lower..<tokens[words.upperBound - 1].upper],
          as: UTF8.self)
        expected("'when' and a condition", hints: ["a text stands in single quotes: '\(text)'"])
        position = words.upperBound + 1
      } else {
        expected("'when' and a condition", hints: ["write '\(action.name) when …'"])
        if isMistakenWord { position += 1 }
      }
      if isAtEnd { return nil }
    }
    let condition = expression()
    if token.startsLine, token.isName {
      expected("an operator, or a recommendation with 'when'", hints: ["write '\(token.text) when …'"])
    }
    endOfPiece("an operator, or the next recommendation on a line of its own")
    return Decision.Recommendation(action: action, text: text, condition: condition)
  }
}
