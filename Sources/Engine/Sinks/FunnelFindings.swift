import Planning
import Values

/// What is asked about the matches of a funnel, beside how many steps they have.
struct FunnelRequest {
  /// Where the values of the groups are read; nothing without groups.
  let breakdown: FunnelPlan.Breakdown?
  /// Whether the times from step to step are.
  let needsTimes: Bool
}

/// What the entities of a batch, or their attempts, came to, one after another.
struct FunnelFindings {
  /// Where the values of the groups are read; nothing without groups.
  private let breakdown: FunnelPlan.Breakdown?
  /// Whether the times from step to step are asked for.
  private let needsTimes: Bool
  /// Of each match that is listed how many steps it has.
  private(set) var levels: [UInt8] = []
  /// For each number of steps, from 1 on, how many matches of so many are only counted.
  private(set) var counts: [Int]
  /// One for each listed match, or nothing where none is open.
  private(set) var isOpen: [Bool] = []
  /// For each listed match the times from each step to the next, where they are asked for.
  private(set) var spans: [Int64] = []
  /// The rows of steps that follow each other, of which the times are not among these yet.
  private var unmeasured: [(from: Int32, to: Int32)] = []
  /// The rows at which the values of the breakdown may be read, those of one match after another, the best
  /// first.
  private(set) var rows: [Int32] = []
  private var rowCounts: [Int] = []

  init(_ request: FunnelRequest, stepCount: Int) {
    breakdown = request.breakdown
    needsTimes = request.needsTimes
    counts = [Int](repeating: 0, count: stepCount)
  }

  /// Whether it matters which rows a match has.
  var needsRows: Bool { breakdown != nil }

  /// Whether more of a match matters than how many steps it has.
  var needsMatches: Bool { needsRows || needsTimes }

  /// Takes in matches of so many steps whose rows do not matter.
  mutating func append(_ count: Int, ofLevel level: Int) {
    precondition(!needsRows, "rows are given where they matter")
    counts[level - 1] += count
  }

  /// Takes in a match of the first step alone.
  mutating func append(_ row: Int32) {
    if withUnsafePointer(to: row, { takeRows(UnsafeBufferPointer(start: $0, count: 1)) }) { levels.append(1) }
  }

  /// Takes in a match that is not open; one that does not reach the step at which values are read counts nowhere.
  ///
  /// - Parameter match: its rows, where they or their times matter; the times are yet to be measured.
  @inline(__always)
  mutating func append(_ match: UnsafePointer<Int32>, _ level: Int) {
    if needsRows {
      guard takeRows(UnsafeBufferPointer(start: match, count: level)) else { return }
    } else if level == 1 || !needsTimes {
      counts[level &- 1] &+= 1
      return
    }
    levels.append(UInt8(truncatingIfNeeded: level))
    if level == 1 || !needsTimes { return }
    for step in 1..<level { unmeasured.append((match[step &- 1], match[step])) }
  }

  /// Finds the times from step to step of the matches that were given by their rows.
  ///
  /// - Parameter times: of all rows.
  mutating func measure(_ times: RowTimes) {
    // All at once, since none of them is near: while one is fetched the next ones are.
    spans += unmeasured.map { times[Int($0.to)] &- times[Int($0.from)] }
    unmeasured = []
  }

  /// Takes in a match; one that does not reach the step at which values are read counts nowhere.
  mutating func append(_ match: FunnelMatch, isOpen: Bool?) {
    if match.level == 0 { return }
    if needsRows {
      guard match.rows.withUnsafeBufferPointer({ takeRows($0) }) else { return }
    } else if isOpen == nil, match.level == 1 || !needsTimes {
      counts[match.level - 1] += 1
      return
    }
    levels.append(UInt8(truncatingIfNeeded: match.level))
    if let isOpen { self.isOpen.append(isOpen) }
    if !needsTimes { return }
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
