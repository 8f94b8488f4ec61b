import Functions
import Planning
import Values

/// Divides conversions among the touches before them.
final class AttributionSink: Sink {
  private let plan: AttributionPlan
  private let compiled: CompiledAttribution

  init(_ plan: AttributionPlan, _ compiled: CompiledAttribution) {
    self.plan = plan
    self.compiled = compiled
  }

  func makePartial() -> any SinkPartial { AttributedPartial(compiled) }

  func finish(_ merged: (any SinkPartial)?) throws -> Table {
    guard let merged = (merged ?? makePartial()) as? AttributedPartial else {
      preconditionFailure("a sink is given its own partial results")
    }
    let (credits, keys) = (merged.credits, merged.credits.cells.keyColumns().map(\.integerValues))
    // What a model gives nothing to was only near.
    let cells = credits.all.indices.filter { credits.all[$0].conversions > 0 }
    let groups = cells.map { Int32(truncatingIfNeeded: keys[0][$0]) }
    let values = cells.map { Int32(truncatingIfNeeded: keys[1][$0]) }
    let sums = zip(cells, groups).map { (credits.all[$0], Double(merged.conversions[Int($1)])) }
    var columns = merged.groups.keyColumns().map { $0.gathered(groups) }
    columns += merged.values.keyColumns().map { $0.gathered(values) }
    let keyCount = columns.count
    columns.append(.doubles(sums.map(\.0.conversions)))
    columns.append(.doubles(sums.map { $0.conversions / $1 }))
    columns.append(.integers(sums.map(\.0.touches)))
    if plan.value != nil { columns.append(.doubles(sums.map(\.0.value))) }
    let order = RowOrder.ascending(Array(columns.prefix(keyCount)), count: cells.count)
    let table = Table(
      schema: Plan.attribute(plan).schema, columns: columns, count: cells.count, kind: .attribution)
    return table.gathered(order)
  }
}

/// An attribution over the nodes of a pipeline.
struct CompiledAttribution {
  let model: AttributionPlan.Model
  let within: Int64?
  let from: Int64?
  let time: Node
  let touch: Node
  let conversion: Node
  let credit: Node
  let value: Node?
  let groups: [Node]
  let limits: ExecutionLimits

  init(_ plan: AttributionPlan, over input: Relation, log: LogColumns, graph: inout NodeGraph) {
    model = plan.model
    within = plan.within
    from = plan.from
    time = input.columns[log.time]
    touch = graph.node(plan.touch, over: input.columns)
    conversion = graph.node(plan.conversion, over: input.columns)
    credit = graph.node(plan.credit.expression, over: input.columns)
    value = plan.value.map { graph.node($0.expression, over: input.columns) }
    groups = plan.groups.map { graph.node($0.expression, over: input.columns) }
    limits = graph.limits
  }

  /// The rows of a batch that satisfy a condition, none of them before a time.
  func rows(_ condition: Node, _ batch: Batch, times: [Int64], from: Int64? = nil) throws -> [Int32] {
    let mask = Truth(try batch.value(condition), count: batch.count).isTrue
    return mask.indices.compactMap { row in
      mask[row] != 0 && times[row] >= from ?? .min ? Int32(truncatingIfNeeded: row) : nil
    }
  }
}

private final class AttributedPartial: SinkPartial {
  private let attribution: CompiledAttribution
  private var window: TouchWindow
  private(set) var groups: GroupTable
  /// What is credited; the first is that of conversions without a touch.
  private(set) var values: GroupTable
  /// For each group its conversions.
  private(set) var conversions: [Int64] = []
  private(set) var credits = TouchCredits()

  init(_ attribution: CompiledAttribution) {
    self.attribution = attribution
    window = TouchWindow(attribution.model, within: attribution.within)
    groups = GroupTable(attribution.groups.map(\.type))
    values = GroupTable([.text])
    _ = values.groups(of: [Column(.text, [.text(AttributionPlan.none)])], count: 1)
  }

  var isFull: Bool { false }

  func take(_ batch: Batch) throws {
    let times = try batch.column(attribution.time).integerValues
    let rows = try attribution.rows(attribution.conversion, batch, times: times, from: attribution.from)
    if rows.isEmpty { return }
    let touches = try attribution.rows(attribution.touch, batch, times: times)
    // What is read of a row is computed for conversions, or touches, alone.
    let converting = Batch(batch, at: rows)
    let keys = try attribution.groups.map { try converting.column($0) }
    let groupOfRow = groups.groups(of: keys, count: rows.count)
    let worth = try attribution.value.map { try converting.column($0) }
    window.start(times: times.gathered(touches), numbers: try numbers(touches, batch))
    conversions.append(contentsOf: repeatElement(0, count: groups.count - conversions.count))
    var (row, touch) = (0, 0)
    for end in batch.entityStarts.dropFirst() where row < rows.count {
      let firstTouch = touch
      while touch < touches.count, touches[touch] < end { touch += 1 }
      if rows[row] >= end { continue }
      window.enter(firstTouch..<touch)
      while row < rows.count, rows[row] < end {
        let group = groupOfRow[row]
        conversions[Int(group)] += 1
        window.move(to: times[Int(rows[row])])
        credits.take(
          window, group: group, value: worth.map { $0.isNull(row) ? 0 : $0.doubleValues[row] } ?? 0)
        row += 1
      }
    }
    credits.settle()
    try checkMemory()
  }

  /// The numbers of what touches credit.
  private func numbers(_ touches: [Int32], _ batch: Batch) throws -> [UInt32] {
    if touches.isEmpty { return [] }
    return values.groups(of: [try Batch(batch, at: touches).column(attribution.credit)], count: touches.count)
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? AttributedPartial else {
      preconditionFailure("a sink merges its own partial results")
    }
    let groupMapping = groups.groups(of: later.groups.keyColumns(), count: later.groups.count)
    let valueMapping = values.groups(of: later.values.keyColumns(), count: later.values.count)
    conversions.append(contentsOf: repeatElement(0, count: groups.count - conversions.count))
    for (group, target) in groupMapping.enumerated() {
      conversions[Int(target)] += later.conversions[group]
    }
    credits.merge(later.credits, groups: groupMapping, values: valueMapping)
    try checkMemory()
  }

  private func checkMemory() throws(ExecutionError) {
    try attribution.limits.check(bytes: groups.bytes + values.bytes + credits.bytes)
  }
}
