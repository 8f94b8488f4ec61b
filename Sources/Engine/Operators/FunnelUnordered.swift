/// One walk over an entity's rows for the most different steps within a window, whatever their order.
struct FunnelUnordered {
  private let rules: FunnelRules
  private var basis: FunnelBasis
  /// The places of the best match's first and last time.
  private var start = 0
  private var last = 0
  private(set) var length = 0

  init(_ rules: FunnelRules) {
    self.rules = rules
    basis = FunnelBasis(stepCount: rules.stepCount)
  }

  /// Finds the most steps; then the match that is completed first, then the one that starts last. Where an
  /// entry is given the match starts at its time, the first one of any step.
  ///
  /// - Parameter reach: no match has more.
  mutating func run(
    _ list: borrowing FunnelRows, _ range: Range<Int>, entry: Int64?, reach: Int
  ) -> FunnelWalk.Ending {
    basis.clear()
    length = 0
    var excluded: Int64?
    var entryPlace: Int?
    var place = range.lowerBound
    while place < range.upperBound {
      let time = list.times[place]
      let end = list.endOfGroup(place, range.upperBound)
      defer { place = end }
      if let entry {
        if time < entry { continue }
        if let excluded, time > excluded, excluded > entry { return .excluded(excluded) }
        if !rules.allows(time, from: entry) { return .unfinished }
        entryPlace = entryPlace ?? place
      }
      take(list, place..<end)
      count(list, place, since: excluded)
      if let entryPlace { start = entryPlace }
      if length == rules.stepCount { return .converted }
      if length >= reach, rules.exclusions.isEmpty { return .unfinished }
      if !rules.exclusions.isEmpty, list.exclusions[place] != 0 {
        excluded = time
      }
    }
    if let entry, let excluded, excluded > entry { return .excluded(excluded) }
    return .unfinished
  }

  /// The places of the best match's rows, in order; of all that there are the first.
  mutating func fill(_ list: borrowing FunnelRows, _ range: Range<Int>, into places: inout [Int]) {
    guard length > 0 else { return }
    let end = list.endOfGroup(last, range.upperBound)
    basis.clear()
    var found = 0
    // Earlier rows of the first time may be among the first that fill the steps.
    var place = list.firstOfGroup(start, range.lowerBound)
    while place < end, found < length {
      let next = rules.ties == .strict ? list.endOfGroup(place, end) : place + 1
      if basis.takeIfMore(place, bits(list, place..<next)) { found += 1 }
      place = next
    }
    for step in basis.places.indices where basis.places[step] >= 0 {
      var place = basis.places[step]
      while list.steps[place] >> UInt64(step) & 1 == 0 { place += 1 }
      places.append(place)
    }
    places.sort()
  }

  private mutating func take(_ list: borrowing FunnelRows, _ group: Range<Int>) {
    if rules.ties == .strict {
      // Rows of one time count as one row.
      let bits = bits(list, group)
      if bits != 0 { basis.take(group.lowerBound, bits) }
    } else {
      for place in group where list.steps[place] != 0 { basis.take(place, list.steps[place]) }
    }
  }

  private func bits(_ list: borrowing FunnelRows, _ places: Range<Int>) -> UInt64 {
    var bits: UInt64 = 0
    for place in places { bits |= list.steps[place] }
    return bits
  }

  /// Counts the steps up to the time of a place that lie within the window and not before an exclusion.
  private mutating func count(_ list: borrowing FunnelRows, _ place: Int, since excluded: Int64?) {
    let time = list.times[place]
    var count = 0
    var first = Int.max
    for filled in basis.places where filled >= 0 {
      let start = list.times[filled]
      guard rules.allows(time, from: start), excluded.map({ start >= $0 }) ?? true else { continue }
      count += 1
      first = min(first, filled)
    }
    guard count > length else { return }
    length = count
    start = first
    last = place
  }
}
