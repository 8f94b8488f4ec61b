import ADBC
import Values

/// Turns rows that come by entity and time into the files of a log, without holding them in memory.
///
/// What memory holds grows with the distinct texts of each column, not with the rows.
struct LogBuilder {
  private let query: LogQuery
  private let folder: String
  private var interners: [TextInterner]
  private var spools: [ColumnSpool?]
  private let entities: ColumnSpool
  private var starts: [UInt64] = []
  private var duplicates = DuplicateFilter()
  private var bases = [Int](repeating: 0, count: IdentityBasis.allCases.count)
  private(set) var rowCount = 0
  private var entity: Int64?

  init(_ query: LogQuery, into folder: String) throws(StoreError) {
    self.query = query
    self.folder = folder
    let schema = query.schema
    interners = schema.indices.map { TextInterner(arrival: $0 == query.entity ? .grouped : .anyOrder) }
    // The numbers behind the columns have interners that they do not use.
    let numbers = [query.sequencePosition, query.basisPosition].compactMap(\.self)
    interners += numbers.map { _ in TextInterner() }
    spools = []
    for (index, field) in schema.enumerated() {
      spools.append(index == query.entity ? nil : try ColumnSpool(field, path: "\(folder)/column\(index)"))
    }
    entities = try ColumnSpool(schema[query.entity], path: "\(folder)/entities")
  }

  /// Takes in all rows of a result.
  mutating func append(_ stream: ResultStream) throws {
    while let batch = try stream.nextCoded(&interners) { try append(batch) }
  }

  private mutating func append(_ batch: CodedBatch) throws(StoreError) {
    switch batch.columns[query.entity].values {
    case .integers(let values): try appendEntities(batch) { values[$0] }
    case .codes(let codes): try appendEntities(batch) { Int64(codes[$0]) }
    case .booleans, .doubles: preconditionFailure("an entity is a text or an integer")
    }
    for (index, spool) in spools.enumerated() { try spool?.append(batch.columns[index], count: batch.count) }
    if let position = query.basisPosition, case .integers(let values) = batch.columns[position].values {
      for value in values { bases[Int(value)] += 1 }
    }
    rowCount += batch.count
  }

  @inline(__always)
  private mutating func appendEntities(_ batch: CodedBatch, _ value: (Int) -> Int64) throws(StoreError) {
    for row in 0..<batch.count {
      let next = value(row)
      if next != entity {
        // Texts have codes in the order of their coming, which the dictionary is asked about at the end.
        if let entity, next < entity { throw LogBuilder.disorder }
        entity = next
        starts.append(UInt64(rowCount + row))
        if entities.field.type == .integer {
          try entities.append(next)
        }
        duplicates.startEntity()
      }
      if let id = query.id { noteIdentity(batch, id, row) }
    }
  }

  private mutating func noteIdentity(_ batch: CodedBatch, _ id: Int, _ row: Int) {
    guard batch.columns[id].validity?[row] != 0,
      let position = query.sequencePosition, case .integers(let sequence) = batch.columns[position].values
    else { return }
    let identity: Int64 =
      switch batch.columns[id].values {
      case .integers(let values): values[row]
      case .codes(let codes): Int64(codes[row])
      case .doubles(let values): Int64(bitPattern: values[row].bitPattern)
      case .booleans(let values): Int64(values[row])
      }
    var event: Int64 = -1
    if batch.columns[query.event].validity?[row] != 0,
      case .codes(let codes) = batch.columns[query.event].values
    {
      event = Int64(codes[row])
    }
    duplicates.add(row: rowCount + row, sequence: sequence[row], event: event, id: identity)
  }

  /// Writes the log's files and says what they are.
  mutating func finish(fingerprint: String, report: IngestReport) throws(StoreError) -> StoreManifest {
    var dropped: [UInt8]?
    if duplicates.count > 0 {
      dropped = duplicates.dropped + [UInt8](repeating: 0, count: rowCount - duplicates.dropped.count)
    }
    var columns: [StoreManifest.Column?] = []
    for (index, spool) in spools.enumerated() {
      columns.append(try spool?.finish(dictionary(of: index), dropped: dropped))
    }
    let entityColumn = try finishEntities()
    let offsets = try writeOffsets(dropped)
    var report = report
    report.duplicates = duplicates.count
    report.rowsKept = rowCount - duplicates.count
    report.entities = starts.count
    if query.basisPosition != nil { report.identity = IngestReport.Identity(bases) }
    return StoreManifest(
      fingerprint: fingerprint, roles: query.roles, rowCount: report.rowsKept, entityCount: starts.count,
      entities: entityColumn, offsets: offsets, columns: columns, report: report)
  }

  /// The texts of a column; those of columns that are done with are let go.
  private mutating func dictionary(of index: Int) -> TextDictionary? {
    guard query.schema[index].type == .text else { return nil }
    defer { interners[index] = TextInterner() }
    return interners[index].dictionary()
  }

  private mutating func finishEntities() throws(StoreError) -> StoreManifest.Column {
    guard entities.field.type == .text else { return try entities.finish(nil, dropped: nil) }
    let dictionary = interners[query.entity].dictionary()
    guard dictionary.isSorted else { throw LogBuilder.disorder }
    let codes = CodedColumn(values: .codes((0..<dictionary.count).map { UInt32($0) }))
    try entities.append(codes, count: dictionary.count)
    return try entities.finish(dictionary, dropped: nil)
  }

  private func writeOffsets(_ dropped: [UInt8]?) throws(StoreError) -> StoreManifest.File {
    var offsets = starts + [UInt64(rowCount)]
    if let dropped {
      var before: UInt64 = 0
      var row = 0
      for index in offsets.indices {
        while row < Int(offsets[index]) {
          before += UInt64(dropped[row])
          row += 1
        }
        offsets[index] -= before
      }
    }
    let file = try OutputFile(path: "\(folder)/offsets", .hashed)
    try file.write(offsets)
    return try file.finish()
  }

  private static let disorder = StoreError(
    "the database did not give the rows in order",
    hints: ["DuckDB 1.5.6 is known to work: run `make setup`"])
}
