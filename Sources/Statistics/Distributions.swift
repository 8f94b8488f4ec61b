import CBoostMath

/// The standard normal distribution.
public enum Normal {
  /// The probability of not exceeding a value.
  public static func cdf(_ x: Double) -> Double { cbm_normal_cdf(x) }
  /// The probability of exceeding a value, exact where `1 - cdf` would be 0.
  public static func sf(_ x: Double) -> Double { cbm_normal_sf(x) }
  /// NaN unless `p` lies between 0 and 1.
  public static func quantile(_ p: Double) -> Double { cbm_normal_quantile(p) }
  /// The value that is exceeded with a probability, exact for very small ones.
  public static func upperQuantile(_ q: Double) -> Double { cbm_normal_upper_quantile(q) }
}

/// Student's t distribution; the degrees of freedom need not be whole.
public struct StudentT: Hashable, Sendable {
  /// Degrees of freedom, above zero.
  public var df: Double

  /// A distribution by its parameters.
  public init(df: Double) { self.df = df }

  /// The probability of not exceeding a value.
  public func cdf(_ x: Double) -> Double { cbm_t_cdf(x, df) }
  /// The probability of exceeding a value, exact where `1 - cdf` would be 0.
  public func sf(_ x: Double) -> Double { cbm_t_sf(x, df) }
  /// NaN unless `p` lies between 0 and 1.
  public func quantile(_ p: Double) -> Double { cbm_t_quantile(p, df) }
  /// The value that is exceeded with a probability, exact for very small ones.
  public func upperQuantile(_ q: Double) -> Double { cbm_t_upper_quantile(q, df) }
}

/// The χ² distribution.
public struct ChiSquared: Hashable, Sendable {
  /// Degrees of freedom, above zero.
  public var df: Double

  /// A distribution by its parameters.
  public init(df: Double) { self.df = df }

  /// The probability of not exceeding a value.
  public func cdf(_ x: Double) -> Double { cbm_chi2_cdf(x, df) }
  /// The probability of exceeding a value, exact where `1 - cdf` would be 0.
  public func sf(_ x: Double) -> Double { cbm_chi2_sf(x, df) }
  /// NaN unless `p` lies between 0 and 1.
  public func quantile(_ p: Double) -> Double { cbm_chi2_quantile(p, df) }
  /// The value that is exceeded with a probability, exact for very small ones.
  public func upperQuantile(_ q: Double) -> Double { cbm_chi2_upper_quantile(q, df) }
}

/// The beta distribution.
public struct Beta: Hashable, Sendable {
  /// The first shape, above zero.
  public var a: Double
  /// The second shape, above zero.
  public var b: Double

  /// A distribution by its parameters.
  public init(a: Double, b: Double) {
    self.a = a
    self.b = b
  }

  /// The probability of not exceeding a value.
  public func cdf(_ x: Double) -> Double { cbm_beta_cdf(x, a, b) }
  /// The probability of exceeding a value, exact where `1 - cdf` would be 0.
  public func sf(_ x: Double) -> Double { cbm_beta_sf(x, a, b) }
  /// NaN unless `p` lies between 0 and 1.
  public func quantile(_ p: Double) -> Double { cbm_beta_quantile(p, a, b) }
}

/// Fisher's F distribution.
public struct FisherF: Hashable, Sendable {
  /// Degrees of freedom of the numerator.
  public var df1: Double
  /// Degrees of freedom of the denominator.
  public var df2: Double

  /// A distribution by its parameters.
  public init(df1: Double, df2: Double) {
    self.df1 = df1
    self.df2 = df2
  }

  /// The probability of not exceeding a value.
  public func cdf(_ x: Double) -> Double { cbm_f_cdf(x, df1, df2) }
  /// The probability of exceeding a value, exact where `1 - cdf` would be 0.
  public func sf(_ x: Double) -> Double { cbm_f_sf(x, df1, df2) }
}

/// The distribution of a t statistic whose mean is not zero. Accurate to about 1e-15, absolutely.
public struct NoncentralT: Hashable, Sendable {
  /// Degrees of freedom, above zero.
  public var df: Double
  /// How far the mean is shifted.
  public var delta: Double

  /// A distribution by its parameters.
  public init(df: Double, delta: Double) {
    self.df = df
    self.delta = delta
  }

  /// The probability of not exceeding a value.
  public func cdf(_ x: Double) -> Double { cbm_nct_cdf(x, df, delta) }
  /// The probability of exceeding a value.
  public func sf(_ x: Double) -> Double { cbm_nct_sf(x, df, delta) }
}
