import Values

extension Plan {
  /// The time up to which a log can have rows, as far as its filters say, in microseconds; nothing when they do not.
  ///
  /// A period that ends later has not ended as far as these rows can tell, though the source knows more.
  public var latestTime: Int64? { log.flatMap { latestTime(of: $0.time) } }

  private func latestTime(of column: Int) -> Int64? {
    switch self {
    case .filter(let input, let condition):
      return [input.latestTime(of: column), condition.latest(ofColumn: column)].compactMap(\.self).min()
    case .project(let input, let columns):
      guard case .column(let position, _) = columns[column].expression else { return nil }
      return input.latestTime(of: position)
    case .extend(let input, _), .windows(let input, _): return input.latestTime(of: column)
    case .sessions(let sessions): return sessions.input.latestTime(of: column)
    case .join(let join):
      guard case .column(let position, _) = join.output[column].expression, position < join.left.schema.count
      else { return nil }
      return join.left.latestTime(of: position)
    case .events, .relation, .aggregate, .sort, .limit, .distinct, .union, .funnel, .retention, .paths:
      return nil
    }
  }
}

extension Expr {
  /// The least constant that a column of times has to lie below, or at, for a condition to be true.
  public func latest(ofColumn column: Int) -> Int64? {
    conjuncts.compactMap { part -> Int64? in
      guard case .call(let name, _, let sides, _) = part, sides.count == 2 else { return nil }
      switch (name, sides[0], sides[1]) {
      case ("<", .column(column, _), let bound), ("<=", .column(column, _), let bound),
        (">", let bound, .column(column, _)), (">=", let bound, .column(column, _)):
        return bound.constantTime
      default: return nil
      }
    }.min()
  }

  /// The time that a constant stands for.
  private var constantTime: Int64? {
    if case .literal(.timestamp(let time), _) = self { time } else { nil }
  }
}
