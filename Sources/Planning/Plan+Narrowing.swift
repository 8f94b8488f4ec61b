import Values

extension Plan {
  /// The same plan, in which each log's events are those alone whose names can matter: its result is the same.
  ///
  /// What windows, attributions and retentions look at is none of them where its names are known and the plan's rows
  /// `canBeReadByName`: it is read beside them. Sessions, and windows that look at whatever came before or after, need
  /// all events; where a condition on the event's name stands above them, they still do.
  ///
  public func narrowed(by facts: LogFacts = LogFacts()) -> Plan { narrowed(to: .all, facts) }

  /// - Parameter wanted: the names of the events whose rows are looked at above this plan. Rows of others may
  ///   be missing from its result, as long as none is different.
  private func narrowed(to wanted: EventNames, _ facts: LogFacts) -> Plan {
    switch self {
    case .events(let events):
      guard case .some(let names) = wanted, facts.isReadByNames(events.source, names) else { return self }
      return .events(events.restricted(to: names.sorted()))
    case .relation: return self
    case .filter(let input, let condition):
      let names = input.eventNames(where: condition, facts)
      return .filter(input.narrowed(to: wanted.intersection(names), facts), condition)
    case .extend(let input, let added): return .extend(input.narrowed(to: wanted, facts), added)
    case .project(let input, let columns): return .project(input.narrowed(to: wanted, facts), columns)
    case .windows(let input, let calls):
      let seen = EventNames.union(of: calls.map { $0.eventNames(at: input.log?.event) })
      return .windows(input.narrowed(to: wanted, beside: seen, facts), calls)
    case .sessions(let sessions):
      return .sessions(sessions.over(sessions.input.narrowed(to: .all, facts)))
    case .activity(let activity):
      return .activity(activity.over(activity.input.narrowed(to: .all, facts)))
    case .aggregate(let input, let keys, let calls):
      // With keys there is a group also where no call looks at a row.
      let seen =
        keys.isEmpty ? EventNames.union(of: calls.map { input.eventNames(of: $0, facts) }) : .all
      return .aggregate(input.narrowed(to: seen, facts), keys: keys, calls)
    case .attribute(let attribution):
      let event = attribution.input.log?.event
      let input = attribution.input.narrowed(
        to: attribution.conversion.eventNames(at: event), beside: attribution.touch.eventNames(at: event),
        facts)
      return .attribute(attribution.over(input))
    case .sort(let input, let keys): return .sort(input.narrowed(to: .all, facts), keys)
    case .limit(let input, let count, let offset):
      return .limit(input.narrowed(to: .all, facts), count: count, offset: offset)
    case .distinct(let input): return .distinct(input.narrowed(to: .all, facts))
    case .union(let inputs): return .union(inputs.map { $0.narrowed(to: .all, facts) })
    case .join(let join):
      // Where the result is no log, what is wanted of it is everything.
      return .join(
        join.over(
          left: join.left.narrowed(to: wanted, facts), right: join.right.narrowed(to: .all, facts)))
    case .funnel(let funnel):
      return .funnel(funnel.over(funnel.input.narrowed(to: funnel.eventNames(facts), facts)))
    case .lifecycle(let lifecycle):
      return .lifecycle(lifecycle.over(lifecycle.input.narrowed(to: .all, facts)))
    case .paths(let paths): return .paths(paths.over(paths.input.narrowed(to: .all, facts)))
    case .retention(let retention):
      let event = retention.input.log?.event
      let input = retention.input.narrowed(
        to: retention.start.eventNames(at: event), beside: retention.comeback.eventNames(at: event),
        facts)
      return .retention(retention.over(input))
    }
  }
}

extension Plan {
  /// Whether the rows are a choice of a log's events that can be told from their names and themselves: then those of
  /// other names can be read beside the ones that are looked at.
  public var canBeReadByName: Bool {
    switch self {
    case .events: true
    case .filter(let input, _), .extend(let input, _), .project(let input, _): input.canBeReadByName
    case .windows(let input, let calls):
      input.canBeReadByName && calls.allSatisfy { $0.eventNames(at: input.log?.event) != .all }
    case .relation, .activity, .aggregate, .attribute, .sort, .limit, .distinct, .join, .union, .funnel,
      .lifecycle, .paths, .retention, .sessions:
      false
    }
  }

  /// - Parameter seen: the names of the events that are looked at beside those that are wanted.
  private func narrowed(
    to wanted: EventNames, beside seen: EventNames, _ facts: LogFacts
  ) -> Plan {
    narrowed(to: canBeReadByName && seen != .all ? wanted : wanted.union(seen), facts)
  }
}

extension EventsPlan {
  fileprivate func restricted(to names: [ExactText]) -> EventsPlan {
    EventsPlan(source: source, schema: schema, log: log, names: names)
  }
}

extension FunnelPlan {
  /// The names of the events that can be steps or exclusions. What follows immediately depends on all events.
  fileprivate func eventNames(_ facts: LogFacts) -> EventNames {
    if steps.contains(where: \.isImmediate) { return .all }
    let conditions = steps.map(\.condition) + exclusions.map(\.condition)
    return .union(of: conditions.map { input.eventNames(where: $0, facts) })
  }

  fileprivate func over(_ input: Plan) -> FunnelPlan {
    FunnelPlan(
      input: input, steps: steps, within: within, ties: ties, entry: entry, exclusions: exclusions,
      same: same, order: order, counting: counting, groups: groups, breakdown: breakdown)
  }
}

extension RetentionPlan {
  fileprivate func over(_ input: Plan) -> RetentionPlan {
    RetentionPlan(
      input: input, start: start, comeback: comeback, unit: unit, periods: periods, mode: mode,
      criterion: criterion, cohort: cohort, range: range, groups: groups)
  }
}

extension ActivityPlan {
  fileprivate func over(_ input: Plan) -> ActivityPlan {
    ActivityPlan(input: input, unit: unit, windowDays: windowDays, from: from, groups: groups)
  }
}

extension AttributionPlan {
  fileprivate func over(_ input: Plan) -> AttributionPlan {
    AttributionPlan(
      input: input, touch: touch, conversion: conversion, within: within, model: model, credit: credit,
      value: value, from: from, groups: groups)
  }
}

extension LifecyclePlan {
  fileprivate func over(_ input: Plan) -> LifecyclePlan {
    LifecyclePlan(input: input, unit: unit, from: from, groups: groups)
  }
}

extension PathsPlan {
  fileprivate func over(_ input: Plan) -> PathsPlan {
    PathsPlan(
      input: input, event: event, anchor: anchor, depth: depth, session: session, repeats: repeats,
      hidden: hidden)
  }
}

extension SessionsPlan {
  fileprivate func over(_ input: Plan) -> SessionsPlan {
    SessionsPlan(input: input, gap: gap, maximum: maximum, split: split, key: key)
  }
}

extension JoinPlan {
  fileprivate func over(left: Plan, right: Plan) -> JoinPlan {
    JoinPlan(
      kind: kind, left: left, right: right, leftKeys: leftKeys, rightKeys: rightKeys, condition: condition,
      output: output)
  }
}
