import Testing

@testable import Statistics

struct ProportionTests {
  /// Source: statsmodels 0.15.0, `proportion_confint(25, 25, method='wilson')`.
  @Test func wilsonAtTheEnd() {
    let interval = Proportion(successes: 25, trials: 25).wilsonInterval(level: 0.95)
    #expect(near(interval.lowerBound, 0.8668077490609515) && interval.upperBound == 1)
  }

  /// The bounds are the rates at which the score test just does not reject: z² = n(p̂ − p)² / p(1 − p).
  @Test func wilsonSolvesTheScoreEquation() {
    for (successes, trials) in [(1.0, 10.0), (15, 120), (10452, 100_321), (0, 7)] {
      for level in [0.8, 0.95, 0.999] {
        let z = Normal.upperQuantile((1 - level) / 2)
        let proportion = Proportion(successes: successes, trials: trials)
        let interval = proportion.wilsonInterval(level: level)
        for bound in [interval.lowerBound, interval.upperBound] where bound > 0 && bound < 1 {
          let difference = proportion.rate - bound
          #expect(near(trials * difference * difference / (bound * (1 - bound)), z * z))
        }
      }
    }
  }

  @Test func withoutTrialsNothingIsKnown() {
    #expect(Proportion(successes: 0, trials: 0).wilsonInterval(level: 0.95) == 0...1)
  }

  @Test func studentInterval() throws {
    let interval = try #require(MeanInterval.student(mean: 10, deviation: 3, count: 11, level: 0.95))
    #expect(near(interval.upperBound - 10, 2.228138851986274 * 3 / 11.0.squareRoot()))
    #expect(MeanInterval.student(mean: 10, deviation: 0, count: 1, level: 0.95) == nil)
  }
}
