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
    let eligible = cells.map { counts.eligible[$0] }
    // A period that has ended for nobody is not known, which is not the same as nobody coming back.
    let retained = cells.map { counts.eligible[$0] == 0 ? Scalar.null : .integer(counts.retained[$0]) }
    let rates = cells.map { cell -> Scalar in
      let whole = counts.eligible[cell]
      return whole == 0 ? .null : .double(Double(counts.retained[cell]) / Double(whole))
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
  let start: Node
  let comeback: Node
  let range: [Node]
  let groups: [Node]
  let cohortType: ScalarType
  let limits: ExecutionLimits

  init(
    _ plan: RetentionPlan, over input: Relation, log: LogColumns, watermark: Int64, graph: inout NodeGraph
  ) {
    precondition((0...10_000).contains(plan.periods), "a retention has 10,000 periods at most")
    matcher = RetentionMatcher(
      RetentionPeriods(unit: plan.unit, mode: plan.mode, timeZone: graph.context.timeZone),
      lastPeriod: Int(plan.periods), criterion: plan.criterion, cohort: plan.cohort, watermark: watermark)
    time = input.columns[log.time]
    start = graph.node(plan.start, over: input.columns)
    comeback = graph.node(plan.comeback, over: input.columns)
    range = plan.range.map { graph.conjuncts($0, over: input.columns) } ?? []
    groups = plan.groups.map { graph.node($0.expression, over: input.columns) }
    cohortType = plan.unit == .hour ? .timestamp : .date
    limits = graph.limits
  }

  /// The rows of a batch that matter.
  func rows(_ batch: Batch) throws -> RetentionRows {
    RetentionRows(
      times: try batch.column(time).integerValues,
      starts: Truth(try batch.value(start), count: batch.count).isTrue,
      comebacks: Truth(try batch.value(comeback), count: batch.count).isTrue, range: try batch.mask(of: range)
    )
  }
}

private final class RetentionCounts: SinkPartial {
  private let retention: CompiledRetention
  /// By the breakdown and then the cohort.
  private(set) var table: GroupTable
  /// For each group and period its members of whom that is known, and those who came back.
  private(set) var eligible: [Int64] = []
  private(set) var retained: [Int64] = []

  init(_ retention: CompiledRetention) {
    self.retention = retention
    table = GroupTable(retention.groups.map(\.type) + [retention.cohortType])
  }

  var isFull: Bool { false }

  func take(_ batch: Batch) throws {
    let list = try retention.rows(batch)
    if list.count == 0 { return }
    var members: [RetentionMember] = []
    var place = 0
    for end in batch.entityStarts.dropFirst() where place < list.count && list.rows[place] < end {
      let first = place
      while place < list.count, list.rows[place] < end { place += 1 }
      retention.matcher.forEachMember(list, first..<place) { members.append($0) }
    }
    if members.isEmpty { return }
    let chosen = Batch(batch, at: members.map(\.row))
    let cohorts = Column.integers(members.map(\.cohort), as: retention.cohortType)
    let keys = try retention.groups.map { try chosen.column($0) } + [cohorts]
    let groups = table.groups(of: keys, count: members.count)
    try grow()
    for (member, group) in zip(members, groups) {
      let base = Int(group) * retention.matcher.periodCount
      for period in 0..<member.endedPeriods { eligible[base + period] += 1 }
      for period in member.retained { retained[base + period] += 1 }
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
        eligible[Int(target) * periodCount + period] += later.eligible[group * periodCount + period]
        retained[Int(target) * periodCount + period] += later.retained[group * periodCount + period]
      }
    }
  }

  private func grow() throws(ExecutionError) {
    let count = table.count * retention.matcher.periodCount
    try retention.limits.check(bytes: table.bytes + count * 16)
    guard count > eligible.count else { return }
    eligible.append(contentsOf: repeatElement(0, count: count - eligible.count))
    retained.append(contentsOf: repeatElement(0, count: count - retained.count))
  }
}
