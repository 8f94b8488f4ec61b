import Functions
import Planning
import Values

/// Counts which event follows which.
final class PathsSink: Sink {
  private let plan: PathsPlan
  private let compiled: CompiledPaths

  init(_ plan: PathsPlan, _ compiled: CompiledPaths) {
    self.plan = plan
    self.compiled = compiled
  }

  func makePartial() -> any SinkPartial { PathCounts(compiled) }

  func finish(_ merged: (any SinkPartial)?) throws -> Table {
    guard let counts = (merged ?? makePartial()) as? PathCounts else {
      preconditionFailure("a sink is given its own partial results")
    }
    try counts.settle()
    let keys = counts.table.keyColumns()
    let (sources, targets) = compiled.direction == .forward ? (keys[1], keys[2]) : (keys[2], keys[1])
    let order = RowOrder.ascending([keys[0], sources, targets], count: counts.table.count)
    let totals = PathsSink.totals(counts, keys)
    let numbers = counts.numbers.gathered(order)
    let rates = zip(numbers, totals.gathered(order)).map { Double($0) / Double($1) }
    let columns =
      [keys[0], sources, targets].map { $0.gathered(order) } + [.integers(numbers), .doubles(rates)]
    return Table(schema: Plan.paths(plan).schema, columns: columns, count: order.count, kind: .paths)
  }

  /// For each step how many paths are at the event that it is a step from, or of paths backwards to.
  private static func totals(_ counts: PathCounts, _ keys: [Column]) -> [Int64] {
    var places = GroupTable([.integer, .text])
    let placeOfStep = places.groups(of: Array(keys.prefix(2)), count: counts.table.count)
    var totals = [Int64](repeating: 0, count: places.count)
    for (place, number) in zip(placeOfStep, counts.numbers) { totals[Int(place)] += number }
    return placeOfStep.map { totals[Int($0)] }
  }
}

/// Paths over the nodes of a pipeline.
struct CompiledPaths {
  /// Which way a path goes from its anchor.
  enum Direction { case forward, backward }

  let direction: Direction
  let depth: Int
  let repeats: PathsPlan.Repeats
  let event: Node
  /// Nothing where a path begins with the first row.
  let anchor: Node?
  let session: Node?
  let hidden: Node?
  let limits: ExecutionLimits

  init(_ plan: PathsPlan, over input: Relation, graph: inout NodeGraph) {
    switch plan.anchor {
    case .beginning: (direction, anchor) = (.forward, nil)
    case .from(let condition): (direction, anchor) = (.forward, graph.node(condition, over: input.columns))
    case .to(let condition): (direction, anchor) = (.backward, graph.node(condition, over: input.columns))
    }
    depth = Int(clamping: plan.depth)
    repeats = plan.repeats
    event = graph.node(plan.event, over: input.columns)
    session = plan.session.map { graph.node($0, over: input.columns) }
    hidden = plan.hidden.map { graph.node($0, over: input.columns) }
    limits = graph.limits
  }
}

private final class PathCounts: SinkPartial {
  private let paths: CompiledPaths
  /// By position, the event nearer to the anchor and the one after it.
  private(set) var table = GroupTable([.integer, .text, .text])
  /// For each step how many paths take it.
  private(set) var numbers: [Int64] = []
  /// Steps that are not in the table yet.
  private var tally: StepTally?

  init(_ paths: CompiledPaths) { self.paths = paths }

  var isFull: Bool { false }

  func take(_ batch: Batch) throws {
    guard let rows = try paths.rows(batch) else { return }
    if tally?.dictionary !== rows.dictionary {
      try settle()
      tally = StepTally(rows.dictionary, depth: paths.depth)
    }
    tally?.take(rows, paths)
    if (tally?.bytes ?? 0) > PathCounts.mostTallied { try settle() }
  }

  /// Listed steps are put together before they are many.
  private static let mostTallied = 1 << 20

  /// Puts all steps into the table.
  func settle() throws {
    guard let tally else { return }
    self.tally = nil
    let steps = tally.steps
    let sign: Int64 = paths.direction == .forward ? 1 : -1
    let keys: [Column] = [
      .integers(steps.map { sign * Int64($0.position + 1) }), .texts(steps.map(\.near), tally.dictionary),
      .texts(
        steps.map { $0.far ?? 0 }, tally.dictionary,
        validity: steps.map { $0.far == nil ? 0 : 1 }),
    ]
    let groups = table.groups(of: keys, count: steps.count)
    try grow()
    for (step, group) in zip(steps, groups) { numbers[Int(group)] += step.number }
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? PathCounts else {
      preconditionFailure("a sink merges its own partial results")
    }
    try settle()
    try later.settle()
    let mapping = table.groups(of: later.table.keyColumns(), count: later.table.count)
    try grow()
    for (number, target) in zip(later.numbers, mapping) { numbers[Int(target)] += number }
  }

  private func grow() throws(ExecutionError) {
    numbers.append(contentsOf: repeatElement(0, count: table.count - numbers.count))
    try paths.limits.check(bytes: table.bytes + numbers.count * 8)
  }
}
