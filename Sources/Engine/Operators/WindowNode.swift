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

/// What makes the rows that windows span the same.
struct WindowKey: Hashable {
  /// What makes the rows that windows look at the same.
  struct Rows: Hashable {
    let relation: Int
    /// Nothing where they are rows of the relation's batch.
    let beside: RowsBeside.Key?
    let filter: [Int]
  }

  let window: EventWindow
  let rows: Rows
}

extension NodeGraph {
  /// The node of a value that is made of other rows of the entity.
  mutating func window(
    _ call: WindowCall, over input: Relation, log: LogColumns, _ source: RowSource
  ) -> Node {
    switch call {
    case .aggregate(let aggregate, over: let window):
      let beside = rows(named: call.eventNames(at: log.event), beside: input, source)
      return self.window(aggregate, window, over: input, time: input.columns[log.time], beside)
    case .neighbour(_, let expression, let offset):
      let value = node(expression, over: input.columns)
      return node(.neighbour(relation: input.id, value: value.id, offset: offset)) {
        NeighbourNode($0, relation: input.id, value, offset: offset)
      }
    }
  }

  private mutating func window(
    _ aggregate: AggregateCall, _ window: EventWindow, over input: Relation, time: Node, _ beside: RowsBeside?
  ) -> Node {
    let arguments = aggregate.arguments.map { node($0, over: input.columns) }
    let filter = aggregate.filter.map { conjuncts($0, over: input.columns) } ?? []
    let key = AggregateKey(
      function: aggregate.function, overload: aggregate.overload, arguments: arguments.map(\.id),
      isDistinct: aggregate.isDistinct, filter: filter.map(\.id))
    time.isKept = true
    // What is counted where a condition holds are the rows for which it does.
    let counted =
      aggregate.function == "count_if" && !aggregate.isDistinct
      ? aggregate.arguments.flatMap { conjuncts($0, over: input.columns) } : nil
    let overload = functions.aggregate(aggregate.function, overload: aggregate.overload)
    let isCancelled = limits.isCancelled
    return node(.window(relation: input.id, key, window)) { id in
      WindowNode(
        id, relation: input.id, window, time: time, aggregate, overload,
        arguments: counted == nil ? arguments : [], filter: filter + (counted ?? []), beside: beside,
        isCancelled: isCancelled)
    }
  }
}

/// An aggregate over each row's window.
final class WindowNode: RelationNode {
  private let window: WindowKey
  private let time: Node
  private let function: String
  private let isDistinct: Bool
  private let makeState: @Sendable () -> any AggregateState
  private let arguments: [Node]
  private let filter: [Node]
  /// Where the rows that windows look at are read; nothing where they are among the relation's.
  private let beside: RowsBeside?
  private let isCancelled: @Sendable () -> Bool
  /// About so many rows are given to the state of an aggregate at once.
  private static let chunkRows = 262_144

  init(
    _ id: Int, relation: Int, _ window: EventWindow, time: Node, _ call: AggregateCall,
    _ overload: AggregateFunction.Overload, arguments: [Node], filter: [Node], beside: RowsBeside?,
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.window = WindowKey(
      window: window,
      rows: WindowKey.Rows(relation: relation, beside: beside?.key, filter: filter.map(\.id)))
    self.time = time
    self.arguments = arguments
    self.filter = filter
    self.beside = beside
    self.isCancelled = isCancelled
    function = call.function
    isDistinct = call.isDistinct
    makeState = overload.makeState
    super.init(id, overload.result, relation: relation)
  }

  override func computeAll(_ batch: Batch) throws -> Operand { try compute(batch, of: batch) }

  /// What windows span is the same for fewer rows. A row may come twice, after a join.
  override func computeSome(_ batch: Batch, _ rows: [Int32], of origin: Batch) throws -> Operand? {
    try compute(batch, of: origin)
  }

  /// The values of a batch's rows, which are the relation's or some of them.
  private func compute(_ batch: Batch, of origin: Batch) throws -> Operand {
    guard let seen = try rowsSeen(from: origin) else { return try valueOfNoRows() }
    let frames = try batch.frames(window) {
      try PlacedRows.with(batch, time) { asked in
        try SpannedRows.with(seen, time) { WindowFrames(window.window, of: asked, among: $0) }
      }
    }
    return Operand(try atEnds(frames, seen) ?? quickly(frames, seen) ?? thoroughly(frames, seen))
  }

  /// The rows that any window may span; nothing where there are none.
  private func rowsSeen(from origin: Batch) throws -> Batch? {
    try origin.seen(window.rows) {
      guard let beside else { return try origin.filtered(by: filter) }
      return try origin.rows(beside)?.filtered(by: filter)
    }
  }

  private func valueOfNoRows() throws -> Operand {
    let state = makeState()
    state.grow(to: 1)
    return Operand(constant: try state.finish()[0], type: type)
  }

  // MARK: By a look

  /// The first or the last value of each frame, where it is a column that is read in few rows then: those at one end of
  /// frames, and next to those that have no value. Nothing where that is not so.
  private func atEnds(_ frames: WindowFrames, _ seen: Batch) throws -> Column? {
    guard function == "first" || function == "last", arguments.count == 1,
      let column = arguments[0] as? SourceNode, 2 * frames.count <= seen.count
    else { return nil }
    let isFirst = function == "first"
    let (starts, ends) = (frames.starts, frames.ends)
    // Of frames that may have a value, which one it is, the row that is looked at, and the place of its value among
    // those that were read.
    var open = frames.inhabited
    var rows = open.map { isFirst ? starts[Int($0)] : ends[Int($0)] - 1 }
    var values = ColumnCollector(type)
    var places = [Int32](repeating: -1, count: frames.count)
    for _ in 0..<WindowNode.mostLooks where !open.isEmpty {
      // Frames of an entity that follow each other often have one end.
      let (asked, placeOfRow) = WindowNode.different(rows)
      let read = try Batch(seen, at: asked).column(column)
      let first = Int32(truncatingIfNeeded: values.count)
      values.append(read)
      for (place, frame) in zip(placeOfRow, open) { places[Int(frame)] = first + place }
      guard let validity = read.validity else {
        open = []
        break
      }
      let nulls = placeOfRow.indices.filter { validity[Int(placeOfRow[$0])] == 0 }
      for index in nulls { places[Int(open[index])] = -1 }
      let left = nulls.filter { index in
        rows[index] += isFirst ? 1 : -1
        return starts[Int(open[index])]..<ends[Int(open[index])] ~= rows[index]
      }
      (open, rows) = (left.map { open[$0] }, left.map { rows[$0] })
    }
    return open.isEmpty ? values.column(as: type).gatheredOrNull(places) : nil
  }

  /// Each of ascending rows once, and for each of them its place among these.
  private static func different(_ rows: [Int32]) -> (rows: [Int32], places: [Int32]) {
    var places: [Int32] = []
    let different = [Int32](unsafeUninitializedCapacity: rows.count) { different, count in
      places = [Int32](unsafeUninitializedCapacity: rows.count) { places, placeCount in
        var last: Int32 = -1
        for index in rows.indices {
          let row = rows[index]
          // The first one differs from what is none.
          count &+= Int(unsafeBitCast(row != last, to: UInt8.self))
          different[count &- 1] = row
          places.initializeElement(at: index, to: Int32(truncatingIfNeeded: count &- 1))
          last = row
        }
        placeCount = rows.count
      }
    }
    return (different, places)
  }

  /// Where so many rows of a frame have no value, all are read.
  private static let mostLooks = 6

  // MARK: By walking

  /// The aggregates that can be told from one row to the next.
  private func quickly(_ frames: WindowFrames, _ seen: Batch) throws -> Column? {
    if isDistinct { return nil }
    guard let argument = arguments.first else {
      return function == "count" || function == "count_if" ? .integers(frames.counts()) : nil
    }
    guard arguments.count == 1 else { return nil }
    var frames = frames
    var column = try seen.column(argument)
    var rows: [Int32]?
    if let validity = column.validity {
      // Nulls are no values of an aggregate.
      frames = frames.narrowed(to: validity)
      switch RowChoice(mask: validity) {
      case .all: break
      case .none: return Column(repeating: try valueOfNoRows().column[0], type: type, count: frames.count)
      case .some(let valid):
        rows = valid
        column = column.gathered(valid)
      }
      column.validity = nil
    }
    switch (function, column.values) {
    case ("count", _): return .integers(frames.counts())
    case ("any", .booleans(let values)), ("every", .booleans(let values)):
      let counts = frames.counts()
      let isAny = function == "any"
      let holds = zip(frames.counts(values), counts).map {
        UInt8(isAny ? ($0 > 0 ? 1 : 0) : ($0 == $1 ? 1 : 0))
      }
      return .booleans(holds, validity: validity(counts))
    case ("sum", .integers(let values)):
      guard WindowNode.sumsFit(values) else { return nil }
      return .integers(frames.sums(values), as: type, validity: validity(frames.counts()))
    case ("sum", .doubles(let values)):
      let sums = frames.sums(values, entities: entities(seen, rows))
      return .doubles(sums, validity: validity(frames.counts()))
    case ("avg", .doubles(let values)):
      let counts = frames.counts()
      let sums = frames.sums(values, entities: entities(seen, rows))
      let averages = zip(sums, counts).map { $1 == 0 ? 0 : $0 / Double($1) }
      return .doubles(averages, validity: validity(counts))
    case ("avg", .integers(let values)) where column.type == .integer:
      guard WindowNode.sumsFit(values) else { return nil }
      let counts = frames.counts()
      let averages = zip(frames.sums(values), counts).map { $1 == 0 ? 0 : Double($0) / Double($1) }
      return .doubles(averages, validity: validity(counts))
    case ("min", _): return column.gatheredOrNull(frames.leastRows(RowOrder.words(column)))
    case ("max", _): return column.gatheredOrNull(frames.leastRows(RowOrder.words(column, .descending)))
    case ("first", _): return column.gatheredOrNull(frames.firstRows())
    case ("last", _): return column.gatheredOrNull(frames.lastRows())
    default: return nil
    }
  }

  private func entities(_ seen: Batch, _ rows: [Int32]?) -> [Int32] {
    rows.map { seen.entityPositions.gathered($0) } ?? seen.entityPositions
  }

  private func validity(_ counts: [Int64]) -> [UInt8]? {
    counts.contains(0) ? counts.map { $0 > 0 ? 1 : 0 } : nil
  }

  /// Whether no sum of some of the values leaves 64 bits.
  private static func sumsFit(_ values: [Int64]) -> Bool {
    var total: UInt64 = 0
    var isOver = false
    for value in values {
      let (sum, over) = total.addingReportingOverflow(value.magnitude)
      total = sum
      isOver = isOver || over
    }
    return !isOver && total <= UInt64(Int64.max)
  }

  // MARK: By the aggregate's own state

  /// Gives the state each frame's rows anew, for as many frames at once as a chunk holds.
  private func thoroughly(_ frames: WindowFrames, _ seen: Batch) throws -> Column {
    let operands = try arguments.map { try seen.value($0) }
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
        for place in frames.starts[row]..<frames.ends[row] {
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
