import EventStore
import Foundation
import Testing
import Values

@Suite struct BadRowTests {
  private func describe(_ problem: IngestReport.Problem) -> String {
    let examples = problem.examples.map { "\($0.unit.rawValue) \($0.number) «\($0.text)»" }.joined(
      separator: ", ")
    return "\(problem.file): \(problem.count) \(problem.loss.rawValue): \(problem.reason): \(examples)"
  }

  @Test func `Each line of a CSV file that is not a row is explained`() throws {
    let bench = try Workbench()
    try bench.write(
      "a.csv",
      """
      user,ts,event,n
      1,2026-01-01T00:00:00Z,e,1
      2,2026-01-01T00:00:00Z
      3,2026-01-01T00:00:00Z,e,3,4
      4,yesterday,e,4
      ,2026-01-01T00:00:00Z,e,5
      6,,e,6
      7,2026-01-01T00:00:00Z,e,7
      8,infinity,e,8

      """)
    let opened = try bench.open()
    #expect(opened.log.values("n") == [.integer(1), .integer(7)])
    #expect(
      opened.report.problems.map(describe) == [
        "a.csv: 1 row: the entity 'user' is missing: row 3 «»",
        "a.csv: 1 row: the line has fewer columns than the header: line 3 «2,2026-01-01T00:00:00Z»",
        "a.csv: 1 row: the line has more columns than the header: line 4 «3,2026-01-01T00:00:00Z,e,3,4»",
        "a.csv: 2 row: the time 'ts' cannot be read: row 2 «yesterday», row 6 «infinity»",
        "a.csv: 1 row: the time 'ts' is missing: row 4 «»",
      ])
    #expect(opened.report.rowsRead == 6)
    #expect(opened.report.rowsKept == 2)
    #expect(opened.report.rowsRefused == 6)
  }

  @Test func `Empty lines are no part of a line that is shown`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", "user,ts,event\n1,2026-01-01,e\n\n\n2,2026-01-01\n")
    #expect(
      try bench.open().report.problems.map(describe) == [
        "a.csv: 1 row: the line has fewer columns than the header: line 5 «2,2026-01-01»"
      ])
  }

  @Test func `What a dimension has lost is told`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", "user,ts,event\nann,2026-01-01,e\n")
    try bench.write("users.csv", "user,score\nann,3\nben,high\n")
    let users = SourceDescription.Dimension(
      file: "users.csv", key: "user", types: DeclaredTypes(["score": .integer]))
    for _ in 0..<2 {
      let opened = try bench.open("a.csv", dimensions: ["users": users])
      #expect(
        opened.report.problems.map(describe)
          == ["users.csv: 1 value: 'score' is not a whole number, as 'types' says: row 2 «high»"])
      #expect(opened.report.valuesLost == 1 && opened.report.rowsKept == 1)
    }
  }

  @Test func `A slip among many numbers is null and told, and does not make them texts`() throws {
    let bench = try Workbench()
    var text = "user,ts,event,n,price,mixed\n"
    for row in 0..<30_000 {
      let price = row == 29_000 ? "2.5" : "\(row)"
      text +=
        "\(row % 100),2026-01-01T00:00:00Z,e,\(row == 25_000 ? "many" : "\(row)"),\(price),\(row % 2 == 0 ? "7" : "x")\n"
    }
    try bench.write("a.csv", text)
    let opened = try bench.open()
    #expect(opened.log.rowCount == 30_000)
    #expect(opened.log.type(of: "n") == .integer)
    // One fraction, far behind the first rows, makes the column one of fractions; nothing is rounded.
    #expect(opened.log.type(of: "price") == .double)
    #expect(opened.log.values("price").contains(.double(2.5)))
    #expect(opened.log.type(of: "mixed") == .text)
    #expect(
      opened.report.problems.map(describe)
        == ["a.csv: 1 value: 'n' is not a whole number, as the others are: row 25001 «many»"])
  }

  @Test(arguments: [("UTC", 10), ("Europe/Berlin", 9)])
  func `A time with the name of a zone does not move the times behind it`(zone: String, hour: Int) throws {
    let bench = try Workbench()
    let times = ["", " Europe/Berlin", "", " UTC", "", "Z", " GMT", "+02", ""]
    let rows = times.enumerated().map { "u\($0),2026-03-01 10:00:00\($1),e\n" }
    try bench.write("a.csv", "user,ts,event\n" + rows.joined())
    let opened = try bench.open(timeZone: zone)
    let midnight: Int64 = 1_772_323_200
    #expect(
      opened.log.values("ts")
        == [hour, hour, 10, hour, 10, 10, 8, hour].map {
          .timestamp((midnight + Int64($0) * 3600) * 1_000_000)
        })
    #expect(
      opened.report.problems.map(describe)
        == ["a.csv: 1 row: the time 'ts' cannot be read: row 2 «2026-03-01 10:00:00 Europe/Berlin»"])
  }

  @Test func `What only the database takes for a number is none`() throws {
    let bench = try Workbench()
    try bench.write(
      "a.csv",
      "user,ts,event,id\n" + ["1_23", "12_3", "1_24"].map { "u,2026-01-01T00:00:00Z,e,\($0)\n" }.joined())
    let opened = try bench.open(id: "id")
    #expect(opened.log.values("id") == ["1_23", "12_3", "1_24"].map { .text($0) })
    #expect(opened.report.duplicates == 0)

    let odd = ["1_0", "0x10", "0b1", "1e400", "Infinity", "NaN"]
    for (name, other) in [("n", "7"), ("price", "7.5")] {
      let bench = try Workbench()
      let values = odd + [String](repeating: other, count: 700)
      try bench.write(
        "a.csv", "user,ts,event,\(name)\n" + values.map { "u,2026-01-01T00:00:00Z,e,\($0)\n" }.joined())
      let opened = try bench.open()
      #expect(opened.log.type(of: name) == (name == "n" ? .integer : .double))
      #expect(opened.log.values(name).count { $0 == .null } == odd.count)
      #expect(opened.report.valuesLost == odd.count)
    }
    try bench.write("b.csv", "user,ts,event,id\nu,2026-01-01T00:00:00Z,e,+4912\n")
    #expect(try bench.open("b.csv").log.values("id") == [.text("+4912")])
  }

  @Test func `Each line of an NDJSON file that is not an object is explained`() throws {
    let bench = try Workbench()
    try bench.write("a.ndjson", #"{"user": 1, "ts": "2026-01-01T00:00:00Z", "event": "e", "n": 1}"# + "\n")
    try bench.write(
      "b.ndjson",
      """
      {"user": 2, "ts": "2026-01-01T00:00:00Z", "event": "e", "n": 2}
      {"user": 3, "ts

      [1]
      {"user": 4, "event": "e"}
      {"user": null, "ts": "2026-01-01T00:00:00Z", "event": "e"}
      "text"
      42
      {"user": 5, "ts": "2026-01-01T00:00:00Z", "event": "a, \\"b\\"", "late": 5}

      """)
    let opened = try bench.open("*.ndjson")
    #expect(opened.log.values("user") == [.integer(1), .integer(2), .integer(5)])
    #expect(opened.log.values("event").last == .text("a, \"b\""))
    #expect(opened.log.values("late") == [.null, .null, .integer(5)])
    #expect(
      opened.report.problems.map(describe) == [
        "b.ndjson: 1 row: the entity 'user' is missing: row 3 «»",
        "b.ndjson: 4 row: the line is not a JSON object: line 2 «{\"user\": 3, \"ts», line 4 «[1]», line 7 «\"text\"»",
        "b.ndjson: 1 row: the time 'ts' is missing: row 2 «»",
      ])
  }

  @Test func `Rows without an entity or a time are counted by file, in Parquet too`() throws {
    let bench = try Workbench()
    for name in ["a", "b"] {
      try bench.copy(
        """
        select if(i % 4 = 0, null, i) as "user", if(i % 4 = 1, null, timestamptz '2026-01-01') as ts, \
        'e' as event from range(8) t(i)
        """, to: "\(name).parquet")
    }
    let opened = try bench.open("*.parquet")
    #expect(opened.log.rowCount == 8)
    #expect(
      opened.report.problems.map(describe) == [
        "a.parquet: 2 row: the entity 'user' is missing: row 1 «», row 5 «»",
        "a.parquet: 2 row: the time 'ts' is missing: row 2 «», row 6 «»",
        "b.parquet: 2 row: the entity 'user' is missing: row 1 «», row 5 «»",
        "b.parquet: 2 row: the time 'ts' is missing: row 2 «», row 6 «»",
      ])
  }

  @Test func `Events delivered twice are there once, as they came first`() throws {
    let bench = try Workbench()
    try bench.write(
      "a.csv",
      """
      user,ts,event,id,n
      ann,2026-01-01T00:00:00Z,e,i1,1
      ann,2026-01-01T00:00:00Z,e,i1,2
      ann,2026-01-01T00:00:00Z,f,i1,3
      bo,2026-01-01T00:00:00Z,e,i1,4
      ann,2026-01-01T00:00:00Z,e,,5
      ann,2026-01-01T00:00:00Z,e,,6
      bo,2026-01-05T00:00:00Z,e,i2,7
      bo,2026-01-03T00:00:00Z,e,i2,8
      bo,2026-01-04T00:00:00Z,,i3,9
      bo,2026-01-06T00:00:00Z,,i3,10
      cy,2026-01-01T00:00:00Z,e,i1,11

      """)
    let opened = try bench.open(id: "id")
    #expect(opened.log.values("n") == [1, 3, 5, 6, 4, 9, 7, 11].map { .integer($0) })
    #expect((0..<3).map { opened.log.rows(ofEntity: $0) } == [0..<4, 4..<7, 7..<8])
    #expect(opened.report.duplicates == 3)
    #expect(opened.report.rowsKept == 8)
    #expect(opened.report.events.map(\.count) == [6, 1, 1])
    #expect(try bench.open().log.rowCount == 11)
    // The table in memory keeps the same rows.
    let rows = Table(
      schema: [Field("user", .text), Field("ts", .timestamp), Field("event", .text), Field("id", .integer)],
      columns: [
        Column(.text, [.text("a"), .text("a"), .text("a")]),
        Column(.timestamp, [.timestamp(5), .timestamp(3), .timestamp(4)]),
        Column(.text, [.text("e"), .text("e"), .text("e")]),
        Column(.integer, [.integer(1), .integer(1), .null]),
      ])
    let roles = LogRoles(entity: "user", time: "ts", event: "event", id: "id")
    #expect(
      try EventLog(table: rows, roles: roles, fingerprint: "").values("ts") == [.timestamp(4), .timestamp(5)])
  }

  @Test func `Many duplicates of one entity are found`() throws {
    let bench = try Workbench()
    try bench.copy(
      """
      select 1 as "user", timestamptz '2026-01-01' + to_seconds(i) as ts, 'e' as event, i % 40000 as id, i as n \
      from range(100000) t(i)
      """, to: "a.parquet")
    let opened = try bench.open("a.parquet", id: "id")
    #expect(opened.report.duplicates == 60_000)
    #expect(opened.log.values("n") == (0..<40_000).map { .integer($0) })
  }

  @Test(arguments: [
    "", "\n", "user,ts,event\n", "user,ts,event", "user,ts,event\n,2026-01-01,e\n",
  ])
  func `Files without events are an empty log`(text: String) throws {
    let bench = try Workbench()
    try bench.write("a.csv", text)
    guard text != "\n" else { return }
    let log = try bench.open().log
    #expect(log.rowCount == 0)
    #expect(log.entityCount == 0)
    #expect(log.rows == [])
    #expect(log.entityRanges(rows: 100) == [])
    #expect(log.type(of: "ts") == .timestamp)
    #expect(log.type(of: "event") == .text)
    #expect(try bench.open().log.rows == [])
    #expect(bench.readings == 1)
  }

  @Test func `An empty NDJSON or Parquet file is an empty log, and one beside a full one adds nothing`()
    throws
  {
    let bench = try Workbench()
    try bench.write("a.ndjson", "")
    #expect(try bench.open("a.ndjson").log.rowCount == 0)
    try bench.write("b.ndjson", "{\"user\": 1, \"ts\": \"2026-01-01\", \"event\": \"e\"}")
    #expect(try bench.open("*.ndjson").log.rowCount == 1)
    try bench.copy(
      "select 1 as \"user\", timestamptz '2026-01-01' as ts, 'e' as event where false", to: "a.parquet")
    #expect(try bench.open("a.parquet").log.rowCount == 0)
    try bench.write("a.csv", "")
    try bench.write("b.csv", "user,ts,event\n1,2026-01-01,e\n")
    #expect(try bench.open("*.csv").log.schema.map(\.name) == ["user", "ts", "event"])
  }

  @Test func `A file that is not in UTF-8 is named, with what to do`() throws {
    let wide = Array("user,ts,event\n1,2026-01-01,caf\n".utf16)
    let low = wide.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let high = wide.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    let cases: [(bytes: [UInt8], encoding: String)] = [
      (Array("user,ts,event\n1,2026-01-01,caf".utf8) + [0xE9, 0x0A], "latin1"),
      (low, "utf-16le"), (high, "utf-16be"), ([0xFF, 0xFE] + low, "utf-16"),
    ]
    for (bytes, encoding) in cases {
      let bench = try Workbench()
      try bench.write("latin.csv", bytes)
      let error = #expect(throws: StoreError.self) { try bench.open() }
      #expect(error?.message.hasPrefix("'latin.csv' is not in UTF-8") == true)
      #expect(error?.hints == ["convert it, for example: iconv -f \(encoding) -t utf-8 'latin.csv'"])
    }
  }

  @Test(arguments: ["parquet", "csv.gz", "csv.zst", "ndjson.gz"])
  func `A file that is torn is named, and no store is left`(kind: String) throws {
    let bench = try Workbench()
    let rows = """
      select i as "user", timestamptz '2026-01-01' as ts, 'e' || hash(i) as event from range(20000) t(i)
      """
    try bench.copy(rows, to: "a.\(kind)", kind.hasPrefix("ndjson") ? "(format json, compression gzip)" : "")
    try bench.copy(rows, to: "b.\(kind)", kind.hasPrefix("ndjson") ? "(format json, compression gzip)" : "")
    let whole = try Data(contentsOf: URL(fileURLWithPath: bench.path("b.\(kind)")))
    try bench.write("b.\(kind)", Array(whole.prefix(whole.count / 2)))
    let error = #expect(throws: StoreError.self) { try bench.open("*.\(kind)") }
    #expect(error?.message.contains("'b.\(kind)'") == true)
    #expect(error?.message.contains(bench.folder) == false)
    #expect(throws: StoreError.self) { try bench.store() }
  }

  @Test func `Roles and kinds that do not fit are told`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", "user,ts,event\n1.5,2026-01-01,e\n")
    #expect(
      throws: StoreError(
        "the entity column 'user' is of type double",
        hints: ["entities are identified by texts or whole numbers"])
    ) {
      try bench.open()
    }
    try bench.write("a.csv", "client,ts,event\n1,2026-01-01,e\n")
    #expect(
      throws: StoreError(
        "no column 'user' for the entity of the log", hints: ["the columns here are 'client', 'ts', 'event'"])
    ) {
      try bench.open()
    }
    try bench.write("a.csv", "user,ts,event\n1,true,e\n")
    #expect(throws: StoreError.self) { try bench.open() }
    try bench.copy("select 1 as \"user\", timestamptz '2026-01-01' as ts, 5 as event", to: "a.parquet")
    let event = #expect(throws: StoreError.self) { try bench.open("a.parquet") }
    #expect(event?.message == "the event column 'event' is of type integer")
    let kinds = #expect(throws: StoreError.self) { try bench.open("a.*") }
    #expect(kinds?.message == "one source has files of one kind: 'a.csv' and 'a.parquet' are of two")
    try bench.write("a.xlsx", "x")
    #expect(throws: StoreError.self) { try bench.open("a.xlsx") }
    // Numbers are good names of events in a file of texts.
    try bench.write("a.csv", "user,ts,event\n1,2026-01-01,05\n1,2026-01-02,7\n")
    #expect(try bench.open("a.csv").log.values("event") == [.text("05"), .text("7")])
  }

  @Test func `More rows than memory are sorted on the disk`() throws {
    let bench = try Workbench()
    try bench.copy(
      """
      select hash(i) % 5000 as "user", timestamptz '2026-01-01' + to_seconds(i) as ts, 'e' as event, \
      i as n, repeat('x', 100) || i % 1000 as t from range(600000) r(i)
      """, to: "a.parquet")
    let log = try bench.open("a.parquet", threads: 1, memoryLimit: 128_000_000).log
    #expect(log.rowCount == 600_000)
    #expect(log.entityCount == 5000)
  }
}
