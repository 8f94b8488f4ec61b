import EventStore
import Testing
import Values

@Suite struct EventRunsTests {
  @Test func `A store holds the rows of each event name side by side`() throws {
    let bench = try Workbench()
    var lines = ["user,ts,event"]
    for row in 0..<500 {
      let name = row % 11 == 0 ? "" : "e\(row * row % 7)"
      lines.append("u\(row * 31 % 17),2026-01-0\(1 + row % 9)T10:00:0\(row % 10).\(row % 3)Z,\(name)")
    }
    try bench.write("a.csv", lines.joined(separator: "\n"))
    try expectRuns(of: try bench.open().log)
  }

  @Test(arguments: ["1800-01-01T00:00:00Z", "2026-01-01T00:00:00Z"])
  func `Times of any width are kept`(first: String) throws {
    let bench = try Workbench()
    try bench.write(
      "a.csv", "user,ts,event\na,\(first),x\na,2026-01-02T00:00:00Z,x\nb,2026-01-02T00:00:00Z,y")
    try expectRuns(of: try bench.open().log)
  }

  @Test func `A log without rows has runs without rows`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", "user,ts,event\n")
    try expectRuns(of: try bench.open().log)
  }

  @Test func `A log in memory has them too`() throws {
    let names: [Scalar] = [.text("b"), .null, .text("a"), .text("b")]
    let table = Table(
      schema: [Field("user", .text), Field("ts", .timestamp), Field("event", .text)],
      columns: [
        Column(.text, ["x", "y", "x", "y"].map { .text($0) }),
        Column(.timestamp, (1...4).map { .timestamp($0) }),
        Column(.text, names),
      ], count: 4)
    let roles = LogRoles(entity: "user", time: "ts", event: "event")
    try expectRuns(of: try EventLog(table: table, roles: roles, fingerprint: ""))
  }

  private func expectRuns(of log: EventLog) throws {
    let runs = try #require(log.runs)
    let names = try #require(log.columns[log.eventPosition])
    let times = try #require(log.columns[log.timePosition])
    for code in 0..<(names.dictionary?.count ?? 0) {
      var expected: [[Int64]] = []
      for entity in 0..<log.entityCount {
        for row in log.rows(ofEntity: entity) {
          let name = names.read(row..<row + 1)
          guard name[0] == .text(names.dictionary?.text(code) ?? "") else { continue }
          let time = try #require(times.read(row..<row + 1)[0].integral)
          expected.append([Int64(row), Int64(entity), time])
        }
      }
      let places = runs.places(ofCode: code)
      let found = places.map { place in
        [
          Int64(runs.rows[place]), Int64(runs.entities[place]),
          runs.times.read(place..<place + 1)[0].integral ?? 0,
        ]
      }
      #expect(found == expected)
      let middle = log.entityCount / 2
      let part = runs.places(ofEntities: middle..<log.entityCount, within: places)
      #expect(part.map { Int64(runs.rows[$0]) } == expected.filter { $0[1] >= Int64(middle) }.map { $0[0] })
    }
  }
}
