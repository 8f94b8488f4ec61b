import Diagnostics
import Documents
import EventStore
import Functions
import Planning
import Syntax
import Values

/// A document that is checked and can be run: its names, what each stands for, and what depends on what.
///
/// Names are checked on demand, so the order of blocks on the page does not matter, and a cycle shows itself as a name
/// that is asked for while it is being checked.
final class Program: Environment {
  let document: Document
  /// The log that `events` reads, and its dimensions; opened when it is first asked for.
  private(set) lazy var source: OpenSource? = openSource()
  private let openSource: () -> OpenSource?
  /// The imported documents by alias; nothing for one that is not there, which was reported.
  let imports: [String: Program?]
  let timeZone: TimeZoneRules
  var nodes: [Node] = []
  var diagnostics: [Diagnostic] = []
  /// The values of nodes that have been run.
  var values: [Int: Value] = [:]
  private var nodesByName: [String: Int] = [:]
  /// The nodes that are being checked, outermost first.
  private var stack: [Int] = []
  /// What parsed blocks are made of, by block.
  private(set) var parsed: [Int: ParsedBlock] = [:]
  private(set) var inlineExpressions: [Syntax.Expression] = []
  private let overrides: [String: String]
  /// Logs of data blocks, and hashes of tables, by name.
  var dataLogs: [String: EventLog] = [:]
  var relationHashes: [String: String] = [:]
  /// Whether values are being computed: then what queries inline is checked anew, with the values that are known.
  var isRunning = false

  /// How many names may be checked one inside the other.
  private static let maximumDepth = 200
  /// How many steps a plan may have from its result down to its source.
  private static let mostSteps = 500

  /// A block's body as a tree.
  enum ParsedBlock {
    case query(Query)
    case computation(Computation)
    case chart(Syntax.Expression)
    case expectations(Expectations)
    case decision(Syntax.Decision)
    case data
  }

  init(
    document: Document, imports: [String: Program?], timeZone: TimeZoneRules,
    parameters overrides: [String: String] = [:], openSource: @escaping () -> OpenSource?
  ) {
    self.document = document
    self.openSource = openSource
    self.imports = imports
    self.timeZone = timeZone
    self.overrides = overrides
    collect()
  }

  // MARK: Nodes

  private func collect() {
    for parameter in document.frontMatter.params {
      add(.parameter(parameter), name: parameter.name, at: parameter.range ?? SourceRange(0, 0))
    }
    for (index, block) in document.blocks.enumerated() {
      let range = block.nameRange ?? block.range
      switch block.kind {
      case .data:
        parsed[index] = .data
        add(.data(block: index), name: block.name, at: range)
      case .query:
        let (query, found) = Parser.query(block.body)
        parsed[index] = .query(query)
        add(.query(block: index), name: block.name, at: range, found)
      case .compute:
        let (computation, found) = Parser.computation(block.body)
        parsed[index] = .computation(computation)
        diagnostics += found
        for (line, binding) in computation.bindings.enumerated() {
          let next =
            line + 1 < computation.bindings.count ? computation.bindings[line + 1].name.range.lower : .max
          let own = SourceRange(binding.name.range.lower, next)
          add(
            .binding(block: index, line: line), name: binding.name.name, at: binding.name.range,
            mistakes: Program.mistakes(found).filter { own.lower <= $0 && $0 < own.upper })
        }
      case .chart:
        let (expression, found) = Parser.expression(block.body)
        parsed[index] = .chart(expression)
        add(.chart(block: index), name: block.name, at: range, found)
      case .expect:
        let (expectations, found) = Parser.expectations(block.body)
        parsed[index] = .expectations(expectations)
        add(.expect(block: index), name: nil, at: range, found)
      case .decide:
        let (decision, found) = Parser.decision(block.body)
        parsed[index] = .decision(decision)
        add(.decide(block: index), name: nil, at: range, found)
      }
    }
    for (index, value) in document.inlineValues.enumerated() {
      let (expression, found) = Parser.expression(value.expression)
      inlineExpressions.append(expression)
      add(.inline(index), name: nil, at: value.range, found)
    }
  }

  /// A node with what was found when it was read.
  private func add(_ kind: Node.Kind, name: String?, at range: SourceRange, _ found: [Diagnostic]) {
    diagnostics += found
    add(kind, name: name, at: range, mistakes: Program.mistakes(found))
  }

  private static func mistakes(_ found: [Diagnostic]) -> [Int] {
    found.filter { $0.severity == .error }.compactMap { $0.range?.lower }
  }

  private func add(_ kind: Node.Kind, name: String?, at range: SourceRange, mistakes: [Int] = []) {
    let index = nodes.count
    nodes.append(Node(kind: kind, name: name, range: range, mistakes: mistakes))
    guard let name else { return }
    if let first = nodesByName[name] {
      let line = document.source.line(at: nodes[first].range.lower)
      diagnostics.append(
        Diagnostic(
          id: "duplicate-name", "'\(name)' is bound twice, and a name is bound once", at: range,
          label: "bound again", notes: ["first bound on line \(line)"], hints: ["name one of them otherwise"])
      )
      nodes[index].state = .failed
      return
    }
    if imports[name] != nil || name == "events" {
      diagnostics.append(
        Diagnostic(
          id: "duplicate-name",
          name == "events" ? "'events' is the log of the source" : "'\(name)' is an imported document",
          at: range, label: "already taken", hints: ["name it otherwise"]))
    }
    nodesByName[name] = index
  }

  // MARK: Checking

  /// Checks everything, in the order of the page.
  func check() {
    for index in nodes.indices { check(index) }
    for override in overrides.keys.sorted()
    where !document.frontMatter.params.contains(where: { $0.name == override }) {
      let known = document.frontMatter.params.map(\.name)
      diagnostics.append(
        Diagnostic(
          id: "no-parameter", "no parameter named '\(override)'",
          notes: known.isEmpty
            ? ["the document has no parameters"]
            : ["the parameters are \(known.map { "'\($0)'" }.joined(separator: ", "))"],
          hints: NearestName.of(override, among: known).map { ["did you mean '\($0)'?"] } ?? []))
    }
  }

  private func check(_ index: Int) {
    guard case .unchecked = nodes[index].state else { return }
    guard stack.count < Program.maximumDepth else {
      nodes[index].state = .failed
      diagnostics.append(
        Diagnostic(
          id: "too-deep", "at most \(Program.maximumDepth) names stand one on the other, the last one first",
          at: nodes[index].range, label: "one name too many",
          hints: ["write what others use above them"]))
      return
    }
    nodes[index].state = .checking
    stack.append(index)
    let before = diagnostics.count
    let meaning = meaning(of: index)
    stack.removeLast()
    if nodes[index].isDamaged {
      // What was read wrongly is one mistake, not another one because of what it was taken for.
      let found = diagnostics[before...].filter {
        !nodes[index].hasMistake(in: $0.range ?? SourceRange(-1, -1))
      }
      diagnostics.replaceSubrange(before..., with: found)
    }
    guard case .checking = nodes[index].state else { return }
    nodes[index].state = meaning.map { .checked($0) } ?? .failed
  }

  /// What a relation means now. Of a table that is computed by itself, only the columns matter, and they stay.
  private func meaningNow(of index: Int, _ known: Node.Meaning) -> Node.Meaning? {
    guard case .query(let plan, _) = known, plan.log != nil else { return known }
    return meaning(of: index)
  }

  /// What a node means now: with the values that are known. Mistakes are added to the diagnostics.
  func meaning(of index: Int) -> Node.Meaning? {
    let node = nodes[index]
    switch node.kind {
    case .parameter(let parameter): return self.parameter(parameter)
    case .data(let block): return data(document.blocks[block])
    case .query(let block):
      guard case .query(let query)? = parsed[block] else { return nil }
      var checker = QueryChecker(self)
      let plan = checker.plan(query)
      diagnostics += checker.diagnostics
      guard let plan else { return nil }
      guard plan.depth <= Program.mostSteps else {
        diagnostics.append(
          Diagnostic(
            id: "too-many-steps",
            "a query has at most \(Program.mostSteps) steps with those that it starts from",
            at: node.range, label: "too many steps", hints: ["aggregate somewhere between them"]))
        return nil
      }
      return .query(plan, eventNames: checker.eventNames)
    case .binding(let block, let line):
      guard case .computation(let computation)? = parsed[block] else { return nil }
      return term(computation.bindings[line].value)
    case .chart(let block):
      guard case .chart(let expression)? = parsed[block] else { return nil }
      return figure(expression)
    case .expect(let block):
      guard case .expectations(let expectations)? = parsed[block] else { return nil }
      let conditions = expectations.conditions.map { condition($0.expression, $0.message) }
      return conditions.contains { $0 == nil } ? nil : .conditions(conditions.compactMap { $0 })
    case .decide(let block):
      guard case .decision(let decision)? = parsed[block] else { return nil }
      return recommendations(decision)
    case .inline(let inline): return term(inlineExpressions[inline])
    }
  }

  private func term(_ written: Syntax.Expression) -> Node.Meaning? {
    var checker = TermChecker(self)
    let checked = checker.term(written)
    diagnostics += checker.diagnostics
    return checked.map { .term($0.0, $0.1) }
  }

  private func figure(_ written: Syntax.Expression) -> Node.Meaning? {
    guard case .term(let term, let type)? = self.term(written) else { return nil }
    if type == .figure { return .term(term, type) }
    diagnostics.append(
      Diagnostic(
        id: "not-a-figure", "\(type.noun) is not a figure", at: written.range, label: type.noun,
        notes: ["figures are made by \(Figures.names.map { "'\($0)'" }.joined(separator: ", "))"]))
    return nil
  }

  private func condition(_ written: Syntax.Expression, _ message: String?) -> Node.Condition? {
    var checker = TermChecker(self)
    let term = checker.condition(written)
    diagnostics += checker.diagnostics
    guard let term else { return nil }
    var operands: [(text: String, term: Term)] = []
    for operand in written.operands {
      var checker = TermChecker(self)
      guard let (term, _) = checker.term(operand) else { continue }
      let text = document.source.text(in: operand.range).foldedWhitespace
      if !operands.contains(where: { $0.text == text }) { operands.append((text, term)) }
    }
    return Node.Condition(
      text: document.source.text(in: written.range).foldedWhitespace, message: message, term: term,
      operands: operands)
  }

  private func recommendations(_ decision: Syntax.Decision) -> Node.Meaning? {
    var result: [Node.Recommendation] = []
    var hasMistake = false
    for recommendation in decision.recommendations {
      let parts = recommendation.condition?.conjuncts ?? []
      let conditions = parts.map { condition($0, nil) }
      if conditions.contains(where: { $0 == nil }) { hasMistake = true }
      result.append(
        Node.Recommendation(
          action: recommendation.action.name, text: recommendation.text ?? "",
          conditions: conditions.compactMap { $0 }))
    }
    return hasMistake ? nil : .recommendations(result)
  }

  private func parameter(_ parameter: FrontMatter.Parameter) -> Node.Meaning? {
    let written = overrides[parameter.name] ?? parameter.value
    do {
      let (value, type) = try ParameterReader.read(written, type: parameter.type, timeZone: timeZone)
      return .value(value, .scalar(type, .automatic))
    } catch {
      diagnostics.append(
        Diagnostic(
          id: "bad-parameter", "parameter '\(parameter.name)': \(error.message)",
          at: overrides[parameter.name] == nil ? parameter.valueRange ?? parameter.range : parameter.range,
          label: parameter.type.map { "of type \($0)" } ?? "", hints: error.hints))
      return nil
    }
  }

  private func data(_ block: CodeBlock) -> Node.Meaning? {
    var reader = DataBlockReader(timeZone: timeZone)
    let table = reader.table(block)
    diagnostics += reader.diagnostics
    return table.map { .table($0) }
  }

  // MARK: Environment

  var bindingNames: [String] {
    let imported = imports.flatMap { alias, program in program?.bindingNames.map { "\(alias).\($0)" } ?? [] }
    return (nodesByName.keys + imported).sorted()
  }

  var relationNames: [String] {
    let tables = nodesByName.filter { _, index in
      switch nodes[index].kind {
      case .query, .data: !stack.contains(index)
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
    if isOfMissingImport(name) { return Binding(type: nil) }
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
    if isOfMissingImport(name) { return .unknown }
    if let (program, rest) = imported(name) {
      guard rest != "events", program.relation(rest) != nil else { return nil }
      guard case .table(let schema, _)? = program.binding(rest)?.type else { return .unknown }
      return .plan(.relation(name, schema), eventNames: [])
    }
    if name == "events" {
      if dataLog == nil, let source { return .plan(source.events, eventNames: source.eventNames) }
      guard let dataLog else { return nil }
      return relation(dataLog)
    }
    if let index = nodesByName[name] {
      switch nodes[index].kind {
      case .query, .data: break
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
    if dataLog == nil, let table = source?.dimensions[name] {
      return .plan(.relation(name, table.schema), eventNames: [])
    }
    return nil
  }

  /// The data block that the front matter names as the source of events.
  private var dataLog: String? {
    guard let name = document.frontMatter.source, let index = nodesByName[name],
      case .data = nodes[index].kind
    else { return nil }
    return name
  }

  private func imported(_ name: String) -> (Program, String)? {
    guard let dot = name.firstIndex(of: "."), let program = imports[String(name[..<dot])] ?? nil
    else { return nil }
    return (program, String(name[name.index(after: dot)...]))
  }

  /// Whether a name is an import that is not there, or would come from one: then it is not what is wrong.
  private func isOfMissingImport(_ name: String) -> Bool {
    let alias = String(name.prefix { $0 != "." })
    guard nodesByName[alias] == nil, let program = imports[alias] else { return false }
    return program == nil
  }

  private func depend(on index: Int) {
    guard let current = stack.last, !nodes[current].dependencies.contains(index) else { return }
    nodes[current].dependencies.append(index)
  }

  /// The meaning of a node that another one uses, checking it first if need be.
  private func require(_ index: Int) -> Node.Meaning? {
    depend(on: index)
    if case .checking = nodes[index].state {
      reportCycle(through: index)
      return nil
    }
    check(index)
    if case .checked(let meaning) = nodes[index].state { return meaning }
    return nil
  }

  private func reportCycle(through index: Int) {
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
    case .funnel: .funnel
    case .retention: .retention
    case .filter(let input, _), .sort(let input, _), .limit(let input, _, _): input.tableKind
    default: .rows
    }
  }
}

extension Syntax.Expression {
  /// The parts that are joined by `and`.
  var conjuncts: [Syntax.Expression] {
    guard case .binary(.and, _, let left, let right) = kind else { return [self] }
    return left.conjuncts + right.conjuncts
  }

  /// The largest parts that are not operators or constants: what a condition is about.
  var operands: [Syntax.Expression] {
    switch kind {
    case .name, .member, .rows, .call, .conditional, .cast: [self]
    case .unary(_, let operand), .isNull(let operand, _): operand.operands
    case .binary(_, _, let left, let right): left.operands + right.operands
    case .isIn(let operand, let options, _): operand.operands + options.flatMap(\.operands)
    case .isBetween(let operand, let low, let high, _): operand.operands + low.operands + high.operands
    case .isLike(let operand, let pattern, _): operand.operands + pattern.operands
    case .error, .null, .boolean, .integer, .double, .percentage, .text, .duration, .typedText: []
    }
  }
}

extension String {
  /// The text with every run of white space as one blank.
  var foldedWhitespace: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
