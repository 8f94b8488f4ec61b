import Values

/// The rows of a table that has a row for each group and each period of a log that is shown.
struct PeriodRows {
  /// The columns of the groups, and the first day of each row's period.
  let keys: [Column]
  /// The number of each row's period.
  let periods: [Int]
  private let groups: [Int32]
  private let endedCount: Int

  var count: Int { periods.count }

  /// Groups come in ascending order of their keys.
  init(_ groupKeys: [Column], groups groupCount: Int, _ periods: LogPeriods) {
    let order = RowOrder.ascending(groupKeys, count: groupCount)
    groups = order.flatMap { [Int32](repeating: $0, count: periods.shown.count) }
    self.periods = order.flatMap { _ in periods.shown }
    keys =
      groupKeys.map { [groups] in $0.gathered(groups) }
      + [.integers(self.periods.map { periods.firstDay(of: $0) }, as: .date)]
    endedCount = periods.endedCount
  }

  /// A number for each row from its group and period, null where the period has not ended.
  func known(_ value: (_ group: Int, _ period: Int) -> Int64) -> [Scalar] {
    zip(groups, periods).map { $1 < endedCount ? .integer(value(Int($0), $1)) : .null }
  }
}
