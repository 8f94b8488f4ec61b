/// Which rows of a log are of which of the segments that it lies in.
struct SegmentOrder: Sendable {
  /// The numbers of rows that are not of the first segment, ascending.
  private(set) var rows: [UInt32] = []
  /// The segment of each of these; each segment's rows keep their order.
  private(set) var segments: [UInt8] = []

  /// - Parameters:
  ///   - count: how many rows the first segment has.
  ///   - placed: for each other segment, the numbers that its rows have in the log of those up to it, ascending.
  init(behind count: Int, _ placed: [UnsafeBufferPointer<UInt32>]) {
    precondition(placed.count < 1 << 8, "a segment has a number")
    for (index, added) in placed.enumerated() {
      insert(added, UInt8(index + 1))
      precondition(rows.last.map { Int($0) < count + rows.count } ?? true, "rows of a log have its numbers")
    }
    precondition(
      !zip(rows, rows.dropFirst()).contains { $0 >= $1 }, "rows of a log have numbers of their own")
  }

  /// Takes in rows, between which those that are there move behind.
  private mutating func insert(_ added: UnsafeBufferPointer<UInt32>, _ segment: UInt8) {
    var all: [UInt32] = []
    var allSegments: [UInt8] = []
    all.reserveCapacity(rows.count + added.count)
    allSegments.reserveCapacity(rows.count + added.count)
    var next = 0
    for (index, row) in rows.enumerated() {
      while next < added.count, Int(added[next]) <= Int(row) + next {
        all.append(added[next])
        allSegments.append(segment)
        next += 1
      }
      all.append(row + UInt32(next))
      allSegments.append(segments[index])
    }
    for row in added[next...] {
      all.append(row)
      allSegments.append(segment)
    }
    (rows, segments) = (all, allSegments)
  }

  /// How many of `rows`, from some on, are below a number.
  func count(from first: Int, below row: Int) -> Int {
    var low = first
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] < row { low = middle + 1 } else { high = middle }
    }
    return low - first
  }
}
