/// The columns of a log by position; nothing at the entity's position. What lies in several segments is put together when
/// it is first read.
public struct StoredColumns: RandomAccessCollection, Sendable {
  private let columns: [Lazy<StoredColumn>?]

  init(_ columns: [Lazy<StoredColumn>?]) { self.columns = columns }

  /// The position of the first column.
  public var startIndex: Int { 0 }
  /// Behind the last column's position.
  public var endIndex: Int { columns.count }
  /// The column at a position.
  public subscript(position: Int) -> StoredColumn? { columns[position]?.value }
}
