import EventStore
import Planning
import Values

/// Runs stages in the order of what they need. Stages that read one log and are ready together share a pass
/// over it.
struct Run {
  private let inputs: ExecutionInputs
  private let functions: FunctionLibrary
  private let graph: StageGraph
  private var results: [Result<Table, ExecutionError>?]

  init(_ graph: StageGraph, inputs: ExecutionInputs, functions: FunctionLibrary) {
    self.graph = graph
    self.inputs = inputs
    self.functions = functions
    results = [Result<Table, ExecutionError>?](repeating: nil, count: graph.stages.count)
  }

  /// The table of each stage, or why it has none.
  mutating func run() -> [Result<Table, ExecutionError>] {
    while let ready = nextStages() {
      if inputs.limits.isCancelled() {
        for stage in results.indices where results[stage] == nil { results[stage] = .failure(.cancelled) }
        break
      }
      execute(ready)
    }
    return results.map { $0 ?? .failure(.cancelled) }
  }

  /// Stages that can be run together: one that reads no log, or else all that read the same rows of one log.
  private func nextStages() -> [Int]? {
    let ready = results.indices.filter { stage in
      results[stage] == nil && graph.stages[stage].dependencies.allSatisfy { results[$0] != nil }
    }
    guard let first = ready.first(where: { events(of: $0) == nil }) ?? ready.first else { return nil }
    guard let events = events(of: first) else { return [first] }
    return ready.filter { self.events(of: $0) == events }
  }

  /// The plan of the log that a stage reads.
  private func events(of stage: Int) -> Plan? {
    if case .scan(_, .log(_, let events), _) = graph.stages[stage].work { events } else { nil }
  }

  private mutating func execute(_ ready: [Int]) {
    var scans: [Int] = []
    for stage in ready {
      if let error = graph.stages[stage].dependencies.sorted().compactMap({ error(of: $0) }).first {
        results[stage] = .failure(error)
      } else if let table = countedLog(stage) {
        results[stage] = .success(table)
      } else if case .scan = graph.stages[stage].work {
        scans.append(stage)
      } else {
        results[stage] = Result { try table(of: stage) }.mapError { ExecutionError($0) }
      }
    }
    scan(scans)
  }

  private func error(of stage: Int) -> ExecutionError? {
    if case .failure(let error) = results[stage] { error } else { nil }
  }

  private func result(_ stage: Int) -> Table {
    guard case .success(let table) = results[stage] else {
      preconditionFailure("a stage runs after the ones that it needs")
    }
    return table
  }

  private func table(of stage: Int) throws -> Table {
    switch graph.stages[stage].work {
    case .relation(let name, let schema): try relation(name, schema)
    case .sort(let input, let keys, let limit):
      try TableEvaluator(result(input), inputs, functions).sorted(by: keys, limit)
    case .union(let tables, let schema):
      try Table.union(tables.map { result($0) }, schema: schema, limits: inputs.limits)
    case .outerJoin(let join, let left, let right):
      try OuterJoin(join, left: result(left), right: result(right), inputs, functions).table()
    case .scan: preconditionFailure("a scan is run by a pass")
    }
  }

  /// The table of a stage that asks for no more than how many rows a log has.
  private func countedLog(_ stage: Int) -> Table? {
    guard
      case .scan(.events(let events), _, .aggregate(let keys, let calls, let schema)) = graph.stages[stage]
        .work
    else { return nil }
    return inputs.logs[events.source].flatMap {
      CountedLog.table($0, events, keys: keys, calls: calls, schema: schema)
    }
  }

  // MARK: Passes

  private mutating func scan(_ stages: [Int]) {
    var members: [Pass.Member] = []
    var joins: [JoinPlan: JoinIndex] = [:]
    var running: [Int] = []
    var source: (RowSource, Plan)?
    for stage in stages {
      guard case .scan(let stream, let from, let sink) = graph.stages[stage].work else { continue }
      do {
        for (join, right) in graph.stages[stage].rightSides where joins[join] == nil {
          joins[join] = try index(join, result(right))
        }
        source = try source ?? (rowSource(from), from.plan)
        members.append(Pass.Member(stream: stream, sink: sink, demand: graph.stages[stage].demand))
        running.append(stage)
      } catch {
        results[stage] = .failure(ExecutionError(error))
      }
    }
    guard let (rows, plan) = source, !running.isEmpty else { return }
    let pass = Pass(
      rows, sourcePlan: plan, members: members, joins: joins, inputs: inputs, functions: functions)
    for (stage, result) in zip(running, pass.run()) { results[stage] = result }
  }

  private func index(_ join: JoinPlan, _ right: Table) throws -> JoinIndex {
    let evaluator = TableEvaluator(right, inputs, functions)
    return JoinIndex(right, keys: try join.rightKeys.map { try evaluator.column($0) })
  }

  private func rowSource(_ source: Stage.Source) throws -> RowSource {
    switch source {
    case .log(let name, let plan):
      guard let log = inputs.logs[name] else { throw ExecutionError("no source named '\(name)' was given") }
      precondition(
        log.schema.map(\.type) == plan.schema.map(\.type), "a plan is of the log that it is run on")
      guard case .events(let events) = plan, let names = events.names else { return .log(log) }
      guard let excerpt = LogExcerpt(log, names: names) else {
        preconditionFailure("plans are narrowed where logs have runs")
      }
      return .excerpt(excerpt)
    case .relation(let name, let plan): return .table(try relation(name, plan.schema))
    case .stage(let stage, _): return .table(result(stage))
    }
  }

  private func relation(_ name: String, _ schema: Schema) throws(ExecutionError) -> Table {
    guard var table = inputs.tables[name] else {
      throw ExecutionError("no relation named '\(name)' was given")
    }
    precondition(
      table.schema.map(\.type) == schema.map(\.type), "a plan is of the tables that it is run on")
    table.schema = schema
    table.kind = .rows
    return table
  }
}
