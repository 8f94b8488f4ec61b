import Values

/// How many paths take each step between events of one dictionary.
///
/// Steps of the first positions are counted in cells for all of them, if the dictionary is small; others are listed.
struct StepTally {
  let dictionary: TextDictionary
  /// By position, the event nearer to the anchor, and the one after it; the last of these is the end of the path.
  private var cells: [Int64]
  private let cellPositions: Int
  private var listed: [Step] = []

  /// A step, and how many paths take it.
  struct Step {
    /// From 0 on.
    let position: Int
    let near: UInt32
    /// Nothing where the path is over.
    let far: UInt32?
    let number: Int64
  }

  /// So few cells that they stay near.
  private static let mostCells = 1 << 14

  init(_ dictionary: TextDictionary, depth: Int) {
    self.dictionary = dictionary
    let (plane, isOver) = dictionary.count.multipliedReportingOverflow(by: dictionary.count + 1)
    cellPositions = isOver || plane == 0 ? 0 : min(depth, StepTally.mostCells / plane)
    cells = [Int64](repeating: 0, count: cellPositions * plane)
  }

  /// About the memory that is kept.
  var bytes: Int { cells.count * 8 + listed.count * MemoryLayout<Step>.stride }

  /// Counts the steps of some rows, which have the same dictionary.
  mutating func take(_ rows: PathRows, _ paths: CompiledPaths) {
    let texts = dictionary.count
    let cellPositions = cellPositions
    var listed: [Step] = []
    cells.withUnsafeMutableBufferPointer { cells in
      rows.forEachStep(paths.direction, depth: paths.depth, collapses: paths.repeats == .collapsed) {
        position, near, far in
        if position < cellPositions {
          cells[(position &* texts &+ near) &* (texts &+ 1) &+ far] &+= 1
        } else {
          listed.append(
            Step(
              position: position, near: UInt32(truncatingIfNeeded: near),
              far: far == texts ? nil : UInt32(truncatingIfNeeded: far), number: 1))
        }
      }
    }
    self.listed += listed
  }

  /// All steps; those that are listed may come more than once.
  var steps: [Step] {
    let texts = dictionary.count
    let counted = cells.indices.lazy.filter { cells[$0] != 0 }.map { cell in
      let far = cell % (texts + 1)
      return Step(
        position: cell / (texts + 1) / texts, near: UInt32(cell / (texts + 1) % texts),
        far: far == texts ? nil : UInt32(far), number: cells[cell])
    }
    return counted + listed
  }
}
