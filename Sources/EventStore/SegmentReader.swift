import ADBC
import Values

/// Reads what the rows of a log have of a column that lies in several segments, from the first row to the last.
struct SegmentReader {
  private let type: ScalarType
  /// By segment; nothing where all of its rows are null.
  private let columns: [StoredColumn?]
  private let order: SegmentOrder
  /// Of texts, by segment and code the code among those of all.
  private let ranks: [ArraySlice<UInt32>]
  /// How many rows of each segment were read.
  private var read: [Int]
  /// How many of the rows that are not of the first segment.
  private var inserted = 0

  /// - Parameter texts: of a text column, those of its segments.
  init(_ type: ScalarType, _ columns: [StoredColumn?], _ order: SegmentOrder, _ texts: SegmentTexts?) {
    self.type = type
    self.columns = columns
    self.order = order
    ranks = texts.map { texts in columns.indices.map { texts.ranks(ofSegment: $0) } } ?? []
    read = columns.map { _ in 0 }
  }

  /// What the next rows have.
  mutating func next(_ rows: Range<Int>) -> CodedColumn {
    precondition(rows.lowerBound == read.reduce(0, +), "rows are read from the first to the last")
    let insertions = inserted..<inserted + order.count(from: inserted, below: rows.upperBound)
    inserted = insertions.upperBound
    var counts = columns.map { _ in 0 }
    for index in insertions { counts[Int(order.segments[index])] += 1 }
    counts[0] = rows.count - insertions.count
    let pieces = counts.indices.map { segment in
      defer { read[segment] += counts[segment] }
      return counts[segment] == 0 ? nil : piece(segment, read[segment]..<read[segment] + counts[segment])
    }
    if insertions.isEmpty, let first = pieces[0] { return first }
    let sources = Sources(order: order, insertions: insertions, rows: rows)
    let values: CodedColumn.Values =
      switch type {
      case .boolean: .booleans(sources.merge(pieces.map { $0?.values.booleans ?? [] }))
      case .double: .doubles(sources.merge(pieces.map { $0?.values.doubles ?? [] }))
      case .text: .codes(sources.merge(pieces.map { $0?.values.codes ?? [] }))
      case .integer, .timestamp, .date, .duration:
        .integers(sources.merge(pieces.map { $0?.values.integers ?? [] }))
      }
    guard pieces.contains(where: { $0?.validity != nil }) else { return CodedColumn(values: values) }
    let validity = pieces.enumerated().map { segment, piece in
      piece.map { $0.validity ?? [UInt8](repeating: 1, count: counts[segment]) } ?? []
    }
    return CodedColumn(values: values, validity: sources.merge(validity))
  }

  private func piece(_ segment: Int, _ rows: Range<Int>) -> CodedColumn {
    guard let column = columns[segment] else { return CodedColumn(nulls: rows.count, of: type) }
    var piece = CodedColumn(column.read(rows))
    guard case .codes(let codes) = piece.values else { return piece }
    piece.values = ranks[segment].withUnsafeBufferPointer { ranks in
      // What lies in the place of a null need not be a code.
      .codes(codes.map { Int($0) < ranks.count ? ranks[Int($0)] : 0 })
    }
    return piece
  }

  /// Where the rows of a range come from.
  private struct Sources {
    let order: SegmentOrder
    let insertions: Range<Int>
    let rows: Range<Int>

    /// - Parameter pieces: what the rows of each segment have, in their order.
    func merge<Element: BitwiseCopyable>(_ pieces: [[Element]]) -> [Element] {
      [Element](unsafeUninitializedCapacity: rows.count) { target, initialized in
        pieces[0].withUnsafeBufferPointer { first in
          var next = pieces.map { _ in 0 }
          var place = 0
          func copy(to end: Int) {
            guard end > place, let base = first.baseAddress, let start = target.baseAddress else { return }
            (start + place).initialize(from: base + next[0], count: end - place)
            next[0] += end - place
            place = end
          }
          for index in insertions {
            copy(to: Int(order.rows[index]) - rows.lowerBound)
            let segment = Int(order.segments[index])
            target.initializeElement(at: place, to: pieces[segment][next[segment]])
            next[segment] += 1
            place += 1
          }
          copy(to: rows.count)
        }
        initialized = rows.count
      }
    }
  }
}

extension CodedColumn.Values {
  fileprivate var booleans: [UInt8]? { if case .booleans(let values) = self { values } else { nil } }
  /// What is held as integers.
  var integers: [Int64]? { if case .integers(let values) = self { values } else { nil } }
  fileprivate var doubles: [Double]? { if case .doubles(let values) = self { values } else { nil } }
  fileprivate var codes: [UInt32]? { if case .codes(let values) = self { values } else { nil } }
}
