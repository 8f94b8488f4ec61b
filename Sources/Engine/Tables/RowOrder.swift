import Values

/// Orders rows by columns: numbers ascending with NaN after all of them, texts by their UTF-8 bytes, false
/// before true.
enum RowOrder {
  struct Key {
    let column: Column
    var isDescending = false
    var nullsFirst = false

    /// The key of rows at the given positions.
    fileprivate func gathered(_ positions: [Int32]) -> Key {
      Key(column: column.gathered(positions), isDescending: isDescending, nullsFirst: nullsFirst)
    }
  }

  /// Rows in ascending order of the columns, nulls last.
  static func ascending(_ columns: [Column], count: Int) -> [Int32] {
    order(columns.map { Key(column: $0) }, count: count)
  }

  /// The positions of the rows in order; equal rows keep theirs.
  static func order(_ keys: [Key], count: Int) -> [Int32] {
    precondition(count <= Int(Int32.max), "a table has fewer than 2^31 rows")
    let lanes = keys.flatMap(lanes)
    var order = (0..<Int32(truncatingIfNeeded: count)).map { $0 }
    if lanes.isEmpty { return order }
    let words = lanes.reduce(into: [UInt64]()) { $0.append(contentsOf: $1) }
    words.withUnsafeBufferPointer { words in
      order.sort { a, b in
        var lane = 0
        while lane < words.count {
          let (left, right) = (words[lane &+ Int(a)], words[lane &+ Int(b)])
          if left != right { return left < right }
          lane &+= count
        }
        return a < b
      }
    }
    return order
  }

  /// The positions of the first so many rows in order; equal rows keep theirs.
  static func first(_ wanted: Int, by keys: [Key], count: Int) -> [Int32] {
    guard wanted < count / 4, !keys.isEmpty else { return Array(order(keys, count: count).prefix(wanted)) }
    if wanted <= 0 { return [] }
    // Most rows are told by the first key: the others are asked only of those that tie with the last wanted one.
    var chosen: [Int32] = []
    var tied: [Int32]?
    for key in keys {
      var lanes = lanes(tied.map(key.gathered) ?? key)
      while !lanes.isEmpty {
        let (before, equal) = parts(lanes.removeFirst(), first: wanted - chosen.count)
        chosen += tied?.gathered(before) ?? before
        tied = tied?.gathered(equal) ?? equal
        lanes = lanes.map { $0.gathered(equal) }
      }
    }
    chosen = (chosen + (tied ?? []).prefix(wanted - chosen.count)).sorted()
    return chosen.gathered(order(keys.map { $0.gathered(chosen) }, count: chosen.count))
  }

  /// The places of words that are less than the last of so many first ones, and of those that are equal to it.
  private static func parts(_ words: [UInt64], first wanted: Int) -> (before: [Int32], equal: [Int32]) {
    let places = 0..<Int32(truncatingIfNeeded: words.count)
    guard wanted < words.count else { return (Array(places), []) }
    var before: [Int32] = []
    var equal: [Int32] = []
    let last = last(ofFirst: wanted, words)
    words.withUnsafeBufferPointer { words in
      for place in places where words[Int(place)] <= last {
        if words[Int(place)] < last { before.append(place) } else { equal.append(place) }
      }
    }
    return (before, equal)
  }

  /// The greatest of so many least words: at least one, and no more than there are.
  private static func last(ofFirst wanted: Int, _ words: [UInt64]) -> UInt64 {
    // A heap whose root is the greatest.
    var heap = Array(words.prefix(wanted).sorted(by: >))
    words.withUnsafeBufferPointer { words in
      heap.withUnsafeMutableBufferPointer { heap in
        for place in wanted..<words.count where words[place] < heap[0] { sink(words[place], in: heap) }
      }
    }
    return heap[0]
  }

  /// Puts a word in the place of the root.
  private static func sink(_ word: UInt64, in heap: UnsafeMutableBufferPointer<UInt64>) {
    var place = 0
    while 2 * place + 1 < heap.count {
      var child = 2 * place + 1
      if child + 1 < heap.count, heap[child] < heap[child + 1] { child += 1 }
      guard word < heap[child] else { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = word
  }

  /// Words that compare like the values: one lane for null where there is one, and one for the values.
  private static func lanes(_ key: Key) -> [[UInt64]] {
    let column = key.column
    var words = words(column, key.isDescending ? .descending : .ascending)
    guard let validity = column.validity else { return [words] }
    for row in words.indices where validity[row] == 0 { words[row] = 0 }
    let ofNull: UInt64 = key.nullsFirst ? 0 : 1
    return [validity.map { $0 == 0 ? ofNull : 1 - ofNull }, words]
  }

  enum Direction { case ascending, descending }

  /// Words that compare like the values of a column, or the other way round; those of null rows say nothing.
  static func words(_ column: Column, _ direction: Direction = .ascending) -> [UInt64] {
    let flipped: UInt64 = direction == .descending ? .max : 0
    return switch column.values {
    case .booleans(let values): values.map { UInt64($0) ^ flipped }
    case .integers(let values): values.map { UInt64(bitPattern: $0) ^ (1 << 63) ^ flipped }
    case .doubles(let values): values.map { orderedBits($0) ^ flipped }
    case .texts(let codes, let dictionary):
      ranks(codes, dictionary, column.validity).map { $0 ^ flipped }
    }
  }

  private static func orderedBits(_ value: Double) -> UInt64 {
    let bits = UInt64(bitPattern: value.keyBits)
    return bits >> 63 == 0 ? bits | (1 << 63) : ~bits
  }

  /// For each row the place of its text among the texts of the column.
  private static func ranks(_ codes: [UInt32], _ dictionary: TextDictionary, _ validity: [UInt8]?) -> [UInt64]
  {
    if dictionary.isSorted { return codes.map(UInt64.init) }
    var used: [UInt32] = []
    var isUsed = [Bool](repeating: false, count: dictionary.count)
    for (row, code) in codes.enumerated() where validity.map({ $0[row] != 0 }) ?? true {
      if !isUsed[Int(code)] { used.append(code) }
      isUsed[Int(code)] = true
    }
    used.sort { TextDictionary.compare(dictionary.utf8(Int($0)), dictionary.utf8(Int($1))) < 0 }
    var rankOfCode = [UInt64](repeating: 0, count: dictionary.count)
    var rank: UInt64 = 0
    for (index, code) in used.enumerated() {
      let isRepeated =
        index > 0
        && TextDictionary.compare(dictionary.utf8(Int(used[index - 1])), dictionary.utf8(Int(code))) == 0
      if index > 0, !isRepeated { rank += 1 }
      rankOfCode[Int(code)] = rank
    }
    return codes.enumerated().map { row, code in
      validity.map { $0[row] != 0 } ?? true ? rankOfCode[Int(code)] : 0
    }
  }
}
