import Planning

/// What a funnel asks of the rows of a match, without what decides which rows are its steps.
struct FunnelRules {
  /// Positions of steps: a row of an exclusion ends every match that has the one and not yet the other.
  struct Exclusion {
    let after: Int
    let before: Int
  }

  /// Sets of steps are the bits of one word.
  static let stepLimit = 64

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
    precondition((1...FunnelRules.stepLimit).contains(stepCount), "a funnel has 1 to 64 steps")
    self.stepCount = stepCount
    self.within = within.map { UInt64(max(0, $0)) }
    // Steps in any order are no other under the rows' order than under none.
    self.ties = order == .any && ties == .seq ? .any : ties
    self.entry = entry
    self.order = order
    self.exclusions = exclusions
    self.immediateSteps = immediateSteps
  }

  /// The rules of a plan, or why there is no answer to it.
  init(_ plan: FunnelPlan) throws(ExecutionError) {
    guard plan.steps.count <= FunnelRules.stepLimit, plan.exclusions.count <= FunnelRules.stepLimit else {
      throw ExecutionError("a funnel has no more than \(FunnelRules.stepLimit) steps and as many exclusions")
    }
    let immediate = plan.steps.indices.filter { $0 > 0 && plan.steps[$0].isImmediate }
    if plan.order == .any {
      guard immediate.isEmpty else {
        throw ExecutionError("steps in any order have no step before them that they could follow immediately")
      }
      guard plan.exclusions.allSatisfy({ $0.after == 0 && $0.before == plan.steps.count - 1 }) else {
        throw ExecutionError("an exclusion from steps in any order is not between two of them")
      }
    }
    self.init(
      stepCount: plan.steps.count, within: plan.within, ties: plan.ties, entry: plan.entry, order: plan.order,
      exclusions: plan.exclusions.map { Exclusion(after: $0.after, before: $0.before) },
      immediateSteps: immediate.reduce(0) { $0 | 1 << UInt64($1) })
  }

  /// The bits of all steps.
  var allSteps: UInt64 { .max >> UInt64(FunnelRules.stepLimit - stepCount) }

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
