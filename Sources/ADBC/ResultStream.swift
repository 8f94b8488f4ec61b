import CADBC
import Values

/// The rows of a result, pulled batch by batch; a few thousand rows each. One thread at a time uses it.
public final class ResultStream: @unchecked Sendable {
  /// The columns' names and types.
  public let schema: Schema
  private let fields: [ArrowField]
  private var stream = ArrowArrayStream()
  private var isAtEnd = false
  private let statement: Statement

  init(_ statement: Statement) throws(DatabaseError) {
    self.statement = statement
    let driver = statement.connection.driver
    var stream = ArrowArrayStream()
    try check { driver.StatementExecuteQuery(statement.pointer, &stream, nil, $0) }
    var schema = ArrowSchema()
    guard let getSchema = stream.get_schema else {
      throw DatabaseError(message: "the driver gave no result")
    }
    guard getSchema(&stream, &schema) == 0 else {
      defer { stream.release?(&stream) }
      throw ResultStream.error(of: &stream)
    }
    defer { schema.release?(&schema) }
    do {
      var fields: [ArrowField] = []
      for index in 0..<Int(schema.n_children) {
        guard let child = schema.children?[index]?.pointee else { continue }
        fields.append(try ArrowField(child))
      }
      self.fields = fields
    } catch {
      stream.release?(&stream)
      throw error
    }
    self.schema = fields.map { Field($0.name, $0.type) }
    self.stream = stream
  }

  deinit { stream.release?(&stream) }

  /// The next rows, or nothing at the end. Each batch has dictionaries of its own.
  public func next() throws(DatabaseError) -> Table? {
    var interners = schema.map { _ in TextInterner() }
    guard let batch = try nextCoded(&interners) else { return nil }
    let columns = batch.columns.enumerated().map { index, column in
      column.column(of: schema[index].type) { interners[index].dictionary() }
    }
    return Table(schema: schema, columns: columns, count: batch.count)
  }

  /// The next rows with texts as codes of interners that live longer than a batch: one for each column, unused
  /// where the column is not text.
  public func nextCoded(_ interners: inout [TextInterner]) throws(DatabaseError) -> CodedBatch? {
    precondition(interners.count == fields.count, "a result has one interner for each column")
    guard let batch = try nextBatch() else { return nil }
    var columns: [CodedColumn] = []
    columns.reserveCapacity(fields.count)
    for index in fields.indices { columns.append(try batch.column(index, &interners[index])) }
    return CodedBatch(count: batch.count, columns: columns)
  }

  /// The next rows as they came, or nothing at the end, however often that is asked for.
  public func nextBatch() throws(DatabaseError) -> ResultBatch? {
    try nextArray().map { ResultBatch($0, fields) }
  }

  /// All remaining rows, with one dictionary for each text column; refused where they need more memory than they may.
  public func table(memoryBytes: Int = .max) throws(DatabaseError) -> Table {
    var interners = schema.map { _ in TextInterner() }
    var joined: [CodedColumn] = fields.map { CodedColumn(nulls: 0, of: $0.type) }
    var count = 0
    while let batch = try nextCoded(&interners) {
      for index in joined.indices { joined[index].append(batch.columns[index], after: count) }
      count += batch.count
      let bytes = count * joined.count * MemoryLayout<Int64>.stride
      guard bytes <= memoryBytes else { throw .tooLarge(memoryBytes) }
    }
    let columns = joined.enumerated().map { index, column in
      column.column(of: schema[index].type) { interners[index].dictionary() }
    }
    return Table(schema: schema, columns: columns, count: count)
  }

  /// Passes over a batch; false at the end.
  func skip() throws(DatabaseError) -> Bool {
    try nextBatch() != nil
  }

  private func nextArray() throws(DatabaseError) -> ArrowArray? {
    var array = ArrowArray()
    // Who asks again behind the end is refused by the driver.
    guard !isAtEnd, let getNext = stream.get_next else { return nil }
    guard getNext(&stream, &array) == 0 else { throw ResultStream.error(of: &stream) }
    isAtEnd = array.release == nil
    return isAtEnd ? nil : array
  }

  private static func error(of stream: inout ArrowArrayStream) -> DatabaseError {
    let text = stream.get_last_error?(&stream).map { String(cString: $0) }
    return DatabaseError(driverText: text ?? "the driver stopped without a message")
  }
}
