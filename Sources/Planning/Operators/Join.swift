import Diagnostics
import Syntax
import Values

extension QueryChecker {
  /// `join`: brings in the columns of another relation. A column whose name is taken gets the relation's name in front.
  mutating func join(_ join: Query.Join, _ left: Plan) -> Plan? {
    guard let (right, _) = relation(join.relation) else { return nil }
    let name = join.alias?.name ?? join.relation.name.name
    guard isFree(name, at: join.alias?.range ?? join.relation.range) else { return nil }
    let leftSchema = left.schema
    let rightSchema = right.schema
    var leftKeys: [Expr] = []
    var rightKeys: [Expr] = []
    var condition: Expr?
    /// The pairs of columns that `using` makes one.
    var shared: [(left: Int, right: Int)] = []

    switch join.condition {
    case .none:
      // That a condition is missing was reported when the join was read.
      guard join.kind == .cross else { return nil }
    case .using(let names):
      for column in names {
        guard let a = position(of: column, in: leftSchema), let b = position(of: column, in: rightSchema)
        else { return nil }
        guard let (l, r) = unifiedKeys(leftSchema[a], a, rightSchema[b], b, at: column.range)
        else { return nil }
        leftKeys.append(l)
        rightKeys.append(r)
        shared.append((a, b))
      }
    case .on(let written):
      let leftNames = qualified
      qualify(rightSchema, by: name, from: leftSchema.count)
      var scope = Scope(left, eventNames: eventNames, qualified: qualified)
      qualified = leftNames
      scope.schema = leftSchema + rightSchema
      scope.log = nil
      scope.ambiguous = ambiguous(leftSchema, rightSchema, name)
      var checker = ExpressionChecker(environment, .rows, scope: scope)
      let checked = checker.condition(written)
      diagnostics += checker.diagnostics
      guard let checked else { return nil }
      var rest: [Expr] = []
      for part in checked.expr.conjuncts {
        if let (l, r) = part.equalKeys(leftCount: leftSchema.count) {
          leftKeys.append(l)
          rightKeys.append(r)
        } else {
          rest.append(part)
        }
      }
      condition = Expr.conjunction(rest)
    }

    let kind = JoinPlan.Kind(rawValue: join.kind.rawValue) ?? .inner
    var output = identity(leftSchema)
    if kind == .full || kind == .right {
      // The value of a shared key comes from whichever side has the row.
      for (pair, (l, r)) in zip(shared, zip(leftKeys, rightKeys)) {
        output[pair.left] = NamedExpr(
          Field(leftSchema[pair.left].name, l.type, display: leftSchema[pair.left].display),
          .coalesce([l, r.shifted(by: leftSchema.count)], l.type))
        qualified = qualified.filter { $0.value != pair.left }
      }
    }
    if kind == .inner {
      for pair in shared { qualified["\(name).\(rightSchema[pair.right].name)".lowercased()] = pair.left }
    }
    if kind != .semi, kind != .anti {
      let taken = Set(leftSchema.map { $0.name.lowercased() })
      for (position, field) in rightSchema.enumerated()
      where !shared.contains(where: { $0.right == position }) {
        var field = field
        if taken.contains(field.name.lowercased()) { field.name = "\(name)_\(field.name)" }
        qualified["\(name).\(rightSchema[position].name)".lowercased()] = output.count
        output.append(NamedExpr(field, .column(leftSchema.count + position, field.type)))
      }
    }
    guard areDistinct(output.map { ($0.field, join.relation.range) }) else { return nil }
    return .join(
      JoinPlan(
        kind: kind, left: left, right: right, leftKeys: leftKeys, rightKeys: rightKeys, condition: condition,
        output: output))
  }

  /// Whether no other table goes by a name; it is what their columns are told apart by.
  private mutating func isFree(_ name: String, at range: SourceRange) -> Bool {
    let prefix = name.lowercased() + "."
    guard qualified.keys.contains(where: { $0.hasPrefix(prefix) }) else { return true }
    report(
      "duplicate-relation", "two tables are named '\(name)' here", at: range,
      label: "the second of that name",
      hints: ["give it another name: 'join \(name) as other'"])
    return false
  }

  /// Names that both sides of a join have, where each side's can be told by its table: then the name alone says
  /// neither. The values are how to write them.
  private func ambiguous(_ left: Schema, _ right: Schema, _ name: String) -> [String: [String]] {
    var result: [String: [String]] = [:]
    for field in right {
      let column = field.name.lowercased()
      guard let position = left.position(of: field.name),
        let known = qualified.filter({ $0.value == position }).keys.min()
      else { continue }
      result[column] = [known, "\(name).\(field.name)"]
    }
    return result
  }

  private mutating func unifiedKeys(
    _ left: Field, _ a: Int, _ right: Field, _ b: Int, at range: SourceRange
  ) -> (Expr, Expr)? {
    if left.type == right.type { return (.column(a, left.type), .column(b, right.type)) }
    var checker = ExpressionChecker(environment, .rows)
    let pair = checker.unified(
      [(Checked(.column(a, left.type)), range), (Checked(.column(b, right.type)), range)],
      what: "the columns of a join")
    diagnostics += checker.diagnostics
    return pair.map { ($0.0[0].expr, $0.0[1].expr) }
  }

  /// `union`: the rows of further relations, column by column.
  mutating func union(_ names: [Query.RelationName], isDistinct: Bool, _ input: Plan) -> Plan? {
    var plans = [input]
    var schema = input.schema
    for name in names {
      guard let (plan, _) = relation(name) else { return nil }
      let other = plan.schema
      guard other.count == schema.count else {
        report(
          "union-columns",
          "a union is of tables with equally many columns, not \(schema.count) and \(other.count)",
          at: name.range, label: "\(other.count) columns")
        return nil
      }
      for (position, field) in other.enumerated() {
        guard let type = ScalarType.common(schema[position].type, field.type) else {
          report(
            "union-columns",
            "column '\(schema[position].name)' is of type \(schema[position].type.rawValue), not \(field.type.rawValue)",
            at: name.range, label: "'\(field.name)' is of type \(field.type.rawValue)")
          return nil
        }
        schema[position].type = type
      }
      plans.append(plan)
    }
    qualified = [:]
    let union = Plan.union(plans.map { converted($0, to: schema) })
    return isDistinct ? .distinct(union) : union
  }

  /// A plan with its columns under the names of a schema, and of its types.
  private func converted(_ plan: Plan, to schema: Schema) -> Plan {
    guard plan.schema != schema else { return plan }
    var checker = ExpressionChecker(environment, .rows)
    let columns = plan.schema.enumerated().map { position, field in
      let column = Checked(.column(position, field.type))
      let converted = checker.converted(column, to: schema[position].type, at: SourceRange(0, 0))
      return NamedExpr(schema[position], converted?.expr ?? column.expr)
    }
    return .project(plan, columns)
  }
}

extension Expr {
  /// The parts that are joined by `and`.
  public var conjuncts: [Expr] {
    guard case .call("and", _, let arguments, _) = self else { return [self] }
    return arguments.flatMap(\.conjuncts)
  }

  /// Conditions joined by `and`; nothing for none.
  public static func conjunction(_ parts: [Expr]) -> Expr? {
    guard var result = parts.first else { return nil }
    for part in parts.dropFirst() { result = .call("and", overload: 0, [result, part], .boolean) }
    return result
  }

  /// The two sides of an equality between columns of the left and of the right relation of a join.
  func equalKeys(leftCount: Int) -> (Expr, Expr)? {
    guard case .call("=", _, let sides, _) = self, sides.count == 2, sides[0].type == sides[1].type
    else { return nil }
    func isLeft(_ expr: Expr) -> Bool { !expr.columns.isEmpty && expr.columns.allSatisfy { $0 < leftCount } }
    func isRight(_ expr: Expr) -> Bool {
      !expr.columns.isEmpty && expr.columns.allSatisfy { $0 >= leftCount }
    }
    if isLeft(sides[0]), isRight(sides[1]) { return (sides[0], sides[1].shifted(by: -leftCount)) }
    if isLeft(sides[1]), isRight(sides[0]) { return (sides[1], sides[0].shifted(by: -leftCount)) }
    return nil
  }

  /// The expression over columns that stand so many places further.
  func shifted(by distance: Int) -> Expr {
    switch self {
    case .column(let position, let type): .column(position + distance, type)
    case .literal: self
    case .call(let name, let overload, let arguments, let type):
      .call(name, overload: overload, arguments.map { $0.shifted(by: distance) }, type)
    case .conditional(let branches, let otherwise, let type):
      .conditional(
        branches.map {
          Branch(condition: $0.condition.shifted(by: distance), value: $0.value.shifted(by: distance))
        }, otherwise: otherwise?.shifted(by: distance), type)
    case .coalesce(let values, let type): .coalesce(values.map { $0.shifted(by: distance) }, type)
    case .isIn(let value, let options, let orNull):
      .isIn(value.shifted(by: distance), options, orNull: orNull)
    }
  }
}
