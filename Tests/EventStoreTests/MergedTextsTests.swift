import Foundation
import TestSupport
import Testing
import Values

@testable import EventStore

/// Distinct texts in runs on the disk: merged, they are what sorting all of them at once gives.
@Suite struct MergedTextsTests {
  /// Texts that differ early, late, by length alone or by bytes that are not ASCII.
  private func text(_ dice: inout Dice) -> String {
    let number = dice.below(300)
    return [
      "", "a\(number)", "the same first bytes \(number)", "é\(number)", String(repeating: "x", count: number),
    ][
      dice.below(5)]
  }

  @Test(arguments: 1...12) func `Runs are merged into all of their texts in order`(count: Int) throws {
    let bench = try Workbench()
    var dice = Dice(UInt64(count))
    var runs: [TextRun] = []
    var codes: [String] = []
    for number in 0..<count {
      var texts: [String] = []
      for _ in 0..<dice.below(400) {
        let text = text(&dice)
        if !texts.contains(text) { texts.append(text) }
      }
      // The first may be a store's own dictionary, whose codes are in order.
      if number == 0, dice.below(2) == 0 { texts.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
      let held = TextRun(sorting: TextDictionary(texts), from: codes.count)
      runs.append(dice.below(2) == 0 ? held : try held.spilled(to: bench.path("\(number)")))
      codes += texts
    }
    let merged = MergedTexts(runs)
    let expected = Set(codes).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    #expect(merged.count == expected.count)
    #expect(merged.ranks.map { expected[Int($0)] } == codes)
    let output = try TextOutput(path: bench.path("merged"), .scratch)
    try merged.write(to: output)
    let written = try output.mapped()
    #expect((0..<written.count).map { written.text($0) } == expected)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder + "/data").isEmpty)
  }

  /// Texts that would break a bound, a prefix, a length or a count.
  private static let texts = [
    "'equal'", "''", "null::varchar", "'one long prefix before ' || (i * 7919 % 9007)", "'e' || (i % 5)",
    "hash(i)::varchar",
    "case when i % 3 = 0 then '' when i % 3 = 1 then 'u' || (i % 500) end",
    "case when i % 5000 = 0 then repeat('huge', 5000) || i % 7000 end",
  ]

  @Test(arguments: ["'i' || (i % 150007)", "case when i % 9 > 0 then 'equal' end", "i % 150007"])
  func `A store is the same whether its texts were held in memory or not`(id: String) throws {
    var reports: [[IngestReport]] = []
    var stores: [[String: Data]] = []
    // Where ids are numbers entities are, too.
    let letter = id.hasPrefix("i") ? "" : "'u' || "
    let columns = Self.texts.enumerated().map { "\($1) as t\($0)" }.joined(separator: ", ")
    for (textMemory, threads) in [(256 << 20, 2), (0, 2), (1 << 20, 1)] {
      let bench = try Workbench()
      var found: [IngestReport] = []
      // More rows than are taken in at once, and a file that is added to the store of the other one; the last rows of
      // both repeat rows that came before.
      for (part, (rows, distinct)) in [(0..<150_000, 140_003), (130_000..<160_000, 155_003)].enumerated() {
        try bench.copy(
          """
          select \(letter)(i % case when i < 141000 then 1013 else 1500 end) as "user", \
          make_timestamptz(1767225600000000 + i * 31 % 5003 * 1000001) as ts, \
          'e' || (i % 5) as event, \(id) as id, \(columns) \
          from (select i % \(distinct) as i from range(\(rows.lowerBound), \(rows.upperBound)) r(i))
          """, to: "\(part).parquet")
        found.append(try bench.open("*.parquet", id: "id", threads: threads, textMemory: textMemory).report)
      }
      #expect(found[0].duplicates >= 9997 && found[1].duplicates >= found[0].duplicates + 15_000)
      reports.append(found)
      stores.append(try bench.storeFiles())
      #expect(bench.readings == 2)
      #expect(bench.notices.last?.message.contains("added to 1 file") == true)
    }
    #expect(reports[0] == reports[1] && reports[1] == reports[2])
    #expect(stores[0] == stores[1] && stores[1] == stores[2])
  }
}
