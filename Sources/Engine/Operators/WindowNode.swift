import Functions
import Planning
import Values

/// What makes two uses of an aggregate the same, over nodes by their numbers.
struct AggregateKey: Hashable {
  let function: String
  let overload: Int
  let arguments: [Int]
  let isDistinct: Bool
  let filter: [Int]
}

extension NodeGraph {
  /// The node of a value that is made of other rows of the entity.
  mutating func window(_ call: WindowCall, over input: Relation, time: Node) -> Node {
    switch call {
    case .aggregate(let aggregate, over: let window):
      return self.window(aggregate, window, over: input, time: time)
    case .neighbour(_, let expression, let offset):
      let value = node(expression, over: input.columns)
      return node(.neighbour(relation: input.id, value: value.id, offset: offset)) {
        NeighbourNode($0, relation: input.id, value, offset: offset)
      }
    }
  }

  private mutating func window(
    _ aggregate: AggregateCall, _ window: EventWindow, over input: Relation, time: Node
  ) -> Node {
    let arguments = aggregate.arguments.map { node($0, over: input.columns) }
    let filter = aggregate.filter.map { conjuncts($0, over: input.columns) } ?? []
    let key = AggregateKey(
      function: aggregate.function, overload: aggregate.overload, arguments: arguments.map(\.id),
      isDistinct: aggregate.isDistinct, filter: filter.map(\.id))
    time.isKept = true
    let overload = functions.aggregate(aggregate.function, overload: aggregate.overload)
    let isCancelled = limits.isCancelled
    return node(.window(relation: input.id, key, window)) { id in
      WindowNode(
        id, relation: input.id, window, time: time, aggregate, overload, arguments: arguments,
        filter: filter, isCancelled: isCancelled)
    }
  }
}

/// An aggregate over each row's window.
final class WindowNode: RelationNode {
  private let window: EventWindow
  private let time: Node
  private let function: String
  private let isDistinct: Bool
  private let makeState: @Sendable () -> any AggregateState
  private let arguments: [Node]
  private let filter: [Node]
  private let isCancelled: @Sendable () -> Bool
  /// About so many rows are given to the state of an aggregate at once.
  private static let chunkRows = 262_144

  init(
    _ id: Int, relation: Int, _ window: EventWindow, time: Node, _ call: AggregateCall,
    _ overload: AggregateFunction.Overload, arguments: [Node], filter: [Node],
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.window = window
    self.time = time
    self.arguments = arguments
    self.filter = filter
    self.isCancelled = isCancelled
    function = call.function
    isDistinct = call.isDistinct
    makeState = overload.makeState
    super.init(id, overload.result, relation: relation)
  }

  override func computeAll(_ batch: Batch) throws -> Operand {
    let frames = try batch.frames(window) { try makeFrames(batch, nil) }
    return try compute(batch, frames)
  }

  /// Only frames are found for fewer rows: what they span is the same. A row may come twice, after a join.
  override func computeSome(_ batch: Batch, _ rows: [Int32]) throws -> Operand? {
    try compute(batch, makeFrames(batch, rows))
  }

  private func makeFrames(_ batch: Batch, _ rows: [Int32]?) throws -> WindowFrames {
    WindowFrames(
      window, times: try batch.column(time).integerValues, entityStarts: batch.entityStarts, rows: rows)
  }

  private func compute(_ batch: Batch, _ frames: WindowFrames) throws -> Operand {
    let taken = try batch.mask(of: filter)
    return Operand(try quickly(batch, frames, taken) ?? thoroughly(batch, frames, taken))
  }

  // MARK: By walking

  /// The aggregates that can be told from one row to the next.
  private func quickly(_ batch: Batch, _ frames: WindowFrames, _ taken: [UInt8]?) throws -> Column? {
    if isDistinct { return nil }
    if arguments.isEmpty { return function == "count" ? .integers(frames.counts(taken)) : nil }
    guard arguments.count == 1 else { return nil }
    let column = try batch.column(arguments[0])
    switch (function, column.values) {
    case ("count", _): return .integers(frames.counts(present(column, taken)))
    case ("count_if", .booleans(let values)):
      return .integers(frames.counts(zipped(values, mask(column, taken)) { $0 & $1 }))
    case ("any", .booleans(let values)), ("every", .booleans(let values)):
      let valid = mask(column, taken)
      let counts = frames.counts(valid)
      let trues = frames.counts(zipped(values, valid) { $0 & $1 })
      let isAny = function == "any"
      let holds = zip(trues, counts).map { UInt8(isAny ? ($0 > 0 ? 1 : 0) : ($0 == $1 ? 1 : 0)) }
      return .booleans(holds, validity: validity(counts))
    case ("sum", .integers(let values)):
      let valid = mask(column, taken)
      guard WindowNode.sumsFit(values, valid) else { return nil }
      return .integers(frames.sums(values, valid), as: type, validity: validity(frames.counts(valid)))
    case ("sum", .doubles(let values)):
      let valid = mask(column, taken)
      return .doubles(frames.sums(values, valid), validity: validity(frames.counts(valid)))
    case ("avg", .doubles(let values)):
      let valid = mask(column, taken)
      let counts = frames.counts(valid)
      let averages = zip(frames.sums(values, valid), counts).map { $1 == 0 ? 0 : $0 / Double($1) }
      return .doubles(averages, validity: validity(counts))
    case ("avg", .integers(let values)) where column.type == .integer:
      let valid = mask(column, taken)
      guard WindowNode.sumsFit(values, valid) else { return nil }
      let counts = frames.counts(valid)
      let averages = zip(frames.sums(values, valid), counts).map { $1 == 0 ? 0 : Double($0) / Double($1) }
      return .doubles(averages, validity: validity(counts))
    case ("min", _):
      return column.gatheredOrNull(frames.leastRows(RowOrder.words(column), mask(column, taken)))
    case ("max", _):
      let words = RowOrder.words(column).map { ~$0 }
      return column.gatheredOrNull(frames.leastRows(words, mask(column, taken)))
    case ("first", _): return column.gatheredOrNull(frames.firstRows(mask(column, taken)))
    case ("last", _): return column.gatheredOrNull(frames.lastRows(mask(column, taken)))
    default: return nil
    }
  }

  /// One byte a row, 1 where it is taken and has a value; nothing for all rows.
  private func present(_ column: Column, _ taken: [UInt8]?) -> [UInt8]? {
    guard let validity = column.validity else { return taken }
    return taken.map { zipped($0, validity) { $0 & $1 } } ?? validity
  }

  private func mask(_ column: Column, _ taken: [UInt8]?) -> [UInt8] {
    present(column, taken) ?? [UInt8](repeating: 1, count: column.count)
  }

  private func validity(_ counts: [Int64]) -> [UInt8]? {
    counts.contains(0) ? counts.map { $0 > 0 ? 1 : 0 } : nil
  }

  /// Whether no sum of some of the values leaves 64 bits.
  private static func sumsFit(_ values: [Int64], _ mask: [UInt8]) -> Bool {
    var total: UInt64 = 0
    var isOver = false
    for row in values.indices where mask[row] != 0 {
      let (sum, over) = total.addingReportingOverflow(values[row].magnitude)
      total = sum
      isOver = isOver || over
    }
    return !isOver && total <= UInt64(Int64.max)
  }

  // MARK: By the aggregate's own state

  /// Gives the state each frame's rows anew, for as many frames at once as a chunk holds.
  private func thoroughly(_ batch: Batch, _ frames: WindowFrames, _ taken: [UInt8]?) throws -> Column {
    let operands = try arguments.map { try batch.value($0) }
    var results = ColumnCollector(type)
    // Rows of one frame have one result.
    var resultOfRow = [Int32](repeating: 0, count: frames.count)
    var rows: [Int32] = []
    var groups: [UInt32] = []
    var frameCount = 0
    var settled = 0
    func settle() throws {
      if isCancelled() { throw ExecutionError.cancelled }
      results.append(try result(of: rows, groups, groupCount: frameCount - settled, operands))
      settled = frameCount
      rows.removeAll(keepingCapacity: true)
      groups.removeAll(keepingCapacity: true)
    }
    for row in 0..<frames.count {
      let isSame =
        row > 0 && frames.starts[row] == frames.starts[row - 1] && frames.ends[row] == frames.ends[row - 1]
      if !isSame {
        if rows.count > WindowNode.chunkRows { try settle() }
        let group = UInt32(truncatingIfNeeded: frameCount - settled)
        for place in frames.starts[row]..<frames.ends[row] where taken.map({ $0[Int(place)] != 0 }) ?? true {
          rows.append(place)
          groups.append(group)
        }
        frameCount += 1
      }
      resultOfRow[row] = Int32(truncatingIfNeeded: frameCount - 1)
    }
    try settle()
    return results.column(as: type).gathered(resultOfRow)
  }

  private func result(
    of rows: [Int32], _ groups: [UInt32], groupCount: Int, _ operands: [Operand]
  ) throws -> Column {
    let state = makeState()
    state.grow(to: groupCount)
    var rows = rows
    var groups = groups
    if isDistinct {
      var combinations = GroupTable([.integer] + arguments.map(\.type))
      let lane = Column.integers(groups.map(Int64.init))
      let columns = operands.map { $0.gathered(rows).expanded(to: rows.count) }
      let numbers = combinations.groups(of: [lane] + columns, count: rows.count)
      var seen: UInt32 = 0
      let new = numbers.indices.filter { index in
        let isNew = numbers[index] == seen
        if isNew { seen += 1 }
        return isNew
      }
      rows = new.map { rows[$0] }
      groups = new.map { groups[$0] }
    }
    if !rows.isEmpty { try state.update(groups: groups, operands: operands.map { $0.gathered(rows) }) }
    return try state.finish()
  }
}
