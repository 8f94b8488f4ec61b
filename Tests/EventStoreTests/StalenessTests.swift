import EventStore
import Foundation
import Testing
import Values

@Suite struct StalenessTests {
  static let header = "user,ts,event,n\n"

  @Test func `A file replaced by one of the same size and time of modification is noticed`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", Self.header + "1,2026-01-01T00:00:00Z,e,1\n")
    let attributes = try FileManager.default.attributesOfItem(atPath: bench.path("a.csv"))
    let first = try bench.open().log
    #expect(first.values("n") == [.integer(1)])
    for round in 2...5 {
      try bench.write("a.csv", Self.header + "1,2026-01-01T00:00:00Z,e,\(round)\n")
      try FileManager.default.setAttributes(
        [.modificationDate: try #require(attributes[.modificationDate])], ofItemAtPath: bench.path("a.csv"))
      let next = try bench.open().log
      #expect(next.values("n") == [.integer(Int64(round))])
      #expect(next.fingerprint != first.fingerprint)
    }
    // What is open stays whole although its store is gone.
    #expect(first.values("n") == [.integer(1)])
    _ = try bench.store()
  }

  @Test func `A file that is added or goes is noticed, and so are other roles`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", Self.header + "1,2026-01-01T00:00:00Z,e,1\n")
    let one = try bench.open().log
    try bench.write("b.csv", Self.header + "1,2026-01-01T00:00:00Z,e,2\n")
    let two = try bench.open().log
    #expect(two.rowCount == 2)
    try FileManager.default.removeItem(atPath: bench.path("b.csv"))
    let again = try bench.open().log
    #expect(again.rows == one.rows)
    #expect(again.fingerprint == one.fingerprint)
    #expect(bench.readings == 3)
    #expect(try bench.open(id: "n").log.fingerprint != one.fingerprint)
    #expect(try bench.open(timeZone: "Asia/Tokyo").log.fingerprint != one.fingerprint)
    try FileManager.default.removeItem(atPath: bench.path("a.csv"))
    let error = #expect(throws: StoreError.self) { try bench.open() }
    #expect(error?.message == "no file matches '*.csv'")
  }

  @Test(arguments: [("x.csv", "*.csv"), ("x.1.NDJSON.gz", "*.NDJSON.gz"), ("x.txt", "*.parquet")])
  func `A folder in the place of files is called one`(name: String, files: String) throws {
    let bench = try Workbench()
    try bench.write("days/\(name)", "user,ts,event\n")
    for pattern in ["days", "days/"] {
      let error = #expect(throws: StoreError.self) { try bench.open(pattern) }
      #expect(error?.message == "'\(pattern)' is a folder")
      #expect(error?.hints == ["name the files in it: 'days/\(files)'"])
    }
  }

  @Test func `Equal files give equal stores in every folder, with any number of threads`() throws {
    let rows = """
      select (i * 7919) % 300 as "user", timestamptz '2026-01-01' + to_seconds((i * 31) % 1000) as ts, \
      'e' || i % 5 as event, i as n, if(i % 3 = 0, null, 't' || i % 999) as t, i / 7 as d from range(20000) r(i)
      """
    var stores: [[String: Data]] = []
    var fingerprints: Set<String> = []
    for threads in [1, 2, 4] {
      let bench = try Workbench()
      try bench.copy(rows, to: "x.parquet")
      fingerprints.insert(try bench.open("x.parquet", threads: threads).log.fingerprint)
      let files = try bench.storeFiles()
      #expect(files.count > 10)
      stores.append(files)
    }
    #expect(fingerprints.count == 1)
    #expect(stores[0] == stores[1])
    #expect(stores[0] == stores[2])
  }

  @Test func `A dimension is a table that follows its file`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", Self.header + "1,2026-01-01T00:00:00Z,e,1\n")
    try bench.write("users.csv", "user,country\n2,DE\n1,\n")
    let dimensions = ["users": SourceDescription.Dimension(file: "users.csv", key: "user")]
    let first = try bench.open("a.csv", dimensions: dimensions)
    let users = try #require(first.dimensions["users"]).table
    #expect(users.schema == [Field("user", .integer), Field("country", .text)])
    #expect([users.row(0), users.row(1)] == [[.integer(2), .text("DE")], [.integer(1), .null]])
    try bench.write("users.csv", "user,country\n2,DE\n1,FR\n")
    let second = try bench.open("a.csv", dimensions: dimensions)
    try bench.write("users.csv", "user,country\n2,DE\n1,IT\n")
    let third = try bench.open("a.csv", dimensions: dimensions)
    // What is open stays what it is, also where its rows are first asked for when its store is gone.
    #expect(second.dimensions["users"]?.table.row(1) == [.integer(1), .text("FR")])
    #expect(third.dimensions["users"]?.table.row(1) == [.integer(1), .text("IT")])
    #expect(second.dimensionFingerprints != first.dimensionFingerprints)
    #expect(second.log.fingerprint == first.log.fingerprint)
    #expect(bench.readings == 4)
    let error = #expect(throws: StoreError.self) {
      try bench.open("a.csv", dimensions: ["users": .init(file: "users.csv", key: "id")])
    }
    #expect(error?.message == "no column 'id' for the key of 'users.csv'")
  }
}
