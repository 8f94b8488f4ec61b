import TestSupport
import Testing

@testable import Engine

struct MaskTests {
  @Test func positionsAndCountsOfOnes() {
    var dice = Dice(1)
    for count in [0, 1, 7, 8, 9, 64, 2039, 2040, 2041, 5000] {
      for share in [0, 1, 10, 50, 90, 100] {
        let mask = (0..<count).map { _ in UInt8(dice.chance(share) ? 1 : 0) }
        let expected = mask.indices.filter { mask[$0] == 1 }.map { Int32($0) }
        #expect(mask.ones == expected.count)
        #expect(mask.onePositions == expected)
      }
    }
  }
}
