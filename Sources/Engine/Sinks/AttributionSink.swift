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
  let relation: Int
  let time: Node
  let touch: [Node]
  let conversion: [Node]
  let credit: Node
  let value: Node?
  let groups: [Node]
  let limits: ExecutionLimits
  /// Where touches are read; nothing where they are among the relation's rows.
  private let beside: RowsBeside?

  init(
    _ plan: AttributionPlan, over input: Relation, log: LogColumns, source: RowSource, graph: inout NodeGraph
  ) {
    model = plan.model
    within = plan.within
    from = plan.from
    relation = input.id
    time = input.columns[log.time]
    touch = graph.conjuncts(plan.touch, over: input.columns)
    conversion = graph.conjuncts(plan.conversion, over: input.columns)
    credit = graph.node(plan.credit.expression, over: input.columns)
    value = plan.value.map { graph.node($0.expression, over: input.columns) }
    groups = plan.groups.map { graph.node($0.expression, over: input.columns) }
    limits = graph.limits
    beside = graph.rows(named: plan.touch.eventNames(at: log.event), beside: input, source)
  }

  /// The rows of a batch that convert, none of them before the time from which conversions count.
  func conversions(_ batch: Batch) throws -> Batch? {
    guard let rows = try batch.filtered(by: conversion) else { return nil }
    guard let from else { return rows }
    switch RowChoice(mask: try rows.column(time).integerValues.map { $0 >= from ? 1 : 0 }) {
    case .all: return rows
    case .none: return nil
    case .some(let later): return Batch(rows, at: later)
    }
  }

  /// What each of some conversions is worth, a null nothing; nothing at all where that is not asked.
  func worth(of conversions: Batch) throws -> [Double]? {
    guard let value else { return nil }
    let column = try conversions.column(value)
    guard let validity = column.validity else { return column.doubleValues }
    return zip(column.doubleValues, validity).map { $1 == 0 ? 0 : $0 }
  }

  /// The touches of the entities that have some conversions.
  func touches(before conversions: Batch) throws -> Batch? {
    guard let beside else { return try conversions.origin(relation).filtered(by: touch) }
    return try beside.rows(ofEntitiesIn: conversions)?.filtered(by: touch)
  }
}

private final class AttributedPartial: SinkPartial {
  private let attribution: CompiledAttribution
  private(set) var groups: GroupTable
  /// What is credited; the first is that of conversions without a touch.
  private(set) var values: GroupTable
  /// For each group its conversions.
  private(set) var conversions: [Int64] = []
  private(set) var credits = TouchCredits()

  init(_ attribution: CompiledAttribution) {
    self.attribution = attribution
    groups = GroupTable(attribution.groups.map(\.type))
    values = GroupTable([.text])
    _ = values.groups(of: [Column(.text, [.text(AttributionPlan.none)])], count: 1)
  }

  var isFull: Bool { false }

  func take(_ batch: Batch) throws {
    // What is read of a row is computed for conversions, or touches, alone.
    guard let converting = try attribution.conversions(batch) else { return }
    let rows = try TimedRows(converting, time: attribution.time)
    let keys = try attribution.groups.map { try converting.column($0) }
    let groupOfRow = groups.groups(of: keys, count: rows.times.count)
    count(groupOfRow)
    let worth = try attribution.worth(of: converting)
    let touching = try attribution.touches(before: converting)
    let touches = try touching.map { try TimedRows($0, time: attribution.time) }
    let credited = try touching.map {
      values.groups(of: [try $0.column(attribution.credit)], count: $0.count)
    }
    TouchWindow.with(
      attribution.model, within: attribution.within, over: touches?.times ?? [], credited ?? [],
      valueCount: values.count
    ) { window in
      credits.take(rows, groups: groupOfRow, worth: worth, entities: touches?.entities ?? [], &window)
    }
    try checkMemory()
  }

  private func count(_ groupOfRow: [UInt32]) {
    conversions.append(contentsOf: repeatElement(0, count: groups.count - conversions.count))
    conversions.withUnsafeMutableBufferPointer { conversions in
      for group in groupOfRow { conversions[Int(group)] &+= 1 }
    }
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
