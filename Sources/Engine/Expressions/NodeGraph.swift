import Functions
import Planning
import Values

/// Makes nodes of expressions, equal ones only once.
struct NodeGraph {
  /// What makes nodes equal; nodes within are named by their numbers.
  enum Key: Hashable {
    case constant(Scalar, ScalarType)
    case source(Int)
    case call(String, overload: Int, [Int])
    case conditional([Int], otherwise: Int?)
    case coalesce([Int])
    case isIn(Int, [Scalar], orNull: Bool)
    case right(relation: Int, column: Int)
    case window(relation: Int, AggregateKey, EventWindow)
    case neighbour(relation: Int, value: Int, offset: Int64)
    case session(relation: Int, SessionsKey, SessionColumn)
  }

  let functions: FunctionLibrary
  let context: EvaluationContext
  let limits: ExecutionLimits
  let chunking: Chunking
  /// How many rows there are of which operators look at some, beside those that are read.
  private(set) var rowsBeside = 0
  private var nodes: [Key: Node] = [:]
  private var count = 0

  init(_ inputs: ExecutionInputs, functions: FunctionLibrary) {
    self.functions = functions
    context = inputs.context
    limits = inputs.limits
    chunking = inputs.chunking
  }

  /// The node with a key, made where it is new. A value that is asked for a second time is kept from then on.
  mutating func node(_ key: Key, make: (_ id: Int) -> Node) -> Node {
    if let known = nodes[key] {
      known.isKept = known.constant == nil
      return known
    }
    count += 1
    let node = make(count)
    nodes[key] = node
    return node
  }

  mutating func node(_ expression: Expr, over columns: [Node]) -> Node {
    switch expression {
    case .column(let position, _):
      precondition(columns.indices.contains(position), "a checked plan reads columns that are there")
      columns[position].isKept = columns[position].constant == nil
      return columns[position]
    case .literal(let scalar, let type): return constant(scalar, type)
    case .call(let name, let overload, let arguments, let type):
      return call(name, overload, arguments.map { node($0, over: columns) }, type)
    case .conditional(let branches, let otherwise, let type):
      let branches = branches.map { branch in
        (condition: node(branch.condition, over: columns), value: node(branch.value, over: columns))
      }
      let otherwise = otherwise.map { node($0, over: columns) }
      let ids = branches.flatMap { [$0.condition.id, $0.value.id] }
      return node(.conditional(ids, otherwise: otherwise?.id)) {
        ConditionalNode($0, branches, otherwise: otherwise, type)
      }
    case .coalesce(let arguments, let type):
      let arguments = arguments.map { node($0, over: columns) }
      return node(.coalesce(arguments.map(\.id))) { CoalesceNode($0, arguments, type) }
    case .isIn(let operand, let constants, let orNull):
      let operand = node(operand, over: columns)
      return node(.isIn(operand.id, constants, orNull: orNull)) {
        guard operand.type == .text else {
          return ValueMembershipNode($0, operand, constants, orNull: orNull)
        }
        return TextMembershipNode($0, operand, constants.compactMap(\.text), orNull: orNull)
      }
    }
  }

  /// The rows of certain names that an operator over a relation looks at; nothing where it has to look at all.
  mutating func rows(
    named names: EventNames, beside relation: Relation, _ source: RowSource
  ) -> RowsBeside? {
    let rows = RowsBeside(names, of: relation, source)
    rowsBeside += rows?.rowCount ?? 0
    return rows
  }

  /// The conditions that must all be true for a condition to be true.
  mutating func conjuncts(_ condition: Expr, over columns: [Node]) -> [Node] {
    if case .call("and", _, let sides, _) = condition {
      return sides.flatMap { conjuncts($0, over: columns) }
    }
    return [node(condition, over: columns)]
  }

  private mutating func constant(_ scalar: Scalar, _ type: ScalarType) -> Node {
    node(.constant(scalar, type)) { ConstantNode($0, scalar, type) }
  }

  private mutating func call(_ name: String, _ overload: Int, _ arguments: [Node], _ type: ScalarType) -> Node
  {
    let constants = arguments.compactMap(\.constant)
    if constants.count == arguments.count {
      let kernel = functions.scalar(name, overload: overload).kernel
      // What is an error is left for the rows to meet: where there are none it does not happen.
      if let value = try? kernel(constants, 1, context) { return constant(value[0], type) }
    }
    let (functions, context) = (functions, context)
    return node(.call(name, overload: overload, arguments.map(\.id))) { id in
      if let special = NodeGraph.special(id, name, arguments) { return special }
      let overload = functions.scalar(name, overload: overload)
      return DayNode(id, name, overload, arguments, context)
        ?? TextCallNode(id, ofText: overload, arguments, context)
        ?? CallNode(id, overload, arguments, context)
    }
  }

  /// A node that knows more about a function than its kernel does.
  private static func special(_ id: Int, _ name: String, _ arguments: [Node]) -> Node? {
    switch (name, arguments.count) {
    case ("and", 2): return ConnectiveNode(id, .and, arguments[0], arguments[1])
    case ("or", 2): return ConnectiveNode(id, .or, arguments[0], arguments[1])
    case ("not", 1): return NotNode(id, arguments[0])
    case ("=", 2), ("<>", 2), ("<", 2), ("<=", 2), (">", 2), (">=", 2):
      if let constant = arguments[1] as? ConstantNode {
        return comparison(id, name, arguments[0], constant.scalar)
      }
      guard let constant = arguments[0] as? ConstantNode else { return nil }
      let mirrored = ["<": ">", "<=": ">=", ">": "<", ">=": "<="][name] ?? name
      return comparison(id, mirrored, arguments[1], constant.scalar)
    default: return nil
    }
  }

  private static func comparison(_ id: Int, _ name: String, _ operand: Node, _ constant: Scalar) -> Node? {
    if let text = constant.text {
      guard name == "=" || name == "<>" else { return nil }
      return TextMembershipNode(id, operand, [text], isNegated: name == "<>")
    }
    guard operand.type.isIntegral, constant.type == operand.type, let bound = constant.integral else {
      return nil
    }
    if let session = operand as? SessionNode,
      let places = SessionPlacesNode(id, session, name, bound)
    {
      return places
    }
    return RangeNode(id, operand, name, bound)
  }
}

extension Scalar {
  /// The text of a text.
  var text: String? { if case .text(let text) = self { text } else { nil } }
}
