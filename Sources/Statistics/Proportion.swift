/// A proportion: how many of so many trials succeeded.
public struct Proportion: Hashable, Sendable {
  /// From 0 to the number of trials.
  public var successes: Double
  /// 0 or more.
  public var trials: Double

  /// So many of so many.
  public init(successes: Double, trials: Double) {
    self.successes = successes
    self.trials = trials
  }

  /// The share of successes; NaN without trials.
  public var rate: Double { successes / trials }

  /// Wilson's score interval at a confidence level such as 0.95, within 0 and 1; all of it without trials.
  ///
  /// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (1927).
  public func wilsonInterval(level: Double) -> ClosedRange<Double> {
    guard trials > 0 else { return 0...1 }
    let z = Normal.upperQuantile((1 - level) / 2)
    let share = z * z / trials
    let centre = (rate + share / 2) / (1 + share)
    let half = z / (1 + share) * (rate * (1 - rate) / trials + share / (4 * trials)).squareRoot()
    let low = successes == 0 ? 0 : max(0, centre - half)
    let high = successes == trials ? 1 : min(1, centre + half)
    return low...max(low, high)
  }
}

/// Student's interval of a mean.
public enum MeanInterval {
  /// The interval at a confidence level, of values with this mean and sample deviation; nothing of fewer than
  /// two.
  public static func student(
    mean: Double, deviation: Double, count: Double, level: Double
  ) -> ClosedRange<Double>? {
    guard count >= 2 else { return nil }
    let half = StudentT(df: count - 1).upperQuantile((1 - level) / 2) * deviation / count.squareRoot()
    return half.isFinite ? (mean - half)...(mean + half) : nil
  }
}
