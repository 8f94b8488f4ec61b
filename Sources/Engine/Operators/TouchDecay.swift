import Foundation

/// The weights of touches that halve with each half life, added up by value.
///
/// They are relative to a base that moves on with the touches, so that none is too great to be a number. What is taken
/// away leaves rounding errors behind: they are done away with by adding up anew, as often as touches went.
struct TouchDecay {
  private let halfLife: Double
  private var base = Int64.min
  private var sums: [Double]
  private var removedCount = 0

  /// - Parameter valueCount: what the numbers of values are less than.
  init(halfLife: Int64, valueCount: Int) {
    self.halfLife = Double(halfLife)
    sums = [Double](repeating: 0, count: valueCount)
  }

  func weight(of value: UInt32) -> Double { sums[Int(value)] }

  private func weight(at time: Int64) -> Double { exp2((Double(time) - Double(base)) / halfLife) }

  /// Adds a touch that is no earlier than those before; `values` are those in the window, its own among them.
  mutating func add(_ value: UInt32, at time: Int64, among values: UnsafeBufferPointer<UInt32>) {
    if (Double(time) - Double(base)) / halfLife > 512 {
      let factor = 1 / weight(at: time)
      for value in values { sums[Int(value)] *= factor }
      base = time
    }
    sums[Int(value)] += weight(at: time)
  }

  /// Takes a touch away.
  mutating func remove(_ value: UInt32, at time: Int64, isLast: Bool) {
    removedCount += 1
    let rest = sums[Int(value)] - weight(at: time)
    sums[Int(value)] = isLast ? 0 : max(0, rest)
  }

  /// Adds up anew once more touches went than there are left.
  mutating func refresh(
    _ times: UnsafeBufferPointer<Int64>, _ values: UnsafeBufferPointer<UInt32>, _ window: Range<Int>
  ) {
    guard removedCount > window.count + 16 else { return }
    removedCount = 0
    guard let last = window.last else { return }
    base = times[last]
    for place in window { sums[Int(values[place])] = 0 }
    for place in window { sums[Int(values[place])] += weight(at: times[place]) }
  }

  /// Forgets the touches of an entity, which have some values; times begin anew.
  mutating func clear(_ values: UnsafeBufferPointer<UInt32>) {
    for value in values { sums[Int(value)] = 0 }
    base = .min
    removedCount = 0
  }
}
