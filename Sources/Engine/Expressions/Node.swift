import Functions
import Values

/// A part of an expression, compiled: what it computes for a batch of rows. Equal parts are one node.
///
/// Nodes belong to one worker, so they may keep what they found out about a dictionary.
class Node {
  /// Numbers the nodes of a pipeline.
  final let id: Int
  final let type: ScalarType
  /// The value of a node that is the same for all rows.
  final let constant: Operand?
  /// Whether batches keep the value for those who ask next.
  final var isKept: Bool

  init(_ id: Int, _ type: ScalarType, constant: Operand? = nil, isKept: Bool = false) {
    self.id = id
    self.type = type
    self.constant = constant
    self.isKept = isKept
  }

  /// Whether the value is quick to compute and never an error, so that computing it for a row in vain does no
  /// harm.
  var isSimple: Bool { constant != nil }

  /// The values for the rows of a batch, which has at least one row.
  func compute(_ batch: Batch) throws -> Operand {
    preconditionFailure("each kind of node computes its value")
  }

  /// The rows of a batch for which the value is true.
  func choice(_ batch: Batch) throws -> RowChoice {
    RowChoice(true: try batch.value(self), count: batch.count)
  }

  /// Whether a condition is true of all rows of a source, which have been chosen by it.
  func isCertain(of source: RowSource) -> Bool { false }

  /// Where a condition is true, one byte a row, where that is less work than to tell null from false.
  func trueMask(_ batch: Batch) -> [UInt8]? { nil }

  /// The values to group by where they are at hand in fewer bytes than a column has.
  func narrowKey(_ batch: Batch) throws -> KeyColumn? { nil }
}

extension Node {
  /// The values for the rows of a batch, to group by.
  final func keyColumn(_ batch: Batch) throws -> KeyColumn {
    try narrowKey(batch) ?? KeyColumn(batch.column(self))
  }
}

/// A value that is the same for all rows.
final class ConstantNode: Node {
  let scalar: Scalar

  init(_ id: Int, _ scalar: Scalar, _ type: ScalarType) {
    self.scalar = scalar
    super.init(id, type, constant: Operand(constant: scalar, type: type))
  }
}

/// A column of the source.
final class SourceNode: Node {
  let position: Int

  init(_ id: Int, _ position: Int, _ type: ScalarType) {
    self.position = position
    super.init(id, type, isKept: true)
  }

  override var isSimple: Bool { true }
  override func compute(_ batch: Batch) -> Operand { Operand(batch.read(position)) }

  /// Codes as they lie in a log.
  override func narrowKey(_ batch: Batch) -> KeyColumn? {
    guard case .log(let log) = batch.source, batch.rootPositions == nil, let stored = log.columns[position]
    else { return nil }
    let places = stored.places(of: batch.rows)
    func copy<Code: Numeric>(_ codes: UnsafePointer<Code>) -> [Code] {
      let own = Array(UnsafeBufferPointer(start: codes + places.lowerBound, count: places.count))
      return stored.spread(own, over: batch.rows)
    }
    let validity = stored.validity(of: batch.rows)
    return switch stored.encoding {
    case .codes8(let codes, let dictionary): KeyColumn(KeyLane(.bytes(copy(codes)), validity), dictionary)
    case .codes16(let codes, let dictionary): KeyColumn(KeyLane(.shorts(copy(codes)), validity), dictionary)
    default: nil
    }
  }
}

/// A value that depends on all rows of a relation, for batches of some of these rows too.
class RelationNode: Node {
  final let relation: Int

  init(_ id: Int, _ type: ScalarType, relation: Int) {
    self.relation = relation
    super.init(id, type, isKept: true)
  }

  final override func compute(_ batch: Batch) throws -> Operand {
    let origin = batch.origin(relation)
    if origin === batch { return try computeAll(batch) }
    guard let rows = batch.selection(in: origin) else { return try origin.value(self) }
    if rows.count <= origin.count / 2, let some = try computeSome(batch, rows, of: origin) { return some }
    return try origin.value(self).gathered(rows)
  }

  /// The values of all rows of the relation's batch.
  func computeAll(_ batch: Batch) throws -> Operand {
    preconditionFailure("each kind of node computes its value")
  }

  /// The values of a batch's rows, which are some of the relation's, ascending, where that is less work than all.
  func computeSome(_ batch: Batch, _ rows: [Int32], of origin: Batch) throws -> Operand? { nil }
}

/// A column of the right table of a join.
final class RightNode: RelationNode {
  private let column: Column

  init(_ id: Int, _ column: Column, relation: Int) {
    self.column = column
    super.init(id, column.type, relation: relation)
  }

  override func computeAll(_ batch: Batch) -> Operand {
    guard let rightRows = batch.rightRows else {
      preconditionFailure("the rows of a join know their partners")
    }
    return Operand(column.gatheredOrNull(rightRows))
  }
}

/// A function of the catalogue.
class CallNode: Node {
  private let kernel: Kernel
  private let arguments: [Node]
  private let context: EvaluationContext

  init(_ id: Int, _ overload: ScalarFunction.Overload, _ arguments: [Node], _ context: EvaluationContext) {
    kernel = overload.kernel
    self.arguments = arguments
    self.context = context
    super.init(id, overload.result)
  }

  override func compute(_ batch: Batch) throws -> Operand {
    let operands = try arguments.map { try batch.value($0) }
    let isConstant = operands.allSatisfy(\.isConstant)
    return Operand(try kernel(operands, isConstant ? 1 : batch.count, context), isConstant: isConstant)
  }
}
