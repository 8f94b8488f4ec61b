import EventStore
import Foundation
import Testing
import Values

/// The same six events in files of every kind.
@Suite struct FileKindTests {
  static let events = """
    select * from (values \
    ('bo', timestamptz '2026-01-02 00:00:00Z', 'view', 1, 1.5, true, date '2026-01-01', null), \
    ('ann', timestamptz '2026-01-01 00:00:01.5Z', 'view', 2, null, false, date '2026-01-02', 'x'), \
    ('ann', timestamptz '2026-01-01 00:00:00Z', 'buy', null, 2.25, null, null, 'grün, "🦊"'), \
    ('Zoe', timestamptz '1969-12-31 23:59:59Z', 'view', -4, -0.5, true, date '1969-12-31', ''' '), \
    ('ann', timestamptz '2026-01-01 00:00:00Z', 'view', 5, 1e300, true, date '2026-01-05', 'x'), \
    ('émile', timestamptz '2038-01-19 03:14:08Z', null, 6, 0.0, false, date '2026-01-06', 'y')) \
    t("user", ts, event, n, price, flag, "day", note)
    """

  @Test(arguments: [
    ("e.parquet", "(format parquet)"), ("e.csv", "(format csv, header)"),
    ("e.tsv", "(format csv, header, delim '\t')"),
    ("e.csv.gz", "(format csv, header, compression gzip)"),
    ("e.csv.zst", "(format csv, header, compression zstd)"),
    ("e.ndjson", "(format json)"), ("e.jsonl.gz", "(format json, compression gzip)"),
    ("e.ndjson.zst", "(format json, compression zstd)"),
    ("snappy.parquet", "(format parquet, compression snappy)"),
  ])
  func `A file of each kind gives the same log`(name: String, options: String) throws {
    let bench = try Workbench()
    try bench.copy(Self.events, to: name, options)
    let opened = try bench.open(name)
    let log = opened.log
    let day: Int64 = 86_400_000_000
    let january: Int64 = 20_454 * day
    #expect(log.schema.map(\.name) == ["user", "ts", "event", "n", "price", "flag", "day", "note"])
    #expect(
      log.schema.map(\.type) == [.text, .timestamp, .text, .integer, .double, .boolean, .date, .text])
    // By the bytes of the entity, by time, and as in the file where both are equal.
    #expect(log.entities.read(0..<4).scalars == [.text("Zoe"), .text("ann"), .text("bo"), .text("émile")])
    #expect((0..<4).map { log.rows(ofEntity: $0).count } == [1, 3, 1, 1])
    let expected: [[Scalar]] = [
      [
        .text("Zoe"), .timestamp(-1_000_000), .text("view"), .integer(-4), .double(-0.5), .boolean(true),
        .date(-1), .text("' "),
      ],
      [
        .text("ann"), .timestamp(january), .text("buy"), .null, .double(2.25), .null, .null,
        .text("grün, \"🦊\""),
      ],
      [
        .text("ann"), .timestamp(january), .text("view"), .integer(5), .double(1e300), .boolean(true),
        .date(20_458), .text("x"),
      ],
      [
        .text("ann"), .timestamp(january + 1_500_000), .text("view"), .integer(2), .null, .boolean(false),
        .date(20_455), .text("x"),
      ],
      [
        .text("bo"), .timestamp(january + day), .text("view"), .integer(1), .double(1.5), .boolean(true),
        .date(20_454), .null,
      ],
      [
        .text("émile"), .timestamp(2_147_483_648_000_000), .null, .integer(6), .double(0), .boolean(false),
        .date(20_459), .text("y"),
      ],
    ]
    #expect(log.rows == expected)
    #expect(opened.report.rowsRead == 6)
    #expect(opened.report.rowsKept == 6)
    #expect(opened.report.problems == [])
    #expect(opened.report.events.map(\.event) == ["view", "buy", nil])
    #expect(opened.report.events.map(\.count) == [4, 1, 1])
    #expect(opened.report.properties.map(\.nulls) == [0, 0, 1, 1, 1, 1, 1, 1])
    #expect(opened.report.firstTime == -1_000_000)
    #expect(opened.report.lastTime == 2_147_483_648_000_000)
    // A second time nothing is read.
    #expect(try bench.open(name).log.rows == expected)
    #expect(bench.readings == 1)
  }

  @Test func `Files are read in the order of their names, and rows in the order of their files`() throws {
    let bench = try Workbench()
    try bench.write("b.csv", "user,ts,event,n\n1,2026-01-01T00:00:00Z,e,3\n1,2026-01-01T00:00:00Z,e,4\n")
    try bench.write("a.csv", "user,ts,event,n\n1,2026-01-01T00:00:00Z,e,1\n1,2026-01-01T00:00:00Z,e,2\n")
    try bench.write("sub/c.csv", "n,event,ts,user\n5,e,2026-01-01T00:00:00Z,1\n")
    #expect(try bench.open("*.csv", "*/*.csv").log.values("n") == (1...5).map { .integer($0) })
    for (name, first) in [("a", 0), ("b", 30_000)] {
      try bench.copy(
        "select 7 as \"user\", timestamptz '2026-01-01' as ts, 'e' as event, i + \(first) as n from range(30000) t(i)",
        to: "\(name).parquet", "(row_group_size 5000)")
    }
    #expect(try bench.open("*.parquet").log.values("n") == (0..<60_000).map { .integer($0) })
    for (name, first) in [("a", 0), ("b", 30_000)] {
      try bench.copy(
        "select 7 as \"user\", timestamptz '2026-01-01' as ts, 'e' as event, i + \(first) as n from range(30000) t(i)",
        to: "\(name).ndjson")
    }
    #expect(try bench.open("*.ndjson", threads: 4).log.values("n") == (0..<60_000).map { .integer($0) })
  }

  @Test func `Files with other columns are joined by the columns' names`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", "user,ts,event,n\n1,2026-01-01T00:00:00Z,e,1\n")
    try bench.write("b.csv", "event,USER,price,ts\nf,2,2.5,2026-01-01T00:00:00Z\n")
    let log = try bench.open("*.csv").log
    #expect(log.schema.map(\.name) == ["user", "ts", "event", "n", "price"])
    #expect(log.values("price") == [.null, .double(2.5)])
    try bench.write("a.ndjson", #"{"user": 1, "ts": "2026-01-01T00:00:00Z", "event": "e"}"# + "\n")
    try bench.write(
      "b.ndjson", #"{"user": 1, "ts": "2026-01-01T00:00:00Z", "event": "e", "late": [1, {"x": null}]}"#)
    #expect(try bench.open("*.ndjson").log.values("late") == [.null, .text(#"[1,{"x":null}]"#)])
  }

  @Test func `A JSON property of several types is a text, without quotation marks`() throws {
    let bench = try Workbench()
    for (file, user, value) in [
      ("a", "7", #""5.10""#), ("b", #""b""#, "6"), ("c", #""7""#, #"{"x": "y"}"#),
    ] {
      let line = #"{"user": \#(user), "ts": "2026-01-01T00:00:00Z", "event": "e", "v": \#(value)}"#
      try bench.write("\(file).ndjson", line + "\n")
    }
    let log = try bench.open("*.ndjson").log
    #expect(log.values("user") == [.text("7"), .text("7"), .text("b")])
    #expect(log.values("v") == [.text("5.10"), .text(#"{"x":"y"}"#), .text("6")])
  }

  @Test func `Types beyond the plain ones become plain`() throws {
    let bench = try Workbench()
    try bench.copy(
      """
      select 18446744073709551615::ubigint as "user", timestamp_ns '2026-01-01 00:00:00.123456789' as ts, \
      'e'::enum('f', 'e') as event, 5::ubigint as fits, 18446744073709551615::ubigint as big, \
      1.25::decimal(9, 2) as amount, {'a': [1]} as nested, 'ab'::blob as bytes, time '01:00:00' as clock, \
      'nan'::double as nan, 1 as file_index, uuid '00000000-0000-0000-0000-000000000001' as id
      """, to: "t.parquet")
    let log = try bench.open("t.parquet").log
    let expected: [Scalar] = [
      .text("18446744073709551615"), .timestamp(1_767_225_600_123_456), .text("e"), .integer(5),
      .text("18446744073709551615"), .double(1.25), .text(#"{"a":[1]}"#), .text("ab"),
      .duration(3_600_000_000),
    ]
    #expect(Array(log.rows[0].prefix(9)) == expected)
    #expect(log.rows[0][9].number?.isNaN == true)
    #expect(Array(log.rows[0].suffix(2)) == [.integer(1), .text("00000000-0000-0000-0000-000000000001")])
  }

  @Test func `Integers that are plainly seconds, milliseconds or microseconds are times`() throws {
    for (text, microseconds) in [
      ("1767225600", 1_767_225_600_000_000), ("1767225600123", 1_767_225_600_123_000),
      ("1767225600123456", 1_767_225_600_123_456),
    ] as [(String, Int64)] {
      let bench = try Workbench()
      try bench.write("t.csv", "user,ts,event\n1,\(text),e\n")
      try bench.write("t.ndjson", "{\"user\":1,\"ts\":\(text),\"event\":\"e\"}\n")
      #expect(try bench.open("t.csv").log.values("ts") == [.timestamp(microseconds)])
      #expect(try bench.open("t.ndjson").log.values("ts") == [.timestamp(microseconds)])
    }
    let bench = try Workbench()
    try bench.write("t.csv", "user,ts,event\n1,1767225600,e\n1,17,e\n")
    let error = #expect(throws: StoreError.self) { try bench.open() }
    #expect(error?.message.contains("from 17 to 1767225600") == true)
  }

  @Test func `Times of all ages are kept, and infinite ones are none`() throws {
    let bench = try Workbench()
    try bench.copy(
      """
      select * from (values \
      (1, timestamptz '1969-12-31 23:59:59.999999Z', timestamp '1500-01-01', date '0001-01-01'), \
      (1, timestamptz '1677-01-01 00:00:00Z', timestamp 'infinity', date 'infinity'), \
      (1, timestamptz '2262-04-12 00:00:00Z', timestamp '-infinity', date '-infinity'), \
      (1, timestamptz '9999-12-31 23:59:59.999999Z', null, null), \
      (1, timestamptz '0001-01-01 00:00:00Z', null, date '9999-12-31'), \
      (2, timestamptz 'infinity', null, null), (3, timestamptz '-infinity', null, null)) \
      t("user", ts, seen, "day") cross join (values ('e')) u(event)
      """, to: "t.parquet")
    let opened = try bench.open("t.parquet")
    #expect(opened.log.entityCount == 1)
    #expect(
      opened.log.values("ts")
        == [
          -62_135_596_800_000_000, -9_246_096_000_000_000, -1, 9_223_372_800_000_000, 253_402_300_799_999_999,
        ]
        .map { .timestamp($0) })
    #expect(
      opened.log.values("seen") == [.null, .null, .timestamp(-14_831_769_600_000_000), .null, .null])
    #expect(opened.log.values("day") == [.date(2_932_896), .null, .date(-719_162), .null, .null])
    #expect(
      opened.report.problems.map { "\($0.count) \($0.loss): \($0.reason): \($0.examples[0].text)" } == [
        "2 value: 'day' is not a finite date, as the others are: infinity",
        "2 value: 'seen' is not a finite time, as the others are: infinity",
        "2 row: the time 'ts' cannot be read: infinity",
      ])
    // Between such times there are more seconds than 32 bits count; within a century there are not.
    #expect(try bench.storeFiles()["column1.microseconds"] == nil)
    try bench.write(
      "t.csv", "user,ts,event,seen\n1,1969-12-31T23:59:59.5Z,e,2026-01-01\n1,2038-01-20,e,infinity\n")
    #expect(
      try bench.open("t.csv").log.values("ts") == [.timestamp(-500_000), .timestamp(2_147_558_400_000_000)])
    #expect(try bench.storeFiles()["column1.microseconds"] != nil)
  }

  @Test func `As many names of events as rows are told apart`() throws {
    let bench = try Workbench()
    try bench.copy(
      "select i % 7 as \"user\", timestamptz '2026-01-01' + to_seconds(i) as ts, 'event ' || i as event from range(70000) t(i)",
      to: "t.parquet")
    let opened = try bench.open("t.parquet")
    #expect(opened.report.events.count == 1000)
    #expect(opened.report.otherEvents == 69_000)
    #expect(opened.report.events.first?.event == "event 0")
    let names = try #require(opened.log.columns[2])
    #expect(names.read(10_000..<10_002).scalars == [.text("event 1"), .text("event 8")])
  }

  @Test func `Texts that are longer than what is written at once are whole`() throws {
    let bench = try Workbench()
    try bench.copy(
      """
      select i as "user", timestamptz '2026-01-01' as ts, 'e' as event, \
      repeat(chr(96 + i::integer), i::integer * 700001) as t from range(1, 8) r(i)
      """, to: "t.parquet")
    let texts = try bench.open("t.parquet").log.values("t")
    #expect(texts.count == 7)
    for (index, letter) in "abcdefg".enumerated() {
      #expect(texts[index] == .text(String(repeating: letter, count: (index + 1) * 700_001)))
    }
  }

  @Test func `One entity whose rows come in no order is sorted by time`() throws {
    let bench = try Workbench()
    try bench.copy(
      """
      select 'u' as "user", timestamptz '2026-01-01' + to_seconds((i * 7919) % 50000) as ts, 'e' as event, i as n \
      from range(100000) t(i)
      """, to: "t.parquet")
    let log = try bench.open("t.parquet").log
    #expect(log.entityCount == 1)
    guard let times = log.columns[1]?.read(0..<100_000), case .integers(let values) = times.values,
      let numbers = log.columns[3]?.read(0..<100_000), case .integers(let rows) = numbers.values
    else { return #expect(Bool(false), "a time and a number are integers") }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    // Of equal times the earlier row comes first.
    #expect(stride(from: 0, to: 100_000, by: 2).allSatisfy { rows[$0] + 50_000 == rows[$0 + 1] })
  }

  @Test(arguments: ["csv", "ndjson", "parquet"])
  func `Times without a zone are in the source's zone`(kind: String) throws {
    let bench = try Workbench()
    let rows = """
      select * from (values (1, '2026-01-01 00:00:00', 'a'), (1, '2026-07-01 00:00:00', 'b')) t("user", ts, event)
      """
    try bench.copy(
      kind == "parquet" ? "select * replace (ts::timestamp as ts) from (\(rows))" : rows, to: "t.\(kind)",
      kind == "ndjson" ? "(format json)" : "")
    #expect(
      try bench.open("t.\(kind)", timeZone: "Europe/Berlin").log.values("ts") == [
        .timestamp(1_767_222_000_000_000), .timestamp(1_782_856_800_000_000),
      ])
    guard kind != "parquet" else { return }
    let zoned = """
      select * from (values (1, '2026-01-01T00:00:00Z', 'a'), (1, '2026-01-01T12:00:00+02:00', 'b')) \
      t("user", ts, event)
      """
    try bench.copy(zoned, to: "z.\(kind)", kind == "ndjson" ? "(format json)" : "")
    #expect(
      try bench.open("z.\(kind)", timeZone: "Europe/Berlin").log.values("ts") == [
        .timestamp(1_767_225_600_000_000), .timestamp(1_767_261_600_000_000),
      ])
  }

  @Test(arguments: ["csv", "ndjson"])
  func `An offset of a time counts, in every property and zone`(kind: String) throws {
    for zone in ["UTC", "Asia/Tokyo"] {
      let bench = try Workbench()
      try bench.copy(
        """
        select 1 as "user", '2026-01-01T02:00:00+02:00' as ts, 'e' as event, '2026-01-01T00:30:00+00:30' as seen, \
        '2026-01-01T00:00:00Z' as zulu
        """, to: "a.\(kind)", kind == "ndjson" ? "(format json)" : "")
      let log = try bench.open("a.\(kind)", timeZone: zone).log
      #expect(log.values("ts") == [.timestamp(1_767_225_600_000_000)])
      #expect(log.values("zulu") == [.timestamp(1_767_225_600_000_000)])
      #expect(log.values("seen") == [.timestamp(1_767_225_600_000_000)])
    }
  }

  @Test func `A text of a megabyte and a name with every odd character are kept`() throws {
    let bench = try Workbench()
    let huge = String(repeating: "😀a", count: 200_000)
    try bench.write("t[1]*'.csv", "user,ts,event,\"a \"\"b\"\", 'c'\"\nu,2026-01-01T00:00:00Z,e,\(huge)\n")
    let log = try bench.open("t?1*.csv").log
    #expect(log.schema.last?.name == "a \"b\", 'c'")
    #expect(log.rows[0].last == .text(huge))
  }

  @Test func `Separators, ends of lines and quotation marks are those of the file`() throws {
    for text in [
      "user;ts;event;n\r\n1;2026-01-01;e;\"a;b\r\nc\"\r\n",
      "\u{FEFF}user\tts\tevent\tn\n1\t2026-01-01\te\t\"a;b\r\nc\"",
      "user|ts|event|n\r1|2026-01-01|e|\"a;b\r\nc\"\r",
      "\"user\" , ts,event,\"n\"\n\n1,2026-01-01,e,\"a;b\r\nc\"\n2,2026-01-01,f,\"x\"\r\n",
    ] {
      let bench = try Workbench()
      try bench.write("a.csv", text)
      let log = try bench.open().log
      #expect(
        log.rows.first == [.integer(1), .timestamp(1_767_225_600_000_000), .text("e"), .text("a;b\r\nc")])
    }
  }

  @Test func `Texts that look like one another stay apart`() throws {
    let bench = try Workbench()
    // Composed and decomposed; a Swift String holds the two for equal.
    try bench.write(
      "t.csv", "user,ts,event,n\n\u{E9},2026-01-01T00:00:00Z,x,00123\ne\u{301},2026-01-01T00:00:00Z,x,7\n")
    let log = try bench.open().log
    #expect(log.entityCount == 2)
    #expect(log.values("n") == [.text("7"), .text("00123")])
  }

  @Test func `Two stars stand for folders at any depth, and links do not lead round in a circle`() throws {
    let bench = try Workbench()
    let names = ["a.csv", "2026/b.csv", "2026/01/c.csv", "2026/01/deep/[x]*/d.csv"]
    for (index, name) in names.enumerated() {
      try bench.write(name, "user,ts,event\nu\(index),2026-01-01,view\n")
    }
    try bench.write(".hidden/e.csv", "user,ts,event\nhidden,2026-01-01,view\n")
    try FileManager.default.createSymbolicLink(
      atPath: bench.path("2026/loop"), withDestinationPath: bench.path(""))
    func users(_ pattern: String) throws -> [Scalar] {
      let log = try bench.open(pattern).log
      return log.entities.read(0..<log.entityCount).scalars
    }
    let all = ["u0", "u1", "u2", "u3"].map { Scalar.text($0) }
    #expect(try users("**/*.csv") == all)
    #expect(try users("**") == all)
    #expect(try users("./**/*.csv") == all)
    #expect(try users("2026/**/*.csv") == Array(all[1...]))
    #expect(try users("**/01/**/*.csv") == Array(all[2...]))
    #expect(try users("**/01/*.csv") == [all[2]])
    #expect(throws: StoreError.self) { try users("**/*.parquet") }
    #expect(throws: StoreError.self) { try users("2025/**/*.csv") }
  }
}
