import ADBC
import Backends
import Diagnostics
import Documents
import Engine
import EventStore
import Functions
import Planning
import Values

extension Program {
  /// Changes when the same document and data may give other values: results kept under another version are not used.
  static let semanticVersion = "3"

  /// Whether a node's value is needed. A hidden query whose rows others only read as a log is not run by itself.
  func isNeeded(_ index: Int) -> Bool {
    guard case .query(let block) = nodes[index].kind,
      case .checked(.query(let plan, _)) = nodes[index].state, plan.log != nil,
      document.blocks[block].option("hide") != nil
    else { return true }
    return nodes.contains { $0.dependencies.contains(index) }
  }

  /// The name whose mistake is why a node has none of its own and yet cannot be run.
  func brokenDependency(of index: Int) -> String? {
    let isOwn = diagnostics.contains { diagnostic in
      diagnostic.severity == .error && diagnostic.range.map { contains($0, node: index) } ?? false
    }
    guard !isOwn else { return nil }
    let broken = nodes[index].dependencies.first { if case .failed = nodes[$0].state { true } else { false } }
    return broken.map { nodes[$0].name ?? "a block" }
  }

  /// Whether a place lies in what a node was written as.
  private func contains(_ place: SourceRange, node index: Int) -> Bool {
    func holds(_ range: SourceRange) -> Bool { range.lower <= place.lower && place.lower <= range.upper }
    switch nodes[index].kind {
    case .binding(let block, let line):
      guard case .computation(let computation)? = parsed[block] else { return false }
      return holds(computation.bindings[line].name.range) || holds(computation.bindings[line].value.range)
    case .inline(let inline): return holds(document.inlineValues[inline].range)
    default:
      return holds(nodes[index].range)
        || nodes[index].block.map { document.blocks[$0].contains(place) } ?? false
    }
  }

  /// What the engine needs for some plans: logs by source, tables by relation name.
  func inputs(for plans: [Plan], limits: ExecutionLimits) -> ExecutionInputs {
    var logs: [String: EventLog] = [:]
    var tables: [String: Table] = [:]
    for plan in plans {
      for leaf in plan.leaves {
        switch leaf {
        case .events(let events): logs[events.source] = log(events.source)
        case .relation(let name, _): tables[name] = relationTable(name)
        default: break
        }
      }
    }
    return ExecutionInputs(
      logs: logs, tables: tables, context: EvaluationContext(timeZone: timeZone), limits: limits)
  }

  /// The hash of all that a plan's result depends on: the plan, the data that it reads, the zone, and the version of
  /// the language's meaning. Nothing when something that it reads has no value.
  func key(of plan: Plan) -> String? {
    var text = "\(Program.semanticVersion)\n\(timeZone.name)\n\(plan)\n"
    for leaf in plan.leaves {
      switch leaf {
      case .events(let events):
        guard let fingerprint = fingerprint(events.source) else { return nil }
        text += "\(events.source) \(fingerprint)\n"
      case .relation(let name, _):
        guard let hash = relationHash(name) else { return nil }
        text += "\(name) \(hash)\n"
      default: break
      }
    }
    return ContentHash.hex(of: Array(text.utf8))
  }

  /// The log that a name in a plan stands for; nothing for one of a database.
  func log(_ name: String) -> EventLog? {
    if let known = dataLogs[name] { return known }
    if let index = nodes.firstIndex(where: { $0.name == name }),
      let roles = DataBlockReader.roles(of: nodes[index], in: document),
      case .checked(.table(let table)) = nodes[index].state
    {
      let hash = ContentHash.hex(of: TableCoding.encode(table))
      let log = try? EventLog(table: table, roles: roles, fingerprint: hash)
      dataLogs[name] = log
      return log
    }
    guard let source, source.name == name, case .native(let log) = source.rows else { return nil }
    return log
  }

  /// Identifies the content of a log, and what computes with it.
  private func fingerprint(_ name: String) -> String? {
    if let log = log(name) { return log.fingerprint }
    guard let source, source.name == name else { return nil }
    return "\(source.engine.rawValue) \(source.logFingerprint)"
  }

  /// The database that a plan is run on; nothing for the native engine.
  func database(for plan: Plan) -> DuckDB? {
    let logs = plan.leaves.compactMap { leaf in
      if case .events(let events) = leaf { events.source } else { nil }
    }
    // A plan that reads no source's log does not open one: a report says where its values come from.
    guard let name = logs.first(where: { log($0) == nil }), let source, source.name == name,
      case .duckDB(let database) = source.rows
    else { return nil }
    return database
  }

  /// The table of each plan, or why it has none: those that read a database's log by SQL, others natively and in one
  /// pass over each log.
  func tables(of plans: [Plan], limits: ExecutionLimits) -> [Result<Table, ExecutionError>] {
    var results = [Result<Table, ExecutionError>?](repeating: nil, count: plans.count)
    for (index, plan) in plans.enumerated() {
      guard let database = database(for: plan) else { continue }
      results[index] = Result { () throws(ExecutionError) in try table(of: plan, database, limits) }
    }
    let native = plans.indices.filter { results[$0] == nil }
    let found = Engine.run(
      native.map { plans[$0] }, inputs: inputs(for: native.map { plans[$0] }, limits: limits))
    for (index, result) in zip(native, found) { results[index] = result }
    return results.map { $0 ?? .failure(ExecutionError("a plan was not run")) }
  }

  private func table(
    of plan: Plan, _ database: DuckDB, _ limits: ExecutionLimits
  ) throws(ExecutionError) -> Table {
    do {
      for (name, table) in inputs(for: [plan], limits: limits).tables.sorted(by: { $0.key < $1.key }) {
        try database.load(table, as: name)
      }
      return try database.table(of: plan, timeZone: timeZone, isCancelled: limits.isCancelled)
    } catch let error as DatabaseError {
      throw ExecutionError(error.message, hints: error.hints)
    } catch BackendError.refused(let refusal) {
      throw ExecutionError(refusal.message, hints: refusal.hints)
    } catch BackendError.failed(let error) {
      throw ExecutionError(error.message, hints: error.hints)
    } catch BackendError.cancelled {
      throw ExecutionError.cancelled
    } catch {
      throw ExecutionError("\(error)")
    }
  }

  private func relationTable(_ name: String) -> Table? {
    if case .table(let table)? = knownValue(name) { return table }
    return source?.dimensions[name]?.table
  }

  private func relationHash(_ name: String) -> String? {
    if let known = relationHashes[name] { return known }
    if knownValue(name) == nil, let fingerprint = source?.dimensionFingerprints[name] { return fingerprint }
    let hash = relationTable(name).map { ContentHash.hex(of: TableCoding.encode($0)) }
    relationHashes[name] = hash
    return hash
  }
}

extension Plan {
  /// The plan's sources: events and relations.
  var leaves: [Plan] {
    switch self {
    case .events, .relation: [self]
    default: inputs.flatMap(\.leaves)
    }
  }
  /// How many plans stand on one another, this one included.
  var depth: Int { 1 + (inputs.map(\.depth).max() ?? 0) }
}
