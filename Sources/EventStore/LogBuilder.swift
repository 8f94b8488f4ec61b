import ADBC
import Synchronization
import Values

/// Writes the files of a log from rows in the order of their files.
///
/// What memory holds grows with the distinct texts of each column, and by four bytes with each row.
struct LogBuilder {
  private let query: LogQuery
  private let folder: String
  private var interners: [TextInterner]
  private var spools: [ColumnSpool?]
  /// Each row's entity, as a code of the entity's interner.
  private let entities: ColumnSpool
  private var lastSequence: Int64 = -1
  private var bases = [Int](repeating: 0, count: IdentityBasis.allCases.count)
  private(set) var rowCount = 0

  init(_ query: LogQuery, into folder: String) throws(StoreError) {
    self.query = query
    self.folder = folder
    interners = query.schema.map { _ in TextInterner() }
    spools = []
    for (index, field) in query.schema.enumerated() {
      spools.append(index == query.entity ? nil : try ColumnSpool(field, path: "\(folder)/column\(index)"))
    }
    entities = try ColumnSpool(Field(query.roles.entity, .text), path: "\(folder)/row-entities")
  }

  /// Takes in all rows of a result, whose last column is the sequence.
  mutating func append(_ stream: ResultStream) throws {
    // The numbers behind the columns have interners that they do not use.
    let numbers = query.basisPosition == nil ? 1 : 2
    interners += (0..<numbers).map { _ in TextInterner() }
    while let batch = try stream.nextCoded(&interners) {
      guard case .integers(let sequence)? = batch.columns.last?.values else {
        preconditionFailure("a sequence is of integers")
      }
      for number in sequence {
        guard number > lastSequence else { throw LogBuilder.disorder }
        lastSequence = number
      }
      try append(batch)
    }
    interners.removeLast(numbers)
  }

  /// Takes in all rows of a log whose columns are the first of these, as if they had come before all others.
  mutating func append(_ log: EventLog, _ manifest: StoreManifest) throws(StoreError) {
    precondition(rowCount == 0, "a log that is continued comes first")
    for (index, column) in manifest.columns.enumerated() {
      if let range = column?.range { spools[index]?.note(range) }
      if let texts = log.columns[index]?.dictionary { interners[index] = TextInterner(texts) }
    }
    if let texts = log.entities.dictionary {
      interners[query.entity] = TextInterner(texts)
    } else {
      for start in stride(from: 0, to: log.entityCount, by: 1 << 16) {
        _ = codes(ofEntities: CodedColumn(log.entities.read(start..<min(start + 1 << 16, log.entityCount))))
      }
    }
    for entity in log.entityRanges(rows: 1 << 16) {
      let rows = Int(log.offsets[entity.lowerBound])..<Int(log.offsets[entity.upperBound])
      var owners: [UInt32] = []
      owners.reserveCapacity(rows.count)
      for entity in entity {
        owners.append(
          contentsOf: repeatElement(UInt32(entity), count: log.rows(ofEntity: entity).count))
      }
      try entities.append(CodedColumn(values: .codes(owners)), count: rows.count)
      for (index, spool) in spools.enumerated() {
        guard let spool else { continue }
        let known = index < log.columns.count ? log.columns[index].map { CodedColumn($0.read(rows)) } : nil
        try spool.append(
          known ?? CodedColumn(nulls: rows.count, of: spool.field.type), count: rows.count)
      }
      rowCount += rows.count
    }
  }

  private mutating func append(_ batch: CodedBatch) throws(StoreError) {
    guard rowCount + batch.count <= UInt32.max else {
      throw StoreError("a source has \(UInt32.max) rows at the most")
    }
    let codes = codes(ofEntities: batch.columns[query.entity])
    try entities.append(CodedColumn(values: .codes(codes)), count: batch.count)
    for (index, spool) in spools.enumerated() { try spool?.append(batch.columns[index], count: batch.count) }
    if let position = query.basisPosition, case .integers(let values) = batch.columns[position].values {
      for value in values { bases[Int(value)] += 1 }
    }
    rowCount += batch.count
  }

  /// Codes of entities; integers have texts too, which order as they do.
  private mutating func codes(ofEntities column: CodedColumn) -> [UInt32] {
    switch column.values {
    case .codes(let codes): return codes
    case .integers(let integers):
      return integers.map { integer in
        withUnsafeBytes(of: EntityKey(integer).bytes) { bytes in
          interners[query.entity].code(for: bytes.assumingMemoryBound(to: UInt8.self))
        }
      }
    case .booleans, .doubles: preconditionFailure("an entity is a text or an integer")
    }
  }

  /// Writes the log's files and says what they are.
  mutating func finish(
    fingerprint: String, origin: LogOrigin, report: IngestReport, threads: Int
  ) throws(StoreError) -> StoreManifest {
    let names = interners[query.entity].dictionary()
    interners[query.entity] = TextInterner()
    let sorted = SortedTexts(names)
    var report = report
    let order = try order(of: sorted, &report)
    report.rowsKept = order.rows.count
    report.entities = names.count
    if query.basisPosition != nil { report.identity = IngestReport.Identity(bases) }

    let spools = spools
    let interners = Mutex(interners)
    self.interners = []
    let columns = try concurrently(spools.count, threads: threads) { (index) throws(StoreError) in
      guard let spool = spools[index] else { return StoreManifest.Column?.none }
      // The texts of columns that are done with are let go.
      let interner = interners.withLock { all in
        defer { all[index] = TextInterner() }
        return all[index]
      }
      return try spool.finish(order.rows, spool.field.type == .text ? interner.dictionary() : nil)
    }
    self.spools = []
    let offsets = try OutputFile(path: "\(folder)/offsets", .hashed)
    try offsets.write(order.starts)
    return StoreManifest(
      fingerprint: fingerprint, roles: query.roles, rowCount: report.rowsKept, entityCount: names.count,
      entities: try finishEntities(names, sorted), offsets: try offsets.finish(), columns: columns,
      origin: origin, report: report)
  }

  /// The rows that stay, in the log's order.
  private func order(
    of sorted: SortedTexts, _ report: inout IngestReport
  ) throws(StoreError) -> RowOrder {
    guard let times = try spools[query.time]?.contents(), let events = try spools[query.event]?.contents()
    else { preconditionFailure("time and event of a log are columns beside the entity") }
    let owners = try entities.contents()
    var order = RowOrder(
      count: rowCount, entities: owners.values.pointer(to: UInt32.self), ranks: sorted.ranks,
      times: times.values.pointer(to: Int64.self))
    if let id = query.id, rowCount > 0 {
      let identities = try RowIdentities(
        id == query.entity ? entities : spools[id], count: rowCount, texts: interners[id].count)
      let codes = events.values.pointer(to: UInt32.self)
      let named = events.validity?.pointer(to: UInt8.self)
      report.duplicates += order.dropDuplicates(identity: identities.identity) { row in
        named?[Int(row)] == 0 ? -1 : Int64(codes[Int(row)])
      }
    }
    return order
  }

  private func finishEntities(
    _ names: TextDictionary, _ sorted: SortedTexts
  ) throws(StoreError) -> StoreManifest.Column {
    let field = query.schema[query.entity]
    let spool = try ColumnSpool(field, path: "\(folder)/entities")
    let count = names.count
    if field.type == .text {
      try spool.append(CodedColumn(values: .codes((0..<count).map { UInt32($0) })), count: count)
    } else {
      let integers = (0..<count).map { EntityKey(names.utf8($0)).integer }
      try spool.append(CodedColumn(values: .integers(integers)), count: count)
    }
    return try spool.finish(sorted.order, field.type == .text ? names : nil)
  }

  private static let disorder = StoreError(
    "the database did not give the rows in order",
    hints: ["DuckDB 1.5.6 is known to work: run `make setup`"])
}

/// An integer as eight bytes that order like it.
private struct EntityKey {
  let bytes: UInt64

  init(_ integer: Int64) { bytes = (UInt64(bitPattern: integer) ^ 1 << 63).bigEndian }

  init(_ text: UnsafeBufferPointer<UInt8>) {
    bytes = UnsafeRawBufferPointer(text).loadUnaligned(as: UInt64.self)
  }

  var integer: Int64 { Int64(bitPattern: UInt64(bigEndian: bytes) ^ 1 << 63) }
}
