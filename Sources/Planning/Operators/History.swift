import Diagnostics
import Syntax
import Values

extension QueryChecker {
  /// The input without the conditions directly before the step that say from when on rows are looked at, and that
  /// time: rows before it are history, which a step may need to know.
  ///
  /// Conditions on the local date of a row are taken for what they say of its time.
  func withHistory(_ input: Plan) -> (Plan, from: Int64?) {
    guard let log = input.log else { return (input, nil) }
    var source = input
    var parts: [Expr] = []
    while case .filter(let inner, let condition) = source {
      parts = condition.conjuncts + parts
      source = inner
    }
    var from: Int64?
    var rest: [Expr] = []
    for part in parts {
      guard let bound = TimeBound(part, ofColumn: log.time, environment.timeZone) else {
        rest.append(part)
        continue
      }
      if let start = bound.from { from = max(from ?? start, start) }
      if let end = bound.end { rest.append(isBefore(end, log.time, source)) }
    }
    return (Expr.conjunction(rest).map { .filter(source, $0) } ?? source, from)
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

/// The part of time that a condition leaves, in microseconds, where it is about nothing else and leaves all of it from
/// some moment on, or is about the local date.
private struct TimeBound {
  /// The first moment.
  var from: Int64?
  /// The first moment that does not belong to it any more.
  var end: Int64?

  init?(_ condition: Expr, ofColumn column: Int, _ timeZone: TimeZoneRules) {
    guard case .call(let name, _, let sides, _) = condition, sides.count == 2 else { return nil }
    let mirrored = ["<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="]
    guard let mirror = mirrored[name] else { return nil }
    let (sign, side, constant) =
      if case .literal = sides[0] { (mirror, sides[1], sides[0]) } else { (name, sides[0], sides[1]) }
    switch (side, constant) {
    case (.column(column, _), .literal(.timestamp(let time), _)):
      // A time that has no next one is above all that a log can have.
      let next = time == .max ? time : time + 1
      guard sign == ">=" || sign == ">" else { return nil }
      from = sign == ">" ? next : time
    case (.call("date", _, let arguments, _), .literal(.date(let day), _)):
      guard arguments == [.column(column, .timestamp)], Calendar.representable.contains(day) else {
        return nil
      }
      let start = timeZone.timestamp(local: day * Calendar.microsecondsPerDay)
      let next = timeZone.timestamp(local: (day + 1) * Calendar.microsecondsPerDay)
      switch sign {
      case ">=": from = start
      case ">": from = next
      case "<": end = start
      case "<=": end = next
      default: (from, end) = (start, next)
      }
    default: return nil
    }
  }
}

extension Calendar {
  /// Days whose moments are numbers with room around them: some 200 thousand years before and after 1970.
  fileprivate static let representable: ClosedRange<Int64> = -73_000_000...73_000_000
}
