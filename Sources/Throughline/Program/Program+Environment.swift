import Diagnostics
import Documents
import EventStore
import Functions
import Planning
import Syntax
import Values

extension Program {
  var bindingNames: [String] {
    let imported = imports.flatMap { alias, program in program?.bindingNames.map { "\(alias).\($0)" } ?? [] }
    return (nodesByName.keys + imported).sorted()
  }

  var relationNames: [String] {
    let tables = nodesByName.filter { _, index in
      switch nodes[index].kind {
      case .query, .data, .sql: !stack.contains(index)
      default: false
      }
    }.map(\.key)
    let imported = imports.flatMap { alias, program in
      program?.relationNames.filter { $0 != "events" }.map { "\(alias).\($0)" } ?? []
    }
    let own = dataLog != nil ? ["events"] : source.map { ["events"] + $0.dimensions.keys } ?? []
    return (tables + imported + own).sorted()
  }

  func binding(_ name: String) -> Binding? {
    if isSilenced(name) { return Binding(type: nil) }
    if let (program, rest) = imported(name) {
      guard let binding = program.binding(rest) else { return nil }
      return binding
    }
    guard let index = nodesByName[name] else { return nil }
    guard let meaning = require(index) else { return Binding(type: nil) }
    switch meaning {
    case .value(_, let type), .term(_, let type): return Binding(type: type)
    case .table(let table): return Binding(type: .table(table.schema, table.kind))
    case .query(let plan, _): return Binding(type: .table(plan.schema, plan.tableKind))
    case .sql(_, let schema): return Binding(type: .table(schema, .rows))
    case .conditions, .recommendations: return nil
    }
  }

  func value(of term: Term) throws -> Scalar? {
    let evaluator = TermEvaluator(value: { self.knownValue($0) }, timeZone: timeZone)
    do {
      return try evaluator.scalar(term)
    } catch is UnknownValue {
      return nil
    }
  }

  /// What a name was checked to mean; nothing when it has a mistake.
  func meaning(ofName name: String) -> Node.Meaning? {
    guard let index = nodesByName[name], case .checked(let meaning) = nodes[index].state else { return nil }
    return meaning
  }

  /// The value of a name that has been run, or of a parameter.
  func knownValue(_ name: String) -> Value? {
    if let (program, rest) = imported(name) { return program.knownValue(rest) }
    guard let index = nodesByName[name] else { return nil }
    if case .checked(.value(let scalar, .scalar(_, let display))) = nodes[index].state {
      return .scalar(scalar, display)
    }
    return values[index]
  }

  func relation(_ name: String) -> Relation? {
    if isSilenced(name), name != "events", source?.dimensions[name] == nil { return .unknown }
    if let (program, rest) = imported(name) {
      guard rest != "events", program.relation(rest) != nil else { return nil }
      guard case .table(let schema, _)? = program.binding(rest)?.type else { return .unknown }
      return .plan(.relation(name, schema), eventNames: [])
    }
    if name == "events" {
      if isSourceUnread { return .unknown }
      if dataLog == nil, let source { return .plan(source.events, eventNames: source.eventNames) }
      guard let dataLog else { return nil }
      return relation(dataLog)
    }
    if let index = nodesByName[name] {
      switch nodes[index].kind {
      case .query, .data, .sql: break
      default: return nil
      }
      let dependencies = stack.last.map { nodes[$0].dependencies }
      guard let known = require(index), let meaning = isRunning ? meaningNow(of: index, known) : known
      else { return .unknown }
      switch meaning {
      case .table(let table):
        if let log = DataBlockReader.roles(of: nodes[index], in: document) {
          return .plan(DataBlockReader.events(name, table, log), eventNames: table.eventNames(log))
        }
        return .plan(.relation(name, table.schema), eventNames: [])
      case .sql(_, let schema): return .plan(.relation(name, schema), eventNames: [])
      case .query(let plan, let eventNames):
        guard plan.log != nil, !nodes[index].isDamaged else {
          return .plan(.relation(name, plan.schema), eventNames: [])
        }
        // A log is read where it lies: what it needs is needed here, and not its rows.
        if let current = stack.last, let dependencies {
          nodes[current].dependencies = dependencies
          for needed in nodes[index].dependencies { depend(on: needed) }
        }
        return .plan(plan, eventNames: eventNames)
      case .value, .term, .conditions, .recommendations: return nil
      }
    }
    if dataLog == nil, let dimension = source?.dimensions[name] {
      return .plan(.relation(name, dimension.schema), eventNames: [])
    }
    return isSourceUnread ? .unknown : nil
  }

  /// Whether the front matter may have named a source, and has a mistake.
  private var isSourceUnread: Bool { document.frontMatter.isDamaged && document.frontMatter.source == nil }

  /// The data block that the front matter names as the source of events.
  var dataLog: String? {
    guard let name = document.frontMatter.source, let index = nodesByName[name],
      case .data = nodes[index].kind
    else { return nil }
    return name
  }

  func imported(_ name: String) -> (Program, String)? {
    guard let dot = name.firstIndex(of: "."), let program = imports[String(name[..<dot])] ?? nil
    else { return nil }
    return (program, String(name[name.index(after: dot)...]))
  }

  /// Whether what a name stands for has a mistake that was reported: it is bound twice, comes from an import that is
  /// not there, or stands in what could not be read. Then the name is not what is wrong.
  func isSilenced(_ name: String) -> Bool {
    let first = String(name.prefix { $0 != "." })
    if nodesByName[first] != nil { return contested.contains(first) }
    if let program = imports[first] { return program == nil }
    return unreadWords.contains(first)
  }

  func depend(on index: Int) {
    guard let current = stack.last, !nodes[current].dependencies.contains(index) else { return }
    nodes[current].dependencies.append(index)
  }

  /// The meaning of a node that another one uses, checking it first if need be.
  func require(_ index: Int) -> Node.Meaning? {
    depend(on: index)
    if case .checking = nodes[index].state {
      reportCycle(through: index)
      return nil
    }
    check(index)
    if case .checked(let meaning) = nodes[index].state { return meaning }
    return nil
  }

  func reportCycle(through index: Int) {
    let cycle = stack.drop { $0 != index }
    guard !cycle.contains(where: { if case .failed = nodes[$0].state { true } else { false } }) else {
      return
    }
    let names = (cycle + [index]).map { "'\(nodes[$0].name ?? "a block")'" }
    diagnostics.append(
      Diagnostic(
        id: "cycle", "'\(nodes[index].name ?? "a block")' depends on itself", at: nodes[index].range,
        label: "part of a cycle", notes: ["the cycle is \(names.joined(separator: " → "))"],
        hints: ["break it: let one of them use something else"]))
    for member in cycle { nodes[member].state = .failed }
  }
}

extension Plan {
  /// What kind of table the plan gives.
  var tableKind: Table.Kind {
    switch self {
    case .activity: .activity
    case .attribute: .attribution
    case .funnel: .funnel
    case .lifecycle: .lifecycle
    case .retention: .retention
    case .paths: .paths
    case .filter(let input, _), .sort(let input, _), .limit(let input, _, _): input.tableKind
    default: .rows
    }
  }
}
