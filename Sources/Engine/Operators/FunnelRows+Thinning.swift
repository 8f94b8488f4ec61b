extension FunnelRules {
  /// Whether of rows of the first step alone that follow each other only the last can matter, and the entity's
  /// first one: of all matches of one length that could go on, the one that starts last is as good as any.
  var canThin: Bool { order == .given && stepCount > 1 }
}

extension FunnelRows {
  /// The rows that a match may need where each entity counts once: those of later steps and of exclusions, and of
  /// the first step the entity's first rows, the last ones before each of the others, and those of its time. Entities
  /// without a first step are left out.
  ///
  /// - Parameters:
  ///   - first: one byte a row, 1 where the first step's condition is true.
  ///   - others: the same of all other steps and of exclusions.
  static func thinned(first: [UInt8], others: [UInt8], times: [Int64], entityStarts: [Int]) -> [Int32] {
    let otherRows: [Int32] =
      switch RowChoice(mask: others) {
      case .none: []
      case .all: (0..<Int32(truncatingIfNeeded: others.count)).map { $0 }
      case .some(let rows): rows
      }
    return first.withUnsafeBufferPointer { first in
      others.withUnsafeBufferPointer { others in
        times.withUnsafeBufferPointer { times in
          [Int32](unsafeUninitializedCapacity: times.count) { target, initialized in
            var thinning = Thinning(first: first, others: others, times: times, target: target)
            var next = 0
            for (start, end) in zip(entityStarts, entityStarts.dropFirst()) {
              let firstOther = next
              while next < otherRows.count, otherRows[next] < end { next &+= 1 }
              thinning.takeEntity(start..<end, otherRows[firstOther..<next])
            }
            initialized = thinning.count
          }
        }
      }
    }
  }
}

/// Takes the rows of entities that a match may need, in order.
private struct Thinning {
  let first: UnsafeBufferPointer<UInt8>
  let others: UnsafeBufferPointer<UInt8>
  let times: UnsafeBufferPointer<Int64>
  let target: UnsafeMutableBufferPointer<Int32>
  private(set) var count = 0

  init(
    first: UnsafeBufferPointer<UInt8>, others: UnsafeBufferPointer<UInt8>, times: UnsafeBufferPointer<Int64>,
    target: UnsafeMutableBufferPointer<Int32>
  ) {
    self.first = first
    self.others = others
    self.times = times
    self.target = target
  }

  @inline(__always) mutating func takeEntity(_ entity: Range<Int>, _ otherRows: ArraySlice<Int32>) {
    var row = entity.lowerBound
    while row < entity.upperBound, first[row] == 0 { row &+= 1 }
    if row == entity.upperBound { return }
    let time = times[row]
    while row > entity.lowerBound, times[row &- 1] == time { row &-= 1 }
    // All that was looked at, taken or not, lies before this row.
    var reached = row
    takePlain(&reached, entity, ofTime: time)
    for other in otherRows where other >= row {
      let other = Int(other)
      takeLast(before: other, &reached)
      target.initializeElement(at: count, to: Int32(truncatingIfNeeded: other))
      count &+= 1
      reached = other &+ 1
      takePlain(&reached, entity, ofTime: times[other])
    }
  }

  /// Takes rows of the first step alone, up to the next other row, as long as they have a time.
  @inline(__always)
  private mutating func takePlain(_ row: inout Int, _ entity: Range<Int>, ofTime time: Int64) {
    while row < entity.upperBound, times[row] == time, others[row] == 0 {
      if first[row] != 0 {
        target.initializeElement(at: count, to: Int32(truncatingIfNeeded: row))
        count &+= 1
      }
      row &+= 1
    }
  }

  /// Takes the last rows of the first step alone, all that have their time, between one row and another. Where that is
  /// the other's own time, which is no start for it if times must differ, it takes the last ones before it as well.
  @inline(__always) private mutating func takeLast(before end: Int, _ start: inout Int) {
    guard let last = lastPlain(before: end, start) else { return }
    let tied = firstTied(last, start)
    if times[last] == times[end], let earlier = lastPlain(before: tied, start) {
      takePlain(firstTied(earlier, start)...earlier)
    }
    takePlain(tied...last)
    start = end
  }

  /// The last row of the first step alone between one row and another.
  @inline(__always) private func lastPlain(before end: Int, _ start: Int) -> Int? {
    var last = end &- 1
    while last >= start, first[last] == 0 { last &-= 1 }
    return last < start ? nil : last
  }

  /// The first row that has the time of another, from a row on.
  @inline(__always) private func firstTied(_ last: Int, _ start: Int) -> Int {
    var row = last
    while row > start, times[row &- 1] == times[last] { row &-= 1 }
    return row
  }

  /// Takes the rows of the first step among some that have no other.
  @inline(__always) private mutating func takePlain(_ rows: ClosedRange<Int>) {
    for row in rows where first[row] != 0 {
      target.initializeElement(at: count, to: Int32(truncatingIfNeeded: row))
      count &+= 1
    }
  }
}
