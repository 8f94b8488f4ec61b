import Values

/// What goes from event to event, column by column: the largest events of each, and the others together.
struct FlowGraph {
  /// One bar of a column.
  struct Node {
    /// Nothing for several events together.
    let event: String?
    let label: String
    /// How many pass through, begin or end here.
    let size: Double
    /// How many of them end here.
    var ended = 0.0
    /// How many of them begin here.
    var begun = 0.0
  }

  /// A band from a node of a column to one of the next; nodes are named by their places.
  struct Link {
    let column: Int
    let source: Int
    let target: Int
    var size: Double
  }

  /// The positions that are drawn, ascending.
  let positions: [Int]
  /// By position, the largest nodes first.
  private(set) var columns: [[Node]] = []
  /// By column, source and target.
  private(set) var links: [Link] = []
  /// What the drawing leaves out, and how its ends are shown.
  private(set) var notes: [String] = []

  /// The most events that a column names.
  private static let namedEvents = 6
  /// What is larger is no count, and could not be added up.
  private static let largest = 1e15

  /// One row of a flow that can be drawn.
  private struct Step {
    let position: Int
    let source: String?
    let target: String?
    let size: Double
  }

  init(_ layer: Layer, rowCount: Int, columnLimit: Int, rules: TimeZoneRules) {
    let steps = (0..<rowCount).compactMap { row -> Step? in
      guard let position = layer.x?.number(at: row), position.magnitude <= 1e6,
        let size = layer.y?.number(at: row), size > 0, size <= FlowGraph.largest
      else { return nil }
      return Step(
        position: Int(position.rounded()), source: layer.source?.text(at: row, rules),
        target: layer.target?.text(at: row, rules), size: size)
    }
    let sizes = FlowGraph.sizes(steps)
    let all = sizes.keys.sorted()
    let leadsUp = steps.contains { $0.source == nil }
    positions = Array(leadsUp ? all.suffix(columnLimit) : all.prefix(columnLimit))
    if positions.count < all.count {
      notes.append("The \(leadsUp ? "last" : "first") \(positions.count) of \(all.count) positions are drawn")
    }
    var places: [[String: Int]] = []
    for position in positions {
      let (nodes, placeOfEvent) = FlowGraph.column(sizes[position] ?? [:])
      columns.append(nodes)
      places.append(placeOfEvent)
    }
    connect(steps, places)
    let hasEnds = columns.dropLast().joined().contains { $0.ended > 0 }
    let hasBeginnings = columns.dropFirst().joined().contains { $0.begun > 0 }
    if hasEnds || hasBeginnings {
      notes.append("Grey: paths that \(hasEnds ? "end" : "begin") there")
    }
  }

  /// For each position how many are at each event there.
  private static func sizes(_ steps: [Step]) -> [Int: [String: Double]] {
    var coming: [Int: [String: Double]] = [:]
    var going: [Int: [String: Double]] = [:]
    for step in steps {
      if let source = step.source { going[step.position, default: [:]][source, default: 0] += step.size }
      if let target = step.target { coming[step.position + 1, default: [:]][target, default: 0] += step.size }
    }
    return coming.merging(going) { $0.merging($1) { max($0, $1) } }
  }

  /// The nodes of a column, and the place of each event among them.
  private static func column(_ sizes: [String: Double]) -> ([Node], [String: Int]) {
    let events = sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let named = events.count <= namedEvents + 1 ? events[...] : events.prefix(namedEvents)
    let others = events.dropFirst(named.count)
    var nodes = named.map { Node(event: $0.key, label: $0.key, size: $0.value) }
    if !others.isEmpty {
      let total = others.reduce(0) { $0 + $1.value }
      nodes.append(Node(event: nil, label: "(\(others.count) others)", size: total))
    }
    var places: [String: Int] = [:]
    for (place, event) in events.enumerated() { places[event.key] = min(place, nodes.count - 1) }
    return (nodes, places)
  }

  private mutating func connect(_ steps: [Step], _ places: [[String: Int]]) {
    var columnOf: [Int: Int] = [:]
    for (column, position) in positions.enumerated() { columnOf[position] = column }
    var known: [[Int]: Int] = [:]
    for step in steps {
      let from = columnOf[step.position]
      let to = columnOf[step.position + 1]
      let source = step.source.flatMap { name in from.flatMap { places[$0][name] } }
      let target = step.target.flatMap { name in to.flatMap { places[$0][name] } }
      if let from, let source, let target {
        let key = [from, source, target]
        if let link = known[key] {
          links[link].size += step.size
        } else {
          known[key] = links.count
          links.append(Link(column: from, source: source, target: target, size: step.size))
        }
      } else if let from, let source, step.target == nil {
        columns[from][source].ended += step.size
      } else if let to, let target, step.source == nil {
        columns[to][target].begun += step.size
      }
    }
    links.sort { ($0.column, $0.source, $0.target) < ($1.column, $1.source, $1.target) }
  }
}
