import Values

/// The ids of rows as they came: which of them may be there more than once.
struct RowIdentities {
  private let ids: TakenRows
  /// Of texts by code, their places in the order.
  private let ranks: [UInt32]?
  private let known: Int
  /// Rows behind those of an earlier log that have an id, which other rows may have too.
  private var candidates: Bits

  /// - Parameters:
  ///   - rows: of the column of ids.
  ///   - known: how many of them come from an earlier log, none of which is there twice.
  ///   - count: how many there are.
  ///   - texts: of a column of texts, its own.
  init(_ ids: TakenRows, known: Int, count: Int, texts: MergedTexts?) {
    self.ids = ids
    self.known = known
    ranks = texts?.ranks
    candidates = Bits(count: count - known)
    guard let texts else {
      for row in known..<count where ids.number(row) != nil { candidates.insert(row - known) }
      return
    }
    var isSeen = Bits(count: texts.count)
    var isRepeated = isSeen
    for code in 0..<(ids.earlier?.column?.dictionary?.count ?? 0) { isSeen.insert(Int(texts.ranks[code])) }
    for row in known..<count {
      guard let code = ids.number(row) else { continue }
      let rank = Int(texts.ranks[Int(code)])
      if isSeen[rank] { isRepeated.insert(rank) }
      isSeen.insert(rank)
    }
    for row in known..<count {
      guard let code = ids.number(row) else { continue }
      if isRepeated[Int(texts.ranks[Int(code)])] { candidates.insert(row - known) }
    }
  }

  /// Whether a row is not of an earlier log, and has an id that others may have.
  @inline(__always)
  func mayRepeat(_ row: UInt32) -> Bool { row >= known && candidates[Int(row) &- known] }

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
