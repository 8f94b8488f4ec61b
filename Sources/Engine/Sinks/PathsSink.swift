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

  /// The steps of all paths of a batch.
  func steps(_ batch: Batch) throws -> PathSteps {
    let events = try batch.column(event)
    var isShown = events.validity ?? [UInt8](repeating: 1, count: batch.count)
    if let hidden { isShown = zipped(isShown, try mask(hidden, batch)) { $0 & ($1 ^ 1) } }
    let anchors = try anchor.map { try mask($0, batch) }
    let sessions = try session.map { session in
      var numbers = GroupTable([session.type])
      return numbers.groups(of: [try batch.column(session)], count: batch.count)
    }
    var steps = PathSteps(events.textValues.codes, direction, depth: depth, repeats)
    for (first, end) in zip(batch.entityStarts, batch.entityStarts.dropFirst()) {
      var rows = (first..<end).filter { isShown[$0] != 0 }
      // Sessions may overlap where they are the source's own.
      if let sessions { rows.sort { (sessions[$0], $0) < (sessions[$1], $1) } }
      var start = 0
      while start < rows.count {
        var next = start + 1
        if let sessions {
          while next < rows.count, sessions[rows[next]] == sessions[rows[start]] { next += 1 }
        } else {
          next = rows.count
        }
        let path = rows[start..<next]
        if let place = anchors.map({ anchors in path.firstIndex { anchors[$0] != 0 } }) ?? start {
          steps.add(path, from: place)
        }
        start = next
      }
    }
    return steps
  }

  private func mask(_ condition: Node, _ batch: Batch) throws -> [UInt8] {
    Truth(try batch.value(condition), count: batch.count).isTrue
  }
}

private final class PathCounts: SinkPartial {
  private let paths: CompiledPaths
  /// By position, the event nearer to the anchor and the one after it.
  private(set) var table = GroupTable([.integer, .text, .text])
  /// For each step how many paths take it.
  private(set) var numbers: [Int64] = []

  init(_ paths: CompiledPaths) { self.paths = paths }

  var isFull: Bool { false }

  func take(_ batch: Batch) throws {
    let steps = try paths.steps(batch)
    if steps.count == 0 { return }
    let dictionary = try batch.column(paths.event).textValues.dictionary
    let keys: [Column] = [
      .integers(steps.positions), .texts(steps.near, dictionary),
      .texts(steps.far, dictionary, validity: steps.goesOn),
    ]
    let groups = table.groups(of: keys, count: steps.count)
    try grow()
    for group in groups { numbers[Int(group)] += 1 }
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? PathCounts else {
      preconditionFailure("a sink merges its own partial results")
    }
    let mapping = table.groups(of: later.table.keyColumns(), count: later.table.count)
    try grow()
    for (number, target) in zip(later.numbers, mapping) { numbers[Int(target)] += number }
  }

  private func grow() throws(ExecutionError) {
    numbers.append(contentsOf: repeatElement(0, count: table.count - numbers.count))
    try paths.limits.check(bytes: table.bytes + numbers.count * 8)
  }
}
