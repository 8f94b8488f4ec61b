/// The number, mean and centred second moment of some values; enough for every estimate that sees means.
///
/// Source of the updates: B. P. Welford (1962); Chan, Golub and LeVeque (1979). They do not lose digits where
/// the mean is large against the spread.
@frozen public struct Moments: Hashable, Sendable {
  /// How many values there are; whole unless values have weights.
  public var count: Double
  /// 0 of no values.
  public var mean: Double
  /// The sum of squared differences from the mean.
  public var m2: Double

  /// Those of no values.
  @inlinable public init() { self.init(count: 0, mean: 0, m2: 0) }

  /// From moments that are known already.
  @inlinable public init(count: Double, mean: Double, m2: Double) {
    self.count = count
    self.mean = mean
    self.m2 = m2
  }

  /// Takes in one value.
  @inlinable public mutating func add(_ value: Double) {
    count += 1
    let difference = value - mean
    mean += difference / count
    m2 += difference * (value - mean)
  }

  /// Takes in the moments of other values.
  @inlinable public mutating func merge(_ other: Moments) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let total = count + other.count
    let difference = other.mean - mean
    m2 += other.m2 + difference * difference * (count * other.count / total)
    mean += difference * (other.count / total)
    count = total
  }

  /// The sample variance, with `count - 1`; nothing of fewer than two values.
  @inlinable public var sampleVariance: Double? { count < 2 ? nil : m2 / (count - 1) }

  /// The population variance, with `count`; nothing of no values.
  @inlinable public var populationVariance: Double? { count < 1 ? nil : m2 / count }
}

/// The moments of pairs of values, with their centred cross-moment.
@frozen public struct PairMoments: Hashable, Sendable {
  /// The moments of the first values.
  public var x: Moments
  /// The moments of the second values.
  public var y: Moments
  /// The sum of products of the differences from the means.
  public var cross: Double

  /// Those of no pairs.
  @inlinable public init() { self.init(x: Moments(), y: Moments(), cross: 0) }

  /// From moments that are known already.
  @inlinable public init(x: Moments, y: Moments, cross: Double) {
    self.x = x
    self.y = y
    self.cross = cross
  }

  /// How many pairs there are.
  public var count: Double { x.count }

  /// Takes in one pair.
  @inlinable public mutating func add(_ x: Double, _ y: Double) {
    let before = x - self.x.mean
    self.x.add(x)
    self.y.add(y)
    cross += before * (y - self.y.mean)
  }

  /// Takes in the moments of other pairs.
  @inlinable public mutating func merge(_ other: PairMoments) {
    guard other.x.count > 0 else { return }
    guard x.count > 0 else {
      self = other
      return
    }
    let weight = x.count * other.x.count / (x.count + other.x.count)
    cross += other.cross + (other.x.mean - x.mean) * (other.y.mean - y.mean) * weight
    x.merge(other.x)
    y.merge(other.y)
  }

  /// The sample covariance, with `count - 1`; nothing of fewer than two pairs.
  public var sampleCovariance: Double? { x.count < 2 ? nil : definedCross / (x.count - 1) }

  /// The population covariance, with `count`; nothing of no pairs.
  public var populationCovariance: Double? { x.count < 1 ? nil : definedCross / x.count }

  /// The cross-moment, not a number where a value is not finite: it depends on the order of the pairs then whether
  /// differences from an infinite mean show in it.
  private var definedCross: Double { x.m2.isNaN || y.m2.isNaN ? .nan : cross }

  /// Pearson's correlation; nothing where one side does not vary.
  public var correlation: Double? {
    guard x.m2 > 0, y.m2 > 0 else { return nil }
    // The product of the two slopes; unlike the product of the moments it does not overflow.
    let size = min(1, ((cross / x.m2) * (cross / y.m2)).squareRoot())
    return cross < 0 ? -size : size
  }
}
