/// For each length up to the number of steps at most one match of that length, as the places of its steps'
/// times: the first place of each time's rows.
struct FunnelChains {
  let stepCount: Int
  /// Bit `length - 1` is set where there is a match of that length.
  private(set) var lengths: UInt64 = 0
  private var places: [Int]

  init(stepCount: Int) {
    self.stepCount = stepCount
    places = [Int](repeating: 0, count: stepCount * stepCount)
  }

  func has(_ length: Int) -> Bool { lengths >> UInt64(length - 1) & 1 == 1 }
  func start(_ length: Int) -> Int { places[(length - 1) * stepCount] }
  func last(_ length: Int) -> Int { places[(length - 1) * stepCount + length - 1] }

  /// Writes the places of a match of `length`.
  func copy(_ length: Int, into chain: inout [Int]) {
    chain.removeAll(keepingCapacity: true)
    for step in 0..<length { chain.append(places[(length - 1) * stepCount + step]) }
  }

  mutating func clear() { lengths = 0 }
  mutating func remove(_ removed: UInt64) { lengths &= ~removed }

  /// Offers a match of `length`: the first `prefix` steps of another's, the rest at `place`. Of two the one
  /// that starts later is kept, then the one whose steps are earlier.
  mutating func offer(_ length: Int, _ source: borrowing FunnelChains, prefix: Int, place: Int) {
    let own = (length - 1) * stepCount
    let other = max(0, prefix - 1) * stepCount
    if has(length) {
      var step = 0
      var isBetter = false
      while step < length {
        let offered = step < prefix ? source.places[other + step] : place
        let known = places[own + step]
        if offered != known {
          isBetter = step == 0 ? offered > known : offered < known
          break
        }
        step += 1
      }
      guard isBetter else { return }
    }
    for step in 0..<prefix { places[own + step] = source.places[other + step] }
    for step in prefix..<length { places[own + step] = place }
    lengths |= 1 << UInt64(length - 1)
  }

  /// Offers the match of `length` that the one that is a step shorter becomes at `place`, behind all other
  /// places.
  mutating func extend(to length: Int, at place: Int) {
    let own = (length - 1) * stepCount
    let other = own - stepCount
    if has(length) {
      var step = 0
      while step < length - 1, places[other + step] == places[own + step] { step += 1 }
      // Where all other steps are the same, the last one is no earlier.
      if step == length - 1, step > 0 { return }
      if step < length - 1, (step == 0) != (places[other + step] > places[own + step]) { return }
    }
    for step in 0..<(length - 1) { places[own + step] = places[other + step] }
    places[own + length - 1] = place
    lengths |= 1 << UInt64(length - 1)
  }

  /// Offers all matches of another's, as they are.
  mutating func offer(all other: FunnelChains) {
    var left = other.lengths
    while left != 0 {
      let length = left.trailingZeroBitCount + 1
      left &= left - 1
      offer(length, other, prefix: length, place: 0)
    }
  }
}
