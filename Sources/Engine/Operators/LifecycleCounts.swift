import Values

/// Who is new, returning, resurrected and dormant in each period, for each group.
struct LifecycleCounts: PeriodCounts {
  /// The numbers of one period.
  struct Cell: Equatable {
    var active: Int64 = 0
    var new: Int64 = 0
    var returning: Int64 = 0
    var resurrected: Int64 = 0
    var dormant: Int64 = 0
  }

  static let grouping = PeriodGrouping.entities

  private let periods: LogPeriods
  /// By group, period and how long before it an entity was seen: in the period itself, in the one before, earlier,
  /// never.
  private var seen: [Int64] = []

  private static let kinds = 4

  init(_ periods: LogPeriods) { self.periods = periods }

  func bytes(groups: Int) -> Int { groups * periods.count * LifecycleCounts.kinds * 8 }

  mutating func grow(to groups: Int) {
    let added = groups * periods.count * LifecycleCounts.kinds - seen.count
    if added > 0 { seen.append(contentsOf: repeatElement(0, count: added)) }
  }

  mutating func take(_ rows: PlacedRows, groups: [UInt32]?) {
    if let groups {
      precondition(groups.count == rows.count, "each row has a group")
      let width = periods.count * LifecycleCounts.kinds
      groups.withUnsafeBufferPointer { groups in count(rows) { Int(groups[$0]) &* width } }
    } else {
      count(rows) { _ in 0 }
    }
  }

  /// - Parameter base: where the counts of a row's group begin.
  @inline(__always)
  private mutating func count(_ rows: PlacedRows, base: (Int) -> Int) {
    seen.withUnsafeMutableBufferPointer { seen in
      let entities = rows.entities
      var lastEntity = UInt32.max
      var lastPeriod = 0
      periods.forEachNumber(of: rows) { row, period in
        // Which of the four it is cannot be foretold, so nothing branches on it.
        let ago = min(period &- lastPeriod, 2)
        let kind = entities[row] == lastEntity ? ago : 3
        seen[base(row) &+ period &* 4 &+ kind] &+= 1
        (lastEntity, lastPeriod) = (entities[row], period)
      }
    }
  }

  mutating func merge(_ later: LifecycleCounts, mapping: [UInt32]) {
    let width = periods.count * LifecycleCounts.kinds
    for (group, target) in mapping.enumerated() {
      for cell in 0..<width { seen[Int(target) * width + cell] += later.seen[group * width + cell] }
    }
  }

  /// The numbers of each period of a group.
  func cells(_ group: Int) -> [Cell] {
    var activeBefore: Int64 = 0
    return (0..<periods.count).map { period in
      let first = (group * periods.count + period) * LifecycleCounts.kinds
      var cell = Cell(new: seen[first + 3], returning: seen[first + 1], resurrected: seen[first + 2])
      cell.active = cell.new + cell.returning + cell.resurrected
      // Who was active in the period before and does not return.
      cell.dormant = activeBefore - cell.returning
      precondition(cell.dormant >= 0, "only who was active before returns")
      activeBefore = cell.active
      return cell
    }
  }
}
