import Testing
import Values

@testable import Charts

@Suite struct TicksTests {
  @Test(arguments: [
    (0.3, 0.5), (1, 1), (1.1, 2), (3, 5), (7, 10), (0.02, 0.02), (0.0021, 0.005), (1234, 2000),
  ])
  func stepsAreOneTwoFive(size: Double, step: Double) {
    #expect(Ticks.niceStep(atLeast: size) == step)
  }

  @Test func stepsOfNothingAreOne() {
    #expect(Ticks.niceStep(atLeast: 0) == 1)
    #expect(Ticks.niceStep(atLeast: .infinity) == 1)
  }

  @Test func durationsStepByTheClock() {
    #expect(Ticks.durationStep(atLeast: 7e6) == 10e6)
    #expect(Ticks.durationStep(atLeast: 40e6) == 60e6)
    #expect(Ticks.durationStep(atLeast: 4 * 3600e6) == 6 * 3600e6)
    #expect(Ticks.durationStep(atLeast: 15 * 86_400e6) == 20 * 86_400e6)
    #expect(Ticks.durationStep(atLeast: 3) == 5)
  }

  @Test func multiplesAreExact() {
    #expect(Ticks.multiples(of: 0.1, in: 0...0.5) == [0, 0.1, 0.2, 0.3, 0.4, 0.5])
    #expect(Ticks.multiples(of: 5, in: -7...7) == [-5, 0, 5])
    #expect(Ticks.multiples(of: 1e-9, in: 0...1).isEmpty)
  }

  private func labels(_ values: [Double], step: Double, _ display: Display = .automatic) -> [String] {
    NumberText.ticks(values, step: step, display)
  }

  @Test func labelsShareUnitAndDecimals() {
    #expect(labels([0, 2000, 4000], step: 2000) == ["0", "2,000", "4,000"])
    #expect(labels([0, 5000, 10000], step: 5000) == ["0", "5k", "10k"])
    #expect(labels([0, 500_000, 1_000_000], step: 500_000) == ["0", "0.5M", "1.0M"])
    #expect(labels([-2e9, 0, 2e9], step: 2e9) == ["−2B", "0", "2B"])
    #expect(labels([1_000_000, 1_000_100], step: 100) == ["1,000.0k", "1,000.1k"])
    #expect(labels([1_000_000, 1_000_001], step: 1) == ["1,000,000", "1,000,001"])
    #expect(labels([0, 0.05, 0.1], step: 0.05, .percent(decimals: 1)) == ["0%", "5%", "10%"])
    #expect(labels([0, 0.005], step: 0.005, .percent(decimals: 0)) == ["0%", "0.5%"])
    #expect(labels([-10_000, 0], step: 10_000, .money(currency: "EUR")) == ["−€10k", "€0"])
    #expect(labels([2024, 2025], step: 1, .plain) == ["2024", "2025"])
  }

  @Test func numbersInWords() {
    #expect(NumberText.exact(1_234_567, .automatic) == "1,234,567")
    #expect(NumberText.exact(0.123456, .automatic) == "0.1235")
    #expect(NumberText.exact(2.5, .automatic) == "2.5")
    #expect(NumberText.exact(-0.0004, .percent(decimals: 1)) == "0.0%")
    #expect(NumberText.exact(0.1234, .percent(decimals: 1)) == "12.3%")
    #expect(NumberText.exact(12.5, .money(currency: "USD")) == "$12.50")
    #expect(NumberText.exact(1e20, .automatic) == "1×10²⁰")
    #expect(NumberText.exact(0.00001, .automatic) == "1×10⁻⁵")
    #expect(NumberText.exact(1999.5, .number(decimals: 0)) == "2,000")
  }

  @Test func durationsInWords() {
    #expect(TimeText.duration(0) == "0\u{A0}s")
    #expect(TimeText.duration(90e6) == "1.5\u{A0}min")
    #expect(TimeText.duration(2 * 86_400e6) == "2\u{A0}d")
    #expect(TimeText.duration(-3600e6) == "−1\u{A0}h")
    #expect(TimeText.duration(1500) == "1.5\u{A0}ms")
  }
}
