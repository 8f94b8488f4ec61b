import Planning
import Values

/// What the entities of a batch, or their attempts, came to, one after another.
struct FunnelFindings {
  private let breakdown: FunnelPlan.Breakdown
  private(set) var levels: [Int] = []
  private(set) var isOpen: [Bool] = []
  /// For each match the times from each step to the next.
  private(set) var spans: [Int64] = []
  /// The rows at which the values of the breakdown may be read, those of one match after another, the best
  /// first.
  private var rows: [Int32] = []
  private var rowCounts: [Int] = []

  /// - Parameter capacity: about how many matches there are going to be.
  init(_ breakdown: FunnelPlan.Breakdown, capacity: Int) {
    self.breakdown = breakdown
    levels.reserveCapacity(capacity)
    isOpen.reserveCapacity(capacity)
    rows.reserveCapacity(capacity)
    rowCounts.reserveCapacity(capacity)
  }

  /// Takes in a match; one that does not reach the step at which values are read counts nowhere.
  mutating func append(_ match: FunnelMatch, isOpen: Bool) {
    if match.level == 0 { return }
    let before = rows.count
    switch breakdown {
    case .first: for row in match.rows { rows.append(row) }
    case .last: for row in match.rows.reversed() { rows.append(row) }
    case .step(let step):
      guard step < match.level else { return }
      rows.append(match.rows[step])
    }
    rowCounts.append(rows.count - before)
    levels.append(match.level)
    self.isOpen.append(isOpen)
    for step in match.times.indices.dropFirst() { spans.append(match.times[step] &- match.times[step - 1]) }
  }

  /// The values that say to which group each match belongs: those of the best row that has one. They are
  /// computed for the rows of matches alone.
  func keys(_ groups: [Node], _ batch: Batch) throws -> [Column] {
    if groups.isEmpty { return [] }
    // Several matches may share a row, and rows of one time come in any order; a batch has each once, in
    // order.
    var places = [Int32](repeating: -1, count: batch.count)
    for row in rows { places[Int(row)] = 0 }
    let chosen = (0..<Int32(truncatingIfNeeded: batch.count)).filter { places[Int($0)] == 0 }
    for (place, row) in chosen.enumerated() { places[Int(row)] = Int32(truncatingIfNeeded: place) }
    let batch = Batch(batch, at: chosen)
    return try groups.map { group in
      let column = try batch.column(group)
      var first = 0
      return column.gathered(
        rowCounts.map { count in
          let candidates = rows[first..<(first + count)]
          first += count
          let row =
            candidates.first { !column.isNull(Int(places[Int($0)])) } ?? candidates[candidates.startIndex]
          return places[Int(row)]
        })
    }
  }
}
