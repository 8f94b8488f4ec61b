import Foundation
import TestSupport
import Testing
import Values

@testable import EventStore

/// Columns of which only values are stored give what columns with an element for each row give.
@Suite struct PresenceTests {
  /// Which rows have a value: none, one, some, and all of them, at the ends of words and within.
  enum Share: CaseIterable { case none, first, last, few, quarter, most, allButOne, all }

  private static func isPresent(_ share: Share, _ count: Int, _ dice: inout Dice) -> [UInt8] {
    (0..<count).map { row in
      switch share {
      case .none: 0
      case .first: row == 0 ? 1 : 0
      case .last: row == count - 1 ? 1 : 0
      case .few: dice.chance(6) ? 1 : 0
      case .quarter: row % 4 == 1 ? 1 : 0
      case .most: dice.chance(80) ? 1 : 0
      case .allButOne: row == count / 2 ? 0 : 1
      case .all: 1
      }
    }
  }

  /// Columns of every encoding: each value is made of the number of its row.
  private static func columns(_ count: Int, _ heap: Heap) -> [(ScalarType, StoredColumn.Encoding)] {
    func made<Element: BitwiseCopyable>(_ value: (Int) -> Element) -> UnsafePointer<Element> {
      heap.copy((0..<count).map(value))
    }
    let texts = TextDictionary((0..<10).map { "t\($0)" })
    let seconds = made { UInt32($0 * 7) }
    return [
      (.boolean, .booleans(made { UInt8($0 % 2) })),
      (.integer, .integers8(made { Int8($0 % 200 - 100) })),
      (.integer, .integers16(made { Int16($0 % 60_000 - 30_000) })),
      (.date, .integers32(made { Int32($0 * 100_000) })),
      (.duration, .integers64(made { Int64($0) << 40 })),
      (.timestamp, .seconds(seconds, base: -5_000_000, microseconds: nil)),
      (.timestamp, .seconds(seconds, base: 3_000_000, microseconds: made { UInt32($0) })),
      (.double, .doubles(made { Double($0) / 7 })),
      (.text, .codes8(made { UInt8($0 % 10) }, texts)),
      (.text, .codes16(made { UInt16($0 % 10) }, texts)),
      (.text, .codes32(made { UInt32($0 % 10) }, texts)),
    ]
  }

  /// The same column twice: with a byte for each row that says whether it is null, and with its values alone.
  private static func twice(
    _ type: ScalarType, _ encoding: StoredColumn.Encoding, _ validity: [UInt8], _ heap: Heap
  ) -> (StoredColumn, StoredColumn) {
    let marks = heap.copy(validity)
    var presence = Presence.Builder(rows: validity.count)
    // In two pieces, of which one need not say that all have a value.
    let first = validity.firstIndex(of: 0) ?? validity.count
    presence.append(nil, count: first)
    presence.append(Array(validity[first...]), count: validity.count - first)
    let words = presence.finish()
    let present = validity.indices.filter { validity[$0] == 1 }
    #expect(words.count == Presence.wordCount(rows: validity.count))
    func dense<Element: BitwiseCopyable & Numeric>(_ values: UnsafePointer<Element>) -> UnsafePointer<Element>
    {
      heap.copy(validity.indices.map { validity[$0] == 0 ? 0 : values[$0] })
    }
    func sparse<Element: BitwiseCopyable>(_ values: UnsafePointer<Element>) -> UnsafePointer<Element> {
      heap.copy(present.map { values[$0] })
    }
    let (all, some): (StoredColumn.Encoding, StoredColumn.Encoding) =
      switch encoding {
      case .booleans(let values): (.booleans(dense(values)), .booleans(sparse(values)))
      case .integers8(let values): (.integers8(dense(values)), .integers8(sparse(values)))
      case .integers16(let values): (.integers16(dense(values)), .integers16(sparse(values)))
      case .integers32(let values): (.integers32(dense(values)), .integers32(sparse(values)))
      case .integers64(let values): (.integers64(dense(values)), .integers64(sparse(values)))
      case .seconds(let values, let base, let parts):
        (
          .seconds(dense(values), base: base, microseconds: parts.map { dense($0) }),
          .seconds(sparse(values), base: base, microseconds: parts.map { sparse($0) })
        )
      case .doubles(let values): (.doubles(dense(values)), .doubles(sparse(values)))
      case .codes8(let codes, let texts): (.codes8(dense(codes), texts), .codes8(sparse(codes), texts))
      case .codes16(let codes, let texts): (.codes16(dense(codes), texts), .codes16(sparse(codes), texts))
      case .codes32(let codes, let texts): (.codes32(dense(codes), texts), .codes32(sparse(codes), texts))
      }
    return (
      StoredColumn(type: type, encoding: all, nulls: .marked(marks), count: validity.count, owner: heap),
      StoredColumn(
        type: type, encoding: some, nulls: .leftOut(Presence(heap.copy(words))), count: validity.count,
        owner: heap)
    )
  }

  @Test(arguments: [0, 1, 5, 31, 32, 33, 63, 64, 65, 96, 500], Share.allCases)
  func `Ranges and positions give what a column with all rows gives`(count: Int, share: Share) throws {
    var dice = Dice(UInt64(count))
    let heap = Heap()
    for (type, encoding) in Self.columns(count, heap) {
      let validity = Self.isPresent(share, count, &dice)
      let (all, some) = Self.twice(type, encoding, validity, heap)
      #expect(some.read(0..<count).scalars == all.read(0..<count).scalars)
      #expect(some.read([], from: 0).scalars == [])
      for _ in 0..<40 {
        let first = dice.below(count + 1)
        let rows = first..<first + dice.below(count + 1 - first)
        #expect(some.read(rows).scalars == all.read(rows).scalars)
        #expect(some.validity(of: rows) ?? [] == Array(validity[rows]))
        let own = some.places(of: rows)
        #expect(own.count == validity[rows].count { $0 == 1 })
        #expect(
          some.spread(own.map { Int64($0) + 1 }, over: rows).map { $0 > 0 ? 1 : 0 } == Array(validity[rows]))
        let chance = [3, 50, 100][dice.below(3)]
        let hasValues = dice.chance(30)
        let repeats = dice.below(3)
        // After a join a row may be there more than once.
        let positions = rows.indices.filter { dice.chance(chance) && (!hasValues || validity[$0] == 1) }
          .flatMap { [Int32](repeating: Int32($0 - first), count: 1 + (dice.chance(20) ? repeats : 0)) }
        #expect(some.read(positions, from: first).scalars == all.read(positions, from: first).scalars)
        if positions.allSatisfy({ validity[first + Int($0)] == 1 }) {
          #expect(
            some.read(positions, from: first, .haveValues).scalars
              == some.read(positions, from: first).scalars)
        }
        if type == .text {
          for code in [0, 3, 9, 1000] as [UInt32] {
            #expect(some.equalityMask(code: code, rows: rows) == all.equalityMask(code: code, rows: rows))
            let expected = positions.map { all.equalityMask(code: code, rows: rows)[Int($0)] }
            #expect(some.equalityMask(code: code, at: positions, from: first) == expected)
            #expect(all.equalityMask(code: code, at: positions, from: first) == expected)
            if positions.allSatisfy({ validity[first + Int($0)] == 1 }) {
              #expect(some.equalityMask(code: code, at: positions, from: first, .haveValues) == expected)
            }
          }
        }
      }
    }
  }

  /// A property of each type, with values in the rows that are given: rows are seconds of one user's time.
  private static let properties = [
    "i % 2 = 0 as b", "(i % 200 - 100) as n8", "(i * 50 - 20000) as n16", "(i * 100000) as n32",
    "(i::bigint * 10000000000) as n64", "i / 4.0 as d", "'t' || i % 5 as t8", "'t' || i as t16",
    "timestamptz '2026-01-01' + to_seconds(i) as s", "timestamptz '2026-01-01' + to_microseconds(i) as m",
    "date '2020-01-01' + i as day", "to_seconds(i) as gap",
  ]

  @Test(arguments: [1, 31, 32, 33, 64, 400], Share.allCases)
  func `A store has the values of files`(count: Int, share: Share) throws {
    var dice = Dice(UInt64(count) + 1)
    let bench = try Workbench()
    let validity = Self.isPresent(share, count, &dice)
    let rows = validity.indices.filter { validity[$0] == 1 }.map(String.init).joined(separator: ", ")
    let isPresent = rows.isEmpty ? "false" : "i in (\(rows))"
    func query(_ columns: [String]) -> String {
      """
      select 'ann' as "user", timestamptz '2026-01-01' + to_seconds(i) as ts, 'e' || i % 3 as event, \
      \(columns.joined(separator: ", ")) from (select i::integer as i from range(\(count)) r(i))
      """
    }
    try bench.copy(
      query(
        Self.properties.map { property in
          let name = property.split(separator: " ").last ?? ""
          return "case when \(isPresent) then \(property.dropLast(name.count + 4)) end as \(name)"
        }), to: "some.parquet", "(format parquet)")
    let log = try bench.open("*.parquet").log
    let full = try Workbench()
    try full.copy(query(Self.properties), to: "all.parquet", "(format parquet)")
    let expected = try full.open("*.parquet").log.rows.enumerated().map { row, values in
      values.enumerated().map { $0 < 3 || validity[row] == 1 ? $1 : .null }
    }
    #expect(log.rows == expected)
    let ones = validity.count { $0 == 1 }
    let isSparse = ones < count && ones <= count / 4
    let names = Set(validity.indices.filter { validity[$0] == 1 }.map { "e\($0 % 3)" }).sorted()
    for (index, field) in log.schema.enumerated().dropFirst(3) {
      let stored = try #require(log.columns[index])
      #expect((stored.rowwise == nil) == isSparse, "\(field.name)")
      #expect(log.names(withValuesOf: index) == (isSparse ? names : nil))
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: bench.store())
    #expect(files.count { $0.hasSuffix(".presence") } == (isSparse ? Self.properties.count : 0))
  }

  @Test func `Values of events without a name are those of any name`() throws {
    let bench = try Workbench()
    let lines = (0..<20).map { row in
      "ann,2026-01-01T00:00:\(row + 10)Z,\(row == 3 ? "" : "e\(row % 2)"),\(row == 3 ? "7" : ""),\(row == 4 ? "8" : "")"
    }
    try bench.write("a.csv", (["user,ts,event,n,m"] + lines).joined(separator: "\n"))
    let log = try bench.open().log
    #expect(log.names(withValuesOf: 3) == nil)
    #expect(log.names(withValuesOf: 4) == ["e0"])
    #expect(log.names(withValuesOf: 2) == nil)
    #expect((0...1).map { log.valueCount(ofColumn: 4, named: $0) } == [1, 0])
    #expect(log.valueCount(ofColumn: 3, named: 0) == nil)
  }

  @Test func `A property that only some files have is known by its names`() throws {
    let bench = try Workbench()
    let first = (10..<30).map { "ann,2026-01-01T00:00:\($0)Z,e\($0 % 3)" }
    try bench.write("a.csv", (["user,ts,event"] + first).joined(separator: "\n"))
    #expect(try bench.open().log.schema.count == 3)
    try bench.write("b.csv", "user,ts,event,n\nbo,2026-01-02T00:00:00Z,new,5\nbo,2026-01-02T00:00:01Z,e1,\n")
    let log = try bench.open().log
    let position = try #require(log.schema.position(of: "n"))
    #expect(log.names(withValuesOf: position) == ["new"])
    #expect(log.values("n").filter { $0 != .null } == [.integer(5)])
  }
}
