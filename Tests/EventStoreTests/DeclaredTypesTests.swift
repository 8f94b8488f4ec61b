import ADBC
import EventStore
import Testing
import Values

/// Columns whose types the project file says, in files of each kind.
@Suite struct DeclaredTypesTests {
  private static let types = DeclaredTypes([
    "version": .text, "N": .integer, "x": .double, "yes": .boolean, "day": .date, "at": .timestamp,
  ])

  /// The values of a column, and what was said about those that are lost.
  private func found(
    _ name: String, in opened: OpenedLog
  ) -> (type: ScalarType?, values: [Scalar], lost: [String]) {
    let lost = opened.report.problems.filter { $0.reason.hasPrefix("'\(name)' ") }
    return (opened.log.type(of: name), opened.log.values(name), lost.map { "\($0.count) × \($0.reason)" })
  }

  @Test func `Texts of CSV are read as the types that are said`() throws {
    let bench = try Workbench()
    try bench.write(
      "a.csv",
      """
      user,ts,event,version,n,x,yes,day,at
      ann,2026-01-01T00:00:00Z,e,5.1,1,1,true,2026-01-01,2026-01-01
      ann,2026-01-01T00:00:01Z,e,5.10,2.5,y,2,2026-13-01,never
      ann,2026-01-01T00:00:02Z,e,007,-3.00,1e3,f,infinity,2026-01-01 05:00:00+05
      ann,2026-01-01T00:00:03Z,e,,,,,,

      """)
    let opened = try bench.open(types: Self.types)
    #expect(found("version", in: opened).values == [.text("5.1"), .text("5.10"), .text("007"), .null])
    let n = found("n", in: opened)
    #expect(n.values == [.integer(1), .null, .integer(-3), .null])
    #expect(n.lost == ["1 × 'n' is not a whole number, as 'types' says"])
    let x = found("x", in: opened)
    #expect(x.values == [.double(1), .null, .double(1000), .null])
    #expect(x.lost == ["1 × 'x' is not a number, as 'types' says"])
    let yes = found("yes", in: opened)
    #expect(yes.values == [.boolean(true), .null, .boolean(false), .null])
    #expect(yes.lost == ["1 × 'yes' is not true or false, as 'types' says"])
    let day = found("day", in: opened)
    #expect(day.values == [.date(20454), .null, .null, .null])
    #expect(day.lost == ["2 × 'day' is not a date, as 'types' says"])
    let at = found("at", in: opened)
    let start = Int64(20454) * 86_400_000_000
    #expect(at.values == [.timestamp(start), .null, .timestamp(start), .null])
    #expect(at.lost == ["1 × 'at' is not a time, as 'types' says"])
  }

  @Test func `Values of NDJSON are read as the types that are said`() throws {
    let bench = try Workbench()
    try bench.write(
      "a.ndjson",
      """
      {"user": 7, "ts": "2026-01-01T00:00:00Z", "event": "e", "version": 5.5, "n": 1.0, "x": 3, "yes": "no"}
      {"user": 7, "ts": "2026-01-01T00:00:01Z", "event": "e", "version": "5.10", "n": "2", "x": "x", "yes": 1}
      {"user": 7, "ts": "2026-01-01T00:00:02Z", "event": "e", "version": {"a": 1}, "n": true}

      """)
    let opened = try bench.open("*.ndjson", types: Self.typesOfNDJSON)
    #expect(opened.log.type(of: "user") == .text)
    #expect(found("version", in: opened).values == [.text("5.5"), .text("5.10"), .text(#"{"a":1}"#)])
    let n = found("n", in: opened)
    #expect(n.values == [.integer(1), .integer(2), .null])
    #expect(n.lost == ["1 × 'n' is not a whole number, as 'types' says"])
    #expect(found("x", in: opened).values == [.double(3), .null, .null])
    #expect(found("yes", in: opened).values == [.boolean(false), .boolean(true), .null])
  }

  private static let typesOfNDJSON = DeclaredTypes([
    "version": .text, "n": .integer, "x": .double, "yes": .boolean, "user": .text,
  ])

  @Test func `Values of Parquet are converted to the types that are said`() throws {
    let bench = try Workbench()
    try bench.copy(
      """
      select 7 as "user", timestamptz '2026-01-01' as ts, 'e' as event, 5.5::double as version,
      unnest([2.0, 2.5, null])::double as n, 3::integer as x, 'no' as yes, timestamptz '2026-01-01 12:00:00' as day,
      '2026-01-01' as at
      """, to: "a.parquet")
    let opened = try bench.open("*.parquet", types: Self.types)
    #expect(found("version", in: opened).values == [.text("5.5"), .text("5.5"), .text("5.5")])
    let n = found("n", in: opened)
    #expect(n.values == [.integer(2), .null, .null])
    #expect(n.lost == ["1 × 'n' is not a whole number, as 'types' says"])
    #expect(found("x", in: opened).values.first == .double(3))
    #expect(found("yes", in: opened).values.first == .boolean(false))
    #expect(found("day", in: opened).values.first == .date(20454))
    #expect(found("at", in: opened).type == .timestamp)
  }

  @Test func `Roles have the types that are said`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", "user,ts,event\n7,1767225600,1\n07,1767225601,2\n7,x,3\n")
    let opened = try bench.open(types: DeclaredTypes(["user": .text, "ts": .integer, "event": .text]))
    #expect(opened.log.values("user") == [.text("07"), .text("7")])
    #expect(opened.log.values("event") == [.text("2"), .text("1")])
    #expect(opened.log.values("ts") == [1_767_225_601, 1_767_225_600].map { .timestamp($0 * 1_000_000) })
    #expect(opened.report.rowsRefused == 1)
  }

  @Test func `An empty text is no value of another type, in files of each kind`() throws {
    let types = DeclaredTypes(["n": .integer, "x": .double, "yes": .boolean, "day": .date, "at": .timestamp])
    let names = ["n", "x", "yes", "day", "at"]
    let bench = try Workbench()
    try bench.write("a.csv", "user,ts,event,n,x,yes,day,at,word\nann,2026-01-01,e,,\"\",,,\"\",\n")
    try bench.write(
      "a.ndjson",
      #"{"user": "ann", "ts": "2026-01-01", "event": "e", "n": "", "x": "", "yes": "", "day": "", "at": "", "word": ""}"#
        + "\n")
    try bench.copy(
      """
      select 'ann' as user, date '2026-01-01' as ts, 'e' as event, '' as n, '' as x, '' as yes, '' as day, '' as at,
      '' as word
      """, to: "a.parquet")
    for (kind, word) in [("csv", Scalar.null), ("ndjson", .text("")), ("parquet", .text(""))] {
      let opened = try bench.open("*.\(kind)", types: types)
      #expect(names.map { opened.log.values($0) } == names.map { _ in [.null] }, "\(kind)")
      #expect(opened.report.problems == [], "\(kind)")
      #expect(opened.log.values("word") == [word], "\(kind)")
    }
  }

  @Test(arguments: ["csv", "ndjson", "parquet"])
  func `Whole numbers are times by their size`(kind: String) throws {
    let bench = try Workbench()
    let numbers = ["1767225600", "1767225600000", "1767225600000000", "7", "-1767225600"]
    switch kind {
    case "csv":
      let rows = numbers.map { "ann,\($0),e,\($0),\($0)\n" }
      try bench.write("a.csv", "user,ts,event,at,day\n" + rows.joined())
    case "ndjson":
      let rows = numbers.map {
        #"{"user": "ann", "ts": \#($0), "event": "e", "at": \#($0), "day": \#($0)}"# + "\n"
      }
      try bench.write("a.ndjson", rows.joined())
    default:
      try bench.copy(
        """
        select 'ann' as user, n as ts, 'e' as event, n as at, n as day
        from unnest([\(numbers.joined(separator: ", "))]::bigint[]) as t(n)
        """, to: "a.parquet")
    }
    let types = DeclaredTypes(["ts": .timestamp, "at": .timestamp, "day": .date])
    let opened = try bench.open("*.\(kind)", types: types)
    let start = Int64(20454) * 86_400_000_000
    #expect(opened.log.values("ts") == [Scalar](repeating: .timestamp(start), count: 3))
    #expect(opened.log.values("at") == [Scalar](repeating: .timestamp(start), count: 3))
    #expect(opened.log.values("day") == [Scalar](repeating: .date(20454), count: 3))
    #expect(opened.report.rowsRefused == 2)
    #expect(found("at", in: opened).lost == ["2 × 'at' is not a time, as 'types' says"])
    #expect(found("day", in: opened).lost == ["2 × 'day' is not a date, as 'types' says"])
  }

  @Test func `Rows that a declared type makes unreadable say so`() throws {
    let bench = try Workbench()
    try bench.write(
      "a.csv", "user,ts,event\nann,2026-01-01,e\n7,2026-01-01,e\n8,1767225600,e\n,1767225600,e\n")
    let opened = try bench.open(types: DeclaredTypes(["USER": .integer, "ts": .integer]))
    #expect(opened.log.values("user") == [.integer(8)])
    #expect(
      opened.report.problems.map {
        "\($0.count) × \($0.reason): \($0.examples.map(\.text)), \($0.typedColumn ?? "")"
      }
        == [
          "1 × the entity 'user' is missing: [\"\"], ",
          "1 × the entity 'user' is not a whole number, as 'types' says: [\"ann\"], USER",
          "1 × the time 'ts' is not a whole number, as 'types' says: [\"2026-01-01\"], ts",
        ])
  }

  @Test(arguments: ["csv", "ndjson", "parquet"])
  func `Files that are added are read as those before them`(kind: String) throws {
    let bench = try Workbench()
    let types = DeclaredTypes(["version": .text, "at": .timestamp])
    func write(_ name: String, _ version: String) throws {
      switch kind {
      case "csv":
        try bench.write(
          "\(name).csv", "user,ts,event,version,at\nann,2026-01-01,\(name),\(version),2026-01-01\n")
      case "ndjson":
        try bench.write(
          "\(name).ndjson",
          #"{"user": "ann", "ts": "2026-01-01T00:00:00Z", "event": "\#(name)", "version": \#(version), "at": "2026-01-01"}"#
            + "\n")
      default:
        try bench.copy(
          "select 'ann' as user, date '2026-01-01' as ts, '\(name)' as event, \(version) as version, '2026-01-01' as at",
          to: "\(name).parquet")
      }
    }
    try write("a", "5")
    _ = try bench.open("*.\(kind)", types: types)
    try write("b", "5")
    let opened = try bench.open("*.\(kind)", types: types)
    #expect(opened.log.values("version") == [.text("5"), .text("5")])
    #expect(opened.log.type(of: "at") == .timestamp)
    #expect(bench.notices.last?.message.contains(", added to 1 file") == true)
    try write("c", "5.25")
    #expect(try bench.open("*.\(kind)", types: types).log.values("version").last == .text("5.25"))
  }

  @Test func `Another type makes another store, of the log or of the dimension alone`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", "user,ts,event,version\nann,2026-01-01,e,5.10\n")
    try bench.write("users.txt.csv", "user,version\nann,5.10\n")
    func open(_ types: [String: ScalarType], _ ofDimension: [String: ScalarType]) throws -> OpenedLog {
      try bench.open(
        "a.csv", types: DeclaredTypes(types),
        dimensions: ["users": .init(file: "users.txt.csv", key: "user", types: DeclaredTypes(ofDimension))])
    }
    #expect(try open([:], [:]).log.values("version") == [.double(5.1)])
    #expect(bench.readings == 2)
    #expect(try open(["version": .text], [:]).log.values("version") == [.text("5.10")])
    #expect(bench.readings == 3)
    let opened = try open(["version": .text], ["version": .text])
    #expect(opened.dimensions["users"]?.table.column("version")?[0] == .text("5.10"))
    #expect(bench.readings == 4)
  }

  @Test func `All columns that are named and are not there are told at once`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", "person,ts,event,version\nann,2026-01-01,e,5.10\n")
    let error = #expect(throws: StoreError.self) {
      try bench.open(entity: "persn", types: DeclaredTypes(["versoin": .text]))
    }
    #expect(error?.message == "no column 'persn' for the entity of the log, no column 'versoin' for 'types'")
    #expect(
      error?.hints == [
        "did you mean 'person' by 'persn'?", "did you mean 'version' by 'versoin'?",
        "the columns here are 'person', 'ts', 'event', 'version'",
      ])
    #expect(error?.typedColumn == nil)
    let other = #expect(throws: StoreError.self) {
      try bench.open(entity: "person", types: DeclaredTypes(["versoin": .text]))
    }
    #expect(other?.typedColumn == TypedColumn(name: "versoin"))
    // Files without a header have no columns that could be missed.
    try bench.write("a.csv", "")
    #expect(try bench.open(types: DeclaredTypes(["version": .text])).log.rowCount == 0)
  }

  @Test func `A slip among dates is no reason to refuse them`() throws {
    let bench = try Workbench()
    let rows = (0..<200).map { "ann,\($0 == 150 ? "2026-13-01" : "2026-01-01"),e\n" }
    try bench.write("a.csv", "user,ts,event\n" + rows.joined())
    let opened = try bench.open()
    #expect(opened.log.rowCount == 199)
    #expect(opened.report.problems.map(\.reason) == ["the time 'ts' cannot be read"])
  }
}
