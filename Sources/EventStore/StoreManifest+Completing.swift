import ADBC
import Values

extension StoreManifest {
  /// Adds to the manifest of a log what its columns say of it together: what the report counts, the runs, and which
  /// events have values of columns that most have not.
  mutating func complete(in folder: String, threads: Int) throws(StoreError) {
    let log = try EventLog(mapping: self, in: folder)
    let times = log.timeRange()
    report.describe(
      self, log.columns[log.eventPosition]?.dictionary, log.eventCounts(),
      (times?.lowerBound, times?.upperBound))
    runs = try log.writeRuns(to: folder, threads: threads, columns[log.timePosition]?.range ?? Range()) {
      { rows in (log.columns[log.timePosition]?.read(rows)).flatMap { CodedColumn($0).values.integers } ?? []
      }
    }
    for (position, column) in log.columns.enumerated() {
      guard runs != nil, let column, case .leftOut = column.nulls else { continue }
      columns[position]?.valuesByName = log.countedByName(column)
    }
  }
}
