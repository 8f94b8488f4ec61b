/// How often each value occurs in each group, for as long as that takes less memory than the values themselves.
///
/// Values are told apart by their bits: to those who count, it does not matter that two patterns mean one number.
struct RepeatedValues {
  private(set) var groupCount = 0
  /// How many rows were taken, those without a value included.
  private(set) var rowCount = 0
  /// The different values, numbered in order of first appearance.
  private(set) var values: [Int64] = []
  /// A power of two of places: a value, and its number and 1, or 0.
  private var placeValues = [Int64](repeating: 0, count: 64)
  private var placeNumbers = [UInt32](repeating: 0, count: 64)
  /// Of each group as many cells as there may be values: how often it has each.
  private var counts: [Int64] = []
  /// A power of two.
  private var width = 32

  /// So many cells are always fine.
  private static let fewCells = 1 << 14
  /// More different values than these are not looked up in a core's cache.
  private static let mostValues = 1 << 14

  /// About the memory that is kept.
  var bytes: Int { counts.count * 8 + values.count * 8 + placeValues.count * 12 }

  /// Whether counting so many different values of so many groups is worth its memory after so many rows.
  private func isFewer(_ width: Int, _ groups: Int, rows: Int) -> Bool {
    width <= RepeatedValues.mostValues && width * groups <= max(rows, RepeatedValues.fewCells)
  }

  mutating func grow(to count: Int) {
    guard count > groupCount else { return }
    groupCount = count
  }

  /// Takes rows from one on; a value whose byte of validity is 0 is not counted. Gives the first row that was not
  /// taken: the number of rows, or less where values differ too much to be counted.
  mutating func take(
    _ rowValues: UnsafeBufferPointer<Int64>, _ validity: [UInt8]?, groups: [UInt32]
  ) -> Int {
    guard makeCells(rows: rowCount + groups.count) else { return 0 }
    var row = 0
    while true {
      row = takeKnown(rowValues, validity, groups, from: row)
      if row == groups.count { break }
      let value = rowValues[row] & (validity.map { -Int64($0[row]) } ?? -1)
      guard number(of: value, rows: rowCount + groups.count) != nil else { break }
    }
    rowCount += row
    return row
  }

  /// Takes rows up to one whose value is new.
  private mutating func takeKnown(
    _ rowValues: UnsafeBufferPointer<Int64>, _ validity: [UInt8]?, _ groups: [UInt32], from first: Int
  ) -> Int {
    let shift = RepeatedValues.shift(placeValues.count)
    let mask = placeValues.count - 1
    let widthBits = width.trailingZeroBitCount
    return counts.withUnsafeMutableBufferPointer { counts in
      placeValues.withUnsafeBufferPointer { placeValues in
        placeNumbers.withUnsafeBufferPointer { placeNumbers in
          groups.withUnsafeBufferPointer { groups in
            @inline(__always) func cell(_ value: Int64, _ group: UInt32) -> Int? {
              var place = RepeatedValues.place(value, shift)
              while placeValues[place] != value || placeNumbers[place] == 0 {
                if placeNumbers[place] == 0 { return nil }
                place = (place &+ 1) & mask
              }
              return (Int(group) &<< widthBits) &+ Int(placeNumbers[place] &- 1)
            }
            guard let validity else {
              for row in first..<groups.count {
                guard let cell = cell(rowValues[row], groups[row]) else { return row }
                counts[cell] &+= 1
              }
              return groups.count
            }
            return validity.withUnsafeBufferPointer { validity in
              for row in first..<groups.count {
                // Nulls cannot be foretold: they count as no occurrence of zero.
                let one = Int64(validity[row])
                guard let cell = cell(rowValues[row] & -one, groups[row]) else { return row }
                counts[cell] &+= one
              }
              return groups.count
            }
          }
        }
      }
    }
  }

  /// Takes in the counts of later rows; false, and nothing is taken, where their values differ too much.
  mutating func merge(_ later: RepeatedValues, mapping: [UInt32]) -> Bool {
    let rows = rowCount + later.rowCount
    guard makeCells(rows: rows) else { return false }
    var numbers: [Int] = []
    for value in later.values {
      guard let number = number(of: value, rows: rows) else { return false }
      numbers.append(number)
    }
    for (group, target) in mapping.enumerated() {
      for (number, own) in numbers.enumerated() {
        counts[Int(target) * width + own] += Int64(later.count(ofValue: number, in: group))
      }
    }
    rowCount = rows
    return true
  }

  /// How often a value occurs in a group.
  func count(ofValue number: Int, in group: Int) -> Int {
    let cell = group * width + number
    return cell < counts.count ? Int(counts[cell]) : 0
  }

  /// Makes cells for all groups; false where that would be too many.
  private mutating func makeCells(rows: Int) -> Bool {
    guard isFewer(width, groupCount, rows: rows) else { return false }
    let missing = groupCount * width - counts.count
    if missing > 0 { counts.append(contentsOf: repeatElement(0, count: missing)) }
    return true
  }

  /// The number of a value, new or known; nothing where there would be too many to count them.
  private mutating func number(of value: Int64, rows: Int) -> Int? {
    let shift = RepeatedValues.shift(placeValues.count)
    var place = RepeatedValues.place(value, shift)
    while placeNumbers[place] != 0 {
      if placeValues[place] == value { return Int(placeNumbers[place]) - 1 }
      place = (place + 1) & (placeValues.count - 1)
    }
    if values.count == width {
      guard isFewer(width * 2, groupCount, rows: rows) else { return nil }
      widen()
    }
    values.append(value)
    if values.count * 2 > placeValues.count { spread() } else { settle(values.count - 1) }
    return values.count - 1
  }

  private mutating func widen() {
    var wider = [Int64](repeating: 0, count: counts.count * 2)
    for group in 0..<groupCount {
      for number in 0..<width { wider[group * width * 2 + number] = counts[group * width + number] }
    }
    counts = wider
    width *= 2
  }

  /// Twice as many places.
  private mutating func spread() {
    placeValues = [Int64](repeating: 0, count: placeValues.count * 2)
    placeNumbers = [UInt32](repeating: 0, count: placeValues.count)
    for number in values.indices { settle(number) }
  }

  private mutating func settle(_ number: Int) {
    var place = RepeatedValues.place(values[number], RepeatedValues.shift(placeValues.count))
    while placeNumbers[place] != 0 { place = (place + 1) & (placeValues.count - 1) }
    placeValues[place] = values[number]
    placeNumbers[place] = UInt32(truncatingIfNeeded: number) + 1
  }

  private static func shift(_ places: Int) -> UInt64 { UInt64(64 - places.trailingZeroBitCount) }

  /// Multiplicative hashing: the upper bits depend on all others. The multiplier is 2^64 by the golden ratio.
  @inline(__always) private static func place(_ value: Int64, _ shift: UInt64) -> Int {
    Int(truncatingIfNeeded: (UInt64(bitPattern: value) &* 0x9e37_79b9_7f4a_7c15) &>> shift)
  }
}
