import TestSupport
import Testing
import Values

@testable import Functions

/// Ones among bytes are counted, and found, as if each byte was looked at.
struct RunningOnesTests {
  private static func masks() -> [[UInt8]] {
    var dice = Dice(3)
    return (Array(0...40) + [255, 256, 1000]).flatMap { count in
      [0, 3, 50, 100].map { share in (0..<count).map { _ in dice.chance(share) ? 1 : 0 } }
    }
  }

  @Test func onesUpToEachPlace() {
    for mask in Self.masks() {
      let found = RunningOnes.withOnes(of: mask) { ones in (0...mask.count).map { ones.count(before: $0) } }
      #expect(found == (0...mask.count).map { end in mask[..<end].count { $0 == 1 } })
    }
  }

  @Test func placesOfOnes() {
    for mask in Self.masks() {
      var found: [Int] = []
      mask.withUnsafeBufferPointer { mask in forEachOne(mask) { found.append($0) } }
      #expect(found == mask.indices.filter { mask[$0] == 1 })
    }
  }

  /// So many rows that few groups are counted in turns, of conditions and of values with nulls.
  @Test(arguments: ["count", "count_if"]) func manyRows(name: String) throws {
    var dice = Dice(7)
    for count in [8191, 8192, 8195, 20_001] {
      for hasNulls in [false, true] {
        let groups = (0..<count).map { _ in UInt32(dice.below(5)) }
        let values = (0..<count).map { _ in UInt8(dice.below(2)) }
        let validity = hasNulls ? (0..<count).map { _ in dice.chance(30) ? UInt8(0) : 1 } : nil
        let overload = try #require(
          Catalogue.aggregate(name)?.overloads.first { $0.parameters.map(\.type) == [.boolean] })
        let state = overload.makeState()
        state.grow(to: 5)
        try state.update(groups: groups, operands: [Operand(.booleans(values, validity: validity))])
        let expected = (0..<5).map { group in
          (0..<count).count { row in
            groups[row] == group && (validity?[row] ?? 1) == 1 && (name == "count" || values[row] == 1)
          }
        }
        #expect(try state.finish().scalars == expected.map { .integer(Int64($0)) })
      }
    }
  }
}
