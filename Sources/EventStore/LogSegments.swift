import Values

/// A log as it lies in several stores: that of its first files, and those of files that were added, whose rows belong
/// between the others.
final class LogSegments: Sendable {
  /// In the order of their files.
  let logs: [EventLog]
  private let order: Lazy<SegmentOrder>

  /// - Parameter placed: for each log but the first, the numbers that its rows have in the log of those up to it; each
  ///   log keeps the memory alive.
  init(_ logs: [EventLog], placed: [RowNumbers]) {
    precondition(placed.count == logs.count - 1, "the rows of all segments but the first have places")
    self.logs = logs
    let firstCount = logs[0].rowCount
    order = Lazy { SegmentOrder(behind: firstCount, placed.map(\.numbers)) }
  }

  /// Reads a column of the whole log, whose codes are those of the texts of all segments.
  func reader(_ column: StoreManifest.Column, at position: Int) -> (rows: SegmentReader, texts: MergedTexts?)
  {
    let columns = logs.map { position < $0.columns.count ? $0.columns[position] : nil }
    let texts = column.type == .text ? SegmentTexts(columns.map { $0?.dictionary }) : nil
    return (SegmentReader(column.type, columns, order.value, texts), texts?.merged)
  }

  /// Writes a column of the whole log.
  ///
  /// - Parameters:
  ///   - column: what is known of it.
  ///   - path: of the files, to which the names of their parts are added.
  func write(
    _ column: StoreManifest.Column, at position: Int, to path: String
  ) throws(StoreError) -> StoreManifest.Column {
    var (reader, texts) = reader(column, at: position)
    let writer = ColumnWriter(
      field: Field(column.name, column.type), path: path, rowCount: rowCount, nulls: column.nulls,
      range: column.range ?? StoreManifest.Range(), texts: try texts?.written(to: path))
    var made = try writer.write { reader.next($0) }
    made.valuesByName = column.valuesByName
    return made
  }

  /// A column of the whole log, in memory.
  func copied(_ column: StoreManifest.Column, at position: Int) -> StoredColumn {
    var (reader, texts) = reader(column, at: position)
    let found = reader.next(0..<rowCount)
    let values: Column.Values =
      switch found.values {
      case .booleans(let booleans): .booleans(booleans)
      case .integers(let integers): .integers(integers)
      case .doubles(let doubles): .doubles(doubles)
      case .codes(let codes): .texts(codes, texts?.dictionary() ?? TextDictionary([]))
      }
    return StoredColumn(
      copying: Column(type: column.type, values: values, validity: found.validity), into: Heap())
  }

  /// How many rows the whole log has.
  var rowCount: Int { logs.reduce(0) { $0 + $1.rowCount } }
}

/// The numbers that some rows have in a log, ascending.
struct RowNumbers: @unchecked Sendable {
  let numbers: UnsafeBufferPointer<UInt32>
  private let owner: AnyObject?

  /// Numbers that `owner` keeps in memory.
  init(_ numbers: UnsafeBufferPointer<UInt32>, owner: AnyObject?) {
    self.numbers = numbers
    self.owner = owner
  }
}
