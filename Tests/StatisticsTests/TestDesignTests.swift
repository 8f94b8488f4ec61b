import Testing

@testable import Statistics

struct TestDesignTests {
  private let twoSided = TestDesign(alpha: 0.05, power: 0.8)

  /// Source: R 4.2.2, `power.prop.test(p1, p2, power = .8, tol = 1e-12)` and, for the power, `strict = TRUE`.
  @Test func proportions() throws {
    #expect(near(twoSided.sampleSize(proportions: 0.1, 0.11), 14750.790469045, relative: 1e-8))
    #expect(near(twoSided.sampleSize(proportions: 0.5, 0.52), 9805.99620873867, relative: 1e-8))
    #expect(near(twoSided.power(proportions: 0.1, 0.11, perGroup: 15000), 0.806533654656269))
    let detectable = try #require(twoSided.detectableProportion(above: 0.0573, perGroup: 20000))
    #expect(near(detectable, 0.0639864794927728, relative: 1e-8))
    #expect(twoSided.detectableProportion(above: 0.5, perGroup: 3) == nil)
  }

  /// Source: statsmodels 0.15.0, `NormalIndPower`.
  @Test func meansByTheNormalApproximation() {
    #expect(near(twoSided.sampleSizeZ(effect: 0.2), 392.4430232577885, relative: 1e-7))
    #expect(
      near(TestDesign(alpha: 0.025, sides: .one).sampleSizeZ(effect: 0.3), 174.4195496522013, relative: 1e-7))
    #expect(near(twoSided.powerZ(effect: 0.5, count: 12), 0.23182752880768373))
    let detectable = twoSided.detectableEffectZ(count: 5000)
    #expect(near(twoSided.powerZ(effect: detectable, count: 5000), 0.8))
    #expect(
      near(detectable, 0.056029829945018796, relative: 1e-4), "statsmodels' search stops early, at 79.997%")
  }

  /// Source: statsmodels 0.15.0, `TTestIndPower`.
  @Test func meansByTheTDistribution() {
    #expect(near(twoSided.sampleSizeT(effect: 0.2), 393.4056930002526, relative: 1e-6))
    #expect(
      near(TestDesign(alpha: 0.025, sides: .one).sampleSizeT(effect: 0.3), 175.38509659766524, relative: 1e-6)
    )
    #expect(near(twoSided.powerT(effect: 0.5, count: 12), 0.21614307348920384, relative: 1e-7))
  }

  /// Source: R 4.2.2 `power.t.test` and R pwr 1.3.0 `pwr.t.test`.
  @Test func meansAsInR() {
    #expect(near(twoSided.detectableEffectT(count: 2000) * 9.1, 0.806397257731822, relative: 1e-8))
    #expect(near(TestDesign(sides: .one).sampleSizeT(effect: 0.3), 138.071551256585, relative: 1e-5))
  }

  /// Above ten million units the search gives way to the first term of the difference.
  @Test func aLargeSampleJoinsTheNormalApproximation() {
    let below = twoSided.sampleSizeT(effect: 0.0009)
    let above = twoSided.sampleSizeT(effect: 0.0008)
    #expect(below < 20_000_000 && above > 20_000_000)
    #expect(near(above / below, (0.0009 / 0.0008) * (0.0009 / 0.0008), relative: 1e-6))
  }

  @Test func sizesReachThePowerThatTheyPromise() {
    for effect in [0.01, 0.1, 0.5, 1, 3] {
      for power in [0.1, 0.5, 0.8, 0.99] {
        let design = TestDesign(alpha: 0.05, power: power)
        let size = design.sampleSizeT(effect: effect, ratio: 2)
        #expect(design.powerT(effect: effect, count: size, ratio: 2) >= power - 1e-9)
        if size > 2 { #expect(design.powerT(effect: effect, count: size * 0.999, ratio: 2) < power) }
      }
    }
  }
}
