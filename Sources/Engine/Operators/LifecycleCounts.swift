import Values

/// Who is new, returning, resurrected and dormant in each period, for each group.
struct LifecycleCounts {
  /// The numbers of one period.
  struct Cell: Equatable {
    var active: Int64 = 0
    var new: Int64 = 0
    var returning: Int64 = 0
    var resurrected: Int64 = 0
    var dormant: Int64 = 0

    static func += (left: inout Cell, right: Cell) {
      left.active += right.active
      left.new += right.new
      left.returning += right.returning
      left.resurrected += right.resurrected
      left.dormant += right.dormant
    }
  }

  private let periods: LogPeriods
  /// By group and period.
  private(set) var cells: [Cell] = []

  init(_ periods: LogPeriods) { self.periods = periods }

  /// The bytes that so many groups take.
  func bytes(groups: Int) -> Int { groups * periods.count * MemoryLayout<Cell>.size }

  /// Makes room for groups.
  mutating func grow(to groups: Int) {
    let added = groups * periods.count - cells.count
    if added > 0 { cells.append(contentsOf: repeatElement(Cell(), count: added)) }
  }

  /// Takes the rows of one entity in the order of time.
  mutating func take(_ times: ArraySlice<Int64>, group: Int) {
    let base = group * periods.count
    var previous: Int?
    for time in times {
      let period = periods.number(periods.day(time))
      guard (0..<periods.count).contains(period), period != previous else { continue }
      cells[base + period].active += 1
      if let previous {
        if period == previous + 1 {
          cells[base + period].returning += 1
        } else {
          cells[base + period].resurrected += 1
          cells[base + previous + 1].dormant += 1
        }
      } else {
        cells[base + period].new += 1
      }
      previous = period
    }
    if let previous, previous + 1 < periods.count { cells[base + previous + 1].dormant += 1 }
  }

  /// Takes in the counts of other entities: their group `i` is this one's `mapping[i]`.
  mutating func merge(_ later: LifecycleCounts, mapping: [UInt32]) {
    let count = periods.count
    for (group, target) in mapping.enumerated() {
      for period in 0..<count { cells[Int(target) * count + period] += later.cells[group * count + period] }
    }
  }

  /// Holds the numbers against what they mean: each active entity is of one of the three kinds, and from one period to
  /// the next their number changes by those who come and go.
  func check() {
    for start in stride(from: 0, to: cells.count, by: max(1, periods.count)) {
      var activeBefore: Int64 = 0
      for cell in cells[start..<(start + periods.count)] {
        precondition(
          cell.active == cell.new + cell.returning + cell.resurrected,
          "who is active is new, returning or resurrected")
        precondition(
          cell.active - activeBefore == cell.new + cell.resurrected - cell.dormant,
          "the active change by the new, the resurrected and the dormant")
        activeBefore = cell.active
      }
    }
  }
}
