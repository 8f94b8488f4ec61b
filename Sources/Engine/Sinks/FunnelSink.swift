import Functions
import Planning
import Values

/// Counts how far entities, or their attempts, get through some steps.
final class FunnelSink: Sink {
  private let plan: FunnelPlan
  private let compiled: CompiledFunnel

  init(_ plan: FunnelPlan, _ compiled: CompiledFunnel) {
    self.plan = plan
    self.compiled = compiled
  }

  func makePartial() -> any SinkPartial { FunnelCounts(compiled) }

  func finish(_ merged: (any SinkPartial)?) throws -> Table {
    guard let counts = (merged ?? makePartial()) as? FunnelCounts else {
      preconditionFailure("a sink is given its own partial results")
    }
    if compiled.groups.isEmpty { counts.beginOnlyGroup() }
    let keys = counts.table.keyColumns()
    let order = RowOrder.ascending(keys, count: counts.table.count)
    let stepCount = Int32(truncatingIfNeeded: compiled.stepCount)
    let cells = order.flatMap { group in (0..<stepCount).map { group * stepCount + $0 } }
    let groupOfRow = order.flatMap { [Int32](repeating: $0, count: compiled.stepCount) }
    let reached = counts.reached.gathered(cells)
    let first = stride(from: 0, to: reached.count, by: compiled.stepCount).flatMap { start in
      [Int64](repeating: reached[start], count: compiled.stepCount)
    }
    let previous = reached.indices.map { reached[$0 % compiled.stepCount == 0 ? $0 : $0 - 1] }
    var columns = keys.map { $0.gathered(groupOfRow) }
    columns.append(
      .texts(cells.map { UInt32($0 % stepCount) }, TextDictionary(plan.rowNames)))
    columns.append(.integers(reached))
    if plan.counting == .attempts { columns.append(.integers(counts.open.gathered(cells))) }
    columns.append(FunnelSink.rates(reached, of: first))
    columns.append(FunnelSink.rates(reached, of: previous))
    columns.append(try counts.durations.finish().gathered(cells))
    return Table(schema: Plan.funnel(plan).schema, columns: columns, count: cells.count, kind: .funnel)
  }

  /// Null where there is nothing to be a part of.
  private static func rates(_ parts: [Int64], of wholes: [Int64]) -> Column {
    Column(.double, zip(parts, wholes).map { $1 == 0 ? .null : .double(Double($0) / Double($1)) })
  }
}

/// A funnel over the nodes of a pipeline.
struct CompiledFunnel {
  let rules: FunnelRules
  let counting: FunnelPlan.Counting
  let breakdown: FunnelPlan.Breakdown
  let time: Node
  let stepCount: Int
  let method: Method
  let same: [Node]
  let groups: [Node]
  /// The time up to which there is data, where attempts are counted.
  let watermark: Int64
  let limits: ExecutionLimits
  let makeMedian: @Sendable () -> any AggregateState

  /// How matches are found, and what tells which rows are steps and exclusions.
  enum Method {
    /// By sweeps; behind the bits of steps are those of exclusions.
    case narrowSweep(ConditionWords<UInt8>)
    case sweep(ConditionWords<UInt64>)
    case walk(steps: ConditionWords<UInt64>, exclusions: ConditionWords<UInt64>)
  }

  init(
    _ plan: FunnelPlan, over input: Relation, log: LogColumns, watermark: Int64, graph: inout NodeGraph
  ) {
    rules = FunnelRules(plan)
    counting = plan.counting
    breakdown = plan.breakdown
    time = input.columns[log.time]
    stepCount = plan.steps.count
    let steps = plan.steps.map { graph.node($0.condition, over: input.columns) }
    let exclusions = plan.exclusions.map { graph.node($0.condition, over: input.columns) }
    same = plan.same.map { graph.node($0, over: input.columns) }
    groups = plan.groups.map { graph.node($0.expression, over: input.columns) }
    let all = steps + exclusions
    let canSweep = rules.canSweep && plan.counting == .entities && plan.same.isEmpty
    method =
      switch all.count {
      case ...UInt8.bitWidth where canSweep: .narrowSweep(ConditionWords(all))
      case ...UInt64.bitWidth where canSweep: .sweep(ConditionWords(all))
      default: .walk(steps: ConditionWords(steps), exclusions: ConditionWords(exclusions))
      }
    self.watermark = watermark
    limits = graph.limits
    let median = graph.functions.aggregate("median")?.overloads.first {
      $0.parameters.map(\.type) == [.duration]
    }
    guard let median else { preconditionFailure("the catalogue has a median of durations") }
    makeMedian = median.makeState
  }

  /// The rows of a batch that matter.
  func rows(
    _ batch: Batch, steps: ConditionWords<UInt64>, exclusions: ConditionWords<UInt64>
  ) throws -> FunnelRows {
    FunnelRows(
      rules, times: try batch.column(time).integerValues, steps: try steps.words(batch),
      exclusions: rules.exclusions.isEmpty ? [] : try exclusions.words(batch),
      entityStarts: batch.entityStarts,
      values: try values(batch))
  }

  /// Numbers of the values that a match's rows share, from 1; 0 where one of them is null.
  private func values(_ batch: Batch) throws -> [UInt32]? {
    guard !same.isEmpty else { return nil }
    let columns = try same.map { try batch.column($0) }
    var table = GroupTable(same.map(\.type))
    var numbers = table.groups(of: columns, count: batch.count).map { $0 + 1 }
    for validity in columns.compactMap(\.validity) {
      for row in numbers.indices where validity[row] == 0 { numbers[row] = 0 }
    }
    return numbers
  }
}

private final class FunnelCounts: SinkPartial {
  private let funnel: CompiledFunnel
  private let matcher: FunnelMatcher
  private(set) var table: GroupTable
  /// For each group and step how many reached it, and how many of these are open.
  private(set) var reached: [Int64] = []
  private(set) var open: [Int64] = []
  /// The time from the step before, for each group and step.
  let durations: any AggregateState
  private var durationCount = 0

  init(_ funnel: CompiledFunnel) {
    self.funnel = funnel
    matcher = FunnelMatcher(funnel.rules)
    table = GroupTable(funnel.groups.map(\.type))
    durations = funnel.makeMedian()
  }

  var isFull: Bool { false }

  /// Makes the one group that there is without a breakdown, also without rows.
  func beginOnlyGroup() {
    _ = table.groups(of: [], count: 1)
    grow()
  }

  func take(_ batch: Batch) throws {
    let capacity = min(batch.count, batch.entityStarts.count)
    var found = FunnelFindings(funnel.groups.isEmpty ? nil : funnel.breakdown, capacity: capacity)
    switch funnel.method {
    case .narrowSweep(let words): try sweep(batch, words.words(batch), into: &found)
    case .sweep(let words): try sweep(batch, words.words(batch), into: &found)
    case .walk(let steps, let exclusions):
      walk(try funnel.rows(batch, steps: steps, exclusions: exclusions), batch, into: &found)
    }
    try count(found, of: batch)
  }

  private func sweep<Word: FixedWidthInteger & UnsignedInteger>(
    _ batch: Batch, _ words: [Word], into found: inout FunnelFindings
  ) throws {
    let starts = batch.entityStarts
    let left = try RowTimes.with(batch, funnel.time) { times in
      let left = FunnelSweep(funnel.rules).run(words, times, entityStarts: starts, into: &found)
      return left.rows.isEmpty
        ? nil : FunnelRows(funnel.rules, rows: left.rows, times: left.times, words: words, starts)
    }
    if let left { walk(left, batch, into: &found) }
  }

  private func walk(_ list: FunnelRows, _ batch: Batch, into found: inout FunnelFindings) {
    // Locals, since what belongs to an object is checked for other accesses each time.
    var list = list
    let funnel = funnel
    var matcher = matcher
    var match = FunnelMatch()
    list.forEachEntity(batch.entityStarts) { list, entity in
      switch funnel.counting {
      case .entities:
        matcher.match(list, entity, into: &match)
        found.append(match, isOpen: nil)
      case .attempts:
        for attempt in matcher.attempts(&list, entity, watermark: funnel.watermark) {
          found.append(attempt.match, isOpen: attempt.exit == .open)
        }
      }
    }
  }

  private func count(_ found: FunnelFindings, of batch: Batch) throws {
    if found.firstStepCount > 0 {
      beginOnlyGroup()
      reached[0] += Int64(found.firstStepCount)
    }
    if found.levels.isEmpty { return }
    let groups = table.groups(of: try found.keys(funnel.groups, batch), count: found.levels.count)
    grow()
    let cells = count(found, groups)
    if !cells.isEmpty {
      try durations.update(groups: cells, operands: [Operand(.integers(found.spans, as: .duration))])
    }
    durationCount += cells.count
    try checkMemory()
  }

  /// Counts the steps of matches; gives the cells of those that a time from the step before belongs to.
  private func count(_ found: FunnelFindings, _ groups: [UInt32]) -> [UInt32] {
    let stepCount = funnel.stepCount
    let (levels, isOpen) = (found.levels, found.isOpen)
    reached.withUnsafeMutableBufferPointer { reached in
      for index in levels.indices {
        let base = Int(groups[index]) &* stepCount
        for step in 0..<Int(levels[index]) { reached[base &+ step] &+= 1 }
      }
    }
    for index in isOpen.indices where isOpen[index] {
      for step in 0..<Int(levels[index]) { open[Int(groups[index]) * stepCount + step] += 1 }
    }
    return [UInt32](unsafeUninitializedCapacity: found.spans.count) { cells, count in
      for index in levels.indices where levels[index] > 1 {
        let base = Int(groups[index]) &* stepCount
        for step in 1..<Int(levels[index]) {
          cells.initializeElement(at: count, to: UInt32(truncatingIfNeeded: base &+ step))
          count &+= 1
        }
      }
    }
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? FunnelCounts else {
      preconditionFailure("a sink merges its own partial results")
    }
    let mapping = table.groups(of: later.table.keyColumns(), count: later.table.count)
    grow()
    let cells = mapping.flatMap { group in
      (0..<funnel.stepCount).map { UInt32(truncatingIfNeeded: Int(group) * funnel.stepCount + $0) }
    }
    for (cell, target) in cells.enumerated() {
      reached[Int(target)] += later.reached[cell]
      open[Int(target)] += later.open[cell]
    }
    try durations.merge(later.durations, mapping: cells)
    durationCount += later.durationCount
    try checkMemory()
  }

  private func grow() {
    let count = table.count * funnel.stepCount
    guard count > reached.count else { return }
    reached.append(contentsOf: repeatElement(0, count: count - reached.count))
    open.append(contentsOf: repeatElement(0, count: count - open.count))
    durations.grow(to: count)
  }

  private func checkMemory() throws(ExecutionError) {
    try funnel.limits.check(bytes: table.bytes + reached.count * 40 + durationCount * 8)
  }
}
