import Diagnostics
import Syntax
import Values

extension QueryChecker {
  /// The checked items of a `group by`.
  mutating func breakdown(
    _ written: [Query.NamedExpression], _ rows: inout ExpressionChecker
  ) -> [NamedExpr]? {
    var groups: [NamedExpr] = []
    for item in written {
      guard let checked = rows.check(item.expression), let field = field(item, checked) else { return nil }
      groups.append(NamedExpr(field, checked.expr))
    }
    return groups
  }

  /// Whether the breakdown's names differ from each other and from the operator's own columns.
  mutating func areFree(
    _ groups: [NamedExpr], _ written: [Query.NamedExpression], _ reserved: [String]
  ) -> Bool {
    let own = reserved.map { (Field($0, .text), SourceRange(0, 0)) }
    return areDistinct(own + zip(groups, written).map { ($0.field, $1.name?.range ?? $1.expression.range) })
  }
}
