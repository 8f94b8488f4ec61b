import EventStore
import Foundation
import Testing
import Values

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct DamageTests {
  /// A store with a text, an integer and nulls; what its rows are.
  private func bench() throws -> (Workbench, [[Scalar]]) {
    let bench = try Workbench()
    try bench.write(
      "a.csv",
      "user,ts,event,n\nann,2026-01-01T00:00:00.5Z,view,1\nbo,2026-01-02T00:00:00Z,buy,\nann,2026-01-03T00:00:00Z,view,300\n"
    )
    return (bench, try bench.open().log.rows)
  }

  @Test func `Each file that is cut, changed or gone is found, and the store made again`() throws {
    let (bench, rows) = try bench()
    let names = try FileManager.default.contentsOfDirectory(atPath: bench.store()).sorted()
    #expect(names.count >= 13)
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
