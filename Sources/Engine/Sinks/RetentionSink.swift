import Functions
import Planning
import Values

/// Counts who comes back, by cohort and period.
final class RetentionSink: Sink {
  private let plan: RetentionPlan
  private let compiled: CompiledRetention

  init(_ plan: RetentionPlan, _ compiled: CompiledRetention) {
    self.plan = plan
    self.compiled = compiled
  }

  func makePartial() -> any SinkPartial { RetentionCounts(compiled) }

  func finish(_ merged: (any SinkPartial)?) throws -> Table {
    guard let counts = (merged ?? makePartial()) as? RetentionCounts else {
      preconditionFailure("a sink is given its own partial results")
    }
    let keys = counts.table.keyColumns()
    let periodCount = compiled.matcher.periodCount
    let order = RowOrder.ascending(keys, count: counts.table.count)
    let groupOfRow = order.flatMap { [Int32](repeating: $0, count: periodCount) }
    let periods = order.flatMap { _ in (0..<periodCount).map(Int64.init) }
    let cells = zip(groupOfRow, periods).map { Int($0) * periodCount + Int($1) }
    let eligible = counts.eligible(periodCount).gathered(cells.map { Int32(truncatingIfNeeded: $0) })
    // A period that has ended for nobody is not known, which is not the same as nobody coming back.
    let retained = zip(cells, eligible).map { $1 == 0 ? Scalar.null : .integer(counts.retained[$0]) }
    let rates = zip(cells, eligible).map { cell, whole in
      whole == 0 ? Scalar.null : .double(Double(counts.retained[cell]) / Double(whole))
    }
    let columns =
      keys.map { $0.gathered(groupOfRow) } + [
        .integers(periods), .integers(eligible), Column(.integer, retained), Column(.double, rates),
      ]
    return Table(schema: Plan.retention(plan).schema, columns: columns, count: cells.count, kind: .retention)
  }
}

/// A retention over the nodes of a pipeline.
struct CompiledRetention {
  let matcher: RetentionMatcher
  let time: Node
  let groups: [Node]
  let cohortType: ScalarType
  let limits: ExecutionLimits
  private let start: [Node]
  private let comeback: [Node]
  /// Which starts are in the range that is looked at, where the others are known too.
  private let range: [Node]
  /// What the times of the log lie in.
  private let times: ClosedRange<Int64>?
  /// Where returns are read; nothing where they are among the relation's rows.
  private let beside: RowsBeside?

  init(
    _ plan: RetentionPlan, over input: Relation, log: LogColumns, source: RowSource, watermark: Int64,
    graph: inout NodeGraph
  ) {
    precondition((0...10_000).contains(plan.periods), "a retention has 10,000 periods at most")
    matcher = RetentionMatcher(
      RetentionPeriods(
        unit: plan.unit, mode: plan.mode, timeZone: graph.context.timeZone, mostly: source.log?.times),
      lastPeriod: Int(plan.periods), criterion: plan.criterion, cohort: plan.cohort, watermark: watermark)
    time = input.columns[log.time]
    let range = plan.range.map { graph.conjuncts($0, over: input.columns) } ?? []
    let start = graph.conjuncts(plan.start, over: input.columns)
    // Who was first knows all of history.
    self.start = plan.cohort == .firstEver ? start : start + range
    self.range = plan.cohort == .firstEver ? range : []
    comeback = graph.conjuncts(plan.comeback, over: input.columns) + range
    let returnNames = plan.comeback.eventNames(at: log.event)
    let areRead = plan.start.eventNames(at: log.event).covers(returnNames)
    beside = areRead ? nil : graph.rows(named: returnNames, beside: input, source)
    groups = plan.groups.map { graph.node($0.expression, over: input.columns) }
    cohortType = plan.unit == .hour ? .timestamp : .date
    limits = graph.limits
    times = source.log?.times
  }

  /// The rows of a batch that start.
  func starts(_ batch: Batch) throws -> Batch? { try batch.filtered(by: start) }

  /// Finds the memberships where some of a batch's rows start.
  func findings(_ batch: Batch, starts: Batch) throws -> RetentionFindings {
    let rows = beside == nil ? batch : try beside?.rows(ofEntitiesIn: starts)
    let returns = try rows?.filtered(by: comeback)
    let isInRange = try starts.mask(of: range)
    var found = RetentionFindings()
    try SpannedRows.withinPeriods(starts, time, bounds: times) { startRows in
      try SpannedRows.withinPeriods(returns, time, bounds: times) { returnRows in
        let rows = RetentionRows(
          starts: startRows, isInRange: isInRange, returns: returnRows,
          startRow: { starts.rootPosition($0) }, returnRow: { returns?.rootPosition($0) ?? -1 })
        matcher.match(rows, into: &found)
      }
    }
    return found
  }
}

private final class RetentionCounts: SinkPartial {
  private let retention: CompiledRetention
  /// By the breakdown and then the cohort.
  private(set) var table: GroupTable
  /// For each group, and each number of periods up to all of them, the members of whom so many have ended.
  private var ended: [Int64] = []
  /// For each group and period those who came back.
  private(set) var retained: [Int64] = []

  init(_ retention: CompiledRetention) {
    self.retention = retention
    table = GroupTable(retention.groups.map(\.type) + [retention.cohortType])
  }

  var isFull: Bool { false }

  /// For each group and period its members of whom it is known whether they came back.
  func eligible(_ periodCount: Int) -> [Int64] {
    var eligible = [Int64](repeating: 0, count: table.count * periodCount)
    for group in 0..<table.count {
      var count: Int64 = 0
      for period in (0..<periodCount).reversed() {
        count += ended[group * (periodCount + 1) + period + 1]
        eligible[group * periodCount + period] = count
      }
    }
    return eligible
  }

  func take(_ batch: Batch) throws {
    guard let starts = try retention.starts(batch) else { return }
    let found = try retention.findings(batch, starts: starts)
    if found.members.isEmpty { return }
    let chosen = Batch(starts, at: found.members.map(\.start))
    let cohorts = Column.integers(found.members.map(\.cohort), as: retention.cohortType)
    let keys = try retention.groups.map { try chosen.column($0) } + [cohorts]
    let groups = table.groups(of: keys, count: found.members.count)
    try grow()
    count(found, groups)
  }

  private func count(_ found: RetentionFindings, _ groups: [UInt32]) {
    let periodCount = retention.matcher.periodCount
    ended.withUnsafeMutableBufferPointer { ended in
      for (member, group) in groups.enumerated() {
        ended[Int(group) &* (periodCount &+ 1) &+ Int(found.members[member].endedPeriods)] += 1
      }
    }
    retained.withUnsafeMutableBufferPointer { retained in
      for (member, group) in groups.enumerated() {
        for period in found.retained(member) { retained[Int(group) &* periodCount &+ Int(period)] += 1 }
      }
    }
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? RetentionCounts else {
      preconditionFailure("a sink merges its own partial results")
    }
    let mapping = table.groups(of: later.table.keyColumns(), count: later.table.count)
    try grow()
    let periodCount = retention.matcher.periodCount
    for (group, target) in mapping.enumerated() {
      for period in 0..<periodCount {
        retained[Int(target) * periodCount + period] += later.retained[group * periodCount + period]
      }
      for count in 0...periodCount {
        ended[Int(target) * (periodCount + 1) + count] += later.ended[group * (periodCount + 1) + count]
      }
    }
  }

  private func grow() throws(ExecutionError) {
    let periodCount = retention.matcher.periodCount
    try retention.limits.check(bytes: table.bytes + table.count * (periodCount * 2 + 1) * 8)
    let new = table.count - ended.count / (periodCount + 1)
    guard new > 0 else { return }
    ended.append(contentsOf: repeatElement(0, count: new * (periodCount + 1)))
    retained.append(contentsOf: repeatElement(0, count: new * periodCount))
  }
}
