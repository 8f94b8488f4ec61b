import Functions
import Values

/// Keeps rows as they come, up to a limit.
final class CollectSink: Sink {
  private let schema: Schema
  private let columns: [Node]
  private let limit: RowLimit?
  private let first: FirstRowsSelection?
  private let limits: ExecutionLimits

  /// - Parameter first: leaves the rows that somebody reads; nothing where all are read.
  init(
    _ schema: Schema, _ columns: [Node], limit: RowLimit?, first: FirstRowsSelection?,
    limits: ExecutionLimits
  ) {
    self.schema = schema
    self.columns = columns
    self.limit = limit
    self.first = first
    self.limits = limits
  }

  func makePartial() -> any SinkPartial {
    CollectedRows(schema, columns, end: limit?.end ?? .max, first: first, limits: limits)
  }

  func finish(_ merged: (any SinkPartial)?) throws -> Table {
    guard let merged = (merged ?? makePartial()) as? CollectedRows else {
      preconditionFailure("a sink is given its own partial results")
    }
    let table = merged.table
    guard let limit else { return table }
    let first = min(limit.offset, table.count)
    let last = min(limit.end, table.count)
    if first == 0, last == table.count { return table }
    return Table(
      schema: schema, columns: table.columns.map { $0.slice(first..<last) }, count: last - first)
  }
}

private final class CollectedRows: SinkPartial {
  private let schema: Schema
  private let nodes: [Node]
  private let end: Int
  private let first: FirstRowsSelection?
  private let limits: ExecutionLimits
  private var collectors: [ColumnCollector]
  private var count = 0

  init(
    _ schema: Schema, _ nodes: [Node], end: Int, first: FirstRowsSelection?, limits: ExecutionLimits
  ) {
    self.schema = schema
    self.nodes = nodes
    self.end = end
    self.first = first
    self.limits = limits
    collectors = nodes.map { ColumnCollector($0.type) }
  }

  var isFull: Bool { count >= end }

  /// The rows so far.
  var table: Table {
    Table(schema: schema, columns: zip(schema, collectors).map { $1.column(as: $0.type) }, count: count)
  }

  func take(_ batch: Batch) throws {
    var batch = batch
    let wanted = end - count
    if batch.count > wanted { batch = Batch(batch, at: (0..<wanted).map { Int32(truncatingIfNeeded: $0) }) }
    try append(nodes.map { try batch.column($0) }, count: batch.count)
  }

  func close() throws {
    guard let first else { return }
    let rows = try first.rows(of: table)
    if rows.count == count { return }
    collectors = nodes.map { ColumnCollector($0.type) }
    count = 0
    try append(rows.columns, count: rows.count)
  }

  func merge(_ later: any SinkPartial) throws {
    guard let later = later as? CollectedRows else {
      preconditionFailure("a sink merges its own partial results")
    }
    try append(later.table.columns, count: later.count)
  }

  private func append(_ columns: [Column], count rows: Int) throws {
    for (index, column) in columns.enumerated() { collectors[index].append(column) }
    count += rows
    try limits.check(bytes: collectors.reduce(0) { $0 + $1.bytes })
  }
}

/// Puts columns of one type one after another.
struct ColumnCollector {
  private let type: ScalarType
  private var booleans: [UInt8] = []
  private var integers: [Int64] = []
  private var doubles: [Double] = []
  private var codes: [UInt32] = []
  private var validity: [UInt8]?
  /// The one dictionary of all texts so far.
  private var dictionary: TextDictionary?
  /// What gives texts their numbers once they come from several dictionaries.
  private var mapper: TextMapper?

  /// With room for so many values.
  init(_ type: ScalarType, capacity: Int = 0) {
    self.type = type
    switch type {
    case .boolean: booleans.reserveCapacity(capacity)
    case .integer, .timestamp, .date, .duration: integers.reserveCapacity(capacity)
    case .double: doubles.reserveCapacity(capacity)
    case .text: codes.reserveCapacity(capacity)
    }
  }

  var count: Int { booleans.count + integers.count + doubles.count + codes.count }
  var bytes: Int {
    booleans.count + 8 * (integers.count + doubles.count) + 4 * codes.count + (validity?.count ?? 0)
      + (mapper?.bytes ?? 0)
  }

  mutating func append(_ column: Column) {
    if column.count == 0 { return }
    let before = count
    switch column.values {
    case .booleans(let values): booleans.append(contentsOf: values)
    case .integers(let values): integers.append(contentsOf: values)
    case .doubles(let values): doubles.append(contentsOf: values)
    case .texts(let values, let own): append(values, own, column)
    }
    guard validity != nil || column.validity != nil else { return }
    var all = validity ?? [UInt8](repeating: 1, count: before)
    validity = nil
    all.append(contentsOf: column.validity ?? [UInt8](repeating: 1, count: column.count))
    validity = all
  }

  private mutating func append(_ values: [UInt32], _ own: TextDictionary, _ column: Column) {
    if mapper == nil, dictionary == nil || dictionary === own {
      dictionary = own
      codes.append(contentsOf: values)
      return
    }
    if mapper == nil {
      var mapper = TextMapper()
      if let dictionary { codes = mapper.ids(of: .texts(codes, dictionary, validity: validity)) }
      self.mapper = mapper
      dictionary = nil
    }
    if let ids = mapper?.ids(of: column) { codes.append(contentsOf: ids) }
  }

  /// All values so far.
  func column(as type: ScalarType) -> Column {
    switch type {
    case .boolean: .booleans(booleans, validity: validity)
    case .double: .doubles(doubles, validity: validity)
    case .integer, .timestamp, .date, .duration: .integers(integers, as: type, validity: validity)
    case .text:
      .texts(codes, mapper?.pool.dictionary() ?? dictionary ?? TextDictionary([String]()), validity: validity)
    }
  }
}
