import Foundation

/// Round numbers in even steps.
enum Ticks {
  /// The smallest of 1, 2 and 5 times a power of ten that is not below a size.
  static func niceStep(atLeast size: Double) -> Double {
    guard size.isFinite, size > 0 else { return 1 }
    let exponent = Int(log10(size).rounded(.down))
    for candidate in exponent...(exponent + 1) {
      for digit in [1.0, 2, 5] {
        let step = candidate < 0 ? digit / pow(10, Double(-candidate)) : digit * pow(10, Double(candidate))
        if step >= size * (1 - 1e-9) { return step }
      }
    }
    return size
  }

  /// The step of durations in microseconds that is not below a size: seconds, minutes and hours by their own
  /// parts.
  static func durationStep(atLeast size: Double) -> Double {
    let second = DurationUnit.seconds.length
    if size <= second { return niceStep(atLeast: size) }
    let small: [Double] = [1, 2, 5, 10, 15, 30]
    let steps =
      small.map { $0 * second } + small.map { $0 * 60 * second }
      + [1, 2, 3, 6, 12, 24, 48, 168, 336].map { $0 * 3600 * second }
    if let step = steps.first(where: { $0 >= size * (1 - 1e-9) }) { return step }
    return niceStep(atLeast: size / DurationUnit.days.length) * DurationUnit.days.length
  }

  /// The multiples of a step within a range, at most a thousand.
  static func multiples(of step: Double, in range: ClosedRange<Double>) -> [Double] {
    let slack = 1e-9 * max(1, (range.upperBound / step).magnitude)
    let first = (range.lowerBound / step - slack).rounded(.up)
    let last = (range.upperBound / step + slack).rounded(.down)
    guard first.isFinite, last.isFinite, last >= first, last - first < 1000 else { return [] }
    return (0...Int(last - first)).map { index in
      let multiple = first + Double(index)
      // Dividing by the inverse gives 0.3 where multiplying gives 0.30000000000000004.
      let inverse = (1 / step).rounded()
      return step < 1 && abs(inverse * step - 1) < 1e-12 ? multiple / inverse : multiple * step
    }
  }
}
