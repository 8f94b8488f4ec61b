import Diagnostics
import Functions
import Syntax
import Values

extension QueryChecker {
  /// `aggregate … group by …`: one row for each combination of the keys.
  mutating func aggregate(
    _ items: [Query.NamedExpression], by keys: [Query.NamedExpression], _ input: Plan
  ) -> Plan? {
    var rows = rowChecker(input)
    var named: [NamedExpr] = []
    var ranges: [SourceRange] = []
    var hasMistake = false
    for key in keys {
      guard let checked = rows.check(key.expression), let field = field(key, checked) else {
        hasMistake = true
        continue
      }
      named.append(NamedExpr(field, checked.expr))
      ranges.append(key.name?.range ?? key.expression.range)
    }
    diagnostics += rows.diagnostics

    var groups = ExpressionChecker(environment, .groups, scope: rows.scope)
    groups.windows = rows.windows
    groups.keys = named
    var results: [NamedExpr] = []
    for item in items {
      guard let checked = groups.check(item.expression), let field = field(item, checked) else {
        hasMistake = true
        continue
      }
      results.append(NamedExpr(field, checked.expr))
      ranges.append(item.name?.range ?? item.expression.range)
    }
    diagnostics += groups.diagnostics
    let fields = named.map(\.field) + results.map(\.field)
    guard !hasMistake, areDistinct(Array(zip(fields, ranges))) else { return nil }
    qualified = [:]
    return aggregated(windowed(input, groups), named, groups.aggregates, results)
  }

  /// The aggregation itself, and what is computed of its results where they are not simply the aggregates.
  private func aggregated(
    _ input: Plan, _ keys: [NamedExpr], _ calls: [AggregateCall], _ results: [NamedExpr]
  ) -> Plan {
    let isPlain = results.enumerated().allSatisfy { index, result in
      result.expression == .column(keys.count + index, result.field.type)
    }
    if isPlain, results.count == calls.count {
      return .aggregate(input, keys: keys, zip(calls, results).map { $0.named($1.field) })
    }
    return .project(
      .aggregate(input, keys: keys, calls), identity(keys.map(\.field)) + results)
  }

  /// `pivot`: one column for each value of a column and each aggregate, one row for each combination of the columns
  /// that neither uses.
  mutating func pivot(_ pivot: Query.Pivot, _ input: Plan, at range: SourceRange) -> Plan? {
    guard let column = position(of: pivot.column, in: input.schema) else { return nil }
    let field = input.schema[column]
    var rows = rowChecker(input)
    var groups = ExpressionChecker(environment, .groups, scope: rows.scope)
    var hasMistake = false
    var isPlain = true
    for (index, item) in pivot.aggregates.enumerated() {
      guard let checked = groups.check(item.expression) else {
        hasMistake = true
        continue
      }
      // Without keys, the columns over groups are the aggregates.
      if case .column(index, _) = checked.expr { continue }
      isPlain = false
    }
    var values: [(name: String, value: Expr)] = []
    for value in pivot.values {
      guard let checked = rows.check(value.expression, as: field.type, what: "a value of '\(field.name)'")
      else {
        hasMistake = true
        continue
      }
      guard let constant = checked.constant, constant != .null else {
        rows.report(
          "not-constant", "the values of a pivot are constants", at: value.expression.range,
          label: "computed",
          hints: ["write the values themselves: 'a', 'b'"])
        hasMistake = true
        continue
      }
      values.append((value.name?.name ?? constant.columnName, checked.expr))
    }
    diagnostics += rows.diagnostics + groups.diagnostics
    guard !hasMistake else { return nil }
    guard isPlain, groups.windows.isEmpty else {
      report(
        "pivot-aggregates", "a pivot takes plain aggregates, each once", at: range,
        label: "computed of aggregates", hints: ["compute it in a step after: '|> extend … as name'"])
      return nil
    }
    var used: Set<Int> = [column]
    for call in groups.aggregates {
      for argument in call.arguments { used.formUnion(argument.columns) }
      used.formUnion(call.filter?.columns ?? [])
    }
    let keys = identity(input.schema).enumerated().filter { !used.contains($0.offset) }.map(\.element)
    var calls: [AggregateCall] = []
    for value in values {
      guard let isValue = rows.call("=", [rows.column(at: column), Checked(value.value)], at: range)
      else { return nil }
      for (call, item) in zip(groups.aggregates, pivot.aggregates) {
        var filter = isValue
        if let given = call.filter, let both = rows.call("and", [filter, Checked(given)], at: range) {
          filter = both
        }
        let name = item.name.map { "\($0.name)_\(value.name)" } ?? value.name
        calls.append(
          AggregateCall(
            field: Field(name, call.field.type, display: call.field.display), function: call.function,
            overload: call.overload, arguments: call.arguments, isDistinct: call.isDistinct,
            filter: filter.expr))
      }
    }
    let fields = (keys.map(\.field) + calls.map(\.field)).map { ($0, range) }
    guard areDistinct(fields) else { return nil }
    qualified = [:]
    return .aggregate(input, keys: keys, calls)
  }
}

extension AggregateCall {
  func named(_ field: Field) -> AggregateCall {
    AggregateCall(
      field: field, function: function, overload: overload, arguments: arguments, isDistinct: isDistinct,
      filter: filter)
  }
}

extension Scalar {
  /// A constant as the name of the column that stands for it.
  fileprivate var columnName: String {
    switch self {
    case .text(let text): text
    case .boolean(let value): String(value)
    case .integer(let value), .timestamp(let value), .date(let value), .duration(let value): String(value)
    case .double(let value): String(value)
    case .null: "null"
    }
  }
}
