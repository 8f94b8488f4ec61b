import EventStore
import Values

/// Rows of several runs in the order of the log.
final class ExcerptRows {
  private let runs: EventRuns
  private let pieces: [RunPiece]
  /// For each row of the pieces, one after another, where it stands among all rows; nothing for one piece.
  private let ranks: [Int32]?
  /// The rows' distances from the first one of a batch.
  let positions: [Int32]
  /// The distances of the rows' entities from the first one of a batch.
  let entities: [Int32]

  init(_ runs: EventRuns, _ pieces: [RunPiece], firstRow: UInt64, firstEntity: Int) {
    self.runs = runs
    self.pieces = pieces
    let row = UInt32(truncatingIfNeeded: firstRow)
    let entity = UInt32(truncatingIfNeeded: firstEntity)
    let positions = ExcerptRows.distances(runs.rows, pieces, from: row)
    let entities = ExcerptRows.distances(runs.entities, pieces, from: entity)
    guard pieces.count > 1 else {
      (self.positions, self.entities, ranks) = (positions, entities, nil)
      return
    }
    let ranks = ExcerptRows.ranks(positions)
    self.positions = positions.scattered(to: ranks)
    self.entities = entities.scattered(to: ranks)
    self.ranks = ranks
  }

  /// When the rows' events happened.
  private(set) lazy var times: Column = {
    let parts = pieces.map { piece in
      piece.chosen.map { runs.times.read($0, from: piece.places.lowerBound) } ?? runs.times.read(piece.places)
    }
    guard let ranks else { return parts[0] }
    return .integers(parts.flatMap(\.integerValues).scattered(to: ranks), as: .timestamp)
  }()

  /// The codes of the rows' event names.
  private(set) lazy var codes: [UInt32] = {
    let codes = pieces.flatMap { [UInt32](repeating: $0.code, count: $0.count) }
    return ranks.map { codes.scattered(to: $0) } ?? codes
  }()

  /// What the pieces have, one after another, as distances from a first value, modulo 2^32.
  private static func distances(_ values: UnsafePointer<UInt32>, _ pieces: [RunPiece], from first: UInt32)
    -> [Int32]
  {
    [Int32](unsafeUninitializedCapacity: pieces.reduce(0) { $0 + $1.count }) { target, count in
      for piece in pieces {
        let source = values + piece.places.lowerBound
        let start = count
        if let chosen = piece.chosen {
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
