import Planning

/// The touches that lie in the window of a conversion, while it moves along the touches of one entity.
///
/// Touches are known by the number of what they credit. Every touch comes in and goes out once, so a conversion costs
/// as much as there are different values in its window.
struct TouchWindow {
  private let model: AttributionPlan.Model
  private let within: Int64?
  /// In the order of time; the numbers are those of the credited values.
  private var times: [Int64] = []
  private var numbers: [UInt32] = []
  /// The places of the touches in the window.
  private var window = 0..<0
  private var end = 0
  private var all = TouchTally()
  /// The touches of the earliest and of the latest time in the window; one and the same where it has one time.
  private var first = TouchTally()
  private var last = TouchTally()
  private var firstPlaces = 0..<0
  private var lastPlaces = 0..<0
  private var decay: TouchDecay?

  init(_ model: AttributionPlan.Model, within: Int64?) {
    self.model = model
    self.within = within
    if case .timeDecay(let halfLife) = model { decay = TouchDecay(halfLife: halfLife) }
  }

  /// Turns to the touches of a batch.
  mutating func start(times: [Int64], numbers: [UInt32]) {
    enter(0..<0)
    (self.times, self.numbers) = (times, numbers)
  }

  /// Turns to the touches of one entity, by their places in the batch.
  mutating func enter(_ entity: Range<Int>) {
    for place in window { all.remove(numbers[place]) }
    decay?.clear(window.lazy.map { [numbers] in numbers[$0] })
    window = entity.lowerBound..<entity.lowerBound
    end = entity.upperBound
    first.change(&firstPlaces, to: window, of: numbers)
    last.change(&lastPlaces, to: window, of: numbers)
  }

  /// Moves on to a conversion; its time is no earlier than that of the one before.
  mutating func move(to time: Int64) {
    var (low, high) = (window.lowerBound, window.upperBound)
    while high < end, times[high] <= time {
      all.add(numbers[high])
      decay?.add(numbers[high], at: times[high], among: all.values)
      high += 1
    }
    let (start, isOver) = within.map { time.subtractingReportingOverflow($0) } ?? (.min, false)
    while !isOver, low < high, times[low] < start {
      all.remove(numbers[low])
      decay?.remove(numbers[low], at: times[low], isLast: all.count(of: numbers[low]) == 0)
      low += 1
    }
    window = low..<high
    decay?.refresh(times, numbers, window)
    setGroups()
  }

  /// Finds the touches of the earliest and of the latest time anew where the window has others: those of one time come
  /// and go together.
  private mutating func setGroups() {
    if window.isEmpty { return }
    if firstPlaces.isEmpty || firstPlaces.lowerBound != window.lowerBound {
      var next = window.lowerBound + 1
      while next < window.upperBound, times[next] == times[window.lowerBound] { next += 1 }
      first.change(&firstPlaces, to: window.lowerBound..<next, of: numbers)
    }
    if lastPlaces.isEmpty || lastPlaces.upperBound != window.upperBound {
      var start = window.upperBound - 1
      while start > window.lowerBound, times[start - 1] == times[start] { start -= 1 }
      last.change(&lastPlaces, to: start..<window.upperBound, of: numbers)
    }
  }

  /// Whether the conversion has no touch.
  var isEmpty: Bool { window.isEmpty }

  /// Calls `body` with each value that the conversion's touches have, its part of the conversion, and how many touches
  /// have it.
  func forEachCredit(_ body: (_ number: UInt32, _ credit: Double, _ touches: Int) -> Void) {
    if let decay {
      let total = all.values.reduce(0) { $0 + decay.weight(of: $1) }
      for number in all.values { body(number, decay.weight(of: number) / total, all.count(of: number)) }
      return
    }
    let shares = shares
    for number in all.values {
      let touches = all.count(of: number)
      let (early, late) = (first.count(of: number), last.count(of: number))
      let credit =
        switch (model, firstPlaces == lastPlaces) {
        case (.participation, _): 1.0
        case (_, true): shares.first * Double(touches)
        case (_, false):
          shares.first * Double(early) + shares.between * Double(touches - early - late)
            + shares.last * Double(late)
        }
      body(number, credit, touches)
    }
  }

  /// The part of the conversion of each touch of the earliest time, of the latest time and between.
  private var shares: (first: Double, between: Double, last: Double) {
    let all = Double(window.count)
    let (early, late) = (Double(firstPlaces.count), Double(lastPlaces.count))
    if firstPlaces == lastPlaces { return (1 / all, 0, 1 / all) }
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
