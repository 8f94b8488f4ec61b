import Values

extension Plan {
  /// The time up to which a log can have rows, as far as its filters say, in microseconds; nothing when they do not.
  ///
  /// A period that ends later has not ended as far as these rows can tell, though the source knows more.
  public var latestTime: Int64? {
    log.flatMap { conditions(on: $0.time).compactMap { $0.latest(ofColumn: $1) }.min() }
  }

  /// The time from which a log can have rows, as far as its filters say, in microseconds; nothing when they do not.
  public var earliestTime: Int64? {
    log.flatMap { conditions(on: $0.time).compactMap { $0.earliest(ofColumn: $1) }.max() }
  }

  /// The conditions of the filters on a column's way, each with where the column stands there.
  private func conditions(on column: Int) -> [(Expr, Int)] {
    switch self {
    case .filter(let input, let condition): return input.conditions(on: column) + [(condition, column)]
    case .project(let input, let columns):
      guard case .column(let position, _) = columns[column].expression else { return [] }
      return input.conditions(on: position)
    case .extend(let input, _), .windows(let input, _): return input.conditions(on: column)
    case .sessions(let sessions): return sessions.input.conditions(on: column)
    case .join(let join):
      guard case .column(let position, _) = join.output[column].expression, position < join.left.schema.count
      else { return [] }
      return join.left.conditions(on: position)
    case .events, .relation, .activity, .aggregate, .attribute, .sort, .limit, .distinct, .union, .funnel,
      .lifecycle, .retention:
      return []
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

  /// The greatest constant that a column of times has to lie above, or at, for a condition to be true.
  public func earliest(ofColumn column: Int) -> Int64? {
    conjuncts.compactMap { part -> Int64? in
      guard case .call(let name, _, let sides, _) = part, sides.count == 2 else { return nil }
      switch (name, sides[0], sides[1]) {
      case (">", .column(column, _), let bound), (">=", .column(column, _), let bound),
        ("<", let bound, .column(column, _)), ("<=", let bound, .column(column, _)):
        return bound.constantTime
      default: return nil
      }
    }.max()
  }

  /// The time that a constant stands for.
  private var constantTime: Int64? {
    if case .literal(.timestamp(let time), _) = self { time } else { nil }
  }
}
