import EventStore
import Functions
import Planning
import Values

/// Rows that go through the operators together: whole entities of a log, or rows of a table, or a choice of
/// the rows of another batch, its parent.
///
/// Nothing is read or computed before a node of an expression is asked for; each value is kept for whoever
/// asks next, here or in a batch of fewer rows.
final class Batch {
  let source: RowSource
  /// The rows that the first batch of the chain spans.
  let rows: Range<Int>
  /// The entities of these rows, in a log.
  let entities: Range<Int>
  let parent: Batch?
  /// Ascending positions in the parent, a row once for each of its partners after a join; nothing for all
  /// rows.
  let selection: [Int32]?
  let count: Int
  /// Which relation of the pipeline the rows are; nothing for the rows of a part of an expression.
  let relation: Int?
  /// The partners' rows in the right table of a join; -1 where there is none.
  let rightRows: [Int32]?

  /// The rows of the first batch of the chain, where they are not all rows of its range.
  private let excerpt: ExcerptRows?
  /// Whether they are the rows of this batch too.
  private let isWhole: Bool

  private var memo: [Int: Operand] = [:]
  private var besides: [RowsBeside.Key: Batch?] = [:]
  private var seen: [WindowKey.Rows: Batch?] = [:]
  private var frames: [WindowKey: WindowFrames] = [:]
  private var sessions: [SessionsKey: Sessions] = [:]

  /// The rows of a range of a source: all, or those of an excerpt.
  init(
    _ source: RowSource, rows: Range<Int>, entities: Range<Int>, excerpt: ExcerptRows? = nil
  ) {
    precondition(rows.count <= Int(Int32.max), "a batch has fewer than 2^31 rows")
    self.source = source
    self.rows = rows
    self.entities = entities
    parent = nil
    selection = nil
    count = excerpt?.count ?? rows.count
    self.excerpt = excerpt
    isWhole = true
    relation = Pipeline.rootRelation
    rightRows = nil
  }

  /// Some rows of a batch.
  init(_ parent: Batch, at selection: [Int32]?, relation: Int? = nil, rightRows: [Int32]? = nil) {
    source = parent.source
    rows = parent.rows
    entities = parent.entities
    self.parent = parent
    self.selection = selection
    count = selection?.count ?? parent.count
    excerpt = parent.excerpt
    isWhole = parent.isWhole && selection == nil
    self.relation = relation
    self.rightRows = rightRows
  }

  /// Whether these are all rows of `rows`.
  var hasAllRows: Bool { isWhole && excerpt == nil }

  /// The rows' distances from the first of `rows`; nothing for all of them.
  private(set) lazy var rootPositions: [Int32]? = {
    if isWhole { return excerpt?.positions }
    if let excerpt, let selection, parent?.isWhole == true { return excerpt.positions(of: selection) }
    return Batch.compose(parent?.rootPositions, selection)
  }()

  /// A row's distance from the first of `rows`.
  func rootPosition(_ row: Int) -> Int32 { rootPositions?[row] ?? Int32(truncatingIfNeeded: row) }

  /// The value of a node for each row.
  func value(_ node: Node) throws -> Operand {
    if let constant = node.constant { return constant }
    guard node.isKept else { return try node.compute(self) }
    if let known = memo[node.id] { return known }
    let value = try inherited(node) ?? node.compute(self)
    memo[node.id] = value
    return value
  }

  /// The value of a node as a column with one value for each row.
  func column(_ node: Node) throws -> Column { try value(node).expanded(to: count) }

  /// The values of a column of the source.
  func read(_ position: Int) -> Column {
    switch source {
    case .log(let log): return read(position, of: log)
    case .excerpt(let excerpt): return readExcerpt(position, of: excerpt.log)
    case .table(let table):
      let column = table.columns[position]
      guard let rootPositions else { return column.slice(rows) }
      return rows.lowerBound == 0
        ? column.gathered(rootPositions)
        : column.gathered(rootPositions.map { $0 + Int32(rows.lowerBound) })
    }
  }

  /// Where the values of a node lie in a log, where they are those of all the rows of the batch's range.
  func stored(_ node: Node) -> StoredColumn? {
    guard hasAllRows, let column = node as? SourceNode else { return nil }
    return source.log?.columns[column.position]
  }

  /// The values of a node without nulls, in the runs of their rows, where only values are stored.
  func storedValues(_ node: Node, in runs: GroupRuns) -> (Column, GroupRuns)? {
    guard let stored = stored(node)?.storedValues(of: rows, before: runs.starts) else { return nil }
    return (stored.values, GroupRuns(starts: stored.counts, groups: runs.groups))
  }

  /// Where the times of the rows lie one after another, and the place of the first row's.
  func storedTimes(_ node: Node) -> (times: StoredColumn, first: Int)? {
    if let stored = stored(node) { return (stored, rows.lowerBound) }
    guard isWhole, let log = source.log, (node as? SourceNode)?.position == log.timePosition,
      let run = excerpt?.run, run.chosen == nil
    else { return nil }
    return (run.times, run.places.lowerBound)
  }

  /// Where the times of the rows lie in spans of entities, by distances from a first place.
  func storedSpans(_ node: Node) -> (spans: [EntitySpan], times: StoredColumn, first: Int)? {
    guard isWhole, let log = source.log, (node as? SourceNode)?.position == log.timePosition,
      let run = excerpt?.run, let spans = run.chosen
    else { return nil }
    return (spans, run.times, run.places.lowerBound)
  }

  /// Calls `body` with a number of each row's entity.
  func withEntityNumbers<Result>(_ body: (RowEntities) throws -> Result) rethrows -> Result {
    if isWhole, let run = excerpt?.run, run.chosen == nil {
      return try body(RowEntities(numbers: run.entities + run.places.lowerBound, first: 0, count: count))
    }
    return try entityPositions.withUnsafeBytes { distances in
      guard let distances = distances.bindMemory(to: UInt32.self).baseAddress else {
        preconditionFailure("a batch has at least one row")
      }
      return try body(RowEntities(numbers: distances, first: entities.lowerBound, count: count))
    }
  }

  /// One byte a row, 1 where a column of a log has a text, told from its codes as they lie there; nothing where they are
  /// not read there, or have been already.
  func equalityMask(_ node: Node, code: UInt32) -> [UInt8]? {
    guard let column = node as? SourceNode, memo[node.id] == nil,
      let stored = source.log?.columns[column.position]
    else { return nil }
    guard let rootPositions else { return stored.equalityMask(code: code, rows: rows) }
    if case .excerpt(let excerpt) = source, column.position == excerpt.log.eventPosition { return nil }
    return stored.equalityMask(
      code: code, at: rootPositions, from: rows.lowerBound, source.knowledge(ofColumn: column.position))
  }

  private func read(_ position: Int, of log: EventLog) -> Column {
    guard let column = log.columns[position] else { return entityColumn(of: log) }
    if let rootPositions {
      return column.read(rootPositions, from: rows.lowerBound, source.knowledge(ofColumn: position))
    }
    return column.read(rows)
  }

  /// What runs have beside each other is read there.
  private func readExcerpt(_ position: Int, of log: EventLog) -> Column {
    guard let excerpt, position == log.timePosition || position == log.eventPosition else {
      return read(position, of: log)
    }
    let own = selection(in: root)
    if position == log.timePosition { return own.map { excerpt.times.gathered($0) } ?? excerpt.times }
    guard let dictionary = log.columns[position]?.dictionary else {
      preconditionFailure("the event name of a log is a text")
    }
    return .texts(own.map { excerpt.codes.gathered($0) } ?? excerpt.codes, dictionary)
  }

  /// The first batch of the chain.
  private var root: Batch {
    var batch = self
    while let parent = batch.parent { batch = parent }
    return batch
  }

  private func entityColumn(of log: EventLog) -> Column {
    log.entities.read(entityPositions, from: entities.lowerBound)
  }

  /// For each row of a log the distance of its entity from the first of `entities`.
  private(set) lazy var entityPositions: [Int32] = {
    if let excerpt { return excerpt.entities(of: selection(in: root)) }
    guard let rootPositions else { return wholeEntityPositions() }
    let offsets = entityOffsets
    let entityCount = entities.count
    let base = UInt64(rows.lowerBound)
    return rootPositions.withUnsafeBufferPointer { positions in
      [Int32](unsafeUninitializedCapacity: positions.count) { target, initialized in
        var entity = 0
        var end = offsets[1]
        for index in 0..<positions.count {
          let row = base &+ UInt64(truncatingIfNeeded: positions[index])
          if row >= end {
            // Rows that were chosen may lie far from each other.
            entity = firstPlace(from: entity &+ 1, to: entityCount) { offsets[$0 &+ 1] > row }
            end = offsets[entity &+ 1]
          }
          target.initializeElement(at: index, to: Int32(truncatingIfNeeded: entity))
        }
        initialized = positions.count
      }
    }
  }()

  /// The same as numbers that are not negative.
  var entityNumbers: [UInt32] { entityPositions.map { UInt32(bitPattern: $0) } }

  private func wholeEntityPositions() -> [Int32] {
    let offsets = entityOffsets
    let entityCount = entities.count
    return [Int32](unsafeUninitializedCapacity: count) { target, initialized in
      var index = 0
      for entity in 0..<entityCount {
        let end = index &+ Int(offsets[entity &+ 1] &- offsets[entity])
        while index < end {
          target.initializeElement(at: index, to: Int32(truncatingIfNeeded: entity))
          index &+= 1
        }
      }
      initialized = count
    }
  }

  /// Where each entity's rows start, and after the last one the number of rows.
  private(set) lazy var entityStarts: [Int] = {
    if rootPositions == nil {
      let offsets = entityOffsets
      let (base, count) = (offsets[0], entities.count + 1)
      return [Int](unsafeUninitializedCapacity: count) { starts, initialized in
        for entity in 0..<count {
          starts.initializeElement(at: entity, to: Int(truncatingIfNeeded: offsets[entity] &- base))
        }
        initialized = count
      }
    }
    let entities = entityPositions
    return entities.withUnsafeBufferPointer { entities in
      [Int](unsafeUninitializedCapacity: entities.count + 2) { starts, initialized in
        var count = 0
        var last: Int32 = -1
        for index in 0..<entities.count {
          // Written over by the next start where this is none.
          starts[count] = index
          count &+= Int(unsafeBitCast(entities[index] != last, to: UInt8.self))
          last = entities[index]
        }
        starts[count] = entities.count
        initialized = count + 1
      }
    }
  }()

  /// The offsets of the batch's entities within the log.
  private var entityOffsets: UnsafePointer<UInt64> {
    guard let log = source.log else { preconditionFailure("rows of a table have no entity") }
    return log.offsets + entities.lowerBound
  }

  /// The rows of other names that its entities have, read once; nothing where there are none.
  func rows(_ beside: RowsBeside) throws -> Batch? {
    if let known = besides[beside.key] { return known }
    let read = try beside.rows(ofEntitiesIn: self)
    besides[beside.key] = .some(read)
    return read
  }

  /// The rows that windows look at, found once.
  func seen(_ rows: WindowKey.Rows, find: () throws -> Batch?) rethrows -> Batch? {
    if let known = seen[rows] { return known }
    let found = try find()
    seen[rows] = .some(found)
    return found
  }

  /// Lets go of other rows that were found for these: among them are batches whose parent is this one, which would keep
  /// each other in memory.
  func forgetRows() {
    let found = besides.values.compactMap(\.self) + seen.values.compactMap(\.self)
    (besides, seen) = ([:], [:])
    for batch in found { batch.forgetRows() }
  }

  /// The rows that each row's window spans, made once.
  func frames(_ window: WindowKey, make: () throws -> WindowFrames) rethrows -> WindowFrames {
    if let known = frames[window] { return known }
    let made = try make()
    frames[window] = made
    return made
  }

  /// How the rows fall into sessions, found out once.
  func sessions(_ rules: SessionsKey, make: () throws -> Sessions) rethrows -> Sessions {
    if let known = sessions[rules] { return known }
    let made = try make()
    sessions[rules] = made
    return made
  }

  /// The nearest batch, this one or above it, that holds the rows of a relation.
  func origin(_ relation: Int) -> Batch {
    var batch = self
    while batch.relation != relation {
      guard let parent = batch.parent else { preconditionFailure("a batch descends from its relations") }
      batch = parent
    }
    return batch
  }

  /// This batch's rows as positions in a batch above it; nothing for all rows.
  func selection(in ancestor: Batch) -> [Int32]? {
    var result: [Int32]?
    var batch = self
    while batch !== ancestor {
      guard let parent = batch.parent else { preconditionFailure("the batch does not descend from this one") }
      result = Batch.compose(batch.selection, result)
      batch = parent
    }
    return result
  }

  /// A value that a batch above already has, for these rows.
  private func inherited(_ node: Node) -> Operand? {
    var ancestor = parent
    while let batch = ancestor {
      if let known = batch.memo[node.id] { return known.gathered(selection(in: batch)) }
      ancestor = batch.parent
    }
    return nil
  }

  private static func compose(_ outer: [Int32]?, _ inner: [Int32]?) -> [Int32]? {
    guard let outer else { return inner }
    guard let inner else { return outer }
    return outer.gathered(inner)
  }
}

/// A number of each row's entity, ascending.
struct RowEntities {
  let numbers: UnsafePointer<UInt32>
  /// What makes them those of the entities in their log.
  let first: Int
  let count: Int
}
