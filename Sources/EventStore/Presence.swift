import CPrefetch

/// Which rows of a column have a value, where most have none and only values are stored: a bit for each row, and how
/// many values there are before.
public struct Presence: @unchecked Sendable {
  /// Each of 32 rows: a bit a row in the lower half, the first row's lowest, and in the upper half how many rows before
  /// these have a value. There is a word for the row behind the last one too.
  private let words: UnsafePointer<UInt64>

  /// Words that somebody else keeps, as `Presence.Builder` makes them.
  init(_ words: UnsafePointer<UInt64>) { self.words = words }

  /// The values of rows among those of all: in row order, and without gaps.
  public func places(of rows: Range<Int>) -> Range<Int> {
    place(of: rows.lowerBound)..<place(of: rows.upperBound)
  }

  /// How many rows before one have a value.
  @inline(__always) func place(of row: Int) -> Int {
    let word = words[row &>> 5]
    let before = UInt32(truncatingIfNeeded: word) & (1 &<< UInt32(truncatingIfNeeded: row & 31) &- 1)
    return Int(word &>> 32) &+ before.nonzeroBitCount
  }

  /// How many rows from one on have a value, up to each of some distances from it.
  func counts(before distances: [Int32], from first: Int) -> [Int32] {
    let start = place(of: first)
    return distances.withUnsafeBufferPointer { distances in
      [Int32](unsafeUninitializedCapacity: distances.count) { counts, initialized in
        for index in 0..<distances.count {
          let count = place(of: first &+ Int(distances[index])) &- start
          counts.initializeElement(at: index, to: Int32(truncatingIfNeeded: count))
        }
        initialized = distances.count
      }
    }
  }

  @inline(__always) private func bit(_ row: Int) -> UInt64 { words[row &>> 5] &>> UInt64(row & 31) & 1 }

  /// The rows of a range that have a value, as ascending distances from its first one.
  public func positions(in rows: Range<Int>) -> [Int32] {
    precondition(rows.count <= Int(Int32.max), "rows are asked for in parts of fewer than 2^31")
    return [Int32](unsafeUninitializedCapacity: places(of: rows).count) { target, count in
      if rows.isEmpty { return }
      for index in rows.lowerBound &>> 5...(rows.upperBound &- 1) &>> 5 {
        let first = index &<< 5
        var bits = UInt32(truncatingIfNeeded: words[index])
        if first < rows.lowerBound { bits &= .max &<< UInt32(rows.lowerBound &- first) }
        if rows.upperBound &- first < 32 { bits &= 1 &<< UInt32(rows.upperBound &- first) &- 1 }
        while bits != 0 {
          target[count] = Int32(truncatingIfNeeded: first &+ bits.trailingZeroBitCount &- rows.lowerBound)
          count &+= 1
          bits &= bits &- 1
        }
      }
    }
  }

  /// So many rows before its turn the word of one is fetched.
  private static var rowsAhead: Int { 32 }

  /// Some of the rows that were asked for, and where their values are.
  struct Found {
    /// Which of the rows that were asked for have a value, ascending; nothing for all of them.
    var targets: [Int32]?
    /// The place of the first value, and the others' distances from it; nothing where they follow each other.
    var first: Int
    var distances: [Int32]?
  }

  /// The values of the rows at `base + positions[i]`; the positions are ascending, and may be equal.
  func found(
    at positions: UnsafeBufferPointer<Int32>, from base: Int, _ known: StoredColumn.Knowledge
  ) -> Found {
    guard let firstPosition = positions.first, let lastPosition = positions.last else {
      return Found(first: 0)
    }
    let start = place(of: base &+ Int(firstPosition))
    let end = place(of: base &+ Int(lastPosition))
    // Often all rows that have a value are asked for, each once, and no others.
    if end &- start &+ 1 == positions.count, Presence.differ(positions),
      known == .haveValues || haveValues(positions, from: base)
    {
      return Found(first: start)
    }
    var targets: [Int32] = []
    let last = positions.count &- 1
    let distances = [Int32](unsafeUninitializedCapacity: positions.count) { distances, initialized in
      targets = [Int32](unsafeUninitializedCapacity: positions.count) { targets, count in
        for index in 0...last {
          // Rows often lie far from each other.
          let ahead = base &+ Int(positions[min(index &+ Presence.rowsAhead, last)])
          prefetch(words + ahead &>> 5)
          let row = base &+ Int(positions[index])
          // Written over by the next one where this one has no value.
          targets[count] = Int32(truncatingIfNeeded: index)
          distances[count] = Int32(truncatingIfNeeded: place(of: row) &- start)
          count &+= Int(truncatingIfNeeded: bit(row))
        }
        initialized = count
      }
    }
    return Found(
      targets: targets.count == positions.count ? nil : targets, first: start, distances: distances)
  }

  /// Whether no ascending positions are equal.
  private static func differ(_ positions: UnsafeBufferPointer<Int32>) -> Bool {
    var equal: UInt8 = 0
    for index in 0..<positions.count &- 1 {
      equal |= unsafeBitCast(positions[index] == positions[index &+ 1], to: UInt8.self)
    }
    return equal == 0
  }

  private func haveValues(_ positions: UnsafeBufferPointer<Int32>, from base: Int) -> Bool {
    var all: UInt64 = 1
    for position in positions { all &= bit(base &+ Int(position)) }
    return all == 1
  }
}

extension Presence {
  /// Whether a column is stored with its values alone: reading one row is dearer then, but most have nothing to read.
  static func isWorthIt(rows: Int, nulls: Int) -> Bool { nulls > 0 && rows - nulls <= rows / 4 }

  /// How many words there are for so many rows.
  static func wordCount(rows: Int) -> Int { rows / 32 + 1 }

  /// Makes the words of rows that come one after another.
  struct Builder {
    private var words: [UInt64] = []
    private var word: UInt64 = 0
    private var rows = 0
    private var values = 0

    /// - Parameter rows: how many are to come.
    init(rows: Int) { words.reserveCapacity(Presence.wordCount(rows: rows)) }

    /// - Parameter validity: one byte for each of so many rows, 1 where there is a value; nothing for all of them.
    mutating func append(_ validity: [UInt8]?, count: Int) {
      for index in 0..<count {
        if rows & 31 == 0 { word = UInt64(values) << 32 }
        let bit: UInt64 = validity.map { UInt64($0[index]) } ?? 1
        word |= bit << UInt64(rows & 31)
        values += Int(bit)
        rows += 1
        if rows & 31 == 0 { words.append(word) }
      }
    }

    /// The words, with one for the row behind the last.
    mutating func finish() -> [UInt64] {
      words.append(rows & 31 == 0 ? UInt64(values) << 32 : word)
      return words
    }
  }
}
