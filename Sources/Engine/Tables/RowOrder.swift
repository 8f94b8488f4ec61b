import Values

/// Orders rows by columns: numbers ascending with NaN after all of them, texts by their UTF-8 bytes, false
/// before true.
enum RowOrder {
  struct Key {
    let column: Column
    var isDescending = false
    var nullsFirst = false
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
    let lanes = keys.flatMap(lanes)
    guard wanted < count / 4, let leading = lanes.first else {
      return Array(order(keys, count: count).prefix(wanted))
    }
    if wanted <= 0 { return [] }
    func precedes(_ a: Int32, _ b: Int32) -> Bool {
      for lane in lanes where lane[Int(a)] != lane[Int(b)] { return lane[Int(a)] < lane[Int(b)] }
      return a < b
    }
    // A heap whose root is the last of the rows that are the first ones so far.
    var heap: [Int32] = []
    heap.reserveCapacity(wanted)
    leading.withUnsafeBufferPointer { leading in
      for row in 0..<Int32(truncatingIfNeeded: count) {
        if heap.count < wanted {
          heap.append(row)
          if heap.count == wanted { heap.sort { precedes($1, $0) } }
        } else if leading[Int(row)] <= leading[Int(heap[0])], precedes(row, heap[0]) {
          sink(row, in: &heap, precedes)
        }
      }
    }
    return heap.sorted(by: precedes)
  }

  /// Puts a row in the place of the root.
  private static func sink(_ row: Int32, in heap: inout [Int32], _ precedes: (Int32, Int32) -> Bool) {
    var place = 0
    while 2 * place + 1 < heap.count {
      var child = 2 * place + 1
      if child + 1 < heap.count, precedes(heap[child], heap[child + 1]) { child += 1 }
      guard precedes(row, heap[child]) else { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = row
  }

  /// Words that compare like the values: one lane for null where there is one, and one for the values.
  private static func lanes(_ key: Key) -> [[UInt64]] {
    let column = key.column
    var words = words(column)
    if key.isDescending { words = words.map { ~$0 } }
    guard let validity = column.validity else { return [words] }
    for row in words.indices where validity[row] == 0 { words[row] = 0 }
    let ofNull: UInt64 = key.nullsFirst ? 0 : 1
    return [validity.map { $0 == 0 ? ofNull : 1 - ofNull }, words]
  }

  /// Words that compare like the values of a column; those of null rows say nothing.
  static func words(_ column: Column) -> [UInt64] {
    switch column.values {
    case .booleans(let values): values.map(UInt64.init)
    case .integers(let values): values.map { UInt64(bitPattern: $0) ^ (1 << 63) }
    case .doubles(let values): values.map(orderedBits)
    case .texts(let codes, let dictionary): ranks(codes, dictionary, column.validity)
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
