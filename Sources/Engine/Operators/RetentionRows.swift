/// The rows that can matter to retention: starts and returns, in the order of entity, time and sequence.
struct RetentionRows {
  struct Kinds: OptionSet {
    let rawValue: UInt8
    static let start = Kinds(rawValue: 1)
    static let comeback = Kinds(rawValue: 2)
    /// The row lies in the range that is looked at.
    static let inRange = Kinds(rawValue: 4)
    /// A return that counts.
    static let returned: Kinds = [.comeback, .inRange]
  }

  /// Row numbers in the batch, ascending.
  private(set) var rows: [Int32] = []
  /// Times within `RetentionPeriods.times`.
  private(set) var times: [Int64] = []
  private(set) var kinds: [Kinds] = []

  /// For each place the first return from it on, where returns are looked for from many places.
  private var nextReturns: [Int32] = []

  var count: Int { rows.count }

  /// Picks rows out of a batch by masks over all of its rows, one byte a row; without a range all rows are in
  /// it.
  ///
  /// - Parameters:
  ///   - bounds: what all times of the log lie in, where that is known.
  ///   - isSearchedOften: whether returns are looked for from more than one row of an entity.
  init(
    times: [Int64], starts: [UInt8], comebacks: [UInt8], range: [UInt8]?, bounds: ClosedRange<Int64>? = nil,
    isSearchedOften: Bool = true
  ) {
    let matters = zipped(starts, comebacks) { $0 | $1 }
    var kinds = zipped(starts, comebacks) { $0 | $1 << 1 }
    if let range { kinds = zipped(kinds, range) { $0 | $1 << 2 } } else { kinds = kinds.map { $0 | 4 } }
    var chosen = times
    switch RowChoice(mask: matters) {
    case .none: return
    case .all: rows = (0..<Int32(truncatingIfNeeded: times.count)).map { $0 }
    case .some(let some):
      rows = some
      kinds = kinds.gathered(some)
      chosen = times.gathered(some)
    }
    self.kinds = kinds.withUnsafeBytes { Array($0.bindMemory(to: Kinds.self)) }
    let (first, last) = (RetentionPeriods.times.lowerBound, RetentionPeriods.times.upperBound)
    let isInside = bounds.map { $0.lowerBound >= first && $0.upperBound <= last } ?? false
    self.times = isInside ? chosen : chosen.map { min(max($0, first), last) }
    if isSearchedOften { findReturns() }
  }

  /// Calls `body` with the places of each entity's rows; entities without rows are left out.
  @inline(__always)
  func forEachEntity(_ entityStarts: [Int], _ body: (borrowing RetentionRows, Range<Int>) -> Void) {
    if count == entityStarts.last {
      for entity in 1..<entityStarts.count { body(self, entityStarts[entity &- 1]..<entityStarts[entity]) }
      return
    }
    var first = 0
    for end in entityStarts.dropFirst() where first < count && Int(rows[first]) < end {
      var last = first &+ 1
      while last < count, Int(rows[last]) < end { last &+= 1 }
      body(self, first..<last)
      first = last
    }
  }

  private mutating func findReturns() {
    var next = Int32(truncatingIfNeeded: count)
    nextReturns = [Int32](repeating: next, count: count)
    for place in kinds.indices.reversed() {
      if kinds[place].isSuperset(of: .returned) { next = Int32(truncatingIfNeeded: place) }
      nextReturns[place] = next
    }
  }

  /// The first return at a place or behind it that is not before some time; nothing where an entity has none.
  @inline(__always)
  func firstReturn(from place: Int, notBefore time: Int64, within entity: Range<Int>) -> Int? {
    var next = place
    while next < entity.upperBound {
      if times[next] < time {
        next = firstPlace(after: next, notBefore: time, within: entity)
      } else if kinds[next].isSuperset(of: .returned) {
        return next
      } else {
        next = nextReturns.isEmpty ? next &+ 1 : Int(nextReturns[next])
      }
    }
    return nil
  }

  /// The last return of an entity.
  func lastReturn(within entity: Range<Int>) -> Int? {
    entity.last { kinds[$0].isSuperset(of: .returned) }
  }

  /// The first place behind another that is not before some time.
  @inline(__always)
  private func firstPlace(after place: Int, notBefore time: Int64, within entity: Range<Int>) -> Int {
    // Nearby first: what is sought is mostly near.
    var low = place &+ 1
    var step = 1
    while low &+ step <= entity.upperBound, times[low &+ step &- 1] < time {
      low &+= step
      if low &- place > 8 { step &*= 2 }
    }
    var high = min(low &+ step &- 1, entity.upperBound)
    while low < high {
      let middle = (low &+ high) / 2
      if times[middle] < time { low = middle &+ 1 } else { high = middle }
    }
    return low
  }
}
