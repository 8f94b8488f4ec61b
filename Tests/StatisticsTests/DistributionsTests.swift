import Testing

@testable import Statistics

func near(_ value: Double, _ expected: Double, relative: Double = 1e-9, absolute: Double = 1e-12) -> Bool {
  abs(value - expected) <= absolute + relative * abs(expected)
}

/// Source of the expected values: scipy 1.18.1 (`scipy.stats`).
struct DistributionsTests {
  @Test func studentQuantiles() {
    let cases: [(Double, Double)] = [
      (1, 12.706204736174694), (2.5, 3.5746548420036817), (10, 2.228138851986274), (33.7, 2.032911091207303),
      (1000.25, 1.9623384864941926), (1e7, 1.959964221767205),
    ]
    for (df, expected) in cases {
      #expect(near(StudentT(df: df).quantile(0.975), expected))
      #expect(near(StudentT(df: df).upperQuantile(0.025), expected))
    }
  }

  @Test func studentTails() {
    let cases: [(Double, Double, Double)] = [
      (0.5, 3.2, 0.32472508900659736), (2, 17.5, 0.030633382669594363), (8, 100.1, 1.1302991542099554e-12),
    ]
    for (t, df, expected) in cases {
      #expect(near(StudentT(df: df).sf(t), expected, relative: 1e-8, absolute: 0))
    }
  }

  @Test func chiSquaredTails() {
    let cases: [(Double, Double, Double)] = [
      (0.1, 1, 0.7518296340458492), (3.841458820694124, 1, 0.04999999999999989),
      (10.5, 3, 0.014760897143990665),
      (60, 2, 9.357622968840163e-14), (300, 4, 1.083439491947837e-63),
    ]
    for (x, df, expected) in cases { #expect(near(ChiSquared(df: df).sf(x), expected, absolute: 0)) }
  }

  @Test func betaQuantiles() {
    let cases: [(Double, Double, Double, Double)] = [
      (0.025, 8, 93, 0.0351715625181628), (0.975, 9, 92, 0.15155763586442095),
      (0.5, 0.5, 100.5, 0.002266429228530002),
    ]
    for (p, a, b, expected) in cases { #expect(near(Beta(a: a, b: b).quantile(p), expected)) }
  }

  @Test func fisherTails() {
    let cases: [(Double, Double, Double, Double)] = [
      (1.5, 2, 40, 0.2354131480606064), (4.2, 3, 200.5, 0.0065734633452426494),
      (25, 5, 1000, 8.495329074919341e-24),
    ]
    for (f, df1, df2, expected) in cases {
      #expect(near(FisherF(df1: df1, df2: df2).sf(f), expected, absolute: 0))
    }
  }

  @Test func farTailsAreNotZero() {
    #expect(Normal.sf(30) > 0 && Normal.sf(30) < 1e-190)
    #expect(near(Normal.upperQuantile(1e-100), -Normal.quantile(1e-100)))
    #expect(near(Normal.quantile(0.975), 1.959963984540054))
    #expect(near(Normal.cdf(1.2) + Normal.sf(1.2), 1))
  }

  @Test func outsideTheDomainIsNaN() {
    #expect(Normal.quantile(1.5).isNaN)
    #expect(StudentT(df: -1).cdf(0).isNaN)
    #expect(ChiSquared(df: 0).sf(1).isNaN)
    #expect(Beta(a: -1, b: 1).quantile(0.5).isNaN)
    #expect(NoncentralT(df: .nan, delta: 1).cdf(0).isNaN)
  }
}
