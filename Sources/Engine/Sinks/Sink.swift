import Functions
import Planning
import Values

/// Where the rows of a stage go: it makes a table of them.
///
/// Each morsel's rows go into a partial result; partial results are merged in the order of the morsels, so
/// the table does not depend on threads.
protocol Sink: AnyObject {
  func makePartial() -> any SinkPartial
  /// The table of everything that was merged; nothing was where there were no rows.
  func finish(_ merged: (any SinkPartial)?) throws -> Table
}

/// What a sink makes of the rows of one morsel, and then of several.
protocol SinkPartial: AnyObject {
  /// Whether no further rows would change the result.
  var isFull: Bool { get }
  func take(_ batch: Batch) throws
  /// Does what is left to do once all rows of the morsel were taken, while others are at theirs.
  func close() throws
  /// Takes in what the same sink made of later rows.
  func merge(_ later: any SinkPartial) throws
}

extension SinkPartial {
  /// Nothing is left to do.
  func close() throws {}
}

/// Which sink a stage ends in.
enum SinkSpec: Hashable {
  /// All rows, or some of them in order.
  case collect(schema: Schema, limit: RowLimit?)
  case activity(ActivityPlan)
  case aggregate(keys: [NamedExpr], calls: [AggregateCall], schema: Schema)
  case attribute(AttributionPlan)
  case funnel(FunnelPlan)
  case lifecycle(LifecyclePlan)
  case retention(RetentionPlan)
  case paths(PathsPlan)

  /// The sink over the rows of a relation, which are those of a plan.
  ///
  /// - Parameter demand: what is read of its table.
  func make(
    _ input: Relation, stream: Plan, source: RowSource, demand: Demand, graph: inout NodeGraph
  ) -> any Sink {
    switch self {
    case .collect(let schema, let limit):
      return CollectSink(
        schema, input.columns, limit: limit, first: demand.selection(graph), limits: graph.limits)
    case .activity(let plan):
      let span = source.span(of: stream, in: graph.context.timeZone)
      let compiled = CompiledPeriods(
        plan.unit, from: plan.from, groups: plan.groups, over: input, log: log(of: stream), span: span,
        graph: &graph)
      let days = LogPeriods(.day, of: span, from: plan.from, timeZone: graph.context.timeZone)
      return ActivitySink(plan, compiled, days: days)
    case .aggregate(let keys, let calls, let schema):
      let keyNodes = keys.map { graph.node($0.expression, over: input.columns) }
      let entity = entity(of: stream, source, input)
      let calls = calls.map { CompiledAggregate($0, over: input.columns, entity: entity, graph: &graph) }
      if let log = source.log, keyNodes.count == 1, keyNodes[0] === entity {
        return EntityAggregateSink(
          schema, calls: calls, log: log, first: demand.selection(graph), limits: graph.limits)
      }
      return AggregateSink(schema, keys: keyNodes, calls: calls, limits: graph.limits)
    case .attribute(let plan):
      return AttributionSink(
        plan, CompiledAttribution(plan, over: input, log: log(of: stream), source: source, graph: &graph))
    case .funnel(let plan):
      let watermark =
        plan.counting == .attempts ? source.watermark(of: stream, in: graph.context.timeZone) : .max
      let compiled = CompiledFunnel(
        plan, columnsRead: demand.columns, over: input, log: log(of: stream), watermark: watermark,
        graph: &graph)
      return FunnelSink(plan, compiled)
    case .lifecycle(let plan):
      let compiled = CompiledPeriods(
        plan.unit, from: plan.from, groups: plan.groups, over: input, log: log(of: stream),
        span: source.span(of: stream, in: graph.context.timeZone), graph: &graph)
      return LifecycleSink(plan, compiled)
    case .retention(let plan):
      let compiled = CompiledRetention(
        plan, over: input, log: log(of: stream), source: source,
        watermark: source.watermark(of: stream, within: plan.range, in: graph.context.timeZone),
        graph: &graph)
      return RetentionSink(plan, compiled)
    case .paths(let plan): return PathsSink(plan, CompiledPaths(plan, over: input, graph: &graph))
    }
  }

  private func log(of stream: Plan) -> LogColumns {
    guard let log = stream.log else { preconditionFailure("event operators are over a log") }
    return log
  }

  /// The column that is the entity of a log.
  private func entity(of stream: Plan, _ source: RowSource, _ input: Relation) -> Node? {
    guard source.log != nil, let log = stream.log else { return nil }
    return input.columns[log.entity]
  }
}

/// Which rows of the beginning are kept.
struct RowLimit: Hashable {
  let count: Int
  let offset: Int

  /// How many rows of the beginning are enough.
  var end: Int {
    let (end, isOver) = count.addingReportingOverflow(offset)
    return isOver ? .max : end
  }
}
