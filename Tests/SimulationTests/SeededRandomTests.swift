import Foundation
import Testing

@testable import Simulation

@Suite struct SeededRandomTests {
  @Test func `The mix is SplitMix64's`() {
    // The first three numbers of the published generator from state 0.
    let golden: UInt64 = 0x9E37_79B9_7F4A_7C15
    #expect(SeededRandom.mixed(golden) == 0xE220_A839_7B1D_CDAF)
    #expect(SeededRandom.mixed(golden &* 2) == 0x6E78_9E6A_A1B9_65F4)
    #expect(SeededRandom.mixed(golden &* 3) == 0x06C4_5D18_8009_454F)
  }

  @Test func `A stream depends on the whole of its path`() {
    func first(_ random: SeededRandom) -> UInt64 {
      var random = random
      return random.next()
    }
    let streams = [
      SeededRandom(seed: 1), SeededRandom(seed: 2), SeededRandom(seed: 1, 0), SeededRandom(seed: 1, 0, 0),
      SeededRandom(seed: 1, 1), SeededRandom(seed: 1, 1, 2), SeededRandom(seed: 1, 2, 1),
    ]
    #expect(Set(streams.map(first)).count == streams.count)
    #expect(first(SeededRandom(seed: 1, 2, 1)) == first(SeededRandom(seed: 1, 2, 1)))
  }

  @Test func `Distributions have their means`() {
    var random = SeededRandom(seed: 7)
    let count = 100_000
    func mean(_ draw: (inout SeededRandom) -> Double) -> Double {
      (0..<count).reduce(0) { sum, _ in sum + draw(&random) } / Double(count)
    }
    // Five standard errors each.
    #expect(abs(mean { $0.uniform() } - 0.5) < 5 * 0.289 / 316)
    #expect(abs(mean { $0.normal() }) < 5.0 / 316)
    #expect(
      abs(
        mean {
          let x = $0.normal(); return x * x
        } - 1) < 5 * 1.42 / 316)
    #expect(abs(mean { $0.exponential(mean: 3) } - 3) < 5 * 3.0 / 316)
    #expect(abs(mean { Double($0.geometric(mean: 2)) } - 2) < 5 * 2.45 / 316)
    #expect(abs(mean { $0.logNormal(median: 2, spread: 0.5) } - 2 * exp(0.125)) < 5 * 1.21 / 316)
    #expect(mean { Double($0.geometric(mean: 0)) } == 0)
  }

  @Test func `Logarithm and exponential agree with the C library's`() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<10_000 {
      let power = (random.uniform() - 0.5) * 1300
      #expect(abs(Elementary.exp(power) / exp(power) - 1) < 1e-13)
      let number = exp(power)
      #expect(abs(Elementary.log(number) - log(number)) < 1e-15 * max(1, abs(log(number))) * 4)
    }
    #expect(Elementary.exp(0) == 1)
    #expect(Elementary.log(1) == 0)
    #expect(Elementary.log(0) == -.infinity)
  }

  @Test func `A choice falls on positions in proportion to their weights`() {
    let choice = WeightedChoice([1, 0, 3])
    #expect((0..<8).map { choice.position(Double($0) / 8) } == [0, 0, 2, 2, 2, 2, 2, 2])
    #expect(WeightedChoice([0, 5]).position(0) == 1)
  }
}
