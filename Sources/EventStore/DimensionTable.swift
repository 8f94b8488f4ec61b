import Synchronization
import Values

/// A table of facts about entities or things: what columns it has is known at once, its rows are read when they are
/// first asked for, since most documents need none of them.
public final class DimensionTable: Sendable {
  /// The columns' names and types.
  public let schema: Schema
  /// How many rows.
  public let count: Int
  /// What of its file could not be read.
  let problems: [IngestReport.Problem]
  private let rows: Mutex<Rows>

  private enum Rows {
    case stored([StoredColumn])
    case read(Table)
  }

  /// A table whose rows are in memory.
  public init(_ table: Table) {
    schema = table.schema
    count = table.count
    problems = []
    rows = Mutex(.read(table))
  }

  /// The dimension in a store's folder, mapped from its files.
  init(mapping manifest: StoreManifest, in folder: String) throws(StoreError) {
    let columns = manifest.columns.compactMap { $0 }
    let count = manifest.rowCount
    schema = columns.map { Field($0.name, $0.type) }
    self.count = count
    problems = manifest.report.problems
    rows = Mutex(
      .stored(
        try columns.map { (column) throws(StoreError) in
          try StoredColumn(mapping: column, count: count, in: folder)
        }))
  }

  /// The rows, which stay in memory from then on.
  public var table: Table {
    rows.withLock { rows in
      switch rows {
      case .read(let table): return table
      case .stored(let columns):
        let table = Table(schema: schema, columns: columns.map { $0.read(0..<count) }, count: count)
        rows = .read(table)
        return table
      }
    }
  }
}
