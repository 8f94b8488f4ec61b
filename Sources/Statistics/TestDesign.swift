/// What a comparison of two groups is to achieve.
public struct TestDesign: Hashable, Sendable {
  /// Whether an effect in one direction counts, or in both.
  public enum Sides: Int, Hashable, Sendable { case one = 1, two }

  /// The probability of finding an effect where there is none.
  public var alpha: Double
  /// The probability of finding the effect where there is one.
  public var power: Double
  /// On which sides an effect is looked for.
  public var sides: Sides

  /// By default as most experiments are designed: 5%, 80%, two-sided.
  public init(alpha: Double = 0.05, power: Double = 0.8, sides: Sides = .two) {
    self.alpha = alpha
    self.power = power
    self.sides = sides
  }

  /// The tail that the test leaves on each of its sides.
  var tail: Double { alpha / Double(sides.rawValue) }
  private var zAlpha: Double { Normal.upperQuantile(tail) }
  private var zPower: Double { Normal.quantile(power) }
}

// MARK: Proportions

extension TestDesign {
  /// How many units each of two groups needs, not rounded, to tell two proportions apart: pooled variance
  /// under the null hypothesis, each group's own under the alternative. The opposite tail is not counted.
  public func sampleSize(proportions a: Double, _ b: Double) -> Double {
    let mean = (a + b) / 2
    let null = zAlpha * (2 * mean * (1 - mean)).squareRoot()
    let alternative = zPower * (a * (1 - a) + b * (1 - b)).squareRoot()
    return ((null + alternative) / (a - b)).squared
  }

  /// The probability of telling two proportions apart with so many units in each group, of both tails when
  /// two-sided.
  public func power(proportions a: Double, _ b: Double, perGroup count: Double) -> Double {
    let mean = (a + b) / 2
    let null = zAlpha * (2 * mean * (1 - mean)).squareRoot()
    let deviation = (a * (1 - a) + b * (1 - b)).squareRoot()
    let shift = abs(a - b) * count.squareRoot()
    let upper = Normal.sf((null - shift) / deviation)
    return sides == .one ? upper : upper + Normal.sf((null + shift) / deviation)
  }

  /// The larger proportion that so many units in each group tell apart from a baseline; nothing where even 1
  /// is not.
  public func detectableProportion(above baseline: Double, perGroup count: Double) -> Double? {
    guard sampleSize(proportions: baseline, 1) <= count else { return nil }
    return root(between: baseline, and: 1) { sampleSize(proportions: baseline, $0) <= count }
  }
}

// MARK: Means

extension TestDesign {
  /// How many units the first of two groups needs, not rounded, by the normal approximation. The effect is in
  /// standard deviations; `ratio` is the second group's size over the first's.
  public func sampleSizeZ(effect: Double, ratio: Double = 1) -> Double {
    // Only one tail in closed form. The other matters for tiny powers alone, where a search goes on.
    let closed = ((zAlpha + zPower) / effect).squared * (1 + 1 / ratio)
    guard sides == .two, powerZ(effect: effect, count: closed, ratio: ratio) > power * (1 + 1e-12) else {
      return closed
    }
    return root(between: closed / 16, and: closed) {
      powerZ(effect: effect, count: $0, ratio: ratio) >= power
    }
  }

  /// The power of a comparison of means by the normal approximation, with `count` units in the first group.
  public func powerZ(effect: Double, count: Double, ratio: Double = 1) -> Double {
    let shift = abs(effect) * (count / (1 + 1 / ratio)).squareRoot()
    let upper = Normal.sf(zAlpha - shift)
    return sides == .one ? upper : upper + Normal.sf(zAlpha + shift)
  }

  /// How many units the first of two groups needs, not rounded, by the noncentral t distribution; at least 2.
  public func sampleSizeT(effect: Double, ratio: Double = 1) -> Double {
    let normal = sampleSizeZ(effect: effect, ratio: ratio)
    // Beyond this the t distribution differs from the normal one by its first term alone.
    guard normal < 10_000_000 else { return normal + zAlpha.squared / (2 * (1 + ratio)) }
    let least = max(2, 2 / ratio)
    if powerT(effect: effect, count: least, ratio: ratio) >= power { return least }
    var high = max(least * 2, normal * 1.5 + 10)
    while powerT(effect: effect, count: high, ratio: ratio) < power, high < 1e12 { high *= 2 }
    return root(between: least, and: high) { powerT(effect: effect, count: $0, ratio: ratio) >= power }
  }

  /// The power of a t test of means with equal variances, with `count` units in the first group, of both
  /// tails when two-sided.
  public func powerT(effect: Double, count: Double, ratio: Double = 1) -> Double {
    let df = count * (1 + ratio) - 2
    let shift = NoncentralT(df: df, delta: abs(effect) * (count / (1 + 1 / ratio)).squareRoot())
    let critical = StudentT(df: df).upperQuantile(tail)
    return sides == .one ? shift.sf(critical) : shift.sf(critical) + shift.cdf(-critical)
  }

  /// The smallest effect, in standard deviations, that a t test finds with `count` units in the first group.
  public func detectableEffectT(count: Double, ratio: Double = 1) -> Double {
    var high = 2 * (zAlpha + abs(zPower)) * ((1 + 1 / ratio) / count).squareRoot()
    while powerT(effect: high, count: count, ratio: ratio) < power, high < 1e6 { high *= 2 }
    return root(between: 0, and: high) { powerT(effect: $0, count: count, ratio: ratio) >= power }
  }

  /// The same by the normal approximation.
  public func detectableEffectZ(count: Double, ratio: Double = 1) -> Double {
    let high = 2 * (zAlpha + abs(zPower)) * ((1 + 1 / ratio) / count).squareRoot()
    return root(between: 0, and: high) { powerZ(effect: $0, count: count, ratio: ratio) >= power }
  }
}

/// Where a condition that is false at `low` and true at `high` becomes true, by bisection to the last digits.
private func root(between low: Double, and high: Double, _ holds: (Double) -> Bool) -> Double {
  var (low, high) = (low, high)
  for _ in 0..<200 {
    let middle = low + (high - low) / 2
    guard middle > low, middle < high else { break }
    if holds(middle) { high = middle } else { low = middle }
  }
  return high
}

extension Double {
  fileprivate var squared: Double { self * self }
}
