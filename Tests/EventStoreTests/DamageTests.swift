import EventStore
import Foundation
import Testing
import Values

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct DamageTests {
  /// A store with texts, an integer, nulls, and a column of which only the values are stored; what its rows are.
  private func bench() throws -> (Workbench, [[Scalar]]) {
    let bench = try Workbench()
    try bench.write(
      "a.csv",
      """
      user,ts,event,n,rare
      ann,2026-01-01T00:00:00.5Z,view,1,
      bo,2026-01-02T00:00:00Z,buy,,x
      ann,2026-01-03T00:00:00Z,view,300,
      bo,2026-01-04T00:00:00Z,view,7,
      """)
    return (bench, try bench.open().log.rows)
  }

  @Test func `Each file that is cut, changed or gone is found, and the store made again`() throws {
    let (bench, rows) = try bench()
    let names = try FileManager.default.contentsOfDirectory(atPath: bench.store()).sorted()
    #expect(names.count >= 17)
    #expect(names.contains("column4.presence"))
    var rebuilt = 0
    for (index, name) in names.enumerated() {
      let path = try bench.store() + "/" + name
      let bytes = try #require(FileManager.default.contents(atPath: path))
      #expect(!bytes.isEmpty)
      let damages: [(String) throws -> Void] = [
        { path in try bytes.dropLast().write(to: URL(fileURLWithPath: path)) },
        { path in try (bytes + [0]).write(to: URL(fileURLWithPath: path)) },
        { path in
          var flipped = bytes
          flipped[flipped.count / 2] ^= 1
          try flipped.write(to: URL(fileURLWithPath: path))
        },
        { path in try FileManager.default.removeItem(atPath: path) },
        { path in try Data().write(to: URL(fileURLWithPath: path)) },
      ]
      for place in [index, index + 2] {
        try damages[place % damages.count](path)
        #expect(try bench.open().log.rows == rows)
        rebuilt += 1
        #expect(bench.readings == rebuilt + 1)
        #expect(bench.warnings.count == rebuilt)
      }
    }
    #expect(bench.warnings[0].contains("bytes where"))
  }

  @Test func `A store whose files were only touched is used as it is`() throws {
    let (bench, rows) = try bench()
    let store = try bench.store()
    for name in try FileManager.default.contentsOfDirectory(atPath: store) {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: "\(store)/\(name)")
    }
    #expect(try bench.open().log.rows == rows)
    #expect(bench.readings == 1)
    #expect(bench.warnings == [])
  }

  @Test func `What a killed process left is removed, and a store whose place is taken is replaced`() throws {
    let (bench, rows) = try bench()
    let shop = bench.folder + "/stores/shop"
    for name in [".new-log", ".old"] {
      try FileManager.default.createDirectory(
        atPath: "\(shop)/\(name)/scratch", withIntermediateDirectories: true)
      try Data([1, 2, 3]).write(to: URL(fileURLWithPath: "\(shop)/\(name)/column1.values"))
    }
    #expect(try bench.open().log.rows == rows)
    #expect(bench.readings == 1)
    try FileManager.default.removeItem(atPath: bench.store() + "/manifest.json")
    #expect(try bench.open().log.rows == rows)
    #expect(bench.readings == 2)
    let left = try FileManager.default.contentsOfDirectory(atPath: shop).filter { $0.hasPrefix(".") }
    #expect(left == [])
  }

  @Test func `A store whose making ended at any step is made again, and nothing is left behind`() throws {
    let (bench, rows) = try bench()
    let shop = bench.folder + "/stores/shop"
    let manager = FileManager.default
    let store = try bench.store()
    // In the order of their writing, the manifest and its checksum last.
    let names = try manager.contentsOfDirectory(atPath: store).sorted {
      ($0.hasPrefix("manifest") ? 1 : 0, $0) < ($1.hasPrefix("manifest") ? 1 : 0, $1)
    }
    enum Place: CaseIterable { case nowhere, replaced, there }
    var readings = 1
    for step in 0...names.count {
      for place in Place.allCases {
        try manager.createDirectory(atPath: "\(shop)/.new-log/scratch", withIntermediateDirectories: true)
        for name in names.prefix(step) {
          try manager.copyItem(atPath: "\(store)/\(name)", toPath: "\(shop)/.new-log/\(name)")
        }
        if step > 0, let last = FileHandle(forWritingAtPath: "\(shop)/.new-log/\(names[step - 1])") {
          try last.truncate(atOffset: try last.seekToEnd() / 2)
          try last.close()
        }
        switch place {
        case .nowhere: try manager.removeItem(atPath: store)
        case .replaced: try manager.moveItem(atPath: store, toPath: "\(shop)/.old")
        case .there: break
        }
        if place != .there { readings += 1 }
        #expect(try bench.open().log.rows == rows)
        #expect(bench.readings == readings)
        if place != .there {
          #expect(try manager.contentsOfDirectory(atPath: shop).filter { $0.hasPrefix(".") } == [])
        }
        try? manager.removeItem(atPath: "\(shop)/.new-log")
      }
    }
    #expect(bench.warnings == [])
  }

  @Test func `A log that is continued while another of its makers was killed is whole`() throws {
    let (bench, _) = try bench()
    let shop = bench.folder + "/stores/shop"
    try FileManager.default.copyItem(atPath: bench.store(), toPath: "\(shop)/.new-log")
    try FileManager.default.copyItem(atPath: bench.store(), toPath: "\(shop)/.old")
    try bench.write("b.csv", "user,ts,event,n\nbo,2026-01-01T00:00:00Z,late,\n")
    let opened = try bench.open()
    #expect(opened.log.values("event") == ["view", "view", "late", "buy", "view"].map { .text($0) })
    #expect(opened.log.values("n") == [.integer(1), .integer(300), .null, .null, .integer(7)])
    #expect(opened.report.files.map(\.name) == ["a.csv", "b.csv"])
    #expect(bench.notices.last?.message.hasSuffix("added to 1 file") == true)
  }

  /// A log in two segments, with columns and runs that were put together; what its rows are.
  private func continued() throws -> (Workbench, [[Scalar]]) {
    let bench = try Workbench()
    let header = "user,ts,event,n,rare\n"
    try bench.write(
      "a.csv",
      header
        + (0..<40).map {
          "u\($0 % 7),2026-01-01T00:00:0\($0 % 10).5Z,view,\($0),\($0 % 20 == 0 ? "x" : "")\n"
        }
        .joined())
    _ = try bench.open()
    try bench.write("b.csv", header + "u3,2026-01-01T00:00:04Z,buy,,y\nv,2026-01-01T00:00:04Z,view,777,\n")
    let log = try bench.open().log
    #expect(log.runs != nil)
    #expect(try bench.stores().count == 3)
    return (bench, log.rows)
  }

  @Test func `Each file of a log in segments that is damaged is found: what was put together is so again`()
    throws
  {
    let (first, rows) = try continued()
    let shop = "/stores/shop/"
    let store = try first.store()
    let all = try FileManager.default.subpathsOfDirectory(atPath: first.folder + shop).sorted().filter {
      name in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: first.folder + shop + name, isDirectory: &isFolder)
      return !isFolder.boolValue && name.hasPrefix("log-")
    }
    // The first log, the added rows, and the log of both with five columns and the runs.
    #expect(all.count > 60)
    #expect(
      all.contains { $0.hasSuffix("/runs/runs.rows") }
        && all.contains { $0.wholeMatch(of: /.*-behind-[0-9a-f]+\/rows/) != nil })
    for (index, name) in all.enumerated() {
      let (bench, _) = try continued()
      #expect(try bench.store().hasSuffix(store.suffix(64)))
      let path = bench.folder + shop + name
      let bytes = try #require(FileManager.default.contents(atPath: path))
      switch index % 3 {
      case 0: try bytes.dropLast().write(to: URL(fileURLWithPath: path))
      case 1: try FileManager.default.removeItem(atPath: path)
      default: try Data(bytes.map { $0 ^ 1 }).write(to: URL(fileURLWithPath: path))
      }
      let log = try bench.open().log
      #expect(log.rows == rows && log.runs != nil, "\(name)")
      let isSupplement =
        name.contains("/column") && name.split(separator: "/").count == 3 || name.contains("/runs/")
      #expect(bench.readings == (isSupplement ? 2 : 3), "\(name)")
      #expect(bench.warnings.count == (isSupplement ? 0 : 1), "\(name)")
    }
  }

  @Test func `A segment in the place of another one is found`() throws {
    let (bench, _) = try continued()
    try bench.write(
      "c.csv", "user,ts,event,n,rare\nu3,2026-01-01T00:00:02Z,buy,,y\nx,2026-01-01T00:00:04Z,view,7,\n")
    let rows = try bench.open().log.rows
    let shop = bench.folder + "/stores/shop/"
    let segments = try bench.stores().filter { $0.contains("-behind-") }
    #expect(segments.count == 2)
    try FileManager.default.removeItem(atPath: shop + segments[0])
    try FileManager.default.copyItem(atPath: shop + segments[1], toPath: shop + segments[0])
    #expect(try bench.open().log.rows == rows)
    #expect(bench.warnings.count == 1 && bench.warnings[0].contains(" is another one"))
  }

  @Test func `What a merge that was killed left goes when the store is next opened`() throws {
    let (bench, rows) = try continued()
    let left = bench.folder + "/stores/shop/.new-0B5C"
    try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: false)
    try Data([1]).write(to: URL(fileURLWithPath: left + "/column2.values"))
    // Somebody may be at work there.
    let lock = open(bench.folder + "/stores/shop/lock", O_RDWR)
    #expect(flock(lock, LOCK_SH) == 0)
    #expect(try bench.open().log.rows == rows)
    #expect(FileManager.default.fileExists(atPath: left))
    close(lock)
    #expect(try bench.open().log.rows == rows)
    #expect(!FileManager.default.fileExists(atPath: left))
    #expect(bench.readings == 2)
  }

  @Test func `Segments are put together in memory where that cannot be left in the store`() throws {
    let (bench, rows) = try continued()
    let store = try bench.store()
    let manager = FileManager.default
    func supplements() throws -> [String] {
      try manager.contentsOfDirectory(atPath: store).filter {
        $0 == "runs" || $0.wholeMatch(of: /column\d/) != nil
      }
    }
    #expect(try supplements().count == 5)
    for name in try supplements() { try manager.removeItem(atPath: "\(store)/\(name)") }
    let log = try bench.open().log
    let other = try bench.open().log
    let lock = open(bench.folder + "/stores/shop/lock", O_RDWR)
    #expect(flock(lock, LOCK_EX) == 0)
    #expect(log.rows == rows && log.runs?.times.count == rows.count)
    #expect(try supplements() == [])
    close(lock)
    // Two that read at once each have the whole, and one is left.
    let third = try bench.open().log
    DispatchQueue.concurrentPerform(iterations: 2) { index in
      let log = index == 0 ? other : third
      #expect(log.rows == rows && log.runs?.times.count == rows.count)
    }
    #expect(try supplements().count == 5)
    #expect(
      try manager.contentsOfDirectory(atPath: bench.folder + "/stores/shop").filter { $0.hasPrefix(".") }
        == [])
  }

  @Test func `A log in segments whose store was replaced can still be read`() throws {
    let (bench, rows) = try continued()
    let store = try bench.store()
    for name in ["column2", "column4", "runs"] {
      try FileManager.default.removeItem(atPath: "\(store)/\(name)")
    }
    let log = try bench.open().log
    try bench.write("c.csv", "user,ts,event,n,rare\nw,2026-01-01T00:00:04Z,view,1,\n")
    #expect(try bench.open().log.rowCount == 43)
    #expect(!FileManager.default.fileExists(atPath: store))
    #expect(log.rows == rows && log.runs?.times.count == rows.count)
    #expect(!FileManager.default.fileExists(atPath: store))
  }

  @Test func `Rows that were added by a process that was killed are added again`() throws {
    let (bench, rows) = try continued()
    let store = try bench.store()
    // The rows are in their place, the log is not.
    try FileManager.default.removeItem(atPath: store)
    #expect(try bench.stores().count == 2)
    #expect(try bench.open().log.rows == rows)
    #expect(bench.readings == 3 && bench.warnings == [])
    #expect(bench.notices.last?.message.hasSuffix("added to 1 file") == true)
    #expect(try bench.stores().count == 3)
  }

  @Test func `Where no store can be written one is made elsewhere, and goes`() throws {
    let (bench, rows) = try bench()
    let blocked = bench.folder + "/stores/shop/lock/below"
    let source = SourceDescription(
      name: "shop", events: ["*.csv"], roles: LogRoles(entity: "user", time: "ts", event: "event"),
      dimensions: ["users": .init(file: "a.csv", key: "user")], folder: bench.folder + "/data")
    var notices: [StoreNotice] = []
    let opened = try EventStore.open(source, at: blocked) { notices.append($0) }
    #expect(opened.log.rows == rows)
    #expect(opened.dimensions["users"]?.count == 4)
    let warnings = notices.filter { $0.level == .warning }.map(\.message)
    #expect(warnings.count == 2)
    let expected = "the folder '\(blocked)/shop' cannot be written ("
    #expect(warnings.allSatisfy { $0.hasPrefix(expected) && $0.hasSuffix("kept for this run alone") })
  }

  @Test func `A hash cache that is torn costs time only`() throws {
    let (bench, rows) = try bench()
    let path = bench.folder + "/stores/shop/hashes.json"
    #expect(FileManager.default.fileExists(atPath: path))
    try Data("{\"a.csv\": {".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try bench.open().log.rows == rows)
    #expect(bench.readings == 1)
  }

  @Test func `Many at once make one store`() throws {
    let bench = try Workbench()
    try bench.write(
      "a.csv", "user,ts,event\n" + (0..<2000).map { "\($0 % 50),2026-01-01T00:00:00Z,e\n" }.joined())
    let folder = bench.folder
    let results = Results()
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      let source = SourceDescription(
        name: "shop", events: ["a.csv"], roles: LogRoles(entity: "user", time: "ts", event: "event"),
        folder: folder + "/data")
      let opened = try? EventStore.open(source, at: folder + "/stores") { results.note($0) }
      results.add(opened?.log.rowCount)
    }
    #expect(results.counts == [2000, 2000, 2000, 2000])
    #expect(results.readings == 1)
  }

  private final class Results: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var counts: [Int?] = []
    private(set) var readings = 0

    func add(_ count: Int?) { lock.withLock { counts.append(count) } }
    func note(_ notice: StoreNotice) {
      if notice.message.hasPrefix("reading ") { lock.withLock { readings += 1 } }
    }
  }
}
