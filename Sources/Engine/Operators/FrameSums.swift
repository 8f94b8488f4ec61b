/// Sums of doubles over parts of an entity's values, each by a tree over all of them: which values lie around a part
/// of its own decides in which order it is added up, and nothing else does.
struct FrameSums {
  private let values: UnsafeBufferPointer<Double>
  private let entities: UnsafeBufferPointer<Int32>
  /// The places of the entity's values.
  private var first = 0
  private var last = 0
  /// The tree of the entity's values lies behind their count, its root at 1, a node's halves at twice its place.
  private var nodes: [Double] = []
  private var hasNodes = false
  /// What leaves of a value nothing, twice, or all of it, twice: read, since what is known would be branched on.
  private let masks: [UInt64] = [0, 0, .max, .max]

  /// Sums of values that lie entity by entity.
  init(_ values: UnsafeBufferPointer<Double>, entities: UnsafeBufferPointer<Int32>) {
    self.values = values
    self.entities = entities
  }

  /// The sum of a range of one entity's values; the starts never decrease.
  @inline(__always) mutating func sum(of start: Int, to end: Int) -> Double {
    let count = end &- start
    if count > 2 { return sumOfMany(start, end) }
    if values.isEmpty { return 0 }
    // This is what the tree gives. Zero comes first, since a sum is no negative zero. How few there are cannot be
    // foretold, so the same is done for none, one and two.
    let last = values.count &- 1
    let first = values[min(start, last)].bitPattern & masks[count &+ 1]
    let second = values[min(start &+ 1, last)].bitPattern & masks[count]
    return 0 + Double(bitPattern: first) + Double(bitPattern: second)
  }

  private mutating func sumOfMany(_ start: Int, _ end: Int) -> Double {
    if start >= last { enter(start) }
    if !hasNodes { plant() }
    let count = last - first
    var (left, right) = (start - first + count, end - first + count)
    var (head, tail) = (0.0, 0.0)
    while left < right {
      if left & 1 == 1 {
        head += nodes[left]
        left += 1
      }
      if right & 1 == 1 {
        right -= 1
        tail = nodes[right] + tail
      }
      left /= 2
      right /= 2
    }
    return head + tail
  }

  /// Turns to the entity that has the value at a place.
  private mutating func enter(_ place: Int) {
    while last <= place {
      first = last
      while last < entities.count, entities[last] == entities[first] { last += 1 }
    }
    hasNodes = false
  }

  private mutating func plant() {
    let count = last - first
    if nodes.count < 2 * count { nodes = [Double](repeating: 0, count: 2 * count) }
    for index in 0..<count { nodes[count + index] = values[first + index] }
    for node in (1..<max(1, count)).reversed() { nodes[node] = nodes[2 * node] + nodes[2 * node + 1] }
    hasNodes = true
  }
}
