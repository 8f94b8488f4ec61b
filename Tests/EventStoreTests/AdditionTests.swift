import EventStore
import Foundation
import Testing
import Values

/// Files that are added to others: what comes of it is what comes of reading all at once.
@Suite struct AdditionTests {
  private static let header = "user,ts,event,id,n\n"

  /// How often it was enough to read added files.
  private func additions(_ bench: Workbench) -> Int {
    bench.notices.count { $0.message.contains(", added to ") }
      - bench.notices.count { $0.message.contains(", whose columns ") }
  }

  /// The same files in a folder of their own, read at once.
  private func fresh(_ bench: Workbench, _ pattern: String, id: String?, timeZone: String = "UTC") throws
    -> Workbench
  {
    let other = try Workbench()
    for name in try FileManager.default.contentsOfDirectory(atPath: bench.folder + "/data") {
      try other.write(name, Array(try Data(contentsOf: URL(fileURLWithPath: bench.path(name)))))
    }
    _ = try other.open(pattern, id: id, timeZone: timeZone)
    return other
  }

  /// Expects the bytes, the report and the fingerprint of the store that reading all files at once makes.
  private func expectAsAtOnce(
    _ bench: Workbench, _ pattern: String, id: String?, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let opened = try bench.open(pattern, id: id)
    for column in opened.log.columns { _ = column }
    #expect((opened.log.runs == nil) == false)
    let other = try fresh(bench, pattern, id: id)
    #expect(additions(other) == 0)
    let atOnce = try other.open(pattern, id: id)
    #expect(opened.report == atOnce.report, sourceLocation: location)
    #expect(opened.log.fingerprint == atOnce.log.fingerprint, sourceLocation: location)
    #expect(try bench.storeFiles() == other.storeFiles(), sourceLocation: location)
  }

  @Test(arguments: ["csv", "parquet", "ndjson"], 0..<4 as Range<UInt64>)
  func `Files added one after another give the store of all at once`(kind: String, seed: UInt64) throws {
    var random = Random(seed: seed)
    let bench = try Workbench()
    let fileCount = 5
    for file in 0..<fileCount {
      let rows = (0..<random.below(60)).map { _ in
        let user = ["ann", "bo", "é", "cy \(random.below(3))", "z"][random.below(5)]
        // Ties within and between files, and duplicates of both kinds.
        let second = 1_767_225_600 + random.below(40) * (file + 1)
        let note = ["'x'", "'y \(file)'", "null", "'a''b'"][random.below(4)]
        let n = ["\(random.below(300) * (file + 1))", "null"][random.below(2)]
        let price = ["\(random.below(9)).5", "null", "2.25"][random.below(3)]
        let rare = random.below(9) == 0 ? "\(random.below(1000))" : "null"
        return
          "('\(user)', make_timestamptz(\(second)::bigint * 1000000), '\(["view", "buy"][random.below(2)])', "
          + "'i\(random.below(50))', \(n), \(price), \(random.below(2) == 0), \(note), \(rare))"
      }
      let columns = "t(\"user\", ts, event, id, n, price, flag, note, rare)"
      // Texts whose kind one file does not tell would have all of them read again, which others test.
      let plain = "('ann', timestamptz '2026-01-01', 'view', 'i1', \(file), 0.5, true, 'x', 7)"
      let typed = "* replace (n::bigint as n, price::double as price, rare::bigint as rare)"
      let more =
        file == 3 ? "\(typed), 'late' as late" : file == 4 ? "* exclude (note) \(typed.dropFirst(2))" : typed
      try bench.copy(
        "select \(more) from (values \(([plain] + rows).joined(separator: ", "))) \(columns)",
        to: "\(file).\(kind)",
        kind == "ndjson" ? "(format json)" : kind == "csv" ? "(format csv, header)" : "")
      let id = seed % 2 == 0 ? "id" : nil
      _ = try bench.open("*.\(kind)", id: id)
      try expectAsAtOnce(bench, "*.\(kind)", id: id)
    }
    #expect(additions(bench) == fileCount - 1)
  }

  @Test(arguments: ["csv", "parquet"], 0..<3 as Range<UInt64>)
  func `Files added in any order, several at once, give the store of all at once`(kind: String, seed: UInt64)
    throws
  {
    var random = Random(seed: seed &+ 100)
    let bench = try Workbench()
    var names = (0..<6).map { "\($0)" }
    while !names.isEmpty {
      for _ in 0...min(1, random.below(2)) where !names.isEmpty {
        let name = names.remove(at: random.below(names.count))
        let first = random.below(5)
        try bench.copy(
          """
          select (i * 7 + \(first)) % 4 as "user", timestamptz '2026-01-01' + to_seconds((i * 31) % 20) as ts, \
          'e' || i % 3 as event, (i + \(first)) % 25 as id, \(name) * 1000 + i as n, '\(name)' || i % 5 || 'x' as t \
          from range(\(random.below(80))) r(i)
          """, to: "\(name).\(kind)")
      }
      try expectAsAtOnce(bench, "*.\(kind)", id: "id")
    }
  }

  @Test(arguments: ["user % 9", "'u' || user % 9"], 0..<3 as Range<UInt64>)
  func `Small files are segments beside the first, and put together where they are many`(
    user: String, seed: UInt64
  ) throws {
    var random = Random(seed: seed &+ 200)
    let bench = try Workbench()
    let id = seed == 2 ? nil : "id"
    var mostStores = 0
    for file in 0..<14 {
      let rows = file == 0 ? 200 : random.below(14)
      let first = random.below(400)
      // Later files have people and names before, between and behind those that were there, times before all others,
      // wider numbers, columns that were not there, and events that were delivered before.
      try bench.copy(
        """
        with r as (select (i * 37 + \(first)) as user, i from range(\(rows)) r(i))
        select \(user) as "user", make_timestamptz(1767225600000000 - \(file) * 1000000 + (user * 31 % 97) * 500000) as ts,
        case when user % 13 > 0 then 'e' || user % \(3 + file) end as event, \(seed == 0 ? "'i' ||" : "") user % 350 as id,
        case when user % 7 > 0 then user * \(1 << (2 * file)) end::bigint as n,
        case when user % 9 = 0 then user / 8 end::double as rare, user % 2 = 0 as flag, 't' || user % 40 as t
        \(file > 5 ? ", date '2026-01-01' + user::int as late" : "") from r
        """, to: "\(file + 100).parquet")
      let opened = try bench.open("*.parquet", id: id)
      mostStores = max(mostStores, try bench.stores().count)
      if random.below(3) == 0 {
        try expectAsAtOnce(bench, "*.parquet", id: id)
      } else {
        // What is put together of one log is no part of the next one.
        for column in opened.log.columns where random.below(2) == 0 { _ = column }
      }
    }
    try expectAsAtOnce(bench, "*.parquet", id: id)
    #expect(additions(bench) == 13)
    #expect(mostStores > 3)
  }

  @Test func `Only files behind the others are added; all else is read together`() throws {
    let bench = try Workbench()
    func write(_ name: String, _ n: Int) throws {
      try bench.write(name, Self.header + "ann,2026-01-01T00:00:00Z,e,i\(n),\(n)\n")
    }
    try write("b.csv", 1)
    _ = try bench.open()
    try write("c.csv", 2)
    #expect(try bench.open().log.values("n") == [.integer(1), .integer(2)])
    #expect(additions(bench) == 1)
    #expect(bench.notices.last?.message == "reading 'c.csv', 1 kB of 'shop', added to 1 file")
    // Before the others: of equal times its rows come first.
    try write("a.csv", 3)
    #expect(try bench.open().log.values("n") == [.integer(3), .integer(1), .integer(2)])
    #expect(additions(bench) == 1)
    // A file that changed, beside one that was added.
    try write("b.csv", 4)
    try write("d.csv", 5)
    #expect(try bench.open().log.values("n") == [3, 4, 2, 5].map { .integer($0) })
    #expect(additions(bench) == 1)
    // Another zone or role.
    try write("e.csv", 6)
    #expect(try bench.open(timeZone: "Asia/Tokyo").log.rowCount == 5)
    #expect(additions(bench) == 1)
    try write("f.csv", 7)
    #expect(try bench.open(id: "id", timeZone: "Asia/Tokyo").log.rowCount == 6)
    #expect(additions(bench) == 1)
    try FileManager.default.removeItem(atPath: bench.path("b.csv"))
    try write("g.csv", 8)
    #expect(try bench.open(id: "id", timeZone: "Asia/Tokyo").log.rowCount == 6)
    #expect(additions(bench) == 1)
  }

  @Test(arguments: [
    // Whole numbers that fractions join, and numbers that words join.
    ("5", "2.5", 0), ("5", "x", 0), ("2.5", "3", 1), ("2.5", "", 1), ("007", "8", 1), ("", "8", 0),
    ("", "", 1),
    ("x", "y", 1), ("x", "8", 1), ("2026-01-01", "2026-01-01T05:00:00Z", 0), ("true", "false", 1),
    ("2026-01-01T05:00:00Z", "2026-01-02", 1),
  ])
  func `A column of texts is what all of its values are`(first: String, second: String, added: Int) throws {
    let bench = try Workbench()
    for (name, value) in [("a", first), ("b", second)] {
      try bench.write(
        "\(name).csv",
        Self.header + "ann,2026-01-01T00:00:00Z,e,i,\(value)\nann,2026-01-01T00:00:00Z,e,i,\(value)\n")
      _ = try bench.open()
    }
    try expectAsAtOnce(bench, "*.csv", id: nil)
    #expect(additions(bench) == added)
  }

  @Test func `Slips that were one in a hundred are counted with those that come`() throws {
    let bench = try Workbench()
    func write(_ name: String, slips: Int, of count: Int) throws {
      let rows = (0..<count).map { row in
        "ann,2026-01-01T00:00:00Z,e,\(name)\(row),\(row >= count - slips ? "many" : "\(row)")\n"
      }
      try bench.write("\(name).csv", Self.header + rows.joined())
    }
    try write("a", slips: 1, of: 200)
    #expect(try bench.open().log.type(of: "n") == .integer)
    try write("b", slips: 2, of: 200)
    #expect(try bench.open().log.type(of: "n") == .integer)
    try expectAsAtOnce(bench, "*.csv", id: nil)
    try write("c", slips: 2, of: 2000)
    #expect(try bench.open().log.type(of: "n") == .integer)
    try expectAsAtOnce(bench, "*.csv", id: nil)
    try write("d", slips: 90, of: 2000)
    #expect(try bench.open().log.type(of: "n") == .text)
    try expectAsAtOnce(bench, "*.csv", id: nil)
    #expect(additions(bench) == 2)
  }

  @Test func `Times and properties of other types have all files read together`() throws {
    let bench = try Workbench()
    let row = "select 'ann' as \"user\", timestamptz '2026-01-01' as ts, 'e' as event"
    try bench.copy("\(row), 1::bigint as n", to: "a.parquet")
    _ = try bench.open("*.parquet")
    try bench.copy("\(row), 2.5::double as n", to: "b.parquet")
    try expectAsAtOnce(bench, "*.parquet", id: nil)
    try bench.copy("\(row), 2::bigint as n", to: "c.parquet")
    try expectAsAtOnce(bench, "*.parquet", id: nil)
    #expect(additions(bench) == 0)
    try bench.copy(
      "\(row), 2::double as N, {'a': 1} as nested, time '01:00:00' as clock, date '2026-01-01' as \"day\"",
      to: "d.parquet")
    try expectAsAtOnce(bench, "*.parquet", id: nil)
    try bench.copy("\(row)", to: "e.parquet")
    try expectAsAtOnce(bench, "*.parquet", id: nil)
    #expect(additions(bench) == 2)
    try bench.copy("\(row), 1 as file_index", to: "f.parquet")
    try expectAsAtOnce(bench, "*.parquet", id: nil)
    #expect(additions(bench) == 2)

    try bench.write("a.ndjson", #"{"user": 7, "ts": 1767225600, "event": "e", "n": 1}"# + "\n")
    _ = try bench.open("*.ndjson")
    try bench.write("b.ndjson", #"{"user": 5, "ts": 1767225601, "event": "e", "m": true}"# + "\nnot json\n")
    try expectAsAtOnce(bench, "*.ndjson", id: nil)
    #expect(additions(bench) == 3)
    // Milliseconds beside seconds are refused, as they are at once.
    try bench.write("c.ndjson", #"{"user": 5, "ts": 1767225601000, "event": "e", "m": true}"# + "\n")
    let error = #expect(throws: StoreError.self) { try bench.open("*.ndjson") }
    #expect(error?.message.contains("from 1767225600 to 1767225601000") == true)
    try bench.write("c.ndjson", #"{"user": 5, "ts": 1767225601, "event": "e", "m": {"a": 1}}"# + "\n")
    try expectAsAtOnce(bench, "*.ndjson", id: nil)
  }

  @Test(arguments: [
    #""2026-01-01T00:00:01Z""#, "1767225601", #""2026-01-01 00:00:01+02""#,
  ])
  func `NDJSON without an object is added like any other`(time: String) throws {
    for content in ["", "{}\n", "nonsense\n", #"{"user": "x"}"# + "\n"] {
      let bench = try Workbench()
      let row = #"{"user": "u", "ts": \#(time), "event": "e"}"# + "\n"
      try bench.write("a.ndjson", String(repeating: row, count: 8))
      _ = try bench.open("*.ndjson")
      try bench.write("b.ndjson", content)
      try expectAsAtOnce(bench, "*.ndjson", id: nil)
      #expect(try bench.open("*.ndjson").log.rowCount == 8)
    }
  }

  @Test func `Parquet without an entity or a time at all is read with the others`() throws {
    for (index, missing) in ["\"user\"", "ts"].enumerated() {
      let bench = try Workbench()
      let all =
        "select 'ann' as \"user\", \(index == 0 ? "timestamptz '2026-01-01'" : "1767225600") as ts, 'e' as event"
      try bench.copy(all, to: "a.parquet")
      _ = try bench.open("*.parquet")
      try bench.copy("select * exclude (\(missing)) from (\(all))", to: "b.parquet")
      try expectAsAtOnce(bench, "*.parquet", id: nil)
      #expect(try bench.open("*.parquet").report.rowsRefused == 1)
    }
  }

  @Test func `Logs of very many columns are put together at once`() throws {
    let bench = try Workbench()
    let columns = (0..<700).map { "i as c\($0)" }.joined(separator: ", ")
    for (name, count) in [("a", 12), ("b", 1), ("c", 1)] {
      try bench.copy(
        "select 'u' as \"user\", timestamptz '2026-01-01' as ts, 'e' as event, \(columns) from range(\(count)) r(i)",
        to: "\(name).parquet")
      _ = try bench.open("*.parquet")
    }
    #expect(additions(bench) == 2)
    #expect(try bench.stores().count == 1)
    #expect(try bench.open("*.parquet").log.rowCount == 14)
  }

  @Test func `A store that lost its bytes is not built upon`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", Self.header + "ann,2026-01-01T00:00:00Z,e,i,1\nbo,2026-01-01T00:00:00Z,e,i,2\n")
    _ = try bench.open()
    let path = try bench.store() + "/column4.values"
    let before = try FileManager.default.attributesOfItem(atPath: path)
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    try file.write(contentsOf: Data([9]))
    try file.close()
    try FileManager.default.setAttributes(
      [.modificationDate: try #require(before[.modificationDate])], ofItemAtPath: path)
    try bench.write("b.csv", Self.header + "ann,2026-01-02T00:00:00Z,e,i,3\n")
    #expect(try bench.open().log.values("n") == [1, 3, 2].map { .integer($0) })
    #expect(additions(bench) == 0)
  }

  @Test func `Where people are told by devices all files are read, for new ones say whose old rows are`()
    throws
  {
    let bench = try Workbench()
    let who = IdentityColumns(device: "device", user: "user", backfill: true)
    try bench.write("a.csv", "device,user,ts,event\nd1,,2026-01-01T00:00:00Z,view\n")
    #expect(try bench.open(identity: who, entity: "who").log.values("who") == [.text("device:d1")])
    try bench.write("b.csv", "device,user,ts,event\nd1,ann,2026-01-02T00:00:00Z,sign-in\n")
    #expect(try bench.open(identity: who, entity: "who").log.values("who") == [.text("ann"), .text("ann")])
    #expect(additions(bench) == 0)
    #expect(bench.readings == 2)
  }

  @Test func `Problems of old and new files are told as if they had been read at once`() throws {
    let bench = try Workbench()
    for name in ["a", "b"] {
      try bench.write(
        "\(name).csv",
        Self.header
          + "ann,2026-01-01T00:00:00Z,e,i,1\n,2026-01-01T00:00:00Z,e,i,2\nbo,x,e,i,3\nbo,2026-01-01T00:00:00Z\n"
      )
      _ = try bench.open(id: "id")
    }
    #expect(additions(bench) == 1)
    let report = try bench.open(id: "id").report
    #expect(report.rowsRead == 6)
    #expect(report.duplicates == 1)
    #expect(report.rowsKept == 1)
    #expect(report.problems.map(\.file) == ["a.csv", "a.csv", "a.csv", "b.csv", "b.csv", "b.csv"])
    try expectAsAtOnce(bench, "*.csv", id: "id")
  }
}

/// The same numbers on every machine.
private struct Random {
  var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }
}
