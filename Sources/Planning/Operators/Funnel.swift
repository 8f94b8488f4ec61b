import Diagnostics
import Syntax
import Values

extension QueryChecker {
  /// `funnel`: how far each entity gets through some steps.
  mutating func funnel(_ written: Query.FunnelSyntax, _ input: Plan, at range: SourceRange) -> Plan? {
    guard isLog(input, for: "funnel", at: range) else { return nil }
    var rows = rowChecker(input)
    var steps: [FunnelPlan.Step] = []
    var hasMistake = false
    let names = written.steps.enumerated().map { $1.name?.name ?? $1.condition.eventName ?? "step \($0 + 1)" }
    for (name, step) in zip(names, written.steps) {
      guard let condition = rows.condition(step.condition) else {
        hasMistake = true
        continue
      }
      steps.append(FunnelPlan.Step(name: name, condition: condition.expr, isImmediate: step.isImmediate))
    }
    if let second = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      let step = written.steps[second]
      rows.report(
        "duplicate-step", "two steps are named '\(names[second])'",
        at: step.name?.range ?? step.condition.range, label: "the second of that name",
        hints: ["name it otherwise: 'as name'"])
      hasMistake = true
    }
    var exclusions: [FunnelPlan.Exclusion] = []
    for exclusion in written.exclusions {
      let condition = rows.condition(exclusion.condition)
      let after = exclusion.after.map { step(named: $0, names, &rows) } ?? 0
      let before = exclusion.before.map { step(named: $0, names, &rows) } ?? names.count - 1
      guard let condition, let after, let before else {
        hasMistake = true
        continue
      }
      guard after < before else {
        rows.report(
          "exclusion-order", "an exclusion lies between an earlier and a later step",
          at: exclusion.before?.range ?? exclusion.condition.range, label: "not a later step",
          hints: after == before ? [] : ["write 'between \(names[before]) and \(names[after])'"])
        hasMistake = true
        continue
      }
      exclusions.append(FunnelPlan.Exclusion(condition: condition.expr, after: after, before: before))
    }
    if !isCountable(written, &rows) { hasMistake = true }
    let within = rows.duration(written.within)
    let same = written.same.map { rows.column(named: $0) }
    hasMistake = hasMistake || same.contains { $0 == nil }
    let groups = breakdown(written.groups, &rows)
    var place = FunnelPlan.Breakdown.first
    switch written.breakdown {
    case .first: break
    case .last: place = .last
    case .step(let name):
      if let position = step(named: name, names, &rows, beside: ["first", "last"]) {
        place = .step(position)
      } else {
        hasMistake = true
      }
    }
    diagnostics += rows.diagnostics
    guard !hasMistake, let groups, let within else { return nil }
    let reserved = ["step", "entities", "attempts", "open", "rate", "rate_of_previous", "median_time"]
    guard areFree(groups, written.groups, reserved) else { return nil }
    qualified = [:]
    return .funnel(
      FunnelPlan(
        input: windowed(input, rows), steps: steps, within: within,
        ties: FunnelPlan.Ties(rawValue: written.ties.rawValue) ?? .any,
        entry: FunnelPlan.Entry(rawValue: written.entry.rawValue) ?? .best, exclusions: exclusions,
        same: same.compactMap { $0?.expr }, order: written.isAnyOrder ? .any : .given,
        counting: written.isEachAttempt ? .attempts : .entities, groups: groups, breakdown: place))
  }

  /// Whether there is an answer to a funnel's options together.
  private func isCountable(_ written: Query.FunnelSyntax, _ rows: inout ExpressionChecker) -> Bool {
    let limit = FunnelPlan.limit
    let before = rows.diagnostics.count
    for one in [written.steps.map(\.condition), written.exclusions.map(\.condition)] where one.count > limit {
      rows.report(
        "funnel-limit", "a funnel has no more than \(limit) steps, and as many exclusions",
        at: one[limit].range,
        label: "number \(limit + 1)", hints: ["ask for parts of the way in funnels of their own"])
    }
    guard written.isAnyOrder else { return rows.diagnostics.count == before }
    for step in written.steps where step.isImmediate {
      rows.report(
        "any-order", "steps in any order have none before them to follow immediately",
        at: step.condition.range,
        label: "said to follow immediately", hints: ["leave out 'immediately', or 'any order'"])
    }
    for exclusion in written.exclusions {
      guard let name = exclusion.after ?? exclusion.before else { continue }
      rows.report(
        "any-order", "steps in any order have no place between two of them", at: name.range,
        label: "a step of no fixed place", hints: ["leave out 'between', or 'any order'"])
    }
    return rows.diagnostics.count == before
  }

  /// - Parameter words: what may stand in the place of a step's name.
  private mutating func step(
    named name: Identifier, _ names: [String], _ rows: inout ExpressionChecker, beside words: [String] = []
  ) -> Int? {
    if let position = names.firstIndex(where: { $0.lowercased() == name.name.lowercased() }) {
      return position
    }
    rows.report(
      "no-step", "no step named '\(name.name)'", at: name.range, label: "not a step",
      notes: ["the steps are \(names.map { "'\($0)'" }.joined(separator: ", "))"]
        + (words.isEmpty
          ? [] : ["\(words.map { "'\($0)'" }.joined(separator: " and ")) stand for steps too"]),
      hints: NearestName.of(name.name, among: names + words).map { ["did you mean '\($0)'?"] } ?? [])
    return nil
  }
}

extension Expression {
  /// The name in `event = 'name'`.
  fileprivate var eventName: String? {
    guard case .binary(.equal, _, let left, let right) = kind else { return nil }
    if case .name = left.kind, case .text(let text) = right.kind { return text }
    if case .name = right.kind, case .text(let text) = left.kind { return text }
    return nil
  }
}
