import Diagnostics
import Syntax
import Values

extension QueryChecker {
  /// The input without the conditions directly before the step that say from when on rows are looked at, and that
  /// time: rows before it are history, which a step may need to know.
  func withHistory(_ input: Plan) -> (Plan, from: Int64?) {
    guard let log = input.log else { return (input, nil) }
    var source = input
    var parts: [Expr] = []
    while case .filter(let inner, let condition) = source {
      parts = condition.conjuncts + parts
      source = inner
    }
    var history = TimeBound()
    var rest: [Expr] = []
    for part in parts {
      guard let bound = TimeBound(part, ofColumn: log.time, in: environment.timeZone), bound.from != nil
      else {
        rest.append(part)
        continue
      }
      history = history.narrowed(by: bound)
      if let end = bound.end { rest.append(isBefore(end, log.time, source)) }
    }
    return (Expr.conjunction(rest).map { .filter(source, $0) } ?? source, history.from)
  }

  private func isBefore(_ end: Int64, _ column: Int, _ input: Plan) -> Expr {
    var rows = rowChecker(input)
    let sides = [rows.column(at: column), rows.literal(.timestamp(end), .timestamp)]
    guard let comparison = rows.call("<", sides, at: SourceRange(0, 0)) else {
      preconditionFailure("two times can be compared")
    }
    return comparison.expr
  }
}
