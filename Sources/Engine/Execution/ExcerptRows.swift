import EventStore
import Values

/// Rows of several runs in the order of the log.
final class ExcerptRows {
  private let runs: EventRuns
  private let pieces: [RunPiece]
  private let firstRow: UInt32
  private let firstEntity: UInt32
  let count: Int

  init(_ runs: EventRuns, _ pieces: [RunPiece], firstRow: UInt64, firstEntity: Int) {
    self.runs = runs
    self.pieces = pieces
    self.firstRow = UInt32(truncatingIfNeeded: firstRow)
    self.firstEntity = UInt32(truncatingIfNeeded: firstEntity)
    count = pieces.reduce(0) { $0 + $1.count }
  }

  /// The rows' distances from the first one of a batch.
  var positions: [Int32] {
    if let known { return known }
    let all = inOrder(unordered)
    known = all
    return all
  }

  private var known: [Int32]?

  /// The distances of some rows, ascending, from the first one of a batch.
  func positions(of rows: [Int32]) -> [Int32] {
    // Of few rows no more than theirs are found.
    guard known == nil, rows.count <= count / 2, let run else { return positions.gathered(rows) }
    let own = runs.rows + run.places.lowerBound
    // Rows lie far from each other: none is waited for while the next one is looked for.
    let places = run.chosen?.places(of: rows) ?? rows
    return places.map { Int32(bitPattern: own[Int($0)] &- firstRow) }
  }

  /// The distances of the entities of some rows, or of all, from the first one of a batch.
  func entities(of rows: [Int32]?) -> [Int32] {
    guard let rows, let run, run.chosen == nil else {
      return rows.map { entities.gathered($0) } ?? entities
    }
    let own = run.entities + run.places.lowerBound
    return rows.map { Int32(bitPattern: own[Int($0)] &- firstEntity) }
  }

  private lazy var entities: [Int32] = inOrder(distances(runs.entities, from: firstEntity))

  /// The rows' distances, one piece after another.
  private lazy var unordered: [Int32] = distances(runs.rows, from: firstRow)

  /// For each piece the distances of its rows from the first of its places, where not all of these count.
  private lazy var chosen: [[Int32]?] = pieces.map { $0.chosen?.places }

  /// For each row of the pieces, one after another, where it stands among all rows; nothing for one piece.
  private lazy var ranks: [Int32]? = pieces.count > 1 ? ExcerptRows.ranks(unordered) : nil

  /// What the rows have one piece after another, in the order of the log.
  private func inOrder<Element: BitwiseCopyable>(_ elements: [Element]) -> [Element] {
    ranks.map { elements.scattered(to: $0) } ?? elements
  }

  /// A part of one name's run.
  struct Run {
    let entities: UnsafePointer<UInt32>
    let times: StoredColumn
    let places: Range<Int>
    /// The entities whose rows these are, by distances from the first of the places; nothing for those of all places.
    let chosen: [EntitySpan]?
  }

  /// Where the rows lie, where they are of one run.
  var run: Run? {
    guard pieces.count == 1 else { return nil }
    return Run(
      entities: runs.entities, times: runs.times, places: pieces[0].places, chosen: pieces[0].chosen)
  }

  /// When the rows' events happened.
  private(set) lazy var times: Column = {
    let parts = zip(pieces, chosen).map { piece, chosen in
      chosen.map { runs.times.read($0, from: piece.places.lowerBound) } ?? runs.times.read(piece.places)
    }
    if parts.count == 1 { return parts[0] }
    return .integers(inOrder(parts.flatMap(\.integerValues)), as: .timestamp)
  }()

  /// The codes of the rows' event names.
  private(set) lazy var codes: [UInt32] = inOrder(
    pieces.flatMap { [UInt32](repeating: $0.code, count: $0.count) })

  /// What the pieces have, one after another, as distances from a first value, modulo 2^32.
  private func distances(_ values: UnsafePointer<UInt32>, from first: UInt32) -> [Int32] {
    [Int32](unsafeUninitializedCapacity: count) { target, count in
      for (piece, chosen) in zip(pieces, chosen) {
        let source = values + piece.places.lowerBound
        let start = count
        if let chosen {
          for index in chosen.indices {
            let value = source[Int(chosen[index])]
            target.initializeElement(at: start &+ index, to: Int32(bitPattern: value &- first))
          }
        } else {
          for index in 0..<piece.places.count {
            target.initializeElement(at: start &+ index, to: Int32(bitPattern: source[index] &- first))
          }
        }
        count += piece.count
      }
    }
  }

  /// How many of some different positions are less than each of them: a set of bits tells, whatever order they are in.
  private static func ranks(_ positions: [Int32]) -> [Int32] {
    let wordCount = Int(positions.max() ?? 0) / 64 + 1
    var words = [UInt64](repeating: 0, count: wordCount)
    return words.withUnsafeMutableBufferPointer { words in
      for position in positions {
        words[Int(position) &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: position & 63)
      }
      // How many are less than the first position of each word.
      let before = [Int32](unsafeUninitializedCapacity: wordCount) { before, initialized in
        var count: Int32 = 0
        for word in 0..<wordCount {
          before.initializeElement(at: word, to: count)
          count &+= Int32(truncatingIfNeeded: words[word].nonzeroBitCount)
        }
        initialized = wordCount
      }
      return before.withUnsafeBufferPointer { before in
        positions.map { position in
          let word = Int(position) &>> 6
          let less = words[word] & (1 &<< UInt64(truncatingIfNeeded: position & 63) &- 1)
          return before[word] &+ Int32(truncatingIfNeeded: less.nonzeroBitCount)
        }
      }
    }
  }
}

extension Array where Element: BitwiseCopyable {
  /// The elements in an order in which each has the place that is given for it; every place is given once.
  fileprivate func scattered(to places: [Int32]) -> [Element] {
    precondition(places.count == count, "each element has a place")
    return [Element](unsafeUninitializedCapacity: count) { target, initialized in
      for index in indices { target.initializeElement(at: Int(places[index]), to: self[index]) }
      initialized = count
    }
  }
}
