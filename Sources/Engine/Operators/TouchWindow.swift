import Planning

/// The touches that lie in the window of a conversion, while it moves along the touches of one entity.
///
/// Touches are known by the number of what they credit. Every touch comes in and goes out once, so a conversion costs
/// as much as there are different values in its window.
struct TouchWindow {
  private let model: AttributionPlan.Model
  private let within: Int64?
  /// In the order of entity and time; the values are the numbers of what is credited.
  private let times: UnsafeBufferPointer<Int64>
  private let values: UnsafeBufferPointer<UInt32>
  private var tally: TouchTally
  private var decay: TouchDecay?
  /// The places of the touches in the window.
  private var window = 0..<0
  private var end = 0
  /// Those of the earliest and of the latest time in the window; the same where it has one time.
  private var first = 0..<0
  private var last = 0..<0

  /// Calls `body` with a window that no touch is in.
  ///
  /// - Parameters:
  ///   - values: the numbers of what touches credit.
  ///   - valueCount: what these are less than.
  static func with(
    _ model: AttributionPlan.Model, within: Int64?, over times: [Int64], _ values: [UInt32], valueCount: Int,
    _ body: (inout TouchWindow) -> Void
  ) {
    times.withUnsafeBufferPointer { times in
      values.withUnsafeBufferPointer { values in
        TouchTally.with(valueCount: valueCount) { tally in
          var window = TouchWindow(model, within: within, times, values, valueCount: valueCount, tally)
          body(&window)
        }
      }
    }
  }

  private init(
    _ model: AttributionPlan.Model, within: Int64?, _ times: UnsafeBufferPointer<Int64>,
    _ values: UnsafeBufferPointer<UInt32>, valueCount: Int, _ tally: TouchTally
  ) {
    self.model = model
    self.within = within
    self.times = times
    self.values = values
    self.tally = tally
    if case .timeDecay(let halfLife) = model {
      decay = TouchDecay(halfLife: halfLife, valueCount: valueCount)
    }
  }

  /// Turns to the touches of one entity, by their places.
  mutating func enter(_ entity: Range<Int>) {
    decay?.clear(tally.values)
    tally.clear()
    window = entity.lowerBound..<entity.lowerBound
    end = entity.upperBound
    (first, last) = (window, window)
  }

  /// Moves on to a conversion; its time is no earlier than that of the one before.
  mutating func move(to time: Int64) {
    var (low, high) = (window.lowerBound, window.upperBound)
    while high < end, times[high] <= time {
      tally.add(values[high])
      decay?.add(values[high], at: times[high], among: tally.values)
      high &+= 1
    }
    let (start, isOver) = within.map { time.subtractingReportingOverflow($0) } ?? (.min, false)
    while !isOver, low < high, times[low] < start {
      tally.remove(values[low])
      decay?.remove(values[low], at: times[low], isLast: tally[values[low]].all == 0)
      low &+= 1
    }
    window = low..<high
    decay?.refresh(times, values, window)
    setEnds()
  }

  /// Finds the touches of the earliest and of the latest time anew where the window has others: those of one time come
  /// and go together.
  private mutating func setEnds() {
    if first.isEmpty || first.lowerBound != window.lowerBound {
      var next = window.lowerBound
      while next < window.upperBound, times[next] == times[window.lowerBound] { next &+= 1 }
      tally.change(&first, to: window.lowerBound..<next, of: values) { $0.first &+= $1 }
    }
    if last.isEmpty || last.upperBound != window.upperBound || window.isEmpty {
      var start = window.upperBound
      while start > window.lowerBound, times[start &- 1] == times[window.upperBound &- 1] { start &-= 1 }
      tally.change(&last, to: start..<window.upperBound, of: values) { $0.last &+= $1 }
    }
  }

  /// Whether the conversion has no touch.
  var isEmpty: Bool { window.isEmpty }

  /// Calls `body` with each value that the conversion's touches have, its part of the conversion, and how many touches
  /// have it.
  @inline(__always)
  func forEachCredit(_ body: (_ value: UInt32, _ credit: Double, _ touches: Int32) -> Void) {
    if let decay {
      let total = tally.values.reduce(0) { $0 + decay.weight(of: $1) }
      for value in tally.values { body(value, decay.weight(of: value) / total, tally[value].all) }
      return
    }
    let shares = shares
    for value in tally.values {
      let count = tally[value]
      let (all, early, late) = (count.all, count.first, count.last)
      let credit =
        switch (model, first == last) {
        case (.participation, _): 1.0
        case (_, true): shares.first * Double(all)
        case (_, false):
          shares.first * Double(early) + shares.between * Double(all &- early &- late)
            + shares.last * Double(late)
        }
      body(value, credit, all)
    }
  }

  /// The part of the conversion of each touch of the earliest time, of the latest time and between.
  private var shares: (first: Double, between: Double, last: Double) {
    let all = Double(window.count)
    let (early, late) = (Double(first.count), Double(last.count))
    if first == last { return (1 / all, 0, 1 / all) }
    switch model {
    case .first: return (1 / early, 0, 0)
    case .last: return (0, 0, 1 / late)
    case .position where window.count == 2: return (0.5, 0, 0.5)
    case .position:
      // Touches of one time take the places of the first, or the last, and some between; they share their parts.
      let between = 0.2 / (all - 2)
      return ((0.4 + (early - 1) * between) / early, between, (0.4 + (late - 1) * between) / late)
    case .linear, .timeDecay, .participation: return (1 / all, 1 / all, 1 / all)
    }
  }
}
