import ADBC
import Synchronization
import Values

/// Writes the files of a log from rows in the order of their files.
///
/// Where distinct texts are many they go to the disk. What memory holds grows by four bytes with each row, and for the
/// columns that are being written by six with each distinct text.
struct LogBuilder {
  private let query: LogQuery
  private let folder: String
  private let resources: EventStore.Resources
  /// Nothing at the entity's position.
  private let columns: [ColumnIntake?]
  private let entities: EntityIntake
  private var lastSequence: Int64 = -1
  private var bases = [Int](repeating: 0, count: IdentityBasis.allCases.count)
  private(set) var rowCount = 0

  /// - Parameter resources: on which the files do not depend.
  init(_ query: LogQuery, into folder: String, _ resources: EventStore.Resources) throws(StoreError) {
    self.query = query
    self.folder = folder
    self.resources = resources
    var columns: [ColumnIntake?] = []
    for (index, field) in query.schema.enumerated() {
      guard index != query.entity else {
        columns.append(nil)
        continue
      }
      columns.append(try ColumnIntake(field, path: "\(folder)/column\(index)"))
    }
    self.columns = columns
    entities = try EntityIntake(query.schema[query.entity], in: folder)
  }

  /// Takes in all rows of a result, whose last column is the sequence: while its columns take in some rows, each for
  /// itself, the database makes the next ones.
  mutating func append(_ stream: ResultStream) throws {
    let (query, columns, entities) = (query, columns, entities)
    var batches = try LogBuilder.batches(of: stream)
    while !batches.isEmpty {
      try count(batches)
      try spillTexts()
      let positions = columnsByTexts
      batches = try concurrently(1 + positions.count, threads: resources.threads) { [batches] (turn) throws in
        guard turn > 0 else { return try LogBuilder.batches(of: stream) }
        let position = positions[turn - 1]
        for batch in batches {
          if position == query.entity {
            try entities.append(position, of: batch)
          } else {
            try columns[position]?.append(position, of: batch)
          }
        }
        return []
      }[0]
    }
  }

  /// The next batches of a result, of about so many rows that going from task to task costs nothing.
  private static func batches(of stream: ResultStream) throws(DatabaseError) -> [ResultBatch] {
    var batches: [ResultBatch] = []
    var rows = 0
    while rows < 1 << 17, let batch = try stream.nextBatch() {
      batches.append(batch)
      rows += batch.count
    }
    return batches
  }

  /// Takes note of what the numbers beside the columns say of rows, and that they come in order.
  private mutating func count(_ batches: [ResultBatch]) throws {
    var unused = TextInterner()
    let sequencePosition = columns.count + (query.basisPosition == nil ? 0 : 1)
    for batch in batches {
      guard case .integers(let sequence) = try batch.column(sequencePosition, &unused).values else {
        preconditionFailure("a sequence is of integers")
      }
      for number in sequence {
        guard number > lastSequence else { throw LogBuilder.disorder }
        lastSequence = number
      }
      if let position = query.basisPosition,
        case .integers(let values) = try batch.column(position, &unused).values
      {
        for value in values { bases[Int(value)] += 1 }
      }
      rowCount += batch.count
    }
    try StoreError.requireNumbers(forRows: rowCount)
  }

  /// Has texts put on the disk until those that are held are few enough, first where they take the most.
  private func spillTexts() throws(StoreError) {
    var held = columns.map { $0?.heldBytes ?? entities.heldBytes }
    while held.reduce(0, +) > resources.textMemory, let most = held.indices.max(by: { held[$0] < held[$1] }) {
      try columns[most]?.spillTexts(threads: resources.threads)
      if most == query.entity { try entities.spillTexts(threads: resources.threads) }
      held[most] = 0
    }
  }

  /// Writes the log's files and says what they are.
  func finish(
    fingerprint: String, origin: LogOrigin, report: IngestReport
  ) throws(StoreError) -> StoreManifest {
    let positions = columnsByTexts.filter { $0 != query.entity }
    let threads = resources.threads
    let order = Mutex<RowOrder?>(nil)
    // Of these the rows' order depends on what is equal; all others are merged when their turn comes to be written.
    let first = positions.filter { $0 == query.id || $0 == query.event }
    let found = try concurrently(1 + first.count, threads: threads) { (turn) throws(StoreError) in
      if turn > 0 { return try columns[first[turn - 1]]?.mergeTexts() }
      let names = try entities.mergeTexts()
      let made = try self.order(by: names)
      order.withLock { $0 = made }
      return names
    }
    guard let names = found[0] else { preconditionFailure("what has no order has thrown") }
    var texts = [MergedTexts?](repeating: nil, count: columns.count)
    for (position, found) in zip(first, found.dropFirst()) { texts[position] = found }
    let ordered = Promise<Ordered>()
    // Texts are written while repeated rows are looked for. Who waits for the rows does not wait in vain: they are of
    // the first turn, which someone has already.
    let parts = try concurrently(2 + positions.count, threads: threads) { [texts] (turn) throws(StoreError) in
      if turn == 0 {
        try ordered.settle { () throws(StoreError) in
          guard let rows = order.withLock({ $0.take() }) else {
            preconditionFailure("what has no order has thrown")
          }
          return try withoutRepeats(rows, texts)
        }
        return nil as StoreManifest.Column?
      }
      if turn == 1 { return try entities.finish(names) }
      let position = positions[turn - 2]
      guard let column = columns[position] else { return nil }
      let merged = first.contains(position) ? texts[position] : try column.mergeTexts()
      let written = try column.write(merged)
      return try ordered.wait().map { (made) throws(StoreError) in try column.finish(made.order.rows, written)
      }
    }
    guard let made = ordered.wait(), let entities = parts[1] else {
      preconditionFailure("what has no order has thrown")
    }
    var written = [StoreManifest.Column?](repeating: nil, count: columns.count)
    for (position, column) in zip(positions, parts.dropFirst(2)) { written[position] = column }
    let offsets = try OutputFile(path: "\(folder)/offsets", .hashed)
    try offsets.write(made.order.starts)
    var report = report
    report.duplicates += made.duplicates
    report.rowsKept = made.order.rows.count
    report.entities = names.count
    if query.basisPosition != nil { report.identity = IngestReport.Identity(bases) }
    return StoreManifest(
      fingerprint: fingerprint, roles: query.roles, rowCount: report.rowsKept,
      entityCount: report.entities, entities: entities, offsets: try offsets.finish(), columns: written,
      origin: origin, report: report)
  }

  /// The columns' positions, those with the most texts first: what takes long is begun first, so that nothing long is
  /// left when all else is done.
  private var columnsByTexts: [Int] {
    columns.indices.map { (columns[$0]?.textCount ?? .max, $0) }
      .sorted { a, b in (b.0, a.1) < (a.0, b.1) }.map(\.1)
  }

  /// All rows in the log's order.
  ///
  /// - Parameter names: the entities.
  private func order(by names: MergedTexts) throws(StoreError) -> RowOrder {
    let times = try column(query.time).contents()
    let owners = try entities.owners()
    let order = RowOrder(
      count: rowCount, entities: owners.pointer(to: UInt32.self), ranks: names.ranks,
      entityCount: names.count, times: times.values.pointer(to: Int64.self))
    return withExtendedLifetime((times, owners)) { order }
  }

  /// The rows that stay, in the log's order.
  private struct Ordered {
    var order: RowOrder
    var duplicates = 0
  }

  /// - Parameter texts: those of the ids and of the event names.
  private func withoutRepeats(_ order: consuming RowOrder, _ texts: [MergedTexts?]) throws(StoreError)
    -> Ordered
  {
    var ordered = Ordered(order: order)
    guard let id = query.id, rowCount > 0 else { return ordered }
    let events = try column(query.event).contents()
    let names = texts[query.event]?.ranks ?? []
    func event(_ row: UInt32) -> Int64 { events.number(Int(row)).map { Int64(names[Int($0)]) } ?? -1 }
    if id == query.entity {
      ordered.duplicates = ordered.order.dropDuplicates(
        mayRepeat: { _ in true }, identity: { _ in 0 }, event: event)
    } else {
      let ids = RowIdentities(try column(id).contents(), count: rowCount, texts: texts[id])
      ordered.duplicates = ordered.order.dropDuplicates(
        mayRepeat: ids.mayRepeat, identity: ids.identity, event: event)
    }
    return ordered
  }

  private func column(_ position: Int) throws(StoreError) -> ColumnSpool {
    guard let column = columns[position] else {
      preconditionFailure("time and event of a log are columns beside the entity")
    }
    return column.taken
  }

  private static let disorder = StoreError(
    "the database did not give the rows in order",
    hints: ["DuckDB 1.5.6 is known to work: run `make setup`"])
}
