import Values

/// Combinations of key values, one after another, as words that are equal when the values are: one word for
/// each key, then one bit for each key that is null, whose word is 0.
struct KeyStore {
  private let keyCount: Int
  let stride: Int
  private(set) var words: [Int64]
  private(set) var count: Int

  init(keyCount: Int) {
    self.keyCount = keyCount
    stride = keyCount + (keyCount + 63) / 64
    words = []
    count = 0
  }

  /// The combinations of some rows.
  init(_ lanes: [KeyLane], count: Int) {
    self.init(keyCount: lanes.count)
    self.count = count
    words = [Int64](repeating: 0, count: count * stride)
    for (key, lane) in lanes.enumerated() {
      lane.write(into: &words, stride: stride, key: key, nullWord: nullWord(key))
    }
  }

  var bytes: Int { words.count * 8 }

  mutating func append(_ lanes: [KeyLane], _ row: Int) {
    let start = words.count
    words.append(contentsOf: repeatElement(0, count: stride))
    for (key, lane) in lanes.enumerated() {
      if lane.isNull(row) {
        words[start + nullWord(key)] |= 1 << Int64(key % 64)
      } else {
        words[start + key] = lane[row]
      }
    }
    count += 1
  }

  @inline(__always) mutating func append(_ other: KeyStore, _ row: Int) {
    for word in 0..<stride { words.append(other.words[row &* stride &+ word]) }
    count &+= 1
  }

  func value(_ index: Int, _ key: Int) -> Int64 { words[index * stride + key] }

  func isNull(_ index: Int, _ key: Int) -> Bool {
    words[index * stride + nullWord(key)] & (1 << Int64(key % 64)) != 0
  }

  mutating func replace(_ index: Int, _ key: Int, by value: Int64) { words[index * stride + key] = value }

  func values(_ key: Int) -> [Int64] { (0..<count).map { words[$0 * stride + key] } }

  /// One byte for each combination, 1 where the key has a value; nothing when no value is null.
  func validity(_ key: Int) -> [UInt8]? {
    let validity = (0..<count).map { isNull($0, key) ? UInt8(0) : 1 }
    return validity.contains(0) ? validity : nil
  }

  private func nullWord(_ key: Int) -> Int { keyCount + key / 64 }
}

/// Finds combinations by their hash, with open addressing.
struct HashPlaces {
  private var hashes: [UInt64]
  /// A power of two of places: the number of a combination and 1, or 0.
  private var places: [UInt32] = []

  /// The places of combinations that differ from each other.
  init(_ store: KeyStore) {
    hashes = HashPlaces.hashes(of: store)
    resize(for: max(store.count, 512))
  }

  var bytes: Int { hashes.count * 8 + places.count * 4 }

  /// The numbers of some rows' combinations; those that are new are appended to the store.
  mutating func groups(of rows: KeyStore, in store: inout KeyStore) -> [UInt32] {
    resize(for: store.count + rows.count / 4)
    let rowHashes = HashPlaces.hashes(of: rows)
    var groups = [UInt32](repeating: 0, count: rows.count)
    var last = -1
    for row in 0..<rows.count {
      let hash = rowHashes[row]
      // Rows of one key often follow each other.
      if last >= 0, hashes[last] == hash, HashPlaces.equal(rows, row, store, last) {
        groups[row] = UInt32(truncatingIfNeeded: last)
        continue
      }
      let place = place(rows, row, hash, store)
      if places[place] == 0 {
        store.append(rows, row)
        hashes.append(hash)
        places[place] = UInt32(store.count)
        if store.count &* 2 > places.count { resize(for: store.count * 2) }
        last = store.count - 1
      } else {
        last = Int(places[place] &- 1)
      }
      groups[row] = UInt32(truncatingIfNeeded: last)
    }
    return groups
  }

  /// The number of each row's combination among those of the store; -1 where it is not there.
  func known(_ rows: KeyStore, in store: KeyStore) -> [Int32] {
    let rowHashes = HashPlaces.hashes(of: rows)
    return (0..<rows.count).map { row in
      Int32(truncatingIfNeeded: Int(places[place(rows, row, rowHashes[row], store)]) - 1)
    }
  }

  @inline(__always)
  private func place(_ rows: KeyStore, _ row: Int, _ hash: UInt64, _ store: KeyStore) -> Int {
    let mask = places.count &- 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while places[place] != 0 {
      let group = Int(places[place] &- 1)
      if hashes[group] == hash, HashPlaces.equal(rows, row, store, group) { break }
      place = (place &+ 1) & mask
    }
    return place
  }

  @inline(__always)
  private static func equal(_ a: KeyStore, _ i: Int, _ b: KeyStore, _ j: Int) -> Bool {
    for word in 0..<a.stride where a.words[i &* a.stride &+ word] != b.words[j &* a.stride &+ word] {
      return false
    }
    return true
  }

  private static func hashes(of store: KeyStore) -> [UInt64] {
    let stride = store.stride
    return store.words.withUnsafeBufferPointer { words in
      [UInt64](unsafeUninitializedCapacity: store.count) { target, initialized in
        for row in 0..<store.count {
          var hash: UInt64 = 0
          for word in 0..<stride {
            hash = mixed(hash &* 31 ^ UInt64(bitPattern: words[row &* stride &+ word]))
          }
          target.initializeElement(at: row, to: hash)
        }
        initialized = store.count
      }
    }
  }

  private mutating func resize(for groupCount: Int) {
    var size = 1024
    while size < 3 * groupCount { size *= 2 }
    guard size > places.count else { return }
    places = [UInt32](repeating: 0, count: size)
    let mask = size - 1
    for (group, hash) in hashes.enumerated() {
      var place = Int(truncatingIfNeeded: hash) & mask
      while places[place] != 0 { place = (place &+ 1) & mask }
      places[place] = UInt32(group) + 1
    }
  }
}
