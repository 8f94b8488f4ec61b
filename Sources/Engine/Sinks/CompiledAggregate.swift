import Functions
import Planning
import Values

/// A use of an aggregate within a pipeline.
struct CompiledAggregate {
  enum Method {
    /// Each row counts.
    case plain
    /// Equal arguments count once.
    case distinct
    /// The number of distinct entities of a log, or of their sessions: no more than telling one from the one
    /// before.
    case runs(SessionNode?)
  }

  let method: Method
  let arguments: [Node]
  /// All of which must be true.
  let filter: [Node]
  let type: ScalarType
  let makeState: @Sendable () -> any AggregateState

  /// Whether it is the number of a log's distinct entities.
  var countsEntities: Bool { if case .runs(nil) = method { true } else { false } }

  /// Compiles a call over columns, one of which may be the entity of a log.
  init(_ call: AggregateCall, over columns: [Node], entity: Node?, graph: inout NodeGraph) {
    let overload = graph.functions.aggregate(call.function, overload: call.overload)
    arguments = call.arguments.map { graph.node($0, over: columns) }
    filter = call.filter.map { graph.conjuncts($0, over: columns) } ?? []
    type = overload.result
    makeState = overload.makeState
    if !call.isDistinct {
      method = .plain
    } else if call.function == "count", arguments.count == 1, let entity, arguments[0] === entity {
      method = .runs(nil)
    } else if call.function == "count", arguments.count == 1, let session = arguments[0] as? SessionNode,
      session.isIdentity
    {
      method = .runs(session)
    } else {
      method = .distinct
    }
  }

  /// Whether both are given the same rows and the same arguments, but for constants behind the first one.
  func seesRows(of other: CompiledAggregate) -> Bool {
    guard case .plain = method, case .plain = other.method else { return false }
    return filter.map(\.id) == other.filter.map(\.id) && collected.map(\.id) == other.collected.map(\.id)
  }

  private var collected: [Node] {
    arguments.prefix(1) + arguments.dropFirst().filter { $0.constant == nil }
  }
}
