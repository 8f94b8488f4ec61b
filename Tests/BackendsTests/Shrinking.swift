import Backends
import Planning
import Values

extension Trial {
  /// A smaller trial that still differs: fewer steps, smaller expressions, fewer rows.
  func shrunk(on database: DuckDB) throws -> Trial {
    var best = self
    var isSmaller = true
    while isSmaller {
      isSmaller = false
      for candidate in best.candidates {
        guard (try? candidate.outcome(on: database))?.kind == .differs else { continue }
        best = candidate
        isSmaller = true
        break
      }
    }
    return best
  }

  private var candidates: [Trial] {
    var result = plan.smaller.map { plan in
      var trial = self
      trial.plan = plan
      return trial
    }
    for part in [2, 4, 8, events.count] where part > 0 && events.count >= part {
      for index in 0..<part {
        let range = (events.count * index / part)..<(events.count * (index + 1) / part)
        guard !range.isEmpty else { continue }
        var trial = self
        trial.events = events.gathered((0..<Int32(events.count)).filter { !range.contains(Int($0)) })
        result.append(trial)
      }
    }
    for index in 0..<users.count {
      var trial = self
      trial.users = users.gathered((0..<Int32(users.count)).filter { Int($0) != index })
      result.append(trial)
    }
    if !timeZone.isUTC {
      var trial = self
      trial.timeZone = .utc
      result.append(trial)
    }
    return result
  }

  /// The trial as a document, with the SQL below it.
  func document() throws -> String {
    func block(_ name: String, _ table: Table) -> String {
      let rows = (0..<table.count).map { row in
        table.row(row).map { scalar in
          if case .text(let text) = scalar { return "\"\(text)\"" }
          return ValueFormatter.machine(scalar)
        }.joined(separator: ",")
      }
      let header = table.schema.map(\.name).joined(separator: ",")
      return "```data \(name)\n\(([header] + rows).joined(separator: "\n"))\n```\n"
    }
    let database = try DuckDB()
    try database.load(events: events, of: "log")
    try database.load(users, as: "users")
    let steps = plan.description().split(separator: "\n").reversed().joined(separator: "\n")
    let sql = (try? database.statement(of: plan, timeZone: timeZone)) ?? ""
    return """
      timezone: \(timeZone.name)

      \(block("log", events))
      \(block("users", users))
      \(steps)

      \(plan)

      \(sql)
      """
  }
}

extension Plan {
  /// Plans of the same kind with a step, a column or a part of an expression less.
  var smaller: [Plan] {
    func cut<Element>(_ elements: [Element], least: Int = 1) -> [[Element]] {
      guard elements.count > least else { return [] }
      return elements.indices.map { index in
        var rest = elements
        rest.remove(at: index)
        return rest
      }
    }
    func within(_ input: Plan, _ make: (Plan) -> Plan) -> [Plan] {
      input.smaller.filter { $0.schema == input.schema && ($0.log != nil) == (input.log != nil) }.map(make)
    }
    func items(_ columns: [NamedExpr]) -> [[NamedExpr]] {
      columns.indices.flatMap { index in
        columns[index].expression.smaller.map { expression in
          var changed = columns
          changed[index] = NamedExpr(columns[index].field, expression)
          return changed
        }
      }
    }
    func calls(_ calls: [AggregateCall]) -> [[AggregateCall]] {
      calls.indices.flatMap { index in
        calls[index].smaller.map { call in
          var changed = calls
          changed[index] = call
          return changed
        }
      }
    }
    switch self {
    case .events, .relation: return []
    case .filter(let input, let condition):
      return [input] + within(input) { .filter($0, condition) } + condition.smaller.map { .filter(input, $0) }
    case .extend(let input, let added):
      return [input] + within(input) { .extend($0, added) } + cut(added).map { .extend(input, $0) }
        + items(added).map { .extend(input, $0) }
    case .project(let input, let columns):
      return [input] + within(input) { .project($0, columns) } + cut(columns).map { .project(input, $0) }
        + items(columns).map { .project(input, $0) }
    case .windows(let input, let windows):
      return [input] + within(input) { .windows($0, windows) } + cut(windows).map { .windows(input, $0) }
    case .aggregate(let input, let keys, let aggregates):
      return [input] + within(input) { .aggregate($0, keys: keys, aggregates) }
        + cut(keys, least: 0).map { .aggregate(input, keys: $0, aggregates) }
        + cut(aggregates).map { .aggregate(input, keys: keys, $0) }
        + items(keys).map { .aggregate(input, keys: $0, aggregates) }
        + calls(aggregates).map { .aggregate(input, keys: keys, $0) }
    case .sort(let input, let keys):
      return [input] + within(input) { .sort($0, keys) } + cut(keys).map { .sort(input, $0) }
    case .limit(let input, let count, let offset):
      return [input] + within(input) { .limit($0, count: count, offset: offset) }
    case .distinct(let input): return [input] + input.smaller.map { .distinct($0) }
    case .union(let inputs): return inputs + cut(inputs).map { .union($0) }
    case .join(let join):
      return [join.left, join.right]
        + within(join.left) { left in
          .join(
            JoinPlan(
              kind: join.kind, left: left, right: join.right, leftKeys: join.leftKeys,
              rightKeys: join.rightKeys,
              condition: join.condition, output: join.output))
        }
        + (join.condition == nil
          ? []
          : [
            .join(
              JoinPlan(
                kind: join.kind, left: join.left, right: join.right, leftKeys: join.leftKeys,
                rightKeys: join.rightKeys, condition: nil, output: join.output))
          ])
    case .funnel(let funnel):
      return [funnel.input]
        + within(funnel.input) { input in .funnel(funnel.changed(input: input)) }
        + cut(funnel.groups, least: 0).map { .funnel(funnel.changed(groups: $0)) }
        + items(funnel.groups).map { .funnel(funnel.changed(groups: $0)) }
        + funnel.simpler.map { .funnel($0) }
    case .activity(let activity):
      return [activity.input]
        + within(activity.input) { .activity(activity.changed(input: $0)) }
        + cut(activity.groups, least: 0).map { .activity(activity.changed(groups: $0)) }
        + items(activity.groups).map { .activity(activity.changed(groups: $0)) }
        + (activity.from == nil ? [] : [.activity(activity.starting(nil))])
    case .lifecycle(let lifecycle):
      return [lifecycle.input]
        + within(lifecycle.input) { .lifecycle(lifecycle.changed(input: $0)) }
        + cut(lifecycle.groups, least: 0).map { .lifecycle(lifecycle.changed(groups: $0)) }
        + items(lifecycle.groups).map { .lifecycle(lifecycle.changed(groups: $0)) }
    case .attribute(let attribution):
      return [attribution.input]
        + within(attribution.input) { .attribute(attribution.changed(input: $0)) }
        + cut(attribution.groups, least: 0).map { .attribute(attribution.changed(groups: $0)) }
        + items([attribution.credit]).map { .attribute(attribution.changed(credit: $0[0])) }
    case .paths(let paths):
      return [paths.input] + within(paths.input) { .paths(paths.changed(input: $0)) }
        + (paths.hidden == nil ? [] : [.paths(paths.showingAll)])
    case .retention(let retention):
      return [retention.input]
        + within(retention.input) { .retention(retention.changed(input: $0)) }
        + cut(retention.groups, least: 0).map { .retention(retention.changed(groups: $0)) }
    case .sessions(let sessions):
      return [sessions.input]
        + within(sessions.input) {
          .sessions(
            SessionsPlan(
              input: $0, gap: sessions.gap, maximum: sessions.maximum, split: sessions.split,
              key: sessions.key))
        }
    }
  }
}

extension FunnelPlan {
  fileprivate func changed(input: Plan? = nil, groups: [NamedExpr]? = nil) -> FunnelPlan {
    with(input: input, groups: groups)
  }

  /// Funnels with a step or an option less.
  fileprivate var simpler: [FunnelPlan] {
    var result: [FunnelPlan] = []
    if steps.count > 1 {
      for index in steps.indices {
        var rest = steps
        rest.remove(at: index)
        let last = rest.count - 1
        let kept = exclusions.filter { $0.after < min($0.before, last) }
        result.append(
          with(
            steps: rest,
            exclusions: kept.map {
              Exclusion(condition: $0.condition, after: $0.after, before: min($0.before, last))
            }))
      }
    }
    if steps.contains(where: \.isImmediate) {
      result.append(
        with(steps: steps.map { Step(name: $0.name, condition: $0.condition, isImmediate: false) }))
    }
    for index in steps.indices {
      for condition in steps[index].condition.smaller {
        var changed = steps
        changed[index] = Step(
          name: steps[index].name, condition: condition, isImmediate: steps[index].isImmediate)
        result.append(with(steps: changed))
      }
    }
    for index in exclusions.indices {
      var rest = exclusions
      rest.remove(at: index)
      result.append(with(exclusions: rest))
    }
    if !same.isEmpty { result.append(with(same: Array(same.dropLast()))) }
    if counting == .attempts { result.append(with(counting: .entities)) }
    return result
  }

  private func with(
    input: Plan? = nil, steps: [Step]? = nil, exclusions: [Exclusion]? = nil, same: [Expr]? = nil,
    counting: Counting? = nil, groups: [NamedExpr]? = nil
  ) -> FunnelPlan {
    let steps = steps ?? self.steps
    var breakdown = breakdown
    if case .step(let step) = breakdown, step >= steps.count { breakdown = .first }
    return FunnelPlan(
      input: input ?? self.input, steps: steps, within: within, ties: ties, entry: entry,
      exclusions: exclusions ?? self.exclusions, same: same ?? self.same, order: order,
      counting: counting ?? self.counting, groups: groups ?? self.groups, breakdown: breakdown)
  }
}

extension ActivityPlan {
  fileprivate func changed(input: Plan? = nil, groups: [NamedExpr]? = nil) -> ActivityPlan {
    ActivityPlan(
      input: input ?? self.input, unit: unit, windowDays: windowDays, from: from,
      groups: groups ?? self.groups)
  }

  fileprivate func starting(_ from: Int64?) -> ActivityPlan {
    ActivityPlan(input: input, unit: unit, windowDays: windowDays, from: from, groups: groups)
  }
}

extension LifecyclePlan {
  fileprivate func changed(input: Plan? = nil, groups: [NamedExpr]? = nil) -> LifecyclePlan {
    LifecyclePlan(input: input ?? self.input, unit: unit, from: from, groups: groups ?? self.groups)
  }
}

extension AttributionPlan {
  fileprivate func changed(
    input: Plan? = nil, credit: NamedExpr? = nil, groups: [NamedExpr]? = nil
  ) -> AttributionPlan {
    AttributionPlan(
      input: input ?? self.input, touch: touch, conversion: conversion, within: within, model: model,
      credit: credit ?? self.credit, value: value, from: from, groups: groups ?? self.groups)
  }
}

extension PathsPlan {
  fileprivate func changed(input: Plan) -> PathsPlan {
    PathsPlan(
      input: input, event: event, anchor: anchor, depth: depth, session: session, repeats: repeats,
      hidden: hidden)
  }

  fileprivate var showingAll: PathsPlan {
    PathsPlan(
      input: input, event: event, anchor: anchor, depth: depth, session: session, repeats: repeats)
  }
}

extension RetentionPlan {
  fileprivate func changed(input: Plan? = nil, groups: [NamedExpr]? = nil) -> RetentionPlan {
    RetentionPlan(
      input: input ?? self.input, start: start, comeback: comeback, unit: unit, periods: periods, mode: mode,
      criterion: criterion, cohort: cohort, range: range, groups: groups ?? self.groups)
  }
}

extension AggregateCall {
  /// Calls without a filter or with smaller arguments.
  fileprivate var smaller: [AggregateCall] {
    func changed(_ arguments: [Expr], _ filter: Expr?) -> AggregateCall {
      AggregateCall(
        field: field, function: function, overload: overload, arguments: arguments, isDistinct: isDistinct,
        filter: filter)
    }
    return (filter == nil ? [] : [changed(arguments, nil)])
      + arguments.indices.flatMap { index in
        arguments[index].smaller.map { argument in
          var all = arguments
          all[index] = argument
          return changed(all, filter)
        }
      } + (filter?.smaller.map { changed(arguments, $0) } ?? [])
  }
}

extension Expr {
  /// Expressions of the same type that are a part of this one, or have a smaller part.
  fileprivate var smaller: [Expr] {
    func changed(_ list: [Expr], _ make: ([Expr]) -> Expr) -> [Expr] {
      list.indices.flatMap { index in
        list[index].smaller.map { part in
          var all = list
          all[index] = part
          return make(all)
        }
      }
    }
    switch self {
    case .column, .literal: return []
    case .call(let name, let overload, let arguments, let type):
      return arguments.filter { $0.type == type }
        + changed(arguments) { .call(name, overload: overload, $0, type) }
    case .coalesce(let values, let type): return values + changed(values) { .coalesce($0, type) }
    case .isIn(let value, let options, let orNull):
      return value.smaller.map { .isIn($0, options, orNull: orNull) }
    case .conditional(let branches, let otherwise, let type):
      let values = branches.map(\.value) + (otherwise.map { [$0] } ?? [])
      let flat = branches.flatMap { [$0.condition, $0.value] } + (otherwise.map { [$0] } ?? [])
      return values
        + changed(flat) { parts in
          .conditional(
            branches.indices.map { Branch(condition: parts[2 * $0], value: parts[2 * $0 + 1]) },
            otherwise: otherwise == nil ? nil : parts[parts.count - 1], type)
        }
    }
  }
}
