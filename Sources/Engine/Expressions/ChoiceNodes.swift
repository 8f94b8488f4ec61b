import Functions
import Values

/// The value of the first branch whose condition is true.
final class ConditionalNode: Node {
  private let branches: [(condition: Node, value: Node)]
  private let otherwise: Node?

  init(_ id: Int, _ branches: [(condition: Node, value: Node)], otherwise: Node?, _ type: ScalarType) {
    self.branches = branches
    self.otherwise = otherwise
    super.init(id, type)
  }

  override func compute(_ batch: Batch) throws -> Operand {
    var result = ColumnAssembly(type, count: batch.count)
    var rest: Batch? = batch
    for branch in branches {
      guard let open = rest else { break }
      let condition = try open.value(branch.condition)
      let (taken, left) = open.split(Truth(condition, count: open.count).isTrue)
      if let taken { result.put(try taken.value(branch.value), at: taken.selection(in: batch)) }
      rest = left
    }
    if let rest, let otherwise { result.put(try rest.value(otherwise), at: rest.selection(in: batch)) }
    return Operand(result.column())
  }
}

/// The first value that is not null.
final class CoalesceNode: Node {
  private let arguments: [Node]

  init(_ id: Int, _ arguments: [Node], _ type: ScalarType) {
    self.arguments = arguments
    super.init(id, type)
  }

  override func compute(_ batch: Batch) throws -> Operand {
    var result = ColumnAssembly(type, count: batch.count)
    var rest: Batch? = batch
    for argument in arguments {
      guard let open = rest else { break }
      let value = try open.value(argument)
      result.put(value, at: open.selection(in: batch))
      guard let validity = value.column.validity else { break }
      rest = value.isConstant ? (value.column.isNull(0) ? open : nil) : open.split(validity).rest
    }
    return Operand(result.column())
  }
}

extension Batch {
  /// The rows whose byte is 1, and the others; nothing where there are none.
  fileprivate func split(_ mask: [UInt8]) -> (taken: Batch?, rest: Batch?) {
    switch RowChoice(mask: mask) {
    case .all: return (self, nil)
    case .none: return (nil, self)
    case .some(let rows):
      guard case .some(let others) = RowChoice(mask: mask.map { $0 ^ 1 }) else {
        preconditionFailure("what is not all has a rest")
      }
      return (Batch(self, at: rows), Batch(self, at: others))
    }
  }
}

/// A column put together from values for some of its rows; null where there are none. A later value wins.
struct ColumnAssembly {
  private let type: ScalarType
  private let count: Int
  private var pieces: [(rows: [Int32]?, value: Operand)] = []

  init(_ type: ScalarType, count: Int) {
    self.type = type
    self.count = count
  }

  /// Gives rows their values; no positions stand for all rows.
  mutating func put(_ value: Operand, at rows: [Int32]?) { pieces.append((rows, value)) }

  func column() -> Column {
    if let last = pieces.last, last.rows == nil { return last.value.expanded(to: count) }
    var validity = [UInt8](repeating: 0, count: count)
    for piece in pieces { spread(piece, into: &validity, constant: 1) { $0.validity } }
    let kept = validity.contains(0) ? validity : nil
    switch type {
    case .boolean:
      var values = [UInt8](repeating: 0, count: count)
      for piece in pieces { spread(piece, into: &values, constant: 0) { $0.booleanValues } }
      return .booleans(values, validity: kept)
    case .double:
      var values = [Double](repeating: 0, count: count)
      for piece in pieces { spread(piece, into: &values, constant: 0) { $0.doubleValues } }
      return .doubles(values, validity: kept)
    case .integer, .timestamp, .date, .duration:
      var values = [Int64](repeating: 0, count: count)
      for piece in pieces { spread(piece, into: &values, constant: 0) { $0.integerValues } }
      return .integers(values, as: type, validity: kept)
    case .text:
      var mapper = TextMapper()
      var codes = [UInt32](repeating: 0, count: count)
      for piece in pieces {
        let column = piece.value.column
        let mapped = mapper.ids(of: column)
        spread(piece, into: &codes, constant: 0) { _ in mapped }
      }
      for row in 0..<count where validity[row] == 0 { codes[row] = 0 }
      return .texts(codes, mapper.pool.dictionary(), validity: kept)
    }
  }

  @inline(__always)
  private func spread<T: BitwiseCopyable>(
    _ piece: (rows: [Int32]?, value: Operand), into target: inout [T], constant: T,
    _ values: (Column) -> [T]?
  ) {
    let source = values(piece.value.column)
    target.withUnsafeMutableBufferPointer { target in
      for index in 0..<(piece.rows?.count ?? count) {
        let row = piece.rows.map { Int($0[index]) } ?? index
        target[row] = source.map { $0[piece.value.isConstant ? 0 : index] } ?? constant
      }
    }
  }
}
