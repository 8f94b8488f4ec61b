import Diagnostics
import Documents
import Engine
import EventStore
import Functions
import Planning
import Reports
import Syntax
import Values

/// Computes what a checked program stands for: nodes in the order of their dependencies, queries that are ready
/// together in one pass over their log.
struct Run {
  let program: Program
  let cache: ResultCache?
  let limits: ExecutionLimits
  /// Why nodes have no value.
  private(set) var failures: [Int: Failure] = [:]
  private(set) var expectations: [Int: [Reports.Expectation]] = [:]
  private(set) var decisions: [Int: Reports.Decision] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  enum Failure {
    /// It has a mistake or could not be computed; what is wrong was reported.
    case mistake
    /// It uses something that has no value.
    case dependency(name: String)
  }

  init(_ program: Program, cache: ResultCache?, limits: ExecutionLimits) {
    self.program = program
    self.cache = cache
    self.limits = limits
  }

  /// Runs everything that can be run.
  mutating func run() {
    program.isRunning = true
    var waiting: [Int] = []
    for (index, node) in program.nodes.enumerated() {
      switch node.state {
      case .checked where node.isDamaged: failures[index] = .mistake
      case .checked: waiting.append(index)
      case .failed, .unchecked, .checking:
        let cause = program.brokenDependency(of: index)
        failures[index] = cause.map { .dependency(name: $0) } ?? .mistake
      }
    }
    while !waiting.isEmpty {
      let ready = waiting.filter { isReady($0) }
      // Dependencies have no cycles, so something is always ready.
      guard !ready.isEmpty else { break }
      waiting.removeAll { ready.contains($0) }
      var queries: [Int] = []
      for index in ready {
        if let failed = program.nodes[index].dependencies.first(where: { failures[$0] != nil }) {
          failures[index] = .dependency(name: program.nodes[failed].name ?? "a block")
        } else if case .query = program.nodes[index].kind {
          if program.isNeeded(index) { queries.append(index) }
        } else {
          evaluate(index)
        }
      }
      run(queries: queries)
    }
    program.isRunning = false
  }

  private func isReady(_ index: Int) -> Bool {
    program.nodes[index].dependencies.allSatisfy {
      failures[$0] != nil || program.values[$0] != nil || !program.isNeeded($0)
    }
  }

  // MARK: Queries

  private mutating func run(queries: [Int]) {
    var plans: [(index: Int, plan: Plan, key: String?)] = []
    for index in queries {
      guard case .query(let plan, _)? = meaningNow(of: index) else {
        failures[index] = .mistake
        continue
      }
      let key = cache.flatMap { _ in program.key(of: plan) }
      if let key, let table = cache?.table(key) {
        program.values[index] = .table(shown(table, as: plan))
      } else {
        plans.append((index, plan, key))
      }
    }
    guard !plans.isEmpty else { return }
    let results = program.tables(of: plans.map(\.plan), limits: limits)
    for ((index, plan, key), result) in zip(plans, results) {
      switch result {
      case .success(let table):
        if let key { cache?.store(table, key) }
        program.values[index] = .table(shown(table, as: plan))
      case .failure(let error): fail(index, error.message, error.hints)
      }
    }
  }

  /// A table with the plan's names and displays, which are no part of what is computed.
  private func shown(_ table: Table, as plan: Plan) -> Table {
    Table(schema: plan.schema, columns: table.columns, count: table.count, kind: plan.tableKind)
  }

  /// What a node means with the values that are known by now.
  private mutating func meaningNow(of index: Int) -> Node.Meaning? {
    let before = program.diagnostics
    let meaning = program.meaning(of: index)
    let found = program.diagnostics.dropFirst(before.count).filter { !before.contains($0) }
    program.diagnostics = before + found
    return meaning
  }

  // MARK: Everything else

  private mutating func evaluate(_ index: Int) {
    guard let meaning = meaningNow(of: index) else {
      failures[index] = .mistake
      return
    }
    let evaluator = TermEvaluator(value: { [program] in program.knownValue($0) }, timeZone: program.timeZone)
    do {
      switch meaning {
      case .value(let scalar, _): program.values[index] = .scalar(scalar)
      case .table(let table): program.values[index] = .table(table)
      case .term(let term, .column(_, let display)) where program.nodes[index].isInline:
        program.values[index] = .scalar(try evaluator.scalar(term), display)
      case .term(let term, _): program.values[index] = try evaluator.value(of: term)
      case .conditions(let conditions):
        expectations[index] = conditions.map { expectation($0, evaluator) }
      case .recommendations(let recommendations):
        decisions[index] = decision(recommendations, evaluator)
      case .sql(let text, let schema):
        program.values[index] = .table(try program.table(ofSQL: text, schema, limits: limits))
      case .query: preconditionFailure("queries are run together")
      }
    } catch let error as EvaluationError {
      fail(index, error.message, error.hints)
    } catch {
      fail(index, "\(error)", [])
    }
  }

  private mutating func fail(_ index: Int, _ message: String, _ hints: [String]) {
    failures[index] = .mistake
    let node = program.nodes[index]
    diagnostics.append(
      Diagnostic(
        id: "evaluation", message, at: node.range,
        label: node.name.map { "computing '\($0)'" } ?? "computing this", hints: hints))
  }

  private func outcome(_ condition: Node.Condition, _ evaluator: TermEvaluator) -> Bool? {
    guard let value = try? evaluator.scalar(condition.term), case .boolean(let holds) = value else {
      return nil
    }
    return holds
  }

  private func expectation(_ condition: Node.Condition, _ evaluator: TermEvaluator) -> Reports.Expectation {
    var findings = condition.operands.compactMap { operand -> String? in
      guard let value = try? evaluator.value(of: operand.term) else { return nil }
      return value.shortText(program.timeZone).map { "\(operand.text) is \($0)" }
    }
    let outcome: Reports.Expectation.Outcome
    do {
      switch try evaluator.scalar(condition.term) {
      case .boolean(true): outcome = .passed
      case .boolean(false): outcome = .failed
      default: outcome = .unknown
      }
    } catch {
      outcome = .unknown
      if let refusal = error as? EvaluationError { findings.append(refusal.message) }
    }
    return Reports.Expectation(
      condition.text, outcome, message: outcome == .passed ? nil : condition.message, findings: findings)
  }

  /// The first recommendation whose conditions all hold. One whose conditions are not all known is not chosen, and
  /// neither is any after it: the decision is open.
  private func decision(
    _ recommendations: [Node.Recommendation], _ evaluator: TermEvaluator
  ) -> Reports.Decision {
    var chosen: Int?
    var isOpen = false
    var result: [Reports.Decision.Recommendation] = []
    for (position, recommendation) in recommendations.enumerated() {
      let conditions = recommendation.conditions.map { decisive($0, evaluator) }
      if chosen == nil, !isOpen, conditions.allSatisfy({ $0.holds == true }) { chosen = position }
      if conditions.contains(where: { $0.holds == nil }), !conditions.contains(where: { $0.holds == false }) {
        isOpen = isOpen || chosen == nil
      }
      result.append(
        Reports.Decision.Recommendation(
          verb: recommendation.action, text: recommendation.text, conditions: conditions))
    }
    return Reports.Decision(recommendations: result, chosen: chosen)
  }

  /// A condition of a recommendation with its value and the one that it is held against, shown alike.
  private func decisive(
    _ condition: Node.Condition, _ evaluator: TermEvaluator
  ) -> Reports.Decision.Condition {
    func value(_ term: Term?) -> Value? { term.flatMap { try? evaluator.value(of: $0) }?.single }
    let subject = value(condition.subject)
    var bound = value(condition.bound?.term)
    if case .scalar(_, let display)? = subject, case .scalar(let scalar, .automatic)? = bound {
      bound = .scalar(scalar, display)
    }
    return Reports.Decision.Condition(
      condition.text, value: subject,
      bound: condition.bound.flatMap { written in
        bound.map { Reports.Decision.Condition.Bound(written.sign, $0) }
      },
      holds: outcome(condition, evaluator))
  }
}

extension Value {
  /// A column of one value as that value.
  var single: Value? {
    switch self {
    case .column(let column, let display):
      column.count == 1 ? .scalar(column[0], display) : column.count == 0 ? .scalar(.null, display) : nil
    case .scalar: self
    case .table, .record, .figure: nil
    }
  }

  /// A plain value as text.
  func shortText(_ timeZone: TimeZoneRules) -> String? {
    guard case .scalar(let scalar, let display)? = single else { return nil }
    return ValueFormatter.text(scalar, display, timeZone: timeZone)
  }
}
