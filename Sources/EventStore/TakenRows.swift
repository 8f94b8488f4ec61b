/// What rows have that were taken in of a column, one by one: those of an earlier log and those that came behind.
struct TakenRows {
  let earlier: EarlierColumn?
  let spooled: ColumnSpool.Contents

  /// The number behind a row's value: of a text its code, of a double its bits; nothing for null.
  @inline(__always)
  func number(_ row: Int) -> Int64? {
    let count = earlier?.count ?? 0
    if row < count { return earlier?.column?.number(row) }
    if spooled.validity?.pointer(to: UInt8.self)[row &- count] == 0 { return nil }
    return spooled.values.integer(row &- count)
  }
}
