import Diagnostics

extension Parser {
  /// Reads `attribute condition to condition` and its clauses, of which `by` and `credit` are always said.
  mutating func attributeStep() -> Query.Kind {
    position += 1
    let usage = "write 'attribute … to … within 30 days by last credit channel'"
    let touch = expression()
    if !token.isWord("to") { recover(to: ["to"], from: touch, expecting: "'to'", hint: usage) }
    guard take(clause: "to") else { return refused("'to' and a condition", hint: usage) }
    let conversion = expression()
    var parts = AttributionParts()
    let mistakes = diagnostics.count
    readClauses { parser, clause in parser.read(clause, of: &parts) }
    // A word that was not understood is most likely the one that is missing.
    let isMissingNews = diagnostics.count == mistakes
    if !parts.hasModel, isMissingNews { expected("'by' and \(Parser.models)", hints: [usage]) }
    if !parts.hasCredit, isMissingNews { expected("'credit' and a property of the touches", hints: [usage]) }
    guard let model = parts.model, let credit = parts.credit else { return .error }
    var attribution = Query.AttributionSyntax(
      touch: touch, conversion: conversion, model: model, credit: credit)
    attribution.within = parts.within
    attribution.value = parts.value
    attribution.groups = parts.groups
    return .attribute(attribution)
  }

  private static let models =
    "'last', 'first', 'linear', 'position', 'time decay' or 'participation'"

  /// The clauses so far, and which of them stand there, be it with a mistake.
  private struct AttributionParts {
    var within: Expression?
    var model: Query.AttributionSyntax.Model?
    var hasModel = false
    var credit: Query.NamedExpression?
    var hasCredit = false
    var value: Query.NamedExpression?
    var groups: [Query.NamedExpression] = []
  }

  private mutating func read(_ clause: String, of parts: inout AttributionParts) {
    switch clause {
    case "within": parts.within = duration("30 days")
    case "by":
      parts.hasModel = true
      parts.model = model()
    case "credit":
      parts.hasCredit = true
      if isAtEnd || startsClause || startsStep { expected("a property of the touches") }
      parts.credit = namedExpression()
      if isSymbol(","), peek(1).isWord("value") { position += 1 }
    case "value": parts.value = namedExpression()
    default: parts.groups += grouping()
    }
  }

  /// Reads a model: one of its words, or `time decay half life duration`.
  private mutating func model() -> Query.AttributionSyntax.Model? {
    let words: [String: Query.AttributionSyntax.Model] = [
      "last": .last, "first": .first, "linear": .linear, "participation": .participation,
      "position": .position,
    ]
    if token.kind == .word, let model = words[token.folded] {
      position += 1
      return model
    }
    guard take("time", "decay") else {
      look(for: words.keys.sorted())
      expected(Parser.models)
      if token.isName, !startsClause, !startsStep { position += 1 }
      return nil
    }
    guard take("half", "life") else { return .timeDecay(halfLife: nil) }
    return duration("7 days").map { .timeDecay(halfLife: $0) }
  }
}
