import Foundation

/// The weights of touches that halve with each half life, added up by value.
///
/// They are relative to a base that moves on with the touches, so that none is too great to be a number. What is taken
/// away leaves rounding errors behind: they are done away with by adding up anew, as often as touches went.
struct TouchDecay {
  private let halfLife: Double
  private var base: Int64 = 0
  private var sums: [Double] = []
  private var removedCount = 0

  init(halfLife: Int64) { self.halfLife = Double(halfLife) }

  func weight(of number: UInt32) -> Double { sums[Int(number)] }

  private func weight(at time: Int64) -> Double { exp2((Double(time) - Double(base)) / halfLife) }

  /// Adds a touch that is no earlier than those before; `values` are those in the window, its own among them.
  mutating func add(_ number: UInt32, at time: Int64, among values: [UInt32]) {
    if Int(number) >= sums.count {
      sums.append(contentsOf: repeatElement(0, count: max(Int(number) + 1, sums.count * 2) - sums.count))
    }
    if (Double(time) - Double(base)) / halfLife > 512 {
      let factor = 1 / weight(at: time)
      for value in values where Int(value) < sums.count { sums[Int(value)] *= factor }
      base = time
    }
    sums[Int(number)] += weight(at: time)
  }

  /// Takes a touch away.
  mutating func remove(_ number: UInt32, at time: Int64, isLast: Bool) {
    removedCount += 1
    let rest = sums[Int(number)] - weight(at: time)
    sums[Int(number)] = isLast ? 0 : max(0, rest)
  }

  /// Adds up anew once more touches went than there are left.
  mutating func refresh(_ times: [Int64], _ numbers: [UInt32], _ window: Range<Int>) {
    guard removedCount > window.count + 16 else { return }
    removedCount = 0
    guard let last = window.last else { return }
    base = times[last]
    for place in window { sums[Int(numbers[place])] = 0 }
    for place in window { sums[Int(numbers[place])] += weight(at: times[place]) }
  }

  /// Forgets the touches of an entity; times begin anew.
  mutating func clear(_ numbers: some Sequence<UInt32>) {
    for number in numbers { sums[Int(number)] = 0 }
    base = .min
    removedCount = 0
  }
}
