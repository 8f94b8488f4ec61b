import Testing
import Values

@testable import ADBC

@Suite struct IngestTests {
  let connection: Connection

  init() throws { connection = try Database().connect() }

  /// Five rows of every type, with and without nulls.
  static let table: Table = {
    let columns: [(String, Column)] = [
      ("flag", Column(.boolean, [.boolean(true), .null, .boolean(false), .boolean(true), .boolean(false)])),
      ("whole", Column(.integer, [.integer(.min), .integer(.max), .null, .integer(0), .integer(-1)])),
      (
        "real",
        Column(
          .double, [.double(0.1), .double(-.infinity), .double(.leastNonzeroMagnitude), .null, .double(-0.0)])
      ),
      ("odd \"name\"", Column(.text, [.text("a'b"), .text(""), .text("🦊\n"), .null, .text("a'b")])),
      ("at", Column(.timestamp, [.timestamp(-1), .timestamp(0), .null, .timestamp(1), .timestamp(9)])),
      ("day", Column(.date, [.date(-1), .date(0), .date(20000), .null, .date(7)])),
      (
        "span",
        Column(.duration, [.duration(1), .duration(-1), .duration(90_000_000_000), .null, .duration(0)])
      ),
    ]
    return Table(schema: columns.map { Field($0, $1.type) }, columns: columns.map(\.1))
  }()

  @Test func `A table comes back as it went in`() throws {
    try connection.ingest(Self.table, into: "a \"b\"")
    try connection.ingest(Self.table, into: "a \"b\"", .append)
    let back = try connection.table("select * from \(SQLText.identifier("a \"b\""))")
    #expect(back.schema == Self.table.schema)
    #expect(back.count == 10)
    for row in 0..<10 { #expect(back.row(row) == Self.table.row(row % 5)) }
  }

  @Test func `Many rows and no rows go in`() throws {
    let many = Table(
      schema: [Field("n", .integer), Field("t", .text)],
      columns: [
        .integers((0..<200_000).map { Int64($0) }),
        .texts((0..<200_000).map { UInt32($0 % 3) }, TextDictionary(["x", "yy", ""])),
      ])
    try connection.ingest(many, into: "many")
    let sums = try connection.table("select count(*), sum(n), sum(length(t)) from many")
    #expect(sums.row(0) == [.integer(200_000), .integer(19_999_900_000), .integer(200_001)])
    try connection.ingest(many.gathered([]), into: "none")
    #expect(try connection.table("from none").schema == many.schema)
    #expect(throws: DatabaseError.self) { try connection.ingest(many, into: "none") }
  }

  @Test func `No byte of a text is SQL`() throws {
    for text in ["'", "''); drop table t; --", "\\", "\0", "a\0'b", "${x}", "🦊\u{301}"] {
      let row = try connection.table("select \(SQLText.literal(text)) as \(SQLText.identifier("c\"'; --"))")
      #expect(row.row(0) == [.text(text)])
      #expect(row.schema[0].name == "c\"'; --")
    }
    #expect(try connection.table("select unnest(\(SQLText.list(["a", "'b"])))").count == 2)
  }
}
