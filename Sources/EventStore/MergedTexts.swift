import Values

/// The distinct texts of a column in ascending order of their bytes, of one run or of several.
struct MergedTexts: Sendable {
  /// How many runs there can be.
  static let mostRuns = Int(Entry.repeats) - 1

  private let runs: [TextRun]
  /// Of several runs, all their texts in order; nothing where there is one run, whose order that is.
  private let entries: [UInt16]
  /// How many distinct texts.
  let count: Int
  /// By the code that a text had, its place in the order.
  let ranks: [UInt32]

  /// A text of a run, the next one after those of the run that come before: which run it is, and whether the text is
  /// the one before.
  private enum Entry {
    static let repeats: UInt16 = 1 << 15
  }

  /// - Parameter runs: no more than `mostRuns`; their codes are different ones, and together all up to a number.
  init(_ runs: [TextRun]) {
    precondition(runs.count <= MergedTexts.mostRuns, "a run has a number")
    self.runs = runs
    let codes = runs.reduce(0) { $0 + $1.count }
    guard runs.count > 1 else {
      (entries, count) = ([], codes)
      ranks = [UInt32](unsafeUninitializedCapacity: codes) { ranks, initialized in
        if let run = runs.first {
          for place in 0..<codes { ranks[run.code(place)] = UInt32(truncatingIfNeeded: place) }
        }
        initialized = codes
      }
      return
    }
    var entries: [UInt16] = []
    var distinct = 0
    ranks = [UInt32](unsafeUninitializedCapacity: codes) { ranks, initialized in
      entries = [UInt16](unsafeUninitializedCapacity: codes) { entries, initialized in
        distinct = MergedTexts.merge(runs, &entries, &ranks)
        initialized = codes
      }
      initialized = codes
    }
    (self.entries, count) = (entries, distinct)
  }

  /// Where a merge has got in a run.
  private struct Head {
    /// Of the text in the place; the greatest number behind the last one.
    var prefix: UInt64
    var place = 0
    let run: Int
  }

  /// Fills in where each text comes from and goes to, and says how many distinct ones there are.
  private static func merge(
    _ runs: [TextRun], _ entries: inout UnsafeMutableBufferPointer<UInt16>,
    _ ranks: inout UnsafeMutableBufferPointer<UInt32>
  ) -> Int {
    func head(_ run: Int, _ place: Int) -> Head {
      let prefix = place < runs[run].count ? TextDictionary.prefix(runs[run].text(place)) : .max
      return Head(prefix: prefix, place: place, run: run)
    }
    func isFirst(_ a: Head, _ b: Head) -> Bool {
      if a.prefix != b.prefix { return a.prefix < b.prefix }
      guard a.place < runs[a.run].count else { return false }
      guard b.place < runs[b.run].count else { return true }
      let order = TextDictionary.compare(runs[a.run].text(a.place), runs[b.run].text(b.place))
      return order != 0 ? order < 0 : a.run < b.run
    }
    // A tournament: each inner node keeps who lost there, the leaves below `runs.count...` are the runs.
    var losers = [Head](repeating: Head(prefix: 0, run: 0), count: runs.count)
    func winner(_ node: Int) -> Head {
      guard node < runs.count else { return head(node - runs.count, 0) }
      let (a, b) = (winner(2 * node), winner(2 * node + 1))
      losers[node] = isFirst(a, b) ? b : a
      return isFirst(a, b) ? a : b
    }
    var first = winner(1)
    var last: Head?
    var count = 0
    losers.withUnsafeMutableBufferPointer { losers in
      for index in entries.indices {
        var entry = UInt16(truncatingIfNeeded: first.run)
        if let last, last.prefix == first.prefix,
          TextDictionary.compare(runs[last.run].text(last.place), runs[first.run].text(first.place)) == 0
        {
          entry |= Entry.repeats
        } else {
          count &+= 1
        }
        entries[index] = entry
        ranks[runs[first.run].code(first.place)] = UInt32(truncatingIfNeeded: count &- 1)
        last = first
        first = head(first.run, first.place &+ 1)
        var node = (first.run &+ runs.count) / 2
        while node > 0 {
          if isFirst(losers[node], first) { swap(&losers[node], &first) }
          node /= 2
        }
      }
    }
    return count
  }

  /// Writes the texts in order.
  func write(to output: TextOutput) throws(StoreError) {
    guard runs.count > 1 else {
      if let run = runs.first { try run.write(0..<count, to: output) }
      return
    }
    var places = [Int](repeating: 0, count: runs.count)
    var index = 0
    while index < entries.count {
      let entry = entries[index]
      var end = index + 1
      if entry & Entry.repeats == 0 {
        while end < entries.count, entries[end] == entry { end += 1 }
        let first = places[Int(entry)]
        try runs[Int(entry)].write(first..<first + end - index, to: output)
      }
      places[Int(entry & ~Entry.repeats)] += end - index
      index = end
    }
  }

  /// Writes the texts in order, and where each starts, into files of the given path and their parts' names.
  func written(to path: String) throws(StoreError) -> WrittenTexts {
    let output = try TextOutput(path: path, .hashed)
    try write(to: output)
    let files = try output.finish()
    return WrittenTexts(ranks: ranks, count: count, offsets: files.offsets, bytes: files.bytes)
  }

  /// The texts in memory.
  func dictionary() -> TextDictionary {
    var offsets: [UInt64] = [0]
    var bytes: [UInt8] = []
    var places = [Int](repeating: 0, count: runs.count)
    for entry in runs.count > 1 ? entries : [UInt16](repeating: 0, count: count) {
      let run = Int(entry & ~Entry.repeats)
      if entry & Entry.repeats == 0 {
        bytes.append(contentsOf: runs[run].text(places[run]))
        offsets.append(UInt64(bytes.count))
      }
      places[run] += 1
    }
    return TextDictionary(offsets: offsets, utf8: bytes)
  }
}

/// A dictionary as it lies in a store.
struct WrittenTexts {
  /// By code, the text's place in the store.
  let ranks: [UInt32]
  /// How many texts.
  let count: Int
  let offsets: StoreManifest.File
  let bytes: StoreManifest.File
}
