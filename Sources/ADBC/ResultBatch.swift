import CADBC
import Values

/// Rows of a result as the database handed them over. Nothing changes them: threads may decode columns at one time.
public final class ResultBatch: @unchecked Sendable {
  /// How many rows.
  public let count: Int
  private let fields: [ArrowField]
  private var array: ArrowArray

  init(_ array: ArrowArray, _ fields: [ArrowField]) {
    count = Int(array.length)
    self.fields = fields
    self.array = array
  }

  deinit { array.release?(&array) }

  /// The values of a column, whose texts become codes of its interner; one that is not of texts leaves that alone.
  public func column(_ index: Int, _ interner: inout TextInterner) throws(DatabaseError) -> CodedColumn {
    guard let child = array.children?[index]?.pointee else {
      throw DatabaseError(message: "the driver left out column '\(fields[index].name)'")
    }
    return try fields[index].decode(
      ArrowRows(array: child, skip: Int(array.offset), count: count), &interner)
  }
}
