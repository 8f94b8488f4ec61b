import Diagnostics
import Documents
import EventStore
import Functions
import Planning
import Syntax
import Values

extension Program {
  /// What a node means now: with the values that are known. Mistakes are added to the diagnostics.
  func meaning(of index: Int) -> Node.Meaning? {
    let node = nodes[index]
    switch node.kind {
    case .parameter(let parameter): return self.parameter(parameter)
    case .data(let block): return data(document.blocks[block])
    case .query(let block):
      guard case .query(let query)? = parsed[block] else { return nil }
      var checker = QueryChecker(self)
      let plan = checker.plan(query)
      diagnostics += checker.diagnostics
      guard let plan else { return nil }
      guard plan.depth <= Program.mostSteps else {
        diagnostics.append(
          Diagnostic(
            id: "too-many-steps",
            "a query has at most \(Program.mostSteps) steps with those that it starts from",
            at: node.range, label: "too many steps", hints: ["aggregate somewhere between them"]))
        return nil
      }
      return .query(plan, eventNames: checker.eventNames)
    case .sql(let block): return sql(document.blocks[block])
    case .binding(let block, let line):
      guard case .computation(let computation)? = parsed[block] else { return nil }
      return term(computation.bindings[line].value)
    case .chart(let block):
      guard case .chart(let expression)? = parsed[block] else { return nil }
      return figure(expression)
    case .expect(let block):
      guard case .expectations(let expectations)? = parsed[block] else { return nil }
      let conditions = expectations.conditions.map { condition($0.expression, $0.message) }
      return conditions.contains { $0 == nil } ? nil : .conditions(conditions.compactMap { $0 })
    case .decide(let block):
      guard case .decision(let decision)? = parsed[block] else { return nil }
      return recommendations(decision)
    case .inline(let inline): return term(inlineExpressions[inline])
    }
  }

  private func term(_ written: Syntax.Expression) -> Node.Meaning? {
    var checker = TermChecker(self)
    let checked = checker.term(written)
    diagnostics += checker.diagnostics
    return checked.map { .term($0.0, $0.1) }
  }

  private func figure(_ written: Syntax.Expression) -> Node.Meaning? {
    guard case .term(let term, let type)? = self.term(written) else { return nil }
    if type == .figure { return .term(term, type) }
    diagnostics.append(
      Diagnostic(
        id: "not-a-figure", "\(type.noun) is not a figure", at: written.range, label: type.noun,
        notes: ["figures are made by \(Figures.names.map { "'\($0)'" }.joined(separator: ", "))"]))
    return nil
  }

  private func condition(_ written: Syntax.Expression, _ message: String?) -> Node.Condition? {
    var checker = TermChecker(self)
    let term = checker.condition(written)
    diagnostics += checker.diagnostics
    guard let term else { return nil }
    var operands: [(text: String, term: Term)] = []
    for operand in written.operands {
      var checker = TermChecker(self)
      guard let (term, _) = checker.term(operand) else { continue }
      let text = document.source.text(in: operand.range).foldedWhitespace
      if !operands.contains(where: { $0.text == text }) { operands.append((text, term)) }
    }
    var (subject, bound) = (operands.first?.term, Optional<(sign: String, term: Term)>.none)
    if case .binary(let comparison, _, let left, let right) = written.kind, let sign = comparison.sign {
      var checker = TermChecker(self)
      subject = left.operands.isEmpty ? subject : checker.term(left)?.0
      bound = right.operands.isEmpty ? nil : checker.term(right).map { (sign, $0.0) }
    }
    return Node.Condition(
      text: document.source.text(in: written.range).foldedWhitespace, message: message, term: term,
      operands: operands, subject: subject, bound: bound)
  }

  private func recommendations(_ decision: Syntax.Decision) -> Node.Meaning? {
    var result: [Node.Recommendation] = []
    var hasMistake = false
    for recommendation in decision.recommendations {
      let parts = recommendation.condition?.conjuncts ?? []
      let conditions = parts.map { condition($0, nil) }
      if conditions.contains(where: { $0 == nil }) { hasMistake = true }
      result.append(
        Node.Recommendation(
          action: recommendation.action.name, text: recommendation.text ?? "",
          conditions: conditions.compactMap { $0 }))
    }
    return hasMistake ? nil : .recommendations(result)
  }

  private func parameter(_ parameter: FrontMatter.Parameter) -> Node.Meaning? {
    let given = overrides[parameter.name]
    do {
      var typeName = parameter.type
      if typeName == nil, given != nil {
        // Without a type it is the one that the default looks like.
        let (value, type) = try ParameterReader.read(parameter.value, type: nil, timeZone: timeZone)
        if value != .null { typeName = type.rawValue }
      }
      let (value, type) = try ParameterReader.read(
        given ?? parameter.value, type: typeName, timeZone: timeZone)
      return .value(value, .scalar(type, .automatic))
    } catch {
      diagnostics.append(
        Diagnostic(
          id: "bad-parameter",
          "\(given.map { "'-P \(parameter.name)=\($0)'" } ?? "parameter '\(parameter.name)'"): \(error.message)",
          at: given == nil ? parameter.valueRange ?? parameter.range : parameter.range,
          label: parameter.type.map { "of type \($0)" } ?? "", hints: error.hints))
      return nil
    }
  }

  private func data(_ block: CodeBlock) -> Node.Meaning? {
    var reader = DataBlockReader(timeZone: timeZone)
    let table = reader.table(block)
    diagnostics += reader.diagnostics
    return table.map { .table($0) }
  }
}

extension BinaryOperator {
  /// A comparison as mathematicians write it.
  fileprivate var sign: String? {
    switch self {
    case .equal, .isNotDistinctFrom: "="
    case .notEqual, .isDistinctFrom: "≠"
    case .less: "<"
    case .lessOrEqual: "≤"
    case .greater: ">"
    case .greaterOrEqual: "≥"
    case .or, .and, .add, .subtract, .multiply, .divide, .remainder, .concatenate: nil
    }
  }
}

extension Syntax.Expression {
  /// The parts that are joined by `and`.
  var conjuncts: [Syntax.Expression] {
    guard case .binary(.and, _, let left, let right) = kind else { return [self] }
    return left.conjuncts + right.conjuncts
  }

  /// The largest parts that are not operators or constants: what a condition is about.
  var operands: [Syntax.Expression] {
    switch kind {
    case .name, .member, .rows, .call, .conditional, .cast: [self]
    case .unary(_, let operand), .isNull(let operand, _): operand.operands
    case .binary(_, _, let left, let right): left.operands + right.operands
    case .isIn(let operand, let options, _): operand.operands + options.flatMap(\.operands)
    case .isBetween(let operand, let low, let high, _): operand.operands + low.operands + high.operands
    case .isLike(let operand, let pattern, _): operand.operands + pattern.operands
    case .error, .null, .boolean, .integer, .double, .percentage, .text, .duration, .typedText: []
    }
  }
}

extension String {
  /// The text with every run of white space as one blank.
  var foldedWhitespace: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
