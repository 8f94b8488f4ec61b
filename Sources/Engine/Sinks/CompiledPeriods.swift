import Planning

/// What counting by calendar periods needs of a pipeline.
struct CompiledPeriods {
  let periods: LogPeriods
  let time: Node
  let groups: [Node]
  let limits: ExecutionLimits

  init(
    _ unit: CalendarUnit, from: Int64?, groups: [NamedExpr], over input: Relation, log: LogColumns,
    span: LogSpan?, graph: inout NodeGraph
  ) {
    periods = LogPeriods(unit, of: span, from: from, timeZone: graph.context.timeZone)
    time = input.columns[log.time]
    self.groups = groups.map { graph.node($0.expression, over: input.columns) }
    limits = graph.limits
  }
}
