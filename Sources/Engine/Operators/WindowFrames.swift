import Planning

/// For each of some rows the range of others that its window spans: rows of its own entity. Neither the starts nor the
/// ends ever decrease.
struct WindowFrames {
  let starts: [Int32]
  let ends: [Int32]

  private init(starts: [Int32], ends: [Int32]) {
    self.starts = starts
    self.ends = ends
  }

  /// The frames of the rows that are asked, among the rows that windows see. The ones may be among the others, or not.
  init(_ window: EventWindow, of asked: PlacedRows, among seen: SpannedRows) {
    self = seen.times.ordered(count: seen.end) {
      WindowFrames(window, of: asked, among: seen.spans, $0)
    } seconds: {
      WindowFrames(window, of: asked, among: seen.spans, $0)
    }
  }

  @inline(__always)
  private init<Times: TimeOrder>(
    _ window: EventWindow, of asked: PlacedRows, among spans: UnsafeBufferPointer<EntitySpan>, _ times: Times
  ) {
    switch window.kind {
    case .lifetime:
      self.init(of: asked, among: spans, times) { frame, _ in
        (frame.start, frame.end) = (frame.first, frame.last)
      }
    case .prior: self.init(of: asked, among: spans, times) { $0.move(toPriorOf: $1, window, times) }
    case .later: self.init(of: asked, among: spans, times) { $0.move(toLaterOf: $1, window, times) }
    }
  }

  /// - Parameter move: moves the frame on to that of a time of the entity, which has rows.
  @inline(__always)
  private init<Times: TimeOrder>(
    of asked: PlacedRows, among spans: UnsafeBufferPointer<EntitySpan>, _ times: Times,
    _ move: (inout PlacedFrame, _ time: Int64) -> Void
  ) {
    let (count, shift) = (asked.count, asked.shift)
    var ends: [Int32] = []
    starts = [Int32](unsafeUninitializedCapacity: count) { starts, startCount in
      ends = [Int32](unsafeUninitializedCapacity: count) { ends, endCount in
        var frame = PlacedFrame()
        var span = 0
        var entity = UInt32.max
        var time: Int64 = 0
        for row in 0..<count {
          let (rowEntity, rowTime) = (asked.entities[row] &+ shift, asked.times[row])
          // Rows of one time have one frame: all of them are in it, or none is.
          if rowEntity != entity || rowTime != time {
            if rowEntity != entity {
              entity = rowEntity
              while spans[span].entity < entity { span &+= 1 }
              frame = PlacedFrame(spans, span, ifOf: entity)
              times.fetch(Int(spans[min(span &+ PlacedFrame.spansAhead, spans.count &- 1)].place))
            }
            time = rowTime
            if frame.first != frame.last { move(&frame, time) }
          }
          starts.initializeElement(at: row, to: Int32(truncatingIfNeeded: frame.start &- frame.offset))
          ends.initializeElement(at: row, to: Int32(truncatingIfNeeded: frame.end &- frame.offset))
        }
        endCount = count
      }
      startCount = count
    }
    self.ends = ends
  }

  var count: Int { starts.count }

  /// The same frames of those rows alone whose byte is 1, by their places among these.
  func narrowed(to mask: [UInt8]) -> WindowFrames {
    let before = prefixes(mask.count) { Int64(mask[$0]) }
    return WindowFrames(
      starts: starts.map { Int32(truncatingIfNeeded: before[Int($0)]) },
      ends: ends.map { Int32(truncatingIfNeeded: before[Int($0)]) })
  }

  /// Which frames have rows.
  var inhabited: [Int32] {
    [Int32](unsafeUninitializedCapacity: count) { frames, found in
      for frame in 0..<count {
        // Written over where it has none.
        frames[found] = Int32(truncatingIfNeeded: frame)
        found &+= Int(unsafeBitCast(starts[frame] < ends[frame], to: UInt8.self))
      }
    }
  }

  /// How many rows each frame has.
  func counts() -> [Int64] {
    [Int64](unsafeUninitializedCapacity: count) { target, initialized in
      for row in 0..<count { target.initializeElement(at: row, to: Int64(ends[row] &- starts[row])) }
      initialized = count
    }
  }

  /// For each frame the sum of its rows' values, which must not overflow.
  func sums(_ values: [Int64]) -> [Int64] { differences(of: prefixes(values.count) { values[$0] }) }

  /// How many rows of each frame have the byte 1.
  func counts(_ mask: [UInt8]) -> [Int64] { differences(of: prefixes(mask.count) { Int64(mask[$0]) }) }

  /// For each frame the sum of its rows' values. No sum is made by subtracting from another, which would
  /// leave traces of values that are not in the frame, and none depends on other entities: sums are those of a tree
  /// over the entity's values.
  ///
  /// - Parameter entities: of the rows that windows see.
  func sums(_ values: [Double], entities: [Int32]) -> [Double] {
    values.withUnsafeBufferPointer { values in
      entities.withUnsafeBufferPointer { entities in
        var tree = FrameSums(values, entities: entities)
        return [Double](unsafeUninitializedCapacity: count) { target, initialized in
          for frame in 0..<count {
            let sum = tree.sum(of: Int(starts[frame]), to: Int(ends[frame]))
            target.initializeElement(at: frame, to: sum)
          }
          initialized = count
        }
      }
    }
  }

  /// For each frame the row whose word is the least, the first of several; -1 where there is no row.
  func leastRows(_ words: [UInt64]) -> [Int32] {
    // Rows that are less than all rows before them that are still in the frame.
    var candidates = [Int32](repeating: 0, count: words.count)
    var first = 0
    var end = 0
    var reached = 0
    return (0..<count).map { row in
      reached = Swift.max(reached, Int(starts[row]))
      while reached < Int(ends[row]) {
        while end > first, words[Int(candidates[end - 1])] > words[reached] { end -= 1 }
        candidates[end] = Int32(truncatingIfNeeded: reached)
        end += 1
        reached += 1
      }
      while first < end, candidates[first] < starts[row] { first += 1 }
      return first < end ? candidates[first] : -1
    }
  }

  /// For each frame its first row; -1 where there is none.
  func firstRows() -> [Int32] { starts.indices.map { starts[$0] < ends[$0] ? starts[$0] : -1 } }

  /// For each frame its last row; -1 where there is none.
  func lastRows() -> [Int32] { starts.indices.map { starts[$0] < ends[$0] ? ends[$0] - 1 : -1 } }

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

/// A frame among the rows of an entity, whose start and end only move on.
private struct PlacedFrame {
  /// The places of the entity's rows.
  private(set) var first = 0
  private(set) var last = 0
  /// The places of the frame.
  var start = 0
  var end = 0
  /// How far places are from rows.
  private(set) var offset = 0

  /// So many entities before its turn the times of one are fetched.
  static var spansAhead: Int { 12 }

  init() {}

  /// A frame before the rows of a span's entity, if that is the one; else one that stays empty.
  @inline(__always)
  init(_ spans: UnsafeBufferPointer<EntitySpan>, _ span: Int, ifOf entity: UInt32) {
    first = Int(spans[span].place)
    offset = first &- Int(spans[span].row)
    last = spans[span].entity == entity ? Int(spans[span &+ 1].row) &+ offset : first
    (start, end) = (first, first)
  }

  @inline(__always)
  mutating func move<Times: TimeOrder>(toPriorOf time: Int64, _ window: EventWindow, _ times: Times) {
    end = place(from: end, notBefore: time, isIncluded: !window.isInclusive, times)
    guard let reach = window.reach else { return }
    let (oldest, isOver) = time.subtractingReportingOverflow(reach)
    if isOver { return }
    start = times.place(notBefore: times.bound(oldest), from: start, to: end)
  }

  @inline(__always)
  mutating func move<Times: TimeOrder>(toLaterOf time: Int64, _ window: EventWindow, _ times: Times) {
    start = place(from: start, notBefore: time, isIncluded: window.isInclusive, times)
    guard let reach = window.reach else {
      end = last
      return
    }
    end = max(end, start)
    // Events of the row's own time do not depend on the reach.
    if window.isInclusive { end = place(from: end, notBefore: time, isIncluded: false, times) }
    let (limit, isOver) = time.addingReportingOverflow(reach)
    end = isOver ? last : place(from: end, notBefore: limit, isIncluded: true, times)
  }

  /// The first place from one on whose time is not before another, or is after it.
  @inline(__always)
  private func place<Times: TimeOrder>(
    from first: Int, notBefore time: Int64, isIncluded: Bool, _ times: Times
  ) -> Int {
    let (limit, isOver) = isIncluded ? (time, false) : time.addingReportingOverflow(1)
    if isOver { return last }
    return times.place(notBefore: times.bound(limit), from: first, to: last)
  }
}
