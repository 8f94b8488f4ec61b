import Values

/// Texts that were met, each with a number, in order of first appearance.
struct TextPool {
  private var offsets: [UInt64] = [0]
  private var utf8: [UInt8] = []
  private var hashes: [UInt64] = []
  /// A power of two of places: the number of a text and 1, or 0.
  private var places = [UInt32](repeating: 0, count: 16)

  var count: Int { hashes.count }
  var bytes: Int { utf8.count + 20 * count }

  /// The number of a text, new or known.
  mutating func number(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let hash = TextPool.hash(text)
    let place = place(of: text, hash)
    if places[place] != 0 { return places[place] - 1 }
    let number = UInt32(count)
    hashes.append(hash)
    utf8.append(contentsOf: text)
    offsets.append(UInt64(utf8.count))
    places[place] = number + 1
    if count * 2 > places.count { grow() }
    return number
  }

  /// The number of a known text.
  func known(_ text: UnsafeBufferPointer<UInt8>) -> UInt32? {
    let found = places[place(of: text, TextPool.hash(text))]
    return found == 0 ? nil : found - 1
  }

  func dictionary() -> TextDictionary { TextDictionary(offsets: offsets, utf8: utf8) }

  private func place(of text: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while places[place] != 0 {
      let number = Int(places[place] - 1)
      if hashes[number] == hash, isEqual(number, text) { break }
      place = (place + 1) & mask
    }
    return place
  }

  private func isEqual(_ number: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = Int(offsets[number])
    guard Int(offsets[number + 1]) - start == text.count else { return false }
    for index in 0..<text.count where utf8[start &+ index] != text[index] { return false }
    return true
  }

  private mutating func grow() {
    places = [UInt32](repeating: 0, count: places.count * 2)
    let mask = places.count - 1
    for (number, hash) in hashes.enumerated() {
      var place = Int(truncatingIfNeeded: hash) & mask
      while places[place] != 0 { place = (place + 1) & mask }
      places[place] = UInt32(number) + 1
    }
  }

  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: text.count)
    let raw = UnsafeRawBufferPointer(text)
    var index = 0
    while index &+ 8 <= raw.count {
      hash = mixed(hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index &+= 8
    }
    var tail: UInt64 = 0
    while index < raw.count {
      tail = (tail << 8) | UInt64(raw[index])
      index &+= 1
    }
    return mixed(hash ^ tail)
  }
}

/// Spreads the bits of a key over a word. The multiplier is that of Steele and Vigna, "Computationally easy,
/// spectrally good multipliers" (2022).
@inline(__always) func mixed(_ key: UInt64) -> UInt64 {
  let (high, low) = key.multipliedFullWidth(by: 0xf135_7aea_2e62_a9c5)
  return (high ^ low) &+ (key >> 32)
}

/// Gives texts of any dictionaries their numbers in one pool, looking at each text of a dictionary once.
struct TextMapper {
  private(set) var pool = TextPool()
  /// The dictionary of the last column, and for each of its codes the number and 1, or 0 where it was not yet
  /// met.
  private var dictionary: TextDictionary?
  private var numbers: [UInt32] = []

  var bytes: Int { pool.bytes + 4 * numbers.count }

  /// The numbers of a column's texts; 0 for null.
  mutating func ids(of column: Column) -> [UInt32] {
    let (codes, dictionary) = column.textValues
    turn(to: dictionary)
    var result = [UInt32](repeating: 0, count: codes.count)
    for row in 0..<codes.count where !column.isNull(row) {
      let code = Int(codes[row])
      if numbers[code] == 0 { numbers[code] = pool.number(dictionary.utf8(code)) + 1 }
      result[row] = numbers[code] - 1
    }
    return result
  }

  /// The numbers of a column's texts among those that are known; the largest number for null and for the
  /// others.
  mutating func knownIDs(of column: Column) -> [UInt32] {
    let (codes, dictionary) = column.textValues
    turn(to: dictionary)
    var result = [UInt32](repeating: .max, count: codes.count)
    for row in 0..<codes.count where !column.isNull(row) {
      let code = Int(codes[row])
      if numbers[code] == 0 { numbers[code] = pool.known(dictionary.utf8(code)).map { $0 + 1 } ?? .max }
      // A text that is not known has the largest number already.
      result[row] = numbers[code] == .max ? .max : numbers[code] - 1
    }
    return result
  }

  /// The numbers of all texts of a dictionary.
  mutating func numbers(of dictionary: TextDictionary) -> [UInt32] {
    (0..<dictionary.count).map { pool.number(dictionary.utf8($0)) }
  }

  private mutating func turn(to new: TextDictionary) {
    guard dictionary !== new else { return }
    dictionary = new
    numbers = [UInt32](repeating: 0, count: new.count)
  }
}
