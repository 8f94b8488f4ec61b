import Diagnostics
import Syntax
import Values

extension QueryChecker {
  /// `where`: keeps the rows for which a condition is true.
  mutating func filter(_ written: Expression, _ input: Plan) -> Plan? {
    var checker = rowChecker(input)
    let condition = checker.condition(written)
    diagnostics += checker.diagnostics
    guard let condition else { return nil }
    let filtered = Plan.filter(windowed(input, checker), condition.expr)
    return checker.windows.isEmpty ? filtered : .project(filtered, identity(input.schema))
  }

  /// `extend`: adds columns; each sees the input's columns alone.
  mutating func extend(_ items: [Query.NamedExpression], _ input: Plan) -> Plan? {
    guard let (named, plan) = computed(items, input) else { return nil }
    let existing = input.schema.map { ($0, SourceRange(0, 0)) }
    let added = zip(items, named).map { ($1.field, $0.name?.range ?? $0.expression.range) }
    guard areDistinct(existing + added) else { return nil }
    if case .windows = plan, plan != input {
      return .project(plan, identity(input.schema) + named)
    }
    return .extend(input, named)
  }

  /// Items over the rows of a plan, and the plan with the windows that they need.
  private mutating func computed(
    _ items: [Query.NamedExpression], _ input: Plan
  ) -> ([NamedExpr], Plan)? {
    var checker = rowChecker(input)
    var named: [NamedExpr] = []
    var hasMistake = false
    for item in items {
      guard let checked = checker.check(item.expression), let field = field(item, checked) else {
        hasMistake = true
        continue
      }
      named.append(NamedExpr(field, checked.expr))
    }
    diagnostics += checker.diagnostics
    guard !hasMistake else { return nil }
    return (named, checker.windows.isEmpty ? input : .windows(input, checker.windows))
  }

  /// `select`: the named columns alone.
  mutating func select(_ items: [Query.SelectItem], isDistinct: Bool, _ input: Plan) -> Plan? {
    var checker = rowChecker(input)
    var columns: [NamedExpr] = []
    var ranges: [SourceRange] = []
    var hasMistake = false
    for item in items {
      switch item {
      case .all(let excepted, let range):
        let dropped = excepted.map { position(of: $0, in: input.schema) }
        hasMistake = hasMistake || dropped.contains { $0 == nil }
        for (position, field) in input.schema.enumerated() where !dropped.contains(position) {
          columns.append(NamedExpr(field, .column(position, field.type)))
          ranges.append(range)
        }
      case .expression(let item):
        guard let checked = checker.check(item.expression), let field = field(item, checked) else {
          hasMistake = true
          continue
        }
        columns.append(NamedExpr(field, checked.expr))
        ranges.append(item.name?.range ?? item.expression.range)
      }
    }
    diagnostics += checker.diagnostics
    guard !hasMistake, areDistinct(Array(zip(columns.map(\.field), ranges))) else { return nil }
    qualified = [:]
    let plan = Plan.project(windowed(input, checker), columns)
    return isDistinct ? .distinct(plan) : plan
  }

  /// `set`: columns get other values in their old places.
  mutating func set(_ assignments: [Query.Assignment], _ input: Plan) -> Plan? {
    var checker = rowChecker(input)
    var columns = identity(input.schema)
    var hasMistake = false
    for assignment in assignments {
      let position = position(of: assignment.name, in: input.schema)
      guard let checked = checker.check(assignment.value), let position else {
        hasMistake = true
        continue
      }
      let old = input.schema[position]
      let display = checked.display == .automatic ? old.display : checked.display
      let type = checked.type ?? old.type
      let expr = checked.type == nil ? Expr.literal(.null, type) : checked.expr
      columns[position] = NamedExpr(Field(old.name, type, display: display), expr)
    }
    diagnostics += checker.diagnostics
    guard !hasMistake else { return nil }
    return .project(windowed(input, checker), columns)
  }

  /// `drop`: all columns but the named ones.
  mutating func drop(_ names: [Identifier], _ input: Plan) -> Plan? {
    let positions = names.map { position(of: $0, in: input.schema) }
    guard positions.allSatisfy({ $0 != nil }) else { return nil }
    qualified = [:]
    return .project(
      input, identity(input.schema).enumerated().filter { !positions.contains($0.offset) }.map(\.element))
  }

  /// `rename`: columns under other names.
  mutating func rename(_ renamings: [Query.Renaming], _ input: Plan) -> Plan? {
    var columns = identity(input.schema)
    /// The new names, by the columns' positions.
    var renamed: [Int: (Field, SourceRange)] = [:]
    var hasMistake = false
    for renaming in renamings {
      guard let position = position(of: renaming.old, in: input.schema) else {
        hasMistake = true
        continue
      }
      let old = input.schema[position]
      columns[position] = NamedExpr(
        Field(renaming.new.name, old.type, display: old.display), .column(position, old.type))
      renamed[position] = (columns[position].field, renaming.new.range)
    }
    let kept = columns.indices.filter { renamed[$0] == nil }.map { (columns[$0].field, SourceRange(0, 0)) }
    let new = renamed.values.sorted { $0.1.lower < $1.1.lower }
    guard !hasMistake, areDistinct(kept + new) else { return nil }
    qualified = [:]
    return .project(input, columns)
  }

  /// `order by`: a stable sort, nulls last unless said otherwise.
  mutating func order(_ keys: [Query.SortKey], _ input: Plan) -> Plan? {
    var checker = rowChecker(input)
    let checked = keys.map { checker.check($0.expression) }
    diagnostics += checker.diagnostics
    for key in keys {
      guard case .integer(let place) = key.expression.kind else { continue }
      let named = input.schema.enumerated().first { Int64($0.offset) + 1 == place }
      report(
        "order-by-place", "rows are ordered by columns and expressions, not by a column's place",
        at: key.expression.range, label: "the same for every row",
        hints: named.map { ["write 'order by \($0.element.name)'"] } ?? [])
      return nil
    }
    guard checked.allSatisfy({ $0 != nil }) else { return nil }
    let sorted = zip(keys, checked).compactMap { key, checked in
      checked.map {
        SortPlan($0.expr, isDescending: key.isDescending, nullsFirst: key.nullsFirst ?? false)
      }
    }
    let plan = Plan.sort(windowed(input, checker), sorted)
    return checker.windows.isEmpty ? plan : .project(plan, identity(input.schema))
  }
}
