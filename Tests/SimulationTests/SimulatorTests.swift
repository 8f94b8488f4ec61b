import Foundation
import Testing

@testable import Simulation

@Suite struct SimulatorTests {
  @Test func `Threads, blocks and what is held in memory change no byte`() throws {
    let shop = try Fixture.shop(people: 700)
    func made(threads: Int, blockSize: Int, heldEvents: Int) throws -> [String: Data] {
      try Fixture.withFolder { folder in
        var simulator = Simulator(shop, threads: threads)
        simulator.blockSize = blockSize
        simulator.heldEvents = heldEvents
        _ = try simulator.run(into: folder, format: .csv)
        return try Fixture.contents(folder)
      }
    }
    let plain = try made(threads: 1, blockSize: 4096, heldEvents: 1_000_000)
    #expect(plain.keys.sorted().suffix(3) == ["simulation.json", "truth.json", "users.csv"])
    #expect(plain.count == 26 + 3)
    #expect(try made(threads: 2, blockSize: 64, heldEvents: 1_000_000) == plain)
    #expect(try made(threads: 3, blockSize: 101, heldEvents: 500) == plain)
  }

  @Test func `A person is the same among few and among many`() throws {
    func events(people: Int, of user: String?) throws -> (String, [[String: String]]) {
      try Fixture.withFolder { folder in
        _ = try Simulator(try Fixture.shop(people: people)).run(into: folder, format: .csv)
        let users = Fixture.records(try Data(contentsOf: folder.appending(path: "users.csv")))
        #expect(users.count == people)
        let wanted = try #require(user ?? users[1]["user_id"])
        return (wanted, try Fixture.log(folder).flatMap(\.records).filter { $0["user_id"] == wanted })
      }
    }
    let few = try events(people: 2, of: nil)
    #expect(!few.1.isEmpty)
    #expect(try events(people: 300, of: few.0).1 == few.1)
  }

  @Test func `Another seed makes another shop`() throws {
    var shop = try Fixture.shop(people: 20)
    let first = try Fixture.withFolder { folder in
      _ = try Simulator(shop).run(into: folder, format: .csv)
      return try Data(contentsOf: folder.appending(path: "users.csv"))
    }
    shop.seed += 1
    try Fixture.withFolder { folder in
      _ = try Simulator(shop).run(into: folder, format: .csv)
      #expect(try Data(contentsOf: folder.appending(path: "users.csv")) != first)
    }
  }

  @Test func `Nobody makes files with headings alone`() throws {
    try Fixture.withFolder { folder in
      let summary = try Simulator(try Fixture.shop(people: 0)).run(into: folder, format: .csv)
      #expect(summary.truth.rows == 0)
      let log = try Fixture.log(folder)
      #expect(log.count == 26)
      #expect(log.allSatisfy { $0.records.isEmpty })
      let first = try Fixture.contents(folder)["events-2025-12-29.csv"].map {
        String(decoding: $0, as: UTF8.self)
      }
      let heading =
        "event_id,user_id,ts,event,session_number,country,platform,app_version,referrer,campaign,product,"
        + "category,price,quantity,revenue,prior_orders,education_variant,search_term,topic\n"
      #expect(first == heading)
    }
  }

  @Test func `What is there already is not made again`() throws {
    try Fixture.withFolder { folder in
      let shop = try Fixture.shop(people: 50)
      let first = try Simulator(shop).run(into: folder, format: .csv)
      let before = try Fixture.contents(folder)
      let second = try Simulator(shop).run(into: folder, format: .csv)
      #expect(first.outcome == .written)
      #expect(second.outcome == .current)
      #expect(second.truth == first.truth)
      #expect(second.files == first.files)
      #expect(second.bytes == first.bytes)
      // A file that was cut off is noticed.
      try Data("x".utf8).write(to: folder.appending(path: "users.csv"))
      #expect(try Simulator(shop).run(into: folder, format: .csv).outcome == .written)
      #expect(try Fixture.contents(folder) == before)
    }
  }

  @Test func `Only a simulation's own files are replaced`() throws {
    try Fixture.withFolder { folder in
      var shop = try Fixture.shop(people: 30)
      _ = try Simulator(shop).run(into: folder, format: .csv)
      let notes = folder.appending(path: "notes.txt")
      try Data("mine".utf8).write(to: notes)
      shop.filePeriod = .day
      let summary = try Simulator(shop).run(into: folder, format: .ndjson)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(Set(names) == Set(summary.files + ["notes.txt", "simulation.json"]))
      #expect(summary.files.count == 182 + 2)
      #expect(try Data(contentsOf: notes) == Data("mine".utf8))
    }
  }

  @Test func `A file of another's making stops the simulation`() throws {
    try Fixture.withFolder { folder in
      let mine = folder.appending(path: "users.csv")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: mine)
      #expect(throws: SimulationError.occupied(path: mine.path)) {
        try Simulator(try Fixture.shop(people: 30)).run(into: folder, format: .csv)
      }
      #expect(try Fixture.contents(folder) == ["users.csv": Data("mine".utf8)])
    }
  }

  @Test func `A note that was tampered with removes no other's file`() throws {
    try Fixture.withFolder { folder in
      var shop = try Fixture.shop(people: 5)
      _ = try Simulator(shop).run(into: folder, format: .csv)
      let outside = folder.appending(path: "inner/events-2026.csv")
      try FileManager.default.createDirectory(
        at: outside.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: outside)
      let note = folder.appending(path: "simulation.json")
      let text = try String(contentsOf: note, encoding: .utf8)
      try text.replacing("\"users.csv\"", with: "\"inner/events-2026.csv\"")
        .write(to: note, atomically: true, encoding: .utf8)
      try FileManager.default.removeItem(at: folder.appending(path: "users.csv"))
      shop.seed += 1
      _ = try Simulator(shop).run(into: folder, format: .csv)
      #expect(try Data(contentsOf: outside) == Data("mine".utf8))
    }
  }

  @Test func `A folder that cannot be made is a refusal`() throws {
    try Fixture.withFolder { folder in
      try Data().write(to: folder)
      #expect(throws: SimulationError.self) {
        try Simulator(try Fixture.shop(people: 1)).run(into: folder.appending(path: "below"), format: .csv)
      }
    }
  }

  @Test func `Many people have files of less time`() throws {
    func period(_ people: Int) throws -> ShopSpecification.FilePeriod {
      FilePlan(try Fixture.shop(people: people)).period
    }
    #expect(try period(100_000) == .week)
    #expect(try period(8_000_000) == .day)
    #expect(try period(ShopSpecification.mostPeople) == .hour)
    var shop = try Fixture.shop(people: 1)
    shop.filePeriod = .hour
    let plan = FilePlan(shop)
    #expect(plan.count == 182 * 24)
    #expect(plan.name(0) == "events-2025-12-29T00")
    #expect(plan.name(plan.count - 1) == "events-2026-06-28T23")
    #expect(plan.file(at: shop.end + 1) == plan.count - 1)
  }

  @Test func `Progress ends at the whole`() throws {
    try Fixture.withFolder { folder in
      var last: SimulationProgress?
      _ = try Simulator(try Fixture.shop(people: 9)).run(into: folder, format: .csv) { last = $0 }
      #expect(last == SimulationProgress(people: 9, allPeople: 9, files: 26, allFiles: 26))
    }
  }
}
