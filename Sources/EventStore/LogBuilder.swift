import ADBC
import Values

/// Writes the files of a log from rows in the order of their files.
///
/// What memory holds grows with the distinct texts of each column, and by four bytes with each row.
struct LogBuilder {
  private let query: LogQuery
  private let folder: String
  private let threads: Int
  /// Nothing at the entity's position.
  private let columns: [ColumnIntake?]
  private let entities: EntityIntake
  private var lastSequence: Int64 = -1
  private var bases = [Int](repeating: 0, count: IdentityBasis.allCases.count)
  private(set) var rowCount = 0

  /// - Parameter threads: how many may be at work at once; the files do not depend on it.
  init(_ query: LogQuery, into folder: String, threads: Int) throws(StoreError) {
    self.query = query
    self.folder = folder
    self.threads = threads
    var columns: [ColumnIntake?] = []
    for (index, field) in query.schema.enumerated() {
      columns.append(index == query.entity ? nil : try ColumnIntake(field, path: "\(folder)/column\(index)"))
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
      let positions = columnsByTexts
      batches = try concurrently(1 + positions.count, threads: threads) { [batches] (turn) throws in
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
    guard rowCount <= UInt32.max else {
      throw StoreError("a source has \(UInt32.max) rows at the most")
    }
  }

  /// Takes in all rows of a log whose columns are the first of these, as if they had come before all others.
  mutating func append(_ log: EventLog, _ manifest: StoreManifest) throws(StoreError) {
    precondition(rowCount == 0, "a log that is continued comes first")
    let (query, columns, entities) = (query, columns, entities)
    _ = try concurrently(columns.count, threads: threads) { (position) throws(StoreError) in
      if position == query.entity { return try entities.append(log) }
      let isKnown = position < manifest.columns.count
      try columns[position]?.append(
        isKnown ? log.columns[position] : nil, isKnown ? manifest.columns[position] : nil, of: log)
    }
    rowCount = log.rowCount
  }

  /// Writes the log's files and says what they are.
  func finish(
    fingerprint: String, origin: LogOrigin, report: IngestReport
  ) throws(StoreError) -> StoreManifest {
    let ids = query.id.map { columns[$0]?.textCount ?? 0 } ?? 0
    let positions = columnsByTexts.filter { $0 != query.entity }
    let ordered = Promise<Ordered>()
    // Texts are sorted and written while rows are. Who waits for the rows does not wait in vain: they are of the first
    // turn, which someone has already.
    let parts = try concurrently(1 + positions.count, threads: threads) { (turn) throws(StoreError) in
      if turn == 0 {
        try ordered.settle { () throws(StoreError) in try order(ids: ids) }
        return try ordered.wait().map { (made) throws(StoreError) in
          try entities.finish(made.names, made.sorted)
        }
      }
      guard let column = columns[positions[turn - 1]] else { return nil }
      try column.finishTexts()
      return try ordered.wait().map { (ordered) throws(StoreError) in try column.finish(ordered.order.rows) }
    }
    guard let ordered = ordered.wait(), let entities = parts[0] else {
      preconditionFailure("what has no order has thrown")
    }
    var written = [StoreManifest.Column?](repeating: nil, count: columns.count)
    for (position, column) in zip(positions, parts.dropFirst()) { written[position] = column }
    let offsets = try OutputFile(path: "\(folder)/offsets", .hashed)
    try offsets.write(ordered.order.starts)
    var report = report
    report.duplicates += ordered.duplicates
    report.rowsKept = ordered.order.rows.count
    report.entities = ordered.names.count
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

  /// The rows that stay, in the log's order, and whose they are.
  private struct Ordered {
    let names: TextDictionary
    let sorted: SortedTexts
    var order: RowOrder
    var duplicates = 0
  }

  /// - Parameter ids: how many distinct texts the column of ids has.
  private func order(ids: Int) throws(StoreError) -> Ordered {
    guard let times = try columns[query.time]?.taken.contents(),
      let events = try columns[query.event]?.taken.contents()
    else { preconditionFailure("time and event of a log are columns beside the entity") }
    let owners = try entities.owners()
    let names = entities.takeNames()
    let sorted = SortedTexts(names)
    var ordered = Ordered(
      names: names, sorted: sorted,
      order: RowOrder(
        count: rowCount, entities: owners.pointer(to: UInt32.self), ranks: sorted.ranks,
        times: times.values.pointer(to: Int64.self)))
    if let id = query.id, rowCount > 0 {
      let spool = id == query.entity ? entities.spool : columns[id]?.taken
      let identities = try RowIdentities(
        spool, count: rowCount, texts: id == query.entity ? names.count : ids)
      let named = events.validity?.pointer(to: UInt8.self)
      ordered.duplicates = ordered.order.dropDuplicates(identity: identities.identity) { row in
        named?[Int(row)] == 0 ? -1 : events.values.integer(Int(row))
      }
    }
    return ordered
  }

  private static let disorder = StoreError(
    "the database did not give the rows in order",
    hints: ["DuckDB 1.5.6 is known to work: run `make setup`"])
}
