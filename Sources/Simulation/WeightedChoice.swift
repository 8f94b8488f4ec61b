/// Draws a position with a probability in proportion to its weight.
struct WeightedChoice {
  private let cumulative: [Double]

  /// One weight above zero at least.
  init(_ weights: some Sequence<Double>) {
    var sum = 0.0
    cumulative = weights.map { weight in
      sum += weight
      return sum
    }
    precondition(sum > 0, "something can be chosen")
  }

  /// The position that a number in 0..<1 falls on. O(log count).
  func position(_ number: Double) -> Int {
    let target = number * cumulative[cumulative.count - 1]
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > target { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
