import Diagnostics
import Syntax
import Values

/// A checked expression with what its surroundings want to know about it.
struct Checked {
  var expr: Expr
  /// Nothing for an untyped null.
  var type: ScalarType?
  var display: Display = .automatic
  /// In a document's own expressions: whether there may be more values than one.
  var isColumn = false
  /// Where it is written; nothing for what was made of other expressions.
  var range: SourceRange?

  static func null() -> Checked { Checked(expr: .literal(.null, .text), type: nil) }

  init(expr: Expr, type: ScalarType?, display: Display = .automatic, isColumn: Bool = false) {
    self.expr = expr
    self.type = type
    self.display = display
    self.isColumn = isColumn
  }

  init(_ expr: Expr, display: Display = .automatic, isColumn: Bool = false) {
    self.init(expr: expr, type: expr.type, display: display, isColumn: isColumn)
  }

  /// The plain value of a constant expression.
  var constant: Scalar? {
    if case .literal(let scalar, _) = expr { scalar } else { nil }
  }
}

/// The columns that an expression in a query may use.
struct Scope {
  var schema: Schema
  /// Positions of columns by `relation.column` in lower case, where a relation is known by a name.
  var qualified: [String: Int] = [:]
  /// Names that stand for columns of both sides of a join, in lower case, and how to write each.
  var ambiguous: [String: [String]] = [:]
  /// Which column has the log's event names, and those that the log has seen.
  var events: (column: Int, names: [String])?
  /// Where the rows are a log: its columns, which windows and look-ups over an entity's events need.
  var log: LogColumns?

  init(_ plan: Plan, eventNames: [String], qualified: [String: Int] = [:]) {
    schema = plan.schema
    self.qualified = qualified
    log = plan.log
    if let column = log?.event, !eventNames.isEmpty { events = (column, eventNames) }
  }

  init(_ schema: Schema) {
    self.schema = schema
  }
}
