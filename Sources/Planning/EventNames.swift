import Values

/// The names of the events that can matter to something.
public enum EventNames: Hashable, Sendable {
  /// Any may, and so may events without a name.
  case all
  case some(Set<ExactText>)

  func union(_ other: EventNames) -> EventNames {
    guard case .some(let own) = self, case .some(let others) = other else { return .all }
    return .some(own.union(others))
  }

  func intersection(_ other: EventNames) -> EventNames {
    guard case .some(let own) = self else { return other }
    guard case .some(let others) = other else { return self }
    return .some(own.intersection(others))
  }

  /// Whether all names of others are among these.
  public func covers(_ other: EventNames) -> Bool { union(other) == self }

  /// What matters when something of several does.
  static func union(of names: some Sequence<EventNames>) -> EventNames {
    names.reduce(.some([])) { $0.union($1) }
  }
}

extension Expr {
  /// The names of the events for which a condition can be true.
  ///
  /// - Parameter column: where the event's name stands; nothing when it cannot be read.
  public func eventNames(at column: Int?) -> EventNames {
    guard let column else { return .all }
    switch self {
    case .literal(let scalar, .boolean): return scalar == .boolean(true) ? .all : .some([])
    case .call("=", _, let sides, _):
      switch (sides.first, sides.last) {
      case (.column(column, _), .literal(.text(let name), _)),
        (.literal(.text(let name), _), .column(column, _)):
        return .some([ExactText(name)])
      default: return .all
      }
    case .isIn(.column(column, _), let options, _):
      return .some(
        Set(
          options.compactMap { option in if case .text(let name) = option { ExactText(name) } else { nil } }))
    case .call("and", _, let sides, _):
      return sides.reduce(.all) { $0.intersection($1.eventNames(at: column)) }
    case .call("or", _, let sides, _): return .union(of: sides.map { $0.eventNames(at: column) })
    case .column, .literal, .call, .conditional, .coalesce, .isIn: return .all
    }
  }
}

extension AggregateCall {
  /// The names of the events whose rows can change the result.
  public func eventNames(at column: Int?) -> EventNames {
    let names = filter?.eventNames(at: column) ?? .all
    guard function == "count_if", let condition = arguments.first else { return names }
    return names.intersection(condition.eventNames(at: column))
  }
}

extension WindowCall {
  /// The names of the events whose rows can change the result.
  public func eventNames(at column: Int?) -> EventNames {
    switch self {
    case .aggregate(let call, over: _): call.eventNames(at: column)
    // Which row is next depends on all rows.
    case .neighbour: .all
    }
  }
}
