/// The rows of a batch as a sweep looks at them: what each satisfies, as the bits of a word, and when it was.
struct SweptRows<Word: FixedWidthInteger & UnsignedInteger> {
  let words: UnsafeBufferPointer<Word>
  let times: RowTimes

  /// All that any row of a range satisfies.
  @inline(__always)
  func union(_ range: Range<Int>) -> Word {
    if MemoryLayout<Word>.size == 1, range.count <= 32, range.lowerBound &+ 32 <= words.count {
      return Word(truncatingIfNeeded: unionOfFew(range))
    }
    var all: Word = 0
    for row in range { all |= words[row] }
    return all
  }

  /// The same of up to 32 rows with words of a byte: how many rows entities have cannot be foretold, so nothing
  /// branches on it.
  @inline(__always)
  private func unionOfFew(_ range: Range<Int>) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(words)
    let low = bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: SIMD16<UInt8>.self)
    let high = bytes.loadUnaligned(fromByteOffset: range.lowerBound &+ 16, as: SIMD16<UInt8>.self)
    let places = SIMD16<UInt8>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    let count = SIMD16(repeating: UInt8(truncatingIfNeeded: range.count))
    let both =
      low.replacing(with: 0, where: places .>= count)
      | high.replacing(with: 0, where: places &+ 16 .>= count)
    let halves = unsafeBitCast(both, to: SIMD2<UInt64>.self)
    var all = halves.x | halves.y
    all |= all >> 32
    all |= all >> 16
    return all | all >> 8
  }

  /// The first row of a range that satisfies something of a mask; its end where there is none.
  @inline(__always)
  func next(in range: Range<Int>, _ mask: UInt64) -> Int {
    var row = range.lowerBound
    if MemoryLayout<Word>.size == 1 {
      let bytes = UnsafeRawBufferPointer(words)
      let wanted = (mask & 0xff) &* 0x0101_0101_0101_0101
      while row < range.upperBound, row &+ 8 <= words.count {
        let eight = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: row, as: UInt64.self))
        if eight & wanted != 0 {
          return min(range.upperBound, row &+ (eight & wanted).trailingZeroBitCount >> 3)
        }
        row &+= 8
      }
    }
    while row < range.upperBound, words[row] & Word(truncatingIfNeeded: mask) == 0 { row &+= 1 }
    return min(row, range.upperBound)
  }

  /// The first row of the first step within a range that has one.
  func firstEntry(_ range: Range<Int>) -> Int { next(in: range, 1) }

  /// Of rows of the first step that have a row's time, itself among them, the first.
  @inline(__always)
  func firstEntry(asLateAs entry: Int, _ range: Range<Int>) -> Int {
    var first = entry
    var row = entry &- 1
    while row >= range.lowerBound, times.areEqual(row, entry) {
      if words[row] & 1 != 0 { first = row }
      row &-= 1
    }
    return first
  }

  /// Whether another row that matters has a row's time.
  @inline(__always)
  func isTied(_ row: Int, _ range: Range<Int>) -> Bool {
    var other = row &- 1
    while other >= range.lowerBound, times.areEqual(other, row) {
      if words[other] != 0 { return true }
      other &-= 1
    }
    other = row &+ 1
    while other < range.upperBound, times.areEqual(other, row) {
      if words[other] != 0 { return true }
      other &+= 1
    }
    return false
  }

  /// Whether the row that matters before one of the first step has its time, and is more than that.
  @inline(__always)
  func isTiedToOthers(_ row: Int, _ range: Range<Int>) -> Bool {
    var other = row &- 1
    while other >= range.lowerBound, words[other] == 0 { other &-= 1 }
    return other >= range.lowerBound && words[other] != 1 && times.areEqual(other, row)
  }

  /// Whether rows of an entity that matter have different values; at least one matters.
  func areMixed(_ range: Range<Int>, _ values: UnsafeBufferPointer<UInt32>) -> Bool {
    var row = next(in: range, .max)
    let value = values[row]
    while row < range.upperBound {
      if values[row] != value { return true }
      row = next(in: row &+ 1..<range.upperBound, .max)
    }
    return false
  }

  /// Rows that matter, but that no match needs.
  enum Dispensable {
    case nothing
    /// Of times that only rows of the first step have, each that is followed by another such time, or by none, and is
    /// not the first.
    case entriesBeforeEntries
    /// Of such times each whose next one, of whatever rows, has none of the second step, and that is not the first.
    case entriesNotFollowed
  }

  /// Appends the rows of an entity that matter, from the first entry on where some are left out.
  func append(_ range: Range<Int>, to rows: inout [Int32], leavingOut dispensable: Dispensable) {
    if dispensable == .nothing { return append(range, to: &rows) }
    var row = firstEntry(range)
    while row > range.lowerBound, times.areEqual(row, row - 1) { row -= 1 }
    var isFirst = true
    // Rows of a time of which it is not known yet whether they can be left out.
    var pending = row..<row
    while row < range.upperBound {
      let first = row
      var all: Word = 0
      repeat {
        all |= words[row]
        row += 1
      } while row < range.upperBound && times.areEqual(row, first)
      if all == 0, dispensable == .entriesBeforeEntries { continue }
      if dispensable == .entriesBeforeEntries ? all != 1 : all & 2 != 0 { append(pending, to: &rows) }
      if all == 1, !isFirst {
        pending = first..<row
      } else {
        pending = row..<row
        append(first..<row, to: &rows)
      }
      isFirst = false
    }
  }

  @inline(__always)
  private func append(_ range: Range<Int>, to rows: inout [Int32]) {
    for row in range where words[row] != 0 { rows.append(Int32(truncatingIfNeeded: row)) }
  }
}
