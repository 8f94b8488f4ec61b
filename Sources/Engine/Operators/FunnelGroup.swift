/// How rows of one time fill steps that follow each other: each row one step, each step one row.
///
/// Under `any` this is a matching between steps and rows, found by augmenting paths; no step needs more than
/// its first rows, as many as there are steps.
struct FunnelGroup {
  private let rules: FunnelRules
  /// Places of the rows that may be needed, ascending, and the steps that they satisfy.
  private var places: [Int] = []
  private var bits: [UInt64] = []
  /// Whether no row satisfies two steps; then `present` says it all.
  private var isDisjoint = true
  private var present: UInt64 = 0
  private var taken: [Int]
  /// For each step the index of its row, or -1; for each row its step, or -1.
  private var rowOfStep: [Int]
  private var stepOfRow: [Int] = []
  private var visits: [Int] = []
  private var visit = 0

  init(_ rules: FunnelRules) {
    self.rules = rules
    taken = [Int](repeating: 0, count: rules.stepCount)
    rowOfStep = [Int](repeating: -1, count: rules.stepCount)
  }

  /// Looks at the rows of one time.
  mutating func look(at list: borrowing FunnelRows, _ group: Range<Int>) {
    if rules.ties == .seq { return }
    isDisjoint = true
    present = 0
    for place in group {
      present |= list.steps[place]
      if list.steps[place].nonzeroBitCount > 1 { isDisjoint = false }
      if present == rules.allSteps { break }
    }
    if rules.ties == .any, !isDisjoint { collect(list, group) }
  }

  /// The first step that rows of the group cannot also fill after they filled `step` and what follows it.
  mutating func reach(from step: Int, _ list: borrowing FunnelRows, _ group: Range<Int>) -> Int {
    switch rules.ties {
    case .strict: return present >> UInt64(step) & 1 == 1 ? step + 1 : step
    case .seq:
      var next = step
      for place in group where list.steps[place] >> UInt64(next) & 1 == 1 {
        next += 1
        if next == rules.stepCount { break }
      }
      return next
    case .any:
      if isDisjoint { return step + (~(present >> UInt64(step))).trailingZeroBitCount }
      forget()
      var next = step
      while next < rules.stepCount, augment(next) { next += 1 }
      return next
    }
  }

  /// The places of the rows that fill some steps, the first that can: the earliest for the first step, and so
  /// on. The group must reach these steps.
  mutating func fill(
    _ steps: Range<Int>, _ list: borrowing FunnelRows, _ group: Range<Int>, into places: inout [Int]
  ) {
    if rules.ties == .any, steps.count > 1 {
      collect(list, group)
      forget()
      for step in steps where !augment(step) {
        preconditionFailure("a group fills the steps that it reaches")
      }
      for step in steps { settle(step) }
      for step in steps { places.append(self.places[rowOfStep[step]]) }
      return
    }
    var step = steps.lowerBound
    for place in group where list.steps[place] >> UInt64(step) & 1 == 1 {
      places.append(place)
      step += 1
      if step == steps.upperBound { break }
    }
    precondition(step == steps.upperBound, "a group fills the steps that it reaches")
  }

  // MARK: Matching

  private mutating func collect(_ list: borrowing FunnelRows, _ group: Range<Int>) {
    places.removeAll(keepingCapacity: true)
    bits.removeAll(keepingCapacity: true)
    for step in taken.indices { taken[step] = 0 }
    var wanted = rules.allSteps
    for place in group where list.steps[place] & wanted != 0 {
      places.append(place)
      bits.append(list.steps[place])
      var left = list.steps[place]
      while left != 0 {
        let step = left.trailingZeroBitCount
        left &= left - 1
        taken[step] += 1
        if taken[step] == rules.stepCount { wanted &= ~(1 << UInt64(step)) }
      }
      if wanted == 0 { break }
    }
    visits = [Int](repeating: 0, count: places.count)
    stepOfRow = [Int](repeating: -1, count: places.count)
    visit = 0
  }

  private mutating func forget() {
    for step in rowOfStep.indices { rowOfStep[step] = -1 }
    for row in stepOfRow.indices { stepOfRow[row] = -1 }
  }

  /// Gives a step a row, moving other steps to other rows where that makes room.
  private mutating func augment(_ step: Int) -> Bool {
    visit += 1
    return findRow(for: step)
  }

  private mutating func findRow(for step: Int) -> Bool {
    for row in bits.indices where bits[row] >> UInt64(step) & 1 == 1 && visits[row] != visit {
      // A row that is settled has been marked for good.
      guard visits[row] >= 0 else { continue }
      visits[row] = visit
      if stepOfRow[row] < 0 || findRow(for: stepOfRow[row]) {
        stepOfRow[row] = step
        rowOfStep[step] = row
        return true
      }
    }
    return false
  }

  /// Gives a step the first row with which the steps behind it still have theirs.
  private mutating func settle(_ step: Int) {
    let current = rowOfStep[step]
    for row in bits.indices where bits[row] >> UInt64(step) & 1 == 1 && visits[row] >= 0 {
      if row >= current { break }
      let other = stepOfRow[row]
      stepOfRow[row] = step
      stepOfRow[current] = -1
      rowOfStep[step] = row
      visit += 1
      let previousVisit = visits[row]
      visits[row] = -1
      if other < 0 || findRow(for: other) { return }
      visits[row] = previousVisit
      stepOfRow[row] = other
      stepOfRow[current] = step
      rowOfStep[step] = current
    }
    visits[current] = -1
  }
}
