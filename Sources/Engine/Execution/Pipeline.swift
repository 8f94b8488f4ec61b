import EventStore
import Functions
import Planning
import Values

/// The operators that one worker puts the rows of a source through, for all plans that read the source
/// together.
///
/// Operators that add columns add nodes: only filters and joins, which change what the rows are, run at all.
final class Pipeline {
  /// The relation of the source's own rows.
  static let rootRelation = 0

  private let source: RowSource
  private let sourcePlan: Plan
  private let joins: [JoinPlan: JoinIndex]
  private(set) var graph: NodeGraph
  private var relations: [Plan: Relation] = [:]
  /// By relation.
  private var operators: [any RowOperator] = []
  private var children: [[Int]] = [[]]
  private var sinksByRelation: [[Int]] = [[]]
  private(set) var sinks: [any Sink] = []

  /// What happens to one sink while a morsel is read.
  private var failures: [ExecutionError?] = []
  private var isDone: [Bool] = []

  /// A pipeline over a source, which `sourcePlan` stands for within the plans.
  init(
    _ source: RowSource, sourcePlan: Plan, joins: [JoinPlan: JoinIndex], graph: NodeGraph
  ) {
    self.source = source
    self.sourcePlan = sourcePlan
    self.joins = joins
    self.graph = graph
  }

  /// Adds a plan over the source, and what its rows go into.
  func add(_ member: Pass.Member) {
    let relation = relation(of: member.stream)
    sinksByRelation[relation.id].append(sinks.count)
    sinks.append(
      member.sink.make(
        relation, stream: member.stream, source: source, demand: member.demand, graph: &graph))
    failures.append(nil)
    isDone.append(false)
  }

  // MARK: Relations

  private func relation(of plan: Plan) -> Relation {
    if let known = relations[plan] { return known }
    let made = plan == sourcePlan ? sourceRelation() : derivedRelation(of: plan)
    relations[plan] = made
    return made
  }

  private func sourceRelation() -> Relation {
    let columns = source.types.enumerated().map { position, type in
      graph.node(.source(position)) { SourceNode($0, position, type) }
    }
    return Relation(id: Pipeline.rootRelation, columns: columns, filters: source.log.map { _ in [] })
  }

  private func derivedRelation(of plan: Plan) -> Relation {
    switch plan {
    case .filter(let input, let condition):
      let input = relation(of: input)
      let conditions = graph.conjuncts(condition, over: input.columns)
      let id = append(FilterOperator(conditions), to: input.id)
      let filters = input.filters.map { $0 + [Relation.Filter(relation: id, conditions: conditions)] }
      return Relation(id: id, columns: input.columns, filters: filters)
    case .extend(let input, let added):
      let input = relation(of: input)
      let columns = input.columns + nodes(added, over: input.columns)
      return Relation(id: input.id, columns: columns, filters: input.filters)
    case .project(let input, let columns):
      let input = relation(of: input)
      return Relation(id: input.id, columns: nodes(columns, over: input.columns), filters: input.filters)
    case .windows(let inputPlan, let calls):
      let (input, log) = logRelation(of: inputPlan)
      let added = calls.map { graph.window($0, over: input, log: log, source) }
      return Relation(
        id: input.id, columns: input.columns + added, filters: plan.canBeReadByName ? input.filters : nil)
    case .sessions(let sessions):
      let (input, log) = logRelation(of: sessions.input)
      let added = graph.sessions(sessions, over: input, log: log)
      return Relation(id: input.id, columns: input.columns + added, filters: nil)
    case .join(let join): return joined(join)
    case .events, .relation, .activity, .aggregate, .attribute, .sort, .limit, .distinct, .union, .funnel,
      .lifecycle, .paths, .retention:
      preconditionFailure("a pipeline holds operators that rows stream through")
    }
  }

  private func nodes(_ expressions: [NamedExpr], over columns: [Node]) -> [Node] {
    expressions.map { graph.node($0.expression, over: columns) }
  }

  private func logRelation(of plan: Plan) -> (Relation, LogColumns) {
    guard let log = plan.log, source.log != nil else {
      preconditionFailure("windows and sessions are over a log")
    }
    return (relation(of: plan), log)
  }

  private func joined(_ join: JoinPlan) -> Relation {
    guard let index = joins[join] else { preconditionFailure("the right side of a join comes first") }
    let left = relation(of: join.left)
    let keys = join.leftKeys.map { graph.node($0, over: left.columns) }
    let id = operators.count + 1
    let right = index.table.columns.enumerated().map { position, column in
      graph.node(.right(relation: id, column: position)) { RightNode($0, column, relation: id) }
    }
    let both = left.columns + right
    let conditions = join.condition.map { graph.conjuncts($0, over: both) } ?? []
    let isLog = join.left.log != nil
    let made = append(
      JoinOperator(
        join.kind, index, keys: keys, conditions: conditions, relation: id, keepsEntities: isLog,
        limits: graph.limits),
      to: left.id)
    precondition(made == id, "relations are numbered by their operators")
    let visible = join.kind == .semi || join.kind == .anti ? left.columns : both
    return Relation(id: id, columns: nodes(join.output, over: visible), filters: nil)
  }

  private func append(_ rowOperator: any RowOperator, to parent: Int) -> Int {
    operators.append(rowOperator)
    let id = operators.count
    children.append([])
    sinksByRelation.append([])
    children[parent].append(id)
    return id
  }

  // MARK: Rows

  /// Puts a morsel through, and gives each sink's partial result. A sink that is already known to fail or to
  /// have enough is left out.
  func run(_ morsel: Range<Int>, isWanted: [Bool]) -> [Result<any SinkPartial, ExecutionError>?] {
    let partials = sinks.enumerated().map { isWanted[$0] ? $1.makePartial() : nil }
    for index in sinks.indices {
      failures[index] = nil
      isDone[index] = !isWanted[index]
    }
    source.forEachBatch(of: morsel, graph.chunking, looksBeside: graph.rowsBeside > 0) { batch in
      if graph.limits.isCancelled() {
        for index in sinks.indices { failures[index] = failures[index] ?? .cancelled }
        return .stop
      }
      push(batch, into: Pipeline.rootRelation, partials)
      return sinks.indices.contains(where: isOpen) ? .proceed : .stop
    }
    return partials.enumerated().map { index, partial in
      partial.map { partial in
        if let failure = failures[index] { return .failure(failure) }
        return Result {
          try partial.close()
          return partial
        }.mapError { ExecutionError($0) }
      }
    }
  }

  private func isOpen(_ sink: Int) -> Bool { !isDone[sink] && failures[sink] == nil }

  private func push(_ batch: Batch, into relation: Int, _ partials: [(any SinkPartial)?]) {
    defer { batch.forgetRows() }
    for sink in sinksByRelation[relation] where isOpen(sink) {
      guard let partial = partials[sink] else { continue }
      do {
        try partial.take(batch)
        isDone[sink] = partial.isFull
      } catch {
        failures[sink] = ExecutionError(error)
      }
    }
    for child in children[relation] where feedsOpenSink(child) {
      do {
        try operators[child - 1].process(batch, relation: child) { push($0, into: child, partials) }
      } catch {
        fail(child, ExecutionError(error))
      }
    }
  }

  private func feedsOpenSink(_ relation: Int) -> Bool {
    sinksByRelation[relation].contains(where: isOpen) || children[relation].contains(where: feedsOpenSink)
  }

  private func fail(_ relation: Int, _ error: ExecutionError) {
    for sink in sinksByRelation[relation] where isOpen(sink) { failures[sink] = error }
    for child in children[relation] { fail(child, error) }
  }
}

/// Turns a batch into batches of other rows.
protocol RowOperator {
  /// Gives batches of the relation with this number; none that is empty.
  func process(_ batch: Batch, relation: Int, emit: (Batch) throws -> Void) throws
}

/// Keeps the rows for which all conditions are true.
struct FilterOperator: RowOperator {
  private let conditions: [Node]

  init(_ conditions: [Node]) { self.conditions = conditions }

  func process(_ batch: Batch, relation: Int, emit: (Batch) throws -> Void) throws {
    guard let kept = try batch.filtered(by: conditions) else { return }
    try emit(Batch(kept, at: nil, relation: relation))
  }
}
