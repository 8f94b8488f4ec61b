/// How many of the touches in a window have each value, and how many of those of its earliest and of its latest time.
///
/// It is over memory that `with` lends.
struct TouchTally {
  /// How many touches have a value.
  struct Count {
    var all: Int32 = 0
    var first: Int32 = 0
    var last: Int32 = 0
    /// Where the value stands among those that some touch has.
    fileprivate var place: Int32 = 0
  }

  private let counts: UnsafeMutableBufferPointer<Count>
  private let list: UnsafeMutableBufferPointer<UInt32>
  private var listCount = 0

  /// Calls `body` with a tally of no touches, whose values have numbers less than a count.
  static func with<Result>(
    valueCount: Int, _ body: (TouchTally) throws -> Result
  ) rethrows -> Result {
    try withUnsafeTemporaryAllocation(of: Count.self, capacity: valueCount) { counts in
      counts.initialize(repeating: Count())
      return try withUnsafeTemporaryAllocation(of: UInt32.self, capacity: valueCount) { list in
        try body(TouchTally(counts: counts, list: list))
      }
    }
  }

  private init(counts: UnsafeMutableBufferPointer<Count>, list: UnsafeMutableBufferPointer<UInt32>) {
    self.counts = counts
    self.list = list
  }

  /// The values that some touch has, in no order that means anything.
  var values: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(rebasing: list[..<listCount]) }

  subscript(value: UInt32) -> Count { counts[Int(value)] }

  mutating func add(_ value: UInt32) {
    if counts[Int(value)].all == 0 {
      counts[Int(value)].place = Int32(truncatingIfNeeded: listCount)
      list[listCount] = value
      listCount &+= 1
    }
    counts[Int(value)].all &+= 1
  }

  mutating func remove(_ value: UInt32) {
    counts[Int(value)].all &-= 1
    if counts[Int(value)].all > 0 { return }
    listCount &-= 1
    let (moved, place) = (list[listCount], counts[Int(value)].place)
    list[Int(place)] = moved
    counts[Int(moved)].place = place
  }

  /// Counts the touches at other places than so far as those of the earliest or of the latest time, which `add` adds
  /// to.
  @inline(__always)
  func change(
    _ places: inout Range<Int>, to new: Range<Int>, of values: UnsafeBufferPointer<UInt32>,
    add: (inout Count, Int32) -> Void
  ) {
    for place in places { add(&counts[Int(values[place])], -1) }
    for place in new { add(&counts[Int(values[place])], 1) }
    places = new
  }

  /// Forgets all touches.
  mutating func clear() {
    for value in values { counts[Int(value)] = Count() }
    listCount = 0
  }
}
