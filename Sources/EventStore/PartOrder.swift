/// Which rows of a log are of which of the parts that it lies in.
struct PartOrder: Sendable {
  /// The numbers of rows that are not of the first part, ascending.
  private(set) var rows: [UInt32] = []
  /// The part of each of these; each part's rows keep their order.
  private(set) var parts: [UInt8] = []

  /// How many parts there can be.
  static let mostParts = 1 << 8

  /// - Parameter placed: for each part but the first, the numbers that its rows have in the log of the parts up to it,
  ///   ascending.
  init(_ placed: [UnsafeBufferPointer<UInt32>]) {
    precondition(placed.count < PartOrder.mostParts, "a part has a number")
    for (index, added) in placed.enumerated() { insert(added, UInt8(index + 1)) }
  }

  /// Takes in rows, between which those that are there move behind.
  private mutating func insert(_ added: UnsafeBufferPointer<UInt32>, _ part: UInt8) {
    var all: [UInt32] = []
    var allParts: [UInt8] = []
    all.reserveCapacity(rows.count + added.count)
    allParts.reserveCapacity(rows.count + added.count)
    var next = 0
    for (index, row) in rows.enumerated() {
      while next < added.count, Int(added[next]) <= Int(row) + next {
        all.append(added[next])
        allParts.append(part)
        next += 1
      }
      all.append(row + UInt32(next))
      allParts.append(parts[index])
    }
    for row in added[next...] {
      all.append(row)
      allParts.append(part)
    }
    (rows, parts) = (all, allParts)
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
