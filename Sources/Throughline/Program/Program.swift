import Diagnostics
import Documents
import Engine
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
  let sourceNames: [String]
  var nodes: [Node] = []
  var diagnostics: [Diagnostic] = []
  /// The values of nodes that have been run.
  var values: [Int: Value] = [:]
  var nodesByName: [String: Int] = [:]
  /// Names that are bound more than once: which of the values is meant is not known.
  var contested: Set<String> = []
  /// The words of what could not be read, for mistakes that were reported: any of them may be bound there.
  let unreadWords: Set<String>
  /// The nodes that are being checked, outermost first.
  var stack: [Int] = []
  /// What parsed blocks are made of, by block.
  private(set) var parsed: [Int: ParsedBlock] = [:]
  private(set) var inlineExpressions: [Syntax.Expression] = []
  let overrides: [String: String]
  /// Logs of data blocks, and hashes of tables, by name.
  var dataLogs: [String: EventLog] = [:]
  var relationHashes: [String: String] = [:]
  /// How much the database may use when it is asked for the columns of `sql` blocks.
  let limits: ExecutionLimits
  /// What `sql` blocks are run on, once there is one.
  var sqlDatabase: SQLDatabase?
  /// Whether values are being computed: then what queries inline is checked anew, with the values that are known.
  var isRunning = false

  /// How many names may be checked one inside the other.
  private static let maximumDepth = 200
  /// How many steps a plan may have from its result down to its source.
  static let mostSteps = 500

  /// A block's body as a tree.
  enum ParsedBlock {
    case query(Query)
    case computation(Computation)
    case chart(Syntax.Expression)
    case expectations(Expectations)
    case decision(Syntax.Decision)
    case data
    case sql
  }

  init(
    document: Document, imports: [String: Program?], timeZone: TimeZoneRules,
    parameters overrides: [String: String] = [:], limits: ExecutionLimits = ExecutionLimits(),
    sourceNames: [String] = [], openSource: @escaping () -> OpenSource?
  ) {
    self.limits = limits
    self.sourceNames = sourceNames
    self.document = document
    self.openSource = openSource
    self.imports = imports
    self.timeZone = timeZone
    self.overrides = overrides
    unreadWords = document.unreadWords
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
      case .sql:
        parsed[index] = .sql
        add(.sql(block: index), name: block.name, at: range)
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
      contested.insert(name)
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
    where !document.frontMatter.params.contains(where: { $0.name == override })
      && !unreadWords.contains(override)
    {
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

  func check(_ index: Int) {
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
  func meaningNow(of index: Int, _ known: Node.Meaning) -> Node.Meaning? {
    guard case .query(let plan, _) = known, plan.log != nil else { return known }
    return meaning(of: index)
  }
}
