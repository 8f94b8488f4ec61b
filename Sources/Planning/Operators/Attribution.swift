import Diagnostics
import Syntax
import Values

extension QueryChecker {
  /// `attribute`: which touches conversions are owed to.
  mutating func attribute(_ written: Query.AttributionSyntax, _ input: Plan, at range: SourceRange) -> Plan? {
    guard isLog(input, for: "attribute", at: range) else { return nil }
    let (input, from) = withHistory(input)
    var rows = rowChecker(input)
    let touch = rows.condition(written.touch)
    let conversion = rows.condition(written.conversion)
    let credited = credit(written.credit, &rows)
    var isValueMissing = false
    let value = written.value.flatMap { item -> NamedExpr? in
      guard let checked = rows.check(item.expression, as: .double, what: "the value of a conversion"),
        let field = field(item, checked)
      else {
        isValueMissing = true
        return nil
      }
      return NamedExpr(field, checked.expr)
    }
    let groups = breakdown(written.groups, &rows)
    diagnostics += rows.diagnostics
    guard let touch, let conversion, let credited, !isValueMissing, let groups else { return nil }
    let named = [credited] + (value.map { [$0] } ?? []) + groups
    let items = [written.credit] + (written.value.map { [$0] } ?? []) + written.groups
    guard areFree(named, items, ["conversions", "share", "touches"]) else { return nil }
    qualified = [:]
    return .attribute(
      AttributionPlan(
        input: windowed(input, rows), touch: touch.expr, conversion: conversion.expr, within: written.within,
        model: AttributionPlan.Model(written.model), credit: credited, value: value, from: from,
        groups: groups))
  }

  /// What is credited: a text, since conversions without a touch have one in its place.
  private mutating func credit(_ item: Query.NamedExpression, _ rows: inout ExpressionChecker) -> NamedExpr? {
    guard let checked = rows.check(item.expression), let field = field(item, checked) else { return nil }
    if field.type == .text { return NamedExpr(field, checked.expr) }
    rows.report(
      "type-mismatch", "what is credited is of type text, not \(field.type.rawValue)",
      at: item.expression.range, label: "of type \(field.type.rawValue)",
      notes: ["conversions without a touch are credited to '\(AttributionPlan.none)'"],
      hints: ["write 'cast(\(item.expression) as text) as \(field.name)'"])
    return nil
  }
}

extension AttributionPlan.Model {
  fileprivate init(_ written: Query.AttributionSyntax.Model) {
    switch written {
    case .last: self = .last
    case .first: self = .first
    case .linear: self = .linear
    case .position: self = .position
    case .timeDecay(let halfLife): self = .timeDecay(halfLife: halfLife)
    case .participation: self = .participation
    }
  }
}
