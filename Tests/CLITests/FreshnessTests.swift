import Foundation
import Testing

/// A report is of the data as they are, whatever happened to the files, to the stores, and to those who made them.
@Suite(.timeLimit(.minutes(5))) struct FreshnessTests {
  /// What the document says without a store, with a fresh one.
  private func expected(_ folder: WorkFolder) async throws -> Data {
    let other = try WorkFolder()
    for name in try folder.files() where !name.hasSuffix(".html") {
      try other.write(name, try folder.data(name))
    }
    #expect(try await Command.run("render", "a.md", in: other).status == 0)
    return try other.data("a.html")
  }

  private func project() async throws -> WorkFolder {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    #expect(try await Command.run("render", "a.md", in: folder).status == 0)
    return folder
  }

  @Test func `A file replaced by one of the same size and time is read again`() async throws {
    let folder = try await project()
    let report = try folder.data("a.html")
    let file = folder["data/events.csv"].path
    let time = try #require(FileManager.default.attributesOfItem(atPath: file)[.modificationDate])
    for inPlace in [true, false] {
      let changed = Data(try folder.text("data/events.csv").replacing("viewed,bob", with: "bought,bob").utf8)
      #expect(changed.count == (try folder.data("data/events.csv").count))
      if inPlace {
        let handle = try FileHandle(forWritingTo: folder["data/events.csv"])
        try handle.write(contentsOf: changed)
        try handle.close()
      } else {
        try folder.remove("data/events.csv")
        try folder.write("data/events.csv", changed)
      }
      try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: file)
      let check = try await Command.run("check", "a.md", in: folder)
      #expect(check.status == 1)
      #expect(check.output == "a.md: stale: the data changed\n")
      #expect(try await Command.run("render", "a.md", in: folder).status == 0)
      #expect(try folder.data("a.html") != report)
      #expect(try folder.text("a.html") == String(decoding: try await expected(folder), as: UTF8.self))
      // And back again: what was kept of the first content is right for it.
      try folder.write("data/events.csv", WorkFolder.smallLog)
      try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: file)
      #expect(try await Command.run("render", "a.md", in: folder).status == 0)
      #expect(try folder.data("a.html") == report)
    }
  }

  @Test func `A file that is added or removed changes the report`() async throws {
    let folder = try await project()
    let report = try folder.data("a.html")
    try folder.write(
      "data/more.csv", "event_id,ts,event,user_id,price\n9,2026-03-20T10:00:00Z,viewed,dan,1\n")
    #expect(try await Command.run("check", "a.md", in: folder).output == "a.md: stale: the data changed\n")
    #expect(try await Command.run("render", "a.md", in: folder).status == 0)
    #expect(try folder.text("a.html").contains("value=\"8\""))
    try folder.remove("data/more.csv")
    #expect(try await Command.run("check", "a.md", in: folder).output == "a.md: stale: the data changed\n")
    #expect(try await Command.run("render", "a.md", in: folder).status == 0)
    #expect(try folder.data("a.html") == report)
    try folder.remove("data/events.csv")
    let none = try await Command.run("render", "a.md", in: folder)
    #expect(none.status == 1)
    #expect(none.errors.contains("error[source]: source 'shop' cannot be opened"))
    #expect(try folder.data("a.html") == report)
  }

  @Test func `The work folder can be deleted at any time`() async throws {
    let folder = try await project()
    let report = try folder.data("a.html")
    try folder.remove(".throughline")
    let run = try await Command.run("render", "a.md", in: folder)
    #expect(run.errors == "a.md → a.html (unchanged)\n")
    try folder.remove(".throughline/results")
    #expect(try await Command.run("render", "a.md", in: folder).errors == "a.md → a.html (unchanged)\n")
    try folder.remove(".throughline/stores")
    #expect(try await Command.run("render", "a.md", in: folder).errors == "a.md → a.html (unchanged)\n")
    #expect(try folder.data("a.html") == report)
  }

  @Test func `What is damaged in the work folder is made again`() async throws {
    let folder = try await project()
    let report = try folder.data("a.html")
    let work = folder[".throughline"]
    let names = try FileManager.default.subpathsOfDirectory(atPath: work.path).filter { name in
      (try? Data(contentsOf: work.appending(path: name)))?.isEmpty == false
    }
    #expect(names.contains { $0.hasPrefix("results/") } && names.contains { $0.hasPrefix("stores/") })
    for name in names {
      let file = work.appending(path: name)
      let good = try Data(contentsOf: file)
      var flipped = good
      flipped[good.count / 2] ^= 0x55
      for bad in [flipped, good.prefix(good.count / 2), Data(), good + Data([0])] {
        try? bad.write(to: file)
        // Results would hide what became of a store.
        if name.hasPrefix("stores/") { try? folder.remove(".throughline/results") }
        let run = try await Command.run("render", "a.md", in: folder)
        #expect(run.status == 0 && run.isExit, "\(name): \(run.errors)")
        #expect(run.errors.hasSuffix("a.md → a.html (unchanged)\n"), "\(name): \(run.errors)")
        #expect(try folder.data("a.html") == report)
      }
    }
  }

  @Test func `A damaged store is told`() async throws {
    let folder = try await project()
    let stores = folder[".throughline/stores/shop"]
    let log = try #require(
      FileManager.default.contentsOfDirectory(atPath: stores.path).first { $0.hasPrefix("log-") })
    let largest = try FileManager.default.contentsOfDirectory(atPath: stores.path + "/" + log).filter {
      !$0.hasSuffix("json")
    }
    let file = stores.appending(path: log).appending(path: try #require(largest.sorted().first))
    try Data("damage".utf8).write(to: file)
    try folder.remove(".throughline/results")
    let run = try await Command.run("render", "a.md", in: folder)
    #expect(run.status == 0)
    #expect(run.errors.contains("warning: the store"))
    #expect(run.errors.contains("is damaged"))
    #expect(run.errors.hasSuffix("a.md → a.html (unchanged)\n"))
  }

  // MARK: Where nothing can be written

  @Test(arguments: [1, 2, 8, 64, 300])
  func `A disk that is full ends a render and takes nothing`(blocks: Int) async throws {
    let folder = try await project()
    let report = try folder.data("a.html")
    try folder.write("data/more.csv", Self.longLog)
    // Files of more than so many blocks cannot be written: a limit that a process can have to itself.
    let full = try await Command.shell(
      "trap '' XFSZ; ulimit -f \(blocks); exec $throughline render a.md", in: folder)
    #expect(full.isExit)
    #expect(full.status == 1)
    #expect(full.errors.contains("error[source]: source 'shop' cannot be opened"), "\(full.errors)")
    #expect(try folder.data("a.html") == report)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder[".throughline/stores/shop"].path)
    #expect(left.allSatisfy { !$0.hasPrefix(".") })
    try folder.remove("data/more.csv")
    let again = try await Command.run("render", "a.md", in: folder)
    #expect(again.errors == "a.md → a.html (unchanged)\n")
    try folder.write("data/more.csv", Self.longLog)
    #expect(try await Command.run("render", "a.md", in: folder).status == 0)
    let atOnce = try await expected(folder)
    #expect(try folder.data("a.html") == atOnce)
  }

  @Test func `A project whose folder cannot be written is rendered all the same`() async throws {
    let folder = try await project()
    let report = try folder.data("a.html")
    try folder.remove(".throughline")
    // Not a folder: what no rights of whoever runs this change.
    try folder.write(".throughline", "")
    let run = try await Command.run("render", "a.md", "--out", "-", in: folder)
    #expect(run.status == 0)
    #expect(Data(run.output.utf8) == report)
    #expect(run.errors.contains("/.throughline/stores/shop' cannot be written ("))
    #expect(run.errors.contains("kept for this run alone"))
  }

  // MARK: Several at once

  @Test func `Whoever is killed leaves nothing that a later run could mistake`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    try folder.write("data/events.csv", Self.longLog)
    let report = try await expected(folder)
    var kills = 0
    // The delays are many, not exact: wherever a kill falls, what comes after has to be right.
    for milliseconds in [2, 5, 10, 20, 35, 50, 75, 100, 150, 200] {
      try? folder.remove(".throughline")
      let run = try Command.start(Command.program, ["render", "a.md"], in: folder)
      try await Task.sleep(for: .milliseconds(milliseconds))
      run.kill()
      if try await !run.result().isExit { kills += 1 }
      if folder.exists("a.html") { #expect(try folder.data("a.html") == report) }
      let next = try await Command.run("render", "a.md", in: folder)
      #expect(next.status == 0)
      #expect(try folder.data("a.html") == report)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder[".throughline/stores/shop"].path)
          .allSatisfy { !$0.hasPrefix(".new-") })
    }
    #expect(kills > 0)
  }

  @Test func `Several renders of one project at once are all right`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.counts)
    try folder.write("data/events.csv", Self.longLog)
    let report = try await expected(folder)
    try await withThrowingTaskGroup(of: Command.Result.self) { group in
      for _ in 0..<3 { group.addTask { try await Command.run("render", "a.md", "--out", "-", in: folder) } }
      group.addTask { try await Command.run("render", "a.md", in: folder) }
      for try await run in group {
        #expect(run.status == 0)
        if !run.output.isEmpty { #expect(Data(run.output.utf8) == report) }
      }
    }
    #expect(try folder.data("a.html") == report)
  }

  /// Enough events that reading them takes a while.
  private static let longLog: String = {
    var log = "event_id,ts,event,user_id,price\n"
    for number in 0..<30_000 {
      let minute = number % 60
      log += "\(number),2026-03-\(10 + number % 20)T10:\(minute < 10 ? "0" : "")\(minute):00Z,"
      log += "\(number % 3 == 0 ? "bought" : "viewed"),u\(number % 997),\(number % 89)\n"
    }
    return log
  }()
}
