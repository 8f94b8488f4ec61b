import Testing

@testable import Simulation

@Suite struct GrowthBookHashTests {
  // Values of GrowthBook's own SDKs: those of ASCII are in the test cases that all of them share, the last two of
  // version 2 were run in the JavaScript and the Python SDK.
  @Test(arguments: [
    ("seed", "a", 0.0505), ("seed", "b", 0.2696), ("foo", "ab", 0.2575), ("foo", "def", 0.2019),
    ("s", "é", 0.8605), ("s", "日本", 0.0984),
  ])
  func `Version 2 gives GrowthBook's places`(seed: String, value: String, place: Double) {
    #expect(GrowthBookHash.place(of: value, seed: seed) == place)
  }

  @Test(arguments: [("", "a", 0.22), ("", "b", 0.077), ("b", "a", 0.946), ("ef", "d", 0.652)])
  func `Version 1 gives GrowthBook's places`(seed: String, value: String, place: Double) {
    #expect(GrowthBookHash.legacyPlace(of: value, seed: seed) == place)
  }

  @Test func `A slot holds its lower bound and not its upper`() {
    let weights = [0.5, 0.25, 0.25]
    #expect(GrowthBookHash.variation(at: 0, weights: weights) == 0)
    #expect(GrowthBookHash.variation(at: 0.4999, weights: weights) == 0)
    #expect(GrowthBookHash.variation(at: 0.5, weights: weights) == 1)
    #expect(GrowthBookHash.variation(at: 0.75, weights: weights) == 2)
    #expect(GrowthBookHash.variation(at: 0.9, weights: [0.2, 0.2]) == nil)
  }
}
