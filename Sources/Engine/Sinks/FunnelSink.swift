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
    let medians = try counts.durations?.finish().gathered(cells)
    columns.append(medians ?? Column(repeating: .null, type: .duration, count: cells.count))
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
  let request: FunnelRequest
  let time: Node
  let stepCount: Int
  let conditions: Conditions
  let same: [Node]
  let groups: [Node]
  /// The time up to which there is data, where attempts are counted.
  let watermark: Int64
  let limits: ExecutionLimits
  /// Nothing where nobody reads medians.
  let makeMedian: (@Sendable () -> any AggregateState)?

  /// What tells which rows are steps and exclusions.
  enum Conditions {
    /// Behind the bits of steps are those of exclusions.
    case narrow(ConditionWords<UInt8>)
    case wide(ConditionWords<UInt64>)
    /// More than there are bits.
    case apart(steps: ConditionWords<UInt64>, exclusions: ConditionWords<UInt64>)
  }

  /// - Parameter columnsRead: those of the result that somebody reads; nothing for all.
  init(
    _ plan: FunnelPlan, columnsRead: Set<Int>?, over input: Relation, log: LogColumns, watermark: Int64,
    graph: inout NodeGraph
  ) {
    rules = FunnelRules(plan)
    counting = plan.counting
    // Medians are in the last column.
    let needsTimes = columnsRead?.contains(Plan.funnel(plan).schema.count - 1) ?? true
    request = FunnelRequest(breakdown: plan.groups.isEmpty ? nil : plan.breakdown, needsTimes: needsTimes)
    time = input.columns[log.time]
    stepCount = plan.steps.count
    let steps = plan.steps.map { graph.node($0.condition, over: input.columns) }
    let exclusions = plan.exclusions.map { graph.node($0.condition, over: input.columns) }
    same = plan.same.map { graph.node($0, over: input.columns) }
    groups = plan.groups.map { graph.node($0.expression, over: input.columns) }
    let all = steps + exclusions
    conditions =
      switch all.count {
      case ...UInt8.bitWidth: .narrow(ConditionWords(all))
      case ...UInt64.bitWidth: .wide(ConditionWords(all))
      default: .apart(steps: ConditionWords(steps), exclusions: ConditionWords(exclusions))
      }
    self.watermark = watermark
    limits = graph.limits
    let median = graph.functions.aggregate("median")?.overloads.first {
      $0.parameters.map(\.type) == [.duration]
    }
    guard let median else { preconditionFailure("the catalogue has a median of durations") }
    makeMedian = needsTimes ? median.makeState : nil
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
  func values(_ batch: Batch) throws -> [UInt32]? {
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
  let durations: (any AggregateState)?
  private var durationCount = 0

  init(_ funnel: CompiledFunnel) {
    self.funnel = funnel
    matcher = FunnelMatcher(funnel.rules)
    table = GroupTable(funnel.groups.map(\.type))
    durations = funnel.makeMedian?()
  }

  var isFull: Bool { false }

  /// Makes the one group that there is without a breakdown, also without rows.
  func beginOnlyGroup() {
    _ = table.groups(of: [], count: 1)
    grow()
  }

  func take(_ batch: Batch) throws {
    var found = FunnelFindings(funnel.request, stepCount: funnel.stepCount)
    switch funnel.conditions {
    case .narrow(let words): try take(batch, words.words(batch), into: &found)
    case .wide(let words): try take(batch, words.words(batch), into: &found)
    case .apart(let steps, let exclusions):
      walk(try funnel.rows(batch, steps: steps, exclusions: exclusions), batch, into: &found)
    }
    try count(found, of: batch)
  }

  private func take<Word: FixedWidthInteger & UnsignedInteger>(
    _ batch: Batch, _ words: [Word], into found: inout FunnelFindings
  ) throws {
    let (rules, starts) = (funnel.rules, batch.entityStarts)
    let values = try funnel.values(batch)
    // A row without a value that others share is no part of any match.
    var words = words
    if let values { for row in words.indices where values[row] == 0 { words[row] = 0 } }
    let left = try RowTimes.with(batch, funnel.time) { times in
      let rows = FunnelSieve<Word>(rules, funnel.counting).run(
        words, times, values: values, entityStarts: starts, into: &found)
      return rows.isEmpty
        ? nil : FunnelRows(rules, rows: rows, times: times, words: words, values: values, starts)
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
    for (level, count) in found.counts.enumerated() where count > 0 {
      beginOnlyGroup()
      for step in 0...level { reached[step] += Int64(count) }
    }
    if found.levels.isEmpty { return }
    let groups = table.groups(of: try found.keys(funnel.groups, batch), count: found.levels.count)
    grow()
    count(found, groups)
    if let durations, !found.spans.isEmpty {
      let cells = cellsOfSpans(found, groups)
      try durations.update(groups: cells, operands: [Operand(.integers(found.spans, as: .duration))])
    }
    durationCount += found.spans.count
    try checkMemory()
  }

  /// Counts the steps of matches.
  private func count(_ found: FunnelFindings, _ groups: [UInt32]) {
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
  }

  /// The cells of the steps that the times from the step before belong to.
  private func cellsOfSpans(_ found: FunnelFindings, _ groups: [UInt32]) -> [UInt32] {
    let (stepCount, levels) = (funnel.stepCount, found.levels)
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
    if let durations, let others = later.durations { try durations.merge(others, mapping: cells) }
    durationCount += later.durationCount
    try checkMemory()
  }

  private func grow() {
    let count = table.count * funnel.stepCount
    guard count > reached.count else { return }
    reached.append(contentsOf: repeatElement(0, count: count - reached.count))
    open.append(contentsOf: repeatElement(0, count: count - open.count))
    durations?.grow(to: count)
  }

  private func checkMemory() throws(ExecutionError) {
    try funnel.limits.check(bytes: table.bytes + reached.count * 40 + durationCount * 8)
  }
}
