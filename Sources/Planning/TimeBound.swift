import Values

/// The part of time that conditions leave to the rows of a log, in microseconds.
public struct TimeBound: Hashable, Sendable {
  /// The first moment; nothing for no bound.
  public var from: Int64?
  /// The first moment after it; nothing for no bound.
  public var end: Int64?

  /// All of time.
  public init() {}

  /// What a condition leaves that compares a column of times, or its local date, with a constant; nothing for any other
  /// condition.
  init?(_ condition: Expr, ofColumn column: Int, in timeZone: TimeZoneRules) {
    guard case .call(let name, _, let sides, _) = condition, sides.count == 2 else { return nil }
    let mirrored = ["<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="]
    guard let mirror = mirrored[name] else { return nil }
    let (sign, side, constant) =
      if case .literal = sides[0] { (mirror, sides[1], sides[0]) } else { (name, sides[0], sides[1]) }
    // The first moment of the constant, and the first after it.
    let (start, next): (Int64, Int64)
    switch (side, constant) {
    case (.column(column, _), .literal(.timestamp(let time), _)):
      // Nothing is later than the last moment that a number stands for.
      (start, next) = (time, time == .max ? time : time + 1)
    case (.call("date", _, let arguments, _), .literal(.date(let day), _)):
      guard arguments == [.column(column, .timestamp)], TimeBound.days.contains(day) else { return nil }
      start = timeZone.timestamp(local: day * Calendar.microsecondsPerDay)
      next = timeZone.timestamp(local: (day + 1) * Calendar.microsecondsPerDay)
    default: return nil
    }
    switch sign {
    case ">=": from = start
    case ">": from = next
    case "<": end = start
    case "<=": end = next
    default: (from, end) = (start, next)
    }
  }

  /// The part of time that belongs to both.
  func narrowed(by other: TimeBound) -> TimeBound {
    var both = self
    both.from = [from, other.from].compactMap(\.self).max()
    both.end = [end, other.end].compactMap(\.self).min()
    return both
  }

  /// Days whose moments are numbers with room around them: some 200 thousand years before and after 1970.
  private static let days: ClosedRange<Int64> = -73_000_000...73_000_000
}

extension Expr {
  /// What a condition leaves of a column of times, as far as its parts are about nothing else.
  public func timeBound(ofColumn column: Int, in timeZone: TimeZoneRules) -> TimeBound {
    conjuncts.compactMap { TimeBound($0, ofColumn: column, in: timeZone) }
      .reduce(TimeBound()) { $0.narrowed(by: $1) }
  }
}

extension Plan {
  /// The part of time in which a log can have rows, as far as its filters say.
  ///
  /// A period that ends later has not ended as far as these rows can tell, though the source knows more.
  public func timeBound(in timeZone: TimeZoneRules) -> TimeBound {
    guard let log else { return TimeBound() }
    return timeBound(ofColumn: log.time, in: timeZone)
  }

  private func timeBound(ofColumn column: Int, in timeZone: TimeZoneRules) -> TimeBound {
    switch self {
    case .filter(let input, let condition):
      return input.timeBound(ofColumn: column, in: timeZone)
        .narrowed(by: condition.timeBound(ofColumn: column, in: timeZone))
    case .project(let input, let columns):
      guard case .column(let position, _) = columns[column].expression else { return TimeBound() }
      return input.timeBound(ofColumn: position, in: timeZone)
    case .extend(let input, _), .windows(let input, _):
      return input.timeBound(ofColumn: column, in: timeZone)
    case .sessions(let sessions): return sessions.input.timeBound(ofColumn: column, in: timeZone)
    case .join(let join):
      guard case .column(let position, _) = join.output[column].expression, position < join.left.schema.count
      else { return TimeBound() }
      return join.left.timeBound(ofColumn: position, in: timeZone)
    case .events, .relation, .activity, .aggregate, .attribute, .sort, .limit, .distinct, .union, .funnel,
      .lifecycle, .paths, .retention:
      return TimeBound()
    }
  }
}
