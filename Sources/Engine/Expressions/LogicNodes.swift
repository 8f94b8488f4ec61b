import Functions
import Values

/// `and` and `or`. The second side is computed only where the first does not decide, unless it is simple.
final class ConnectiveNode: Node {
  enum Connective { case and, or }

  private let connective: Connective
  private let left: Node
  private let right: Node

  init(_ id: Int, _ connective: Connective, _ left: Node, _ right: Node) {
    self.connective = connective
    self.left = left
    self.right = right
    super.init(id, .boolean)
  }

  override var isSimple: Bool { left.isSimple && right.isSimple }

  override func compute(_ batch: Batch) throws -> Operand {
    let first = side(try batch.value(left), count: batch.count)
    if right.isSimple {
      return result(first.and(side(try batch.value(right), count: batch.count)))
    }
    let isOpen = first.isFalse.map { $0.map { $0 ^ 1 } } ?? first.isTrue
    switch RowChoice(mask: isOpen) {
    case .none: return result(first)
    case .all: return result(first.and(side(try batch.value(right), count: batch.count)))
    case .some(let rows):
      let second = side(try Batch(batch, at: rows).value(right), count: rows.count)
      return result(first.and(spread(second, to: rows, count: batch.count)))
    }
  }

  /// `a or b` is `not (not a and not b)`.
  private func side(_ operand: Operand, count: Int) -> Truth {
    let truth = Truth(operand, count: count)
    return connective == .and ? truth : truth.negated
  }

  private func result(_ truth: Truth) -> Operand {
    Operand((connective == .and ? truth : truth.negated).column)
  }

  /// The truth of some rows among all; of the others it does not matter.
  private func spread(_ truth: Truth, to rows: [Int32], count: Int) -> Truth {
    var result = Truth(Operand(constant: .boolean(true), type: .boolean), count: count)
    if truth.isFalse != nil { result.isFalse = [UInt8](repeating: 0, count: count) }
    for (index, row) in rows.enumerated() {
      result.isTrue[Int(row)] = truth.isTrue[index]
      if let isFalse = truth.isFalse { result.isFalse?[Int(row)] = isFalse[index] }
    }
    return result
  }
}

final class NotNode: Node {
  private let operand: Node

  init(_ id: Int, _ operand: Node) {
    self.operand = operand
    super.init(id, .boolean)
  }

  override var isSimple: Bool { operand.isSimple }

  override func compute(_ batch: Batch) throws -> Operand {
    Operand(Truth(try batch.value(operand), count: batch.count).negated.column)
  }
}
