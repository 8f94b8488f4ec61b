import EventStore
import Testing
import Values

@Suite struct IdentityTests {
  private static let columns = IdentityColumns(device: "device", user: "who")
  private static let forward = IdentityColumns(device: "device", user: "who", backfill: false)

  /// Lines of a file with the columns n, device, who, ts, event; seconds are within one minute.
  private func open(
    _ bench: Workbench, _ lines: [String], _ identity: IdentityColumns = columns, id: String? = nil
  ) throws -> OpenedLog {
    let rows = lines.map { line in
      var fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      fields[3] = fields[3].count == 1 ? "0" + fields[3] : fields[3]
      fields[3] = "2026-01-01 00:00:\(fields[3])"
      return fields.joined(separator: ",")
    }
    try bench.write("a.csv", (["n,device,who,ts,event"] + rows).joined(separator: "\n") + "\n")
    return try bench.open(id: id, identity: identity, entity: "entity")
  }

  /// The entity of each row, by the row's number.
  private func entities(_ opened: OpenedLog) -> [String] {
    let rows = zip(opened.log.values("n"), opened.log.values("entity")).map {
      ($0.integral ?? 0, ValueFormatter.machine($1))
    }
    return rows.sorted { $0.0 < $1.0 }.map(\.1)
  }

  @Test func `Worked case identity-02: forward only`() throws {
    let lines = ["1,D1,,1,v", "2,D1,U1,2,login", "3,D1,,3,v", "4,D1,U2,4,login", "5,D1,,5,v", "6,D2,,6,v"]
    let opened = try open(try Workbench(), lines, IdentityTests.forward)
    #expect(entities(opened) == ["device:D1", "U1", "U1", "U2", "U2", "device:D2"])
  }

  @Test func `Worked case identity-04: two users never merge through a shared device`() throws {
    let lines = ["1,D1,U1,1,login", "2,D2,U1,2,login", "3,D2,U2,3,login", "4,D2,,4,v", "5,D1,,5,v"]
    #expect(entities(try open(try Workbench(), lines)) == ["U1", "U1", "U2", "U2", "U1"])
  }

  @Test func `What came before the first user is that user's, and all is counted`() throws {
    let lines = ["1,D1,,1,v", "2,D1,U1,2,login", "3,D1,,3,v", "4,D1,U2,4,login", "5,D1,,5,v", "6,D2,,6,v"]
    let opened = try open(try Workbench(), lines)
    #expect(entities(opened) == ["U1", "U1", "U1", "U2", "U2", "device:D2"])
    let identity = try #require(opened.report.identity)
    #expect([identity.user, identity.previous, identity.next, identity.device] == [2, 2, 1, 1])
    #expect(opened.report.entities == 3)
    #expect(opened.log.schema.map(\.name) == ["entity", "n", "device", "who", "ts", "event"])
    #expect(opened.log.values("who").filter { $0 == .null }.count == 4)
  }

  @Test func `Rows of one time are in the order of the files`() throws {
    let lines = ["1,D,,7,v", "2,D,U1,7,login", "3,D,,7,v", "4,D,U2,7,login", "5,D,,7,v"]
    #expect(entities(try open(try Workbench(), lines)) == ["U1", "U1", "U1", "U2", "U2"])
  }

  @Test func `Values of devices and users are never the same entity`() throws {
    let lines = [
      "1,x,,1,v", "2,,x,2,v", "3,device:x,,3,v", "4,,device:x,4,v", "5,,user:device:x,5,v", "6,user:x,,6,v",
      "7,,user:x,7,v", "8,,device:device:x,8,v", "9,,device:,9,v", "10,,Device:x,10,v", "11,日本,,11,v",
      "12,,日本,12,v",
    ]
    let opened = try open(try Workbench(), lines)
    #expect(
      entities(opened) == [
        "device:x", "x", "device:device:x", "user:device:x", "user:user:device:x", "device:user:x",
        "user:user:x",
        "user:device:device:x", "user:device:", "Device:x", "device:日本", "日本",
      ])
    #expect(opened.report.entities == lines.count)
  }

  @Test func `Rows without a device say nothing of each other, and rows without both are left out`() throws {
    let lines = ["1,,U1,1,v", "2,,,2,v", "3,,U2,3,v", "4,D1,,4,v"]
    let opened = try open(try Workbench(), lines)
    #expect(entities(opened) == ["U1", "U2", "device:D1"])
    #expect(
      opened.report.problems.map(\.reason) == ["the user 'who' and device 'device' are missing"])
    #expect(opened.report.problems.first?.count == 1)
  }

  @Test func `An empty text is nobody`() throws {
    let bench = try Workbench()
    try bench.write(
      "a.ndjson",
      """
      {"device": "a", "who": "", "ts": "2026-01-01T00:00:00Z", "event": "e", "n": 1}
      {"device": "b", "who": "", "ts": "2026-01-01T00:00:00Z", "event": "e", "n": 2}
      {"device": "", "who": "", "ts": "2026-01-01T00:00:00Z", "event": "e", "n": 3}
      {"device": "", "who": "ann", "ts": "2026-01-01T00:00:00Z", "event": "e", "n": 4}

      """)
    let opened = try bench.open("*.ndjson", identity: IdentityTests.columns, entity: "entity")
    #expect(entities(opened) == ["device:a", "device:b", "ann"])
    #expect(opened.report.rowsRefused == 1)
  }

  @Test func `Duplicates are told by the entity that was found`() throws {
    let bench = try Workbench()
    let lines = ["1,D,,1,v", "1,D,,1,v", "2,D,U,2,login", "1,D,,3,v", "1,E,,4,v", "1,E,,4,w"]
    let opened = try open(bench, lines, id: "n")
    #expect(opened.report.duplicates == 2)
    #expect(
      zip(opened.log.values("entity"), opened.log.values("event")).map { "\($0.0.text) \($0.1.text)" } == [
        "U v", "U login", "device:E v", "device:E w",
      ])
    #expect(opened.report.identity?.user == 1)
  }

  @Test func `Numbers and whole files of other kinds`() throws {
    let bench = try Workbench()
    let rows = "(1, 7, null, 10), (2, 7, 7, 11), (3, 8, null, 12), (4, null, 8, 13)"
    try bench.copy(
      "select n, device, who, make_timestamp(s * 1000000) as ts, 'e' as event from (values \(rows)) t(n, device, who, s)",
      to: "a.parquet")
    let opened = try bench.open("*.parquet", identity: IdentityTests.columns, entity: "entity")
    #expect(entities(opened) == ["7", "7", "device:8", "8"])
    #expect(opened.log.type(of: "device") == .integer)
  }

  @Test func `Without rows there are no entities`() throws {
    let bench = try Workbench()
    #expect(try open(bench, []).log.entityCount == 0)
    #expect(try open(bench, []).report.identity?.device == 0)
  }

  @Test func `Settings of an identity make another log`() throws {
    let bench = try Workbench()
    let lines = ["1,D1,,1,v", "2,D1,U1,2,login"]
    let with = try open(bench, lines)
    let without = try open(bench, lines, IdentityTests.forward)
    #expect(with.log.fingerprint != without.log.fingerprint)
    #expect(entities(without) == ["device:D1", "U1"])
  }

  @Test func `Columns that cannot tell an identity are refused`() throws {
    let bench = try Workbench()
    try bench.write("a.csv", "device,who,ts,event,price\nD,U,2026-01-01 00:00:00,e,1.5\n")
    func refusal(_ identity: IdentityColumns, entity: String = "entity") -> String {
      do {
        _ = try bench.open(identity: identity, entity: entity)
        return ""
      } catch { return error.message }
    }
    #expect(
      refusal(IdentityColumns(device: "phone", user: "who")) == "no column 'phone' for the device of the log")
    #expect(
      refusal(IdentityColumns(device: "entity", user: "who"))
        == "no column 'entity' for the device of the log")
    #expect(
      refusal(IdentityColumns(device: "price", user: "who")) == "the device column 'price' is of type double")
    #expect(
      refusal(IdentityColumns(device: "who", user: "WHO")) == "device and user of an identity are two columns"
    )
    #expect(
      refusal(IdentityTests.columns, entity: "Who")
        == "the files have a column 'Who', which is not what 'identity' makes of two others")
  }

  /// Rows in files whose order is not that of time, against one that looks for each row's neighbours.
  @Test(arguments: [true, false], [1, 2, 8]) func randomRows(_ backfill: Bool, _ threads: Int) throws {
    var random = FixedRandom(state: 11)
    for _ in 0..<12 {
      let bench = try Workbench()
      var rows: [(device: String, user: String, time: Int)] = []
      for file in ["a", "b"] {
        var text = "n,device,who,ts,event\n"
        for _ in 0..<random.below(60) {
          let row = (
            device: ["", "x", "y", "z", "user:x"][random.below(5)],
            user: ["", "", "", "x", "device:x", "user:x"][random.below(6)], time: random.below(12)
          )
          text += "\(rows.count),\(row.device),\(row.user),\(1_767_225_600 + row.time),e\n"
          rows.append(row)
        }
        try bench.write("\(file).csv", text)
      }
      let opened = try bench.open(
        identity: IdentityColumns(device: "device", user: "who", backfill: backfill), entity: "entity",
        threads: threads)
      var expected: [Int64: String] = [:]
      for (number, row) in rows.enumerated() where !row.device.isEmpty || !row.user.isEmpty {
        expected[Int64(number)] = entity(of: number, rows, backfill)
      }
      let found = zip(opened.log.values("n"), opened.log.values("entity")).map {
        ($0.integral ?? -1, ValueFormatter.machine($1))
      }
      #expect(Dictionary(found) { first, _ in first } == expected)
      #expect(found.count == expected.count)
    }
  }

  private func entity(
    of number: Int, _ rows: [(device: String, user: String, time: Int)], _ backfill: Bool
  ) -> String {
    func written(_ user: String) -> String {
      user.hasPrefix("device:") || user.hasPrefix("user:") ? "user:" + user : user
    }
    let row = rows[number]
    if !row.user.isEmpty { return written(row.user) }
    let others = rows.indices.filter { rows[$0].device == row.device && !rows[$0].user.isEmpty }
      .sorted { (rows[$0].time, $0) < (rows[$1].time, $1) }
    if let previous = others.last(where: { (rows[$0].time, $0) < (row.time, number) }) {
      return written(rows[previous].user)
    }
    if backfill, let next = others.first { return written(rows[next].user) }
    return "device:" + row.device
  }
}

/// Numbers that are the same in every run (a linear congruential generator, Knuth's constants).
private struct FixedRandom {
  var state: UInt64

  mutating func below(_ end: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(end))
  }
}

extension Scalar {
  fileprivate var text: String { ValueFormatter.machine(self) }
}
