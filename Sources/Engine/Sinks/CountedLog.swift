import EventStore
import Planning
import Values

/// How many rows a log has, in all or by event name: its runs tell without a row being read.
enum CountedLog {
  /// The result of an aggregation that asks for nothing else; nothing for one that does.
  static func table(
    _ log: EventLog, _ events: EventsPlan, keys: [NamedExpr], calls: [AggregateCall], schema: Schema
  ) -> Table? {
    guard calls.allSatisfy(\.countsRows), let counts = counts(log, events.names) else { return nil }
    var columns: [Column] = []
    var rowCounts = [counts.reduce(0) { $0 + $1.rows }]
    if !keys.isEmpty {
      let isByName = keys.allSatisfy { $0.expression == .column(log.eventPosition, .text) }
      guard isByName, let dictionary = log.columns[log.eventPosition]?.dictionary else { return nil }
      let codes = counts.map { UInt32(truncatingIfNeeded: $0.code ?? 0) }
      let hasNull = counts.contains { $0.code == nil }
      let names = Column.texts(
        codes, dictionary, validity: hasNull ? counts.map { $0.code == nil ? 0 : 1 } : nil)
      let order = RowOrder.ascending([names], count: counts.count)
      columns = keys.map { _ in names.gathered(order) }
      rowCounts = order.map { counts[Int($0)].rows }
    }
    columns += calls.map { _ in .integers(rowCounts.map(Int64.init)) }
    return Table(schema: schema, columns: columns, count: rowCounts.count)
  }

  /// How many rows each of some names has, or all, and those without a name; only names that have rows. Nothing where
  /// the log has no runs.
  private static func counts(_ log: EventLog, _ names: [ExactText]?) -> [(code: Int?, rows: Int)]? {
    guard let runs = log.runs, let dictionary = log.columns[log.eventPosition]?.dictionary else { return nil }
    let codes = names.map { $0.compactMap { dictionary.code(of: $0.string) } } ?? Array(0..<dictionary.count)
    var counts: [(code: Int?, rows: Int)] = codes.map { ($0, runs.places(ofCode: $0).count) }
    if names == nil { counts.append((nil, log.rowCount - counts.reduce(0) { $0 + $1.rows })) }
    return counts.filter { $0.rows > 0 }
  }
}

extension AggregateCall {
  /// Whether the call is `count(*)`, of all rows.
  fileprivate var countsRows: Bool {
    function == "count" && arguments.isEmpty && filter == nil && !isDistinct
  }
}
