import Foundation
import Testing
import Values

@testable import ADBC

@Suite struct QueryTests {
  let connection: Connection

  init() throws { connection = try Database().connect() }

  @Test(arguments: [
    ("true", ScalarType.boolean, Scalar.boolean(true)),
    ("(-128)::tinyint", .integer, .integer(-128)),
    ("255::utinyint", .integer, .integer(255)),
    ("(-32768)::smallint", .integer, .integer(-32768)),
    ("65535::usmallint", .integer, .integer(65535)),
    ("(-2147483648)::integer", .integer, .integer(-2_147_483_648)),
    ("4294967295::uinteger", .integer, .integer(4_294_967_295)),
    ("(-9223372036854775808)::bigint", .integer, .integer(.min)),
    ("9223372036854775807::ubigint", .integer, .integer(.max)),
    ("(-5)::hugeint", .integer, .integer(-5)),
    ("sum(7::bigint)", .integer, .integer(7)),
    ("0.5", .double, .double(0.5)),
    ("(-123456789012345678901.25)::decimal(38,2)", .double, .double(-123_456_789_012_345_678_901.25)),
    ("0.1::decimal(4,1)", .double, .double(0.1)),
    ("1.5::float", .double, .double(1.5)),
    ("'-infinity'::double", .double, .double(-.infinity)),
    ("'grün 🦊'", .text, .text("grün 🦊")),
    ("''", .text, .text("")),
    ("'b'::enum('a', 'b')", .text, .text("b")),
    ("timestamp '1969-12-31 23:59:59.999999'", .timestamp, .timestamp(-1)),
    ("timestamptz '2026-01-01 02:00:00+02'", .timestamp, .timestamp(1_767_225_600_000_000)),
    ("'1969-12-31 23:59:59'::timestamp_s", .timestamp, .timestamp(-1_000_000)),
    ("'1969-12-31 23:59:59.999'::timestamp_ms", .timestamp, .timestamp(-1_000)),
    ("'1969-12-31 23:59:59.999999999'::timestamp_ns", .timestamp, .timestamp(-1)),
    ("date '1969-12-31'", .date, .date(-1)),
    ("time '00:00:01.5'", .duration, .duration(1_500_000)),
    ("interval '3 days 1 second'", .duration, .duration(3 * 86_400_000_000 + 1_000_000)),
    ("null::integer", .integer, .null),
    ("null::varchar", .text, .null),
    ("null::boolean", .boolean, .null),
    ("null::enum('a')", .text, .null),
  ])
  func `A value of each type arrives`(sql: String, type: ScalarType, value: Scalar) throws {
    let table = try connection.table("select \(sql) as x")
    #expect(table.schema == [Field("x", type)])
    #expect(table.row(0) == [value])
  }

  @Test(arguments: [
    "18446744073709551615::ubigint", "9223372036854775808::hugeint", "interval '1 month'",
  ])
  func `A value beyond 64 bits is an error that names its column`(sql: String) throws {
    let error = #expect(throws: DatabaseError.self) { try connection.table("select \(sql) as big") }
    #expect(error?.message.contains("'big'") == true)
    #expect(error?.hints.isEmpty == false)
  }

  @Test(arguments: ["[1, 2]", "{'a': 1}", "'ab'::blob"])
  func `A value that is not plain is an error that names its column`(sql: String) throws {
    let error = #expect(throws: DatabaseError.self) { try connection.table("select \(sql) as nested") }
    #expect(error?.message.contains("'nested'") == true)
  }

  @Test func `Nulls keep their places in every batch`() throws {
    let stream = try connection.query(
      "select if(i % 3 = 0, null, i) as n, if(i % 5 = 0, null, 't' || i % 7) as t from range(10000) r(i) order by i"
    )
    var row = 0
    var batches = 0
    while let batch = try stream.next() {
      batches += 1
      for index in 0..<batch.count {
        #expect(batch.columns[0][index] == (row % 3 == 0 ? .null : .integer(Int64(row))))
        #expect(batch.columns[1][index] == (row % 5 == 0 ? .null : .text("t\(row % 7)")))
        row += 1
      }
    }
    #expect(row == 10000)
    #expect(batches > 1)
    // Nor is there more behind the end.
    #expect(try stream.nextBatch()?.count == nil)
    #expect(try stream.next()?.count == nil)
    let table = try connection.table("select if(i < 5000, i, null) as n from range(10000) r(i) order by i")
    #expect((0..<10000).allSatisfy { table.columns[0].isNull($0) == ($0 >= 5000) })
  }

  @Test func `A result without rows has columns`() throws {
    let table = try connection.table("select 1 as a, 'x' as b where false")
    #expect(table.count == 0)
    #expect(table.schema == [Field("a", .integer), Field("b", .text)])
    #expect(table.columns.map(\.count) == [0, 0])
  }

  @Test func `A mistake is told in one line`() throws {
    let error = #expect(throws: DatabaseError.self) {
      try connection.table("select nothing from (select 1 as n)")
    }
    #expect(error?.message.contains("\n") == false)
    #expect(error?.message.hasPrefix("Referenced column \"nothing\" not found") == true)
    let late = #expect(throws: DatabaseError.self) {
      try connection.table("select cast(if(i = 9999, 'x', '1') as integer) from range(10000) r(i)")
    }
    #expect(late?.message.hasPrefix("Could not convert string 'x'") == true)
  }

  @Test func `A connection goes on after an error, and sees another connection's tables`() throws {
    let database = try Database()
    let first = try database.connect()
    let second = try database.connect()
    #expect(throws: DatabaseError.self) { try first.execute("selekt") }
    try first.execute("create table t as select 42 as n")
    #expect(try second.table("select n from t").row(0) == [.integer(42)])
  }

  @Test func `Nothing is fetched over the network`() throws {
    let settings = try connection.table(
      """
      select name, value from duckdb_settings() \
      where name in ('autoinstall_known_extensions', 'autoload_known_extensions', 'TimeZone') order by name
      """)
    #expect(settings.columns[1].scalars == [.text("UTC"), .text("false"), .text("false")])
  }

  @Test func `A running statement can be cancelled from another thread`() throws {
    let canceller = connection.canceller
    let other = Thread {
      while !Thread.current.isCancelled { canceller.cancel() }
    }
    other.start()
    let error = #expect(throws: DatabaseError.self) {
      try connection.table(
        "select sum(a.i * b.i + c.i) from range(100000) a(i), range(100000) b(i), range(9) c(i)")
    }
    other.cancel()
    #expect(error?.message.lowercased().contains("interrupt") == true)
  }

  @Test func `A missing library says what to do`() {
    let error = #expect(throws: DatabaseError.self) { try Database(library: "/nowhere/libduckdb.so") }
    #expect(error?.hints.contains { $0.contains("make setup") } == true)
    let wrong = #expect(throws: DatabaseError.self) { try Database(library: "libm.so.6") }
    #expect(wrong?.message.contains("duckdb_adbc_init") == true)
  }

  @Test func `The library is looked for beside the program and in the folders above it`() {
    #expect(DuckDBLibrary.candidates(named: "/x/y.so", program: "/a/b") == ["/x/y.so"])
    let paths = DuckDBLibrary.candidates(named: "", program: "/a/b/tool")
    #expect(
      paths.prefix(5).map { $0.replacing(DuckDBLibrary.fileName, with: "L") } == [
        "/a/b/L", "/a/b/../lib/throughline/L", "/a/b/.build-deps/duckdb/L", "/a/.build-deps/duckdb/L",
        "/.build-deps/duckdb/L",
      ])
    #expect(DuckDBLibrary.candidates(named: nil, program: nil).first == DuckDBLibrary.fileName)
  }
}
