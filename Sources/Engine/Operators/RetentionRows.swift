/// The rows that can matter to retention: starts and returns, in the order of entity, time and sequence.
struct RetentionRows {
  struct Kinds: OptionSet {
    let rawValue: UInt8
    static let start = Kinds(rawValue: 1)
    static let comeback = Kinds(rawValue: 2)
    /// The row lies in the range that is looked at.
    static let inRange = Kinds(rawValue: 4)
  }

  /// Row numbers in the batch, ascending.
  private(set) var rows: [Int32] = []
  /// Times within `RetentionPeriods.times`.
  private(set) var times: [Int64] = []
  private(set) var kinds: [Kinds] = []

  var count: Int { rows.count }

  /// Picks rows out of a batch by masks over all of its rows, one byte a row; without a range all rows are in
  /// it.
  init(times: [Int64], starts: [UInt8], comebacks: [UInt8], range: [UInt8]?) {
    let (first, last) = (RetentionPeriods.times.lowerBound, RetentionPeriods.times.upperBound)
    for row in 0..<times.count where starts[row] | comebacks[row] != 0 {
      let inRange = range.map { $0[row] } ?? 1
      rows.append(Int32(truncatingIfNeeded: row))
      self.times.append(min(max(times[row], first), last))
      kinds.append(Kinds(rawValue: starts[row] | comebacks[row] << 1 | inRange << 2))
    }
  }
}
