import Values

/// The ids of rows as they came: which of them may be there more than once.
struct RowIdentities {
  private let ids: ColumnSpool.Contents
  /// Of texts by code, their places in the order.
  private let ranks: [UInt32]?
  /// Rows that have an id, which other rows may have too.
  private var candidates: Bits

  /// - Parameters:
  ///   - ids: the column of ids.
  ///   - count: how many rows there are.
  ///   - texts: of a column of texts, its own.
  init(_ ids: ColumnSpool.Contents, count: Int, texts: MergedTexts?) {
    self.ids = ids
    ranks = texts?.ranks
    candidates = Bits(count: count)
    guard let texts else {
      for row in 0..<count where ids.number(row) != nil { candidates.insert(row) }
      return
    }
    var isSeen = Bits(count: texts.count)
    var isRepeated = isSeen
    for row in 0..<count {
      guard let code = ids.number(row) else { continue }
      let rank = Int(texts.ranks[Int(code)])
      if isSeen[rank] { isRepeated.insert(rank) }
      isSeen.insert(rank)
    }
    for row in 0..<count {
      guard let code = ids.number(row) else { continue }
      if isRepeated[Int(texts.ranks[Int(code)])] { candidates.insert(row) }
    }
  }

  /// Whether a row has an id that others may have.
  @inline(__always)
  func mayRepeat(_ row: UInt32) -> Bool { candidates[Int(row)] }

  /// A row's id as a number; nothing where it has none.
  func identity(_ row: UInt32) -> Int64? {
    guard let number = ids.number(Int(row)) else { return nil }
    return ranks.map { Int64($0[Int(number)]) } ?? number
  }
}

/// A set of numbers below a bound.
private struct Bits {
  private var words: [UInt64]

  init(count: Int) { words = [UInt64](repeating: 0, count: count / 64 + 1) }

  @inline(__always) subscript(_ number: Int) -> Bool { words[number &>> 6] &>> UInt64(number & 63) & 1 != 0 }

  @inline(__always) mutating func insert(_ number: Int) { words[number &>> 6] |= 1 &<< UInt64(number & 63) }
}
