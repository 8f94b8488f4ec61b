import Values

/// What a column has in the rows of an earlier log, which come before all others.
struct EarlierColumn: Sendable {
  /// Nothing where all of its rows are null.
  let column: StoredColumn?
  /// Between which integers its values lay as they were read.
  let range: StoreManifest.Range?
  /// How many rows.
  let count: Int

  /// The column at a position of a log, which may have had none there.
  init(_ position: Int, of log: EventLog, _ manifest: StoreManifest) {
    let isKnown = position < manifest.columns.count
    column = isKnown ? log.columns[position] : nil
    range = isKnown ? manifest.columns[position]?.range : nil
    count = log.rowCount
  }

  /// Whether any of the rows may be null.
  var canBeNull: Bool {
    guard let column else { return count > 0 }
    if case .nowhere = column.nulls { return false }
    return true
  }
}
