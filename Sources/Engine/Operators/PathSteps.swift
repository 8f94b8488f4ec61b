import Planning

/// The steps of paths through the events of a batch, one after another.
struct PathSteps {
  /// The position of the source: from 1 forward, from -1 backward.
  private(set) var positions: [Int64] = []
  /// The event nearer to the anchor, as its code.
  private(set) var near: [UInt32] = []
  /// The event after it; 0 where the path is over.
  private(set) var far: [UInt32] = []
  /// One byte a step, 0 where the path is over.
  private(set) var goesOn: [UInt8] = []
  private let codes: [UInt32]
  private let direction: CompiledPaths.Direction
  private let depth: Int
  private let repeats: PathsPlan.Repeats

  init(
    _ codes: [UInt32], _ direction: CompiledPaths.Direction, depth: Int, _ repeats: PathsPlan.Repeats
  ) {
    self.codes = codes
    self.direction = direction
    self.depth = depth
    self.repeats = repeats
  }

  var count: Int { positions.count }

  /// Adds the steps of a path over some rows, from a place among them on in the paths' direction.
  mutating func add(_ rows: ArraySlice<Int>, from place: Int) {
    var place = place
    var here = codes[rows[place]]
    var position = 1
    while position < depth {
      repeat {
        place += direction == .forward ? 1 : -1
      } while repeats == .collapsed && rows.indices.contains(place) && codes[rows[place]] == here
      guard rows.indices.contains(place) else { break }
      append(position, here, to: codes[rows[place]])
      here = codes[rows[place]]
      position += 1
    }
    append(position, here, to: nil)
  }

  private mutating func append(_ position: Int, _ code: UInt32, to next: UInt32?) {
    positions.append(Int64(direction == .forward ? position : -position))
    near.append(code)
    far.append(next ?? 0)
    goesOn.append(next == nil ? 0 : 1)
  }
}
