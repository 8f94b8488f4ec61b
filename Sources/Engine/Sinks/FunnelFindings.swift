import Planning
import Values

/// What the entities of a batch, or their attempts, came to, one after another.
struct FunnelFindings {
  /// Where the values of the groups are read; nothing without groups.
  private let breakdown: FunnelPlan.Breakdown?
  /// Of each match how many steps it has, but for those that are only counted.
  private(set) var levels: [UInt8] = []
  /// How many matches of the first step alone are only counted.
  private(set) var firstStepCount = 0
  /// One for each match, or nothing where none is open.
  private(set) var isOpen: [Bool] = []
  /// For each match the times from each step to the next.
  private(set) var spans: [Int64] = []
  /// The rows at which the values of the breakdown may be read, those of one match after another, the best
  /// first.
  private(set) var rows: [Int32] = []
  private var rowCounts: [Int] = []

  /// - Parameter capacity: about how many matches there are going to be.
  init(_ breakdown: FunnelPlan.Breakdown?, capacity: Int) {
    self.breakdown = breakdown
    levels.reserveCapacity(capacity)
  }

  /// Whether it matters which rows a match has.
  var needsRows: Bool { breakdown != nil }

  /// Takes in matches of the first step alone, whose rows do not matter.
  mutating func append(ofFirstStep count: Int) {
    precondition(!needsRows || count == 0, "rows are given where they matter")
    firstStepCount += count
  }

  /// Takes in a match of the first step alone.
  mutating func append(_ row: Int32) {
    if withUnsafePointer(to: row, { takeRows(UnsafeBufferPointer(start: $0, count: 1)) }) { levels.append(1) }
  }

  /// Takes in the rows of a match that is not open; one that does not reach the step at which values are read counts
  /// nowhere.
  ///
  /// - Parameter times: of all rows.
  @inline(__always)
  mutating func append(_ match: UnsafePointer<Int32>, _ level: Int, _ times: UnsafePointer<Int64>) {
    if needsRows {
      guard takeRows(UnsafeBufferPointer(start: match, count: level)) else { return }
    } else if level == 1 {
      firstStepCount += 1
      return
    }
    levels.append(UInt8(truncatingIfNeeded: level))
    if level == 1 { return }
    var time = times[Int(match[0])]
    for step in 1..<level {
      let next = times[Int(match[step])]
      spans.append(next &- time)
      time = next
    }
  }

  /// Takes in a match; one that does not reach the step at which values are read counts nowhere.
  mutating func append(_ match: FunnelMatch, isOpen: Bool?) {
    if match.level == 0 { return }
    if needsRows {
      guard match.rows.withUnsafeBufferPointer({ takeRows($0) }) else { return }
    }
    levels.append(UInt8(truncatingIfNeeded: match.level))
    if let isOpen { self.isOpen.append(isOpen) }
    for step in match.times.indices.dropFirst() { spans.append(match.times[step] &- match.times[step - 1]) }
  }

  private mutating func takeRows(_ match: UnsafeBufferPointer<Int32>) -> Bool {
    let before = rows.count
    switch breakdown {
    case nil: return true
    case .first: rows.append(contentsOf: match)
    case .last: rows.append(contentsOf: match.reversed())
    case .step(let step):
      guard step < match.count else { return false }
      rows.append(match[step])
    }
    rowCounts.append(rows.count - before)
    return true
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
