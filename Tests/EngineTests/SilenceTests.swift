import EventStore
import TestSupport
import Testing
import Values

@testable import Engine

/// Which rows come after a silence, asked of whole seconds as they are stored and of times to the microsecond.
struct SilenceTests {
  private static let limits: [Int64] = [
    0, 1, 999_999, 1_000_000, 1_000_001, 1_800_000_000, 1_799_999_999, 1_800_000_001, 5_000_000_000_000_000,
    .max,
  ]

  @Test(arguments: limits) func storedSeconds(_ limit: Int64) throws {
    var dice = Dice(UInt64(limit))
    let silence = Silence(longerThan: limit)
    for count in [1, 2, 255, 256, 257, 258, 1000] {
      for hasParts in [false, true] {
        // Distances around the limit, where parts of a second decide.
        let apart = UInt32(min(limit / 1_000_000, 1 << 20))
        var second: UInt32 = 5
        let seconds = (0..<count).map { _ in
          // Now and then another entity begins, earlier.
          second =
            dice.chance(5) ? 0 : second + UInt32(dice.below(3)) + (dice.chance(50) ? max(apart, 1) - 1 : 0)
          return second
        }
        let parts = seconds.map { _ in hasParts ? UInt32(dice.below(3)) * 499_999 : 0 }
        let times = zip(seconds, parts).map { 1_772_300_000_000_000 + Int64($0) * 1_000_000 + Int64($1) }
        try seconds.withUnsafeBufferPointer { seconds in
          try parts.withUnsafeBufferPointer { parts in
            let stored = StoredColumn(
              type: .timestamp,
              encoding: .seconds(
                try #require(seconds.baseAddress), base: 1_772_300_000_000_000,
                microseconds: hasParts ? parts.baseAddress : nil),
              count: count, owner: nil)
            let first = count / 3
            guard let found = silence.breaks(stored, rows: first..<count) else {
              #expect(limit > Int64(UInt32.max) * 1_000_000)
              return
            }
            let expected = silence.breaks(Array(times[first...]))
            // What is said of a first row of an entity means nothing.
            for row in 0..<(count - first) where row == 0 || times[first + row] >= times[first + row - 1] {
              #expect(found[row] == expected[row], "row \(row) of \(count)")
            }
          }
        }
      }
    }
  }

  @Test func times() {
    #expect(Silence(longerThan: 10).breaks([]) == [])
    #expect(Silence(longerThan: 10).breaks([5]) == [1])
    #expect(Silence(longerThan: 10).breaks([0, 10, 21, 21, 32]) == [1, 0, 1, 0, 1])
    #expect(Silence(longerThan: .max).breaks([.min, -1, .max]) == [1, 0, 1])
    #expect(Silence(longerThan: 0).breaks([.min, .max]) == [1, 1])
  }
}
