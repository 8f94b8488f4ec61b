import Planning

/// For each row of a batch the range of rows that its window spans: rows of its own entity. Neither the
/// starts nor the ends ever decrease.
struct WindowFrames {
  let starts: [Int32]
  let ends: [Int32]

  /// The frames of some rows, ascending, or of all rows, in the order of entities and, within one, of times.
  /// `entityStarts` ends with the row count.
  init(_ window: EventWindow, times: [Int64], entityStarts: [Int], rows: [Int32]?) {
    var walk = FrameWalk(window, times: times, entityStarts: entityStarts)
    let count = rows?.count ?? times.count
    var ends: [Int32] = []
    starts = [Int32](unsafeUninitializedCapacity: count) { starts, startCount in
      ends = [Int32](unsafeUninitializedCapacity: count) { ends, endCount in
        for index in 0..<count {
          walk.move(to: rows.map { Int($0[index]) } ?? index)
          starts.initializeElement(at: index, to: Int32(truncatingIfNeeded: walk.start))
          ends.initializeElement(at: index, to: Int32(truncatingIfNeeded: walk.end))
        }
        endCount = count
      }
      startCount = count
    }
    self.ends = ends
  }

  var count: Int { starts.count }

  /// For each frame how many of its rows have the byte 1; all where there are no bytes.
  func counts(_ mask: [UInt8]?) -> [Int64] {
    guard let mask else { return zip(starts, ends).map { Int64($1 - $0) } }
    return differences(of: prefixes(mask.count) { Int64(mask[$0]) })
  }

  /// For each frame the sum of its rows' values, which must not overflow.
  func sums(_ values: [Int64], _ mask: [UInt8]) -> [Int64] {
    differences(of: prefixes(mask.count) { mask[$0] != 0 ? values[$0] : 0 })
  }

  /// For each frame the sum of its rows' values. No sum is made by subtracting from another, which would
  /// leave traces of values that are not in the frame, and none depends on rows that are not masked, or on other
  /// entities: sums are those of a tree over the entity's masked values.
  func sums(_ values: [Double], _ mask: [UInt8], entityStarts: [Int]) -> [Double] {
    let before = prefixes(mask.count) { Int64(mask[$0]) }.map { Int($0) }
    let masked = values.indices.filter { mask[$0] != 0 }.map { values[$0] }
    // The tree of the values `base..<base + count` lies behind `2 * base`, its root at 1, a node's halves at twice its
    // place.
    var nodes = [Double](repeating: 0, count: 2 * masked.count)
    for (first, last) in zip(entityStarts, entityStarts.dropFirst()) {
      let (base, count) = (before[first], before[last] - before[first])
      for index in 0..<count { nodes[2 * base + count + index] = masked[base + index] }
      for node in (1..<max(1, count)).reversed() {
        nodes[2 * base + node] = nodes[2 * base + 2 * node] + nodes[2 * base + 2 * node + 1]
      }
    }
    var entity = 0
    return (0..<count).map { frame in
      let (low, high) = (before[Int(starts[frame])], before[Int(ends[frame])])
      if low == high { return 0 }
      while entityStarts[entity + 1] <= Int(starts[frame]) { entity += 1 }
      let (base, count) = (
        before[entityStarts[entity]], before[entityStarts[entity + 1]] - before[entityStarts[entity]]
      )
      var (left, right) = (low - base + count, high - base + count)
      var (head, tail) = (0.0, 0.0)
      while left < right {
        if left & 1 == 1 {
          head += nodes[2 * base + left]
          left += 1
        }
        if right & 1 == 1 {
          right -= 1
          tail = nodes[2 * base + right] + tail
        }
        left /= 2
        right /= 2
      }
      return head + tail
    }
  }

  /// For each frame the row whose word is the least, the first of several; -1 where no row is masked.
  func leastRows(_ words: [UInt64], _ mask: [UInt8]) -> [Int32] {
    // Rows that are less than all rows before them that are still in the frame.
    var candidates = [Int32](repeating: 0, count: words.count)
    var first = 0
    var end = 0
    var reached = 0
    return (0..<count).map { row in
      reached = Swift.max(reached, Int(starts[row]))
      while reached < Int(ends[row]) {
        if mask[reached] != 0 {
          while end > first, words[Int(candidates[end - 1])] > words[reached] { end -= 1 }
          candidates[end] = Int32(truncatingIfNeeded: reached)
          end += 1
        }
        reached += 1
      }
      while first < end, candidates[first] < starts[row] { first += 1 }
      return first < end ? candidates[first] : -1
    }
  }

  /// For each frame its first masked row; -1 where there is none.
  func firstRows(_ mask: [UInt8]) -> [Int32] {
    var next = [Int32](repeating: Int32(truncatingIfNeeded: mask.count), count: mask.count + 1)
    for row in mask.indices.reversed() {
      next[row] = mask[row] != 0 ? Int32(truncatingIfNeeded: row) : next[row + 1]
    }
    return zip(starts, ends).map { start, end in start < end && next[Int(start)] < end ? next[Int(start)] : -1
    }
  }

  /// For each frame its last masked row; -1 where there is none.
  func lastRows(_ mask: [UInt8]) -> [Int32] {
    var previous = [Int32](repeating: -1, count: mask.count + 1)
    for row in mask.indices {
      previous[row + 1] = mask[row] != 0 ? Int32(truncatingIfNeeded: row) : previous[row]
    }
    return zip(starts, ends).map { start, end in previous[Int(end)] >= start ? previous[Int(end)] : -1 }
  }

  @inline(__always)
  private func prefixes(_ count: Int, _ value: (Int) -> Int64) -> [Int64] {
    [Int64](unsafeUninitializedCapacity: count + 1) { target, initialized in
      var sum: Int64 = 0
      target.initializeElement(at: 0, to: 0)
      for row in 0..<count {
        sum &+= value(row)
        target.initializeElement(at: row &+ 1, to: sum)
      }
      initialized = count + 1
    }
  }

  private func differences(of prefixes: [Int64]) -> [Int64] {
    [Int64](unsafeUninitializedCapacity: count) { target, initialized in
      for row in 0..<count {
        target.initializeElement(at: row, to: prefixes[Int(ends[row])] &- prefixes[Int(starts[row])])
      }
      initialized = count
    }
  }
}

/// Goes through rows in order and finds the frame of each, with pointers that only move on.
private struct FrameWalk {
  private let window: EventWindow
  private let times: [Int64]
  private let entityStarts: [Int]
  private var entity = -1
  private var first = 0
  private var last = 0
  private var time: Int64 = 0
  private(set) var start = 0
  private(set) var end = 0

  init(_ window: EventWindow, times: [Int64], entityStarts: [Int]) {
    self.window = window
    self.times = times
    self.entityStarts = entityStarts
  }

  @inline(__always) mutating func move(to row: Int) {
    if row >= last {
      repeat { entity &+= 1 } while entityStarts[entity &+ 1] <= row
      (first, last) = (entityStarts[entity], entityStarts[entity &+ 1])
      (start, end) = (first, first)
    } else if times[row] == time {
      // Rows of one time have one frame: all of them are in it, or none is.
      return
    }
    time = times[row]
    switch window.kind {
    case .lifetime: (start, end) = (first, last)
    case .prior: findPrior(row)
    case .later: findLater(row)
    }
  }

  @inline(__always) private mutating func findPrior(_ row: Int) {
    if window.isInclusive {
      end = row &+ 1
      while end < last, times[end] == time { end &+= 1 }
    } else {
      end = row
      while end > first, times[end &- 1] == time { end &-= 1 }
    }
    guard let reach = window.reach else { return }
    let (oldest, isOver) = time.subtractingReportingOverflow(reach)
    while !isOver, start < end, times[start] < oldest { start &+= 1 }
  }

  @inline(__always) private mutating func findLater(_ row: Int) {
    if window.isInclusive {
      start = row
      while start > first, times[start &- 1] == time { start &-= 1 }
    } else {
      start = row &+ 1
      while start < last, times[start] == time { start &+= 1 }
    }
    guard let reach = window.reach else {
      end = last
      return
    }
    end = max(end, start)
    // Events of the row's own time do not depend on the reach.
    let nearest = window.isInclusive ? time &+ 1 : time
    let (limit, isOver) = time.addingReportingOverflow(reach)
    while end < last, isOver || times[end] < max(limit, nearest) { end &+= 1 }
  }
}
