import EventStore
import Values

/// The rows of a log whose events have certain names, as the runs of these names have them.
struct LogExcerpt {
  let log: EventLog
  private let runs: EventRuns
  private let names: [RunPiece]

  /// Nothing where the log has no runs.
  init?(_ log: EventLog, names: [String]) {
    guard let runs = log.runs, let dictionary = log.columns[log.eventPosition]?.dictionary else { return nil }
    self.log = log
    self.runs = runs
    self.names = names.compactMap { dictionary.code(of: $0) }.map { code in
      RunPiece(code: UInt32(truncatingIfNeeded: code), places: runs.places(ofCode: code))
    }
  }

  /// The codes of the names.
  var codes: [UInt32] { names.map(\.code) }

  private var rowCount: Int { names.reduce(0) { $0 + $1.places.count } }

  /// Whether reading these rows is less work than reading all: several runs have to be put into one order.
  var isWorthIt: Bool { names.count <= 1 || rowCount * 3 <= log.rowCount }

  /// Ranges of entities that together are all, with enough rows each to be worth a partial result, and enough of
  /// them for several threads.
  func morsels(_ chunking: Chunking) -> [Range<Int>] {
    let count = max(LogExcerpt.fewestMorsels, rowCount / chunking.morselRows)
    return log.entityRanges(rows: max(chunking.morselRows, log.rowCount / count))
  }

  private static let fewestMorsels = 16

  /// The parts of the runs that some entities have.
  func pieces(ofEntities entities: Range<Int>) -> [RunPiece] {
    LogExcerpt.pieces(names, ofEntities: entities, runs)
  }

  private static func pieces(_ pieces: [RunPiece], ofEntities entities: Range<Int>, _ runs: EventRuns)
    -> [RunPiece]
  {
    pieces.compactMap { piece in
      let places = runs.places(ofEntities: entities, within: piece.places)
      return places.isEmpty ? nil : RunPiece(code: piece.code, places: places)
    }
  }

  /// The rows of some entities, whose parts of the runs are among the given ones; nothing where there are none.
  func rows(ofEntities entities: Range<Int>, among pieces: [RunPiece]) -> ExcerptRows? {
    let own = LogExcerpt.pieces(pieces, ofEntities: entities, runs)
    if own.isEmpty { return nil }
    return ExcerptRows(
      runs, own, firstRow: log.offsets[entities.lowerBound], firstEntity: entities.lowerBound)
  }
}

/// A part of one name's run.
struct RunPiece {
  let code: UInt32
  let places: Range<Int>
}

/// Rows of several runs in the order of the log.
final class ExcerptRows {
  private let runs: EventRuns
  private let pieces: [RunPiece]
  /// For each row its place in the pieces one after another; nothing for one piece.
  private let order: [Int32]?
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
      (self.positions, self.entities, order) = (positions, entities, nil)
      return
    }
    let merged = ExcerptRows.merged(positions, pieces)
    let order = merged.map { Int32(truncatingIfNeeded: $0) }
    self.positions = merged.map { Int32(truncatingIfNeeded: $0 >> 32) }
    self.entities = entities.gathered(order)
    self.order = order
  }

  /// When the rows' events happened.
  private(set) lazy var times: Column = {
    if pieces.count == 1 { return runs.times.read(pieces[0].places) }
    let parts = pieces.flatMap { runs.times.read($0.places).integerValues }
    return .integers(inOrder(parts), as: .timestamp)
  }()

  /// The codes of the rows' event names.
  private(set) lazy var codes: [UInt32] =
    inOrder(pieces.flatMap { [UInt32](repeating: $0.code, count: $0.places.count) })

  private func inOrder<Element: BitwiseCopyable>(_ parts: [Element]) -> [Element] {
    order.map { parts.gathered($0) } ?? parts
  }

  /// What the pieces have, one after another, as distances from a first value, modulo 2^32.
  private static func distances(_ values: UnsafePointer<UInt32>, _ pieces: [RunPiece], from first: UInt32)
    -> [Int32]
  {
    [Int32](unsafeUninitializedCapacity: pieces.reduce(0) { $0 + $1.places.count }) { target, count in
      for piece in pieces {
        let source = values + piece.places.lowerBound
        let start = count
        for index in 0..<piece.places.count {
          target.initializeElement(at: start &+ index, to: Int32(bitPattern: source[index] &- first))
        }
        count += piece.places.count
      }
    }
  }

  // MARK: Order

  /// The rows in order, each as its position in the upper half of a word and its place in the lower.
  private static func merged(_ positions: [Int32], _ pieces: [RunPiece]) -> [UInt64] {
    var start = 0
    var runs: [[UInt64]] = pieces.map { piece in
      let first = start
      start += piece.places.count
      return (first..<start).map { UInt64(UInt32(bitPattern: positions[$0])) << 32 | UInt64($0) }
    }
    // The shortest two first, so that no row is moved often.
    while runs.count > 1 {
      runs.sort { $0.count > $1.count }
      let shortest = runs.removeLast()
      runs.append(merged(runs.removeLast(), shortest))
    }
    return runs[0]
  }

  /// Two ascending lists as one. Which of them is next cannot be foretold, so nothing branches on it.
  private static func merged(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    let count = a.count + b.count
    return a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        [UInt64](unsafeUninitializedCapacity: count) { target, initialized in
          var left = 0
          var right = 0
          while left < a.count, right < b.count {
            let (next, other) = (a[left], b[right])
            let isLeft = next < other
            target.initializeElement(at: left &+ right, to: isLeft ? next : other)
            let step = Int(unsafeBitCast(isLeft, to: UInt8.self))
            left &+= step
            right &+= 1 &- step
          }
          while left < a.count {
            target.initializeElement(at: left &+ right, to: a[left])
            left &+= 1
          }
          while right < b.count {
            target.initializeElement(at: left &+ right, to: b[right])
            right &+= 1
          }
          initialized = count
        }
      }
    }
  }
}
