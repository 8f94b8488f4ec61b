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
    let within = rows.duration(written.within)
    let model = model(written.model, &rows)
    let groups = breakdown(written.groups, &rows)
    diagnostics += rows.diagnostics
    guard let touch, let conversion, let credited, !isValueMissing, let within, let model, let groups
    else { return nil }
    let named = [credited] + (value.map { [$0] } ?? []) + groups
    let items = [written.credit] + (written.value.map { [$0] } ?? []) + written.groups
    guard areFree(named, items, ["conversions", "share", "touches"]) else { return nil }
    qualified = [:]
    return .attribute(
      AttributionPlan(
        input: windowed(input, rows), touch: touch.expr, conversion: conversion.expr, within: within,
        model: model, credit: credited, value: value, from: from,
        groups: groups))
  }

  /// How a conversion is divided; the half life of a decay is a week unless said otherwise.
  private func model(
    _ written: Query.AttributionSyntax.Model, _ rows: inout ExpressionChecker
  ) -> AttributionPlan.Model? {
    switch written {
    case .last: return .last
    case .first: return .first
    case .linear: return .linear
    case .position: return .position
    case .participation: return .participation
    case .timeDecay(nil): return .timeDecay(halfLife: 7 * Calendar.microsecondsPerDay)
    case .timeDecay(let written?):
      guard let halfLife = rows.duration(written) else { return nil }
      if halfLife > 0 { return .timeDecay(halfLife: halfLife) }
      rows.report(
        "half-life", "a half life is longer than nothing", at: written.range, label: "not longer",
        hints: ["write for example 'half life 7 days'"])
      return nil
    }
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
