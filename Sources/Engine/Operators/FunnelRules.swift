import Planning

/// What a funnel asks of the rows of a match, without what decides which rows are its steps.
struct FunnelRules {
  /// Positions of steps: a row of an exclusion ends every match that has the one and not yet the other.
  struct Exclusion {
    let after: Int
    let before: Int
  }

  let stepCount: Int
  /// In microseconds, from the first step's time to the last one's, inclusive.
  let within: UInt64?
  let ties: FunnelPlan.Ties
  let entry: FunnelPlan.Entry
  let order: FunnelPlan.Order
  let exclusions: [Exclusion]
  /// The steps that follow the one before them without another time between.
  let immediateSteps: UInt64

  init(
    stepCount: Int, within: Int64? = nil, ties: FunnelPlan.Ties = .any, entry: FunnelPlan.Entry = .best,
    order: FunnelPlan.Order = .given, exclusions: [Exclusion] = [], immediateSteps: UInt64 = 0
  ) {
    // Sets of steps are the bits of one word.
    precondition((1...FunnelPlan.limit).contains(stepCount), "a funnel has 1 to 64 steps")
    self.stepCount = stepCount
    self.within = within.map { UInt64(max(0, $0)) }
    // Steps in any order are no other under the rows' order than under none.
    self.ties = order == .any && ties == .seq ? .any : ties
    self.entry = entry
    self.order = order
    self.exclusions = exclusions
    self.immediateSteps = immediateSteps
  }

  /// The rules of a plan.
  init(_ plan: FunnelPlan) {
    let immediate = plan.steps.indices.filter { $0 > 0 && plan.steps[$0].isImmediate }
    precondition(plan.exclusions.count <= FunnelPlan.limit, "a funnel has no more than 64 exclusions")
    precondition(plan.order == .given || immediate.isEmpty, "steps in any order follow none immediately")
    self.init(
      stepCount: plan.steps.count, within: plan.within, ties: plan.ties, entry: plan.entry, order: plan.order,
      exclusions: plan.exclusions.map { Exclusion(after: $0.after, before: $0.before) },
      immediateSteps: immediate.reduce(0) { $0 | 1 << UInt64($1) })
  }

  /// The bits of all steps.
  var allSteps: UInt64 { .max >> UInt64(FunnelPlan.limit - stepCount) }

  /// Whether a time is within the window of an earlier or equal one.
  @inline(__always) func allows(_ time: Int64, from start: Int64) -> Bool {
    guard let within else { return true }
    return UInt64(bitPattern: time &- start) <= within
  }

  /// The last time that is within the window of a start; nothing where that is no time at all.
  func end(from start: Int64) -> Int64? {
    guard let within, let span = Int64(exactly: within) else { return nil }
    let (end, isOver) = start.addingReportingOverflow(span)
    return isOver ? nil : end
  }
}
