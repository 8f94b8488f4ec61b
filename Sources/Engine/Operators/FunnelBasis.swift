/// The latest rows that fill as many different steps as possible, each row one step.
///
/// Sets of rows that fill different steps are a matroid. When each new row takes the place of the oldest row
/// that it makes dispensable, the rows kept from any time on are as many as all rows from that time on could
/// fill.
struct FunnelBasis {
  /// For each step the place of the row that fills it, or -1, and the steps that the row could fill.
  private(set) var places: [Int]
  private var bits: [UInt64]
  /// The step from which the search came to a step, or -1 from the new row.
  private var origins: [Int]

  init(stepCount: Int) {
    places = [Int](repeating: -1, count: stepCount)
    bits = [UInt64](repeating: 0, count: stepCount)
    origins = [Int](repeating: -1, count: stepCount)
  }

  mutating func clear() { for step in places.indices { places[step] = -1 } }

  /// Takes in a row that is later than all others.
  mutating func take(_ place: Int, _ steps: UInt64) {
    if steps & (steps - 1) == 0 {
      // A row of one step, where that is free or has another such row, makes no other dispensable.
      let step = steps.trailingZeroBitCount
      if places[step] < 0 || bits[step] == steps {
        places[step] = place
        bits[step] = steps
        return
      }
    }
    let reached = search(steps)
    guard let first = reached.first else { return }
    var target = first
    for step in reached where places[step] < places[target] { target = step }
    put(place, steps, target)
  }

  /// Takes in a row where it fills one step more; true when it does.
  mutating func takeIfMore(_ place: Int, _ steps: UInt64) -> Bool {
    guard let target = search(steps).first(where: { places[$0] < 0 }) else { return false }
    put(place, steps, target)
    return true
  }

  /// The steps that can be made free for a row that satisfies some steps, nearest first; those that are free
  /// already count as the oldest.
  private mutating func search(_ steps: UInt64) -> [Int] {
    var seen = steps
    var reached: [Int] = []
    append(steps, from: -1, to: &reached)
    var next = 0
    while next < reached.count {
      let step = reached[next]
      next += 1
      guard places[step] >= 0 else { continue }
      let new = bits[step] & ~seen
      seen |= new
      append(new, from: step, to: &reached)
    }
    return reached
  }

  private mutating func append(_ steps: UInt64, from origin: Int, to reached: inout [Int]) {
    var left = steps
    while left != 0 {
      let step = left.trailingZeroBitCount
      left &= left - 1
      origins[step] = origin
      reached.append(step)
    }
  }

  /// Lets a row fill a step, and the rows on the way to it move on by one.
  private mutating func put(_ place: Int, _ steps: UInt64, _ target: Int) {
    var step = target
    while origins[step] >= 0 {
      places[step] = places[origins[step]]
      bits[step] = bits[origins[step]]
      step = origins[step]
    }
    places[step] = place
    bits[step] = steps
  }
}
