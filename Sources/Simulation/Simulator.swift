import ADBC
import Diagnostics
import Foundation
import Synchronization

/// How far a simulation is.
public struct SimulationProgress: Hashable, Sendable {
  /// Those whose events are made.
  public var people: Int
  /// Those that the specification asks for.
  public var allPeople: Int
  /// Those of the log that are written.
  public var files: Int
  /// Those that the log has.
  public var allFiles: Int
}

/// What came of a simulation.
public struct SimulationSummary: Hashable, Sendable {
  /// Whether anything was done.
  public enum Outcome: String, Hashable, Sendable {
    case written
    /// The files were there already.
    case current
  }

  /// What was done.
  public var outcome: Outcome
  /// The files in their folder, the log's in order of time.
  public var files: [String]
  /// Of all files.
  public var bytes: Int
  /// What is true of the log.
  public var truth: SimulationTruth
}

/// Makes the log of a shop. The specification alone decides on every byte, however many threads there are.
///
/// Events are made by blocks of people and kept by the file that they arrive in; when all are made, one file after
/// the other is sorted by time and written. Memory holds some blocks and some files at a time.
public struct Simulator: Sendable {
  /// What the log is made from.
  public let specification: ShopSpecification
  /// How many blocks or files are worked on at the same time.
  public var threads: Int
  /// How many people are simulated at a time by a thread.
  var blockSize = 4096
  /// How many events wait in memory.
  var heldEvents = 2_000_000

  /// A simulator that uses all processors, unless said otherwise.
  public init(_ specification: ShopSpecification, threads: Int = ProcessInfo.processInfo.activeProcessorCount)
  {
    precondition(
      (0...ShopSpecification.mostPeople).contains(specification.people),
      "a specification has at most a thousand million people")
    self.specification = specification
    self.threads = max(1, threads)
  }

  /// Writes the log, the people and the truth into a folder, unless they are there as they would be written.
  ///
  /// The folder gets `events-….csv` (or the format's extension), `users.csv`, `truth.json` and `simulation.json`.
  /// Files of an earlier simulation are replaced, all others stay. Throws `SimulationError`.
  ///
  /// - Parameter progress: called on the calling thread, now and then.
  public func run(
    into folder: URL, format: LogFormat, progress: (SimulationProgress) -> Void = { _ in }
  ) throws -> SimulationSummary {
    let folder = SimulationFolder(folder)
    let plan = FilePlan(specification)
    let logFiles = (0..<plan.count).map { "\(plan.name($0)).\(format.rawValue)" }
    let names = logFiles + ["users.csv", "truth.json"]
    if let manifest = folder.manifest(), manifest.files.map(\.name) == names, folder.holds(manifest),
      manifest.makes(format, of: specification), let truth = folder.truth()
    {
      return summary(.current, manifest, truth)
    }
    do {
      defer { folder.close() }
      try folder.checkPlaces(of: names)
      try folder.open()
      let truth = try write(plan, logFiles, into: folder, format, progress)
      let manifest = try folder.publish(names, format: format, specification: specification)
      return summary(.written, manifest, truth)
    } catch let error as SimulationError {
      throw error
    } catch let error as DatabaseError {
      throw SimulationError.database(error)
    } catch {
      throw SimulationError.refused(path: folder.place.path, reason: error.systemReason)
    }
  }

  private func write(
    _ plan: FilePlan, _ logFiles: [String], into folder: SimulationFolder, _ format: LogFormat,
    _ progress: (SimulationProgress) -> Void
  ) throws -> SimulationTruth {
    let shop = Shop(specification)
    var shelf = EventShelf(files: plan.count, capacity: heldEvents, folder: folder.workshop)
    var done = SimulationProgress(
      people: 0, allPeople: specification.people, files: 0, allFiles: plan.count)
    let tally = try live(shop, plan, &shelf, folder, &done, progress)

    let texts = LogTexts(shop)
    for start in stride(from: 0, to: plan.count, by: threads) {
      let wave = start..<min(start + threads, plan.count)
      let shelf = shelf
      try Self.concurrently(wave) { file in
        let events = try shelf.sortedEvents(ofFile: file)
        try format.write(events, texts, to: folder.workshop.appendingPathComponent(logFiles[file]))
      }
      done.files = wave.upperBound
      progress(done)
    }
    let truth = SimulationTruth(tally, of: shop)
    try folder.write(truth)
    return truth
  }

  /// Lets all people live, a wave of blocks at a time, and gathers what they leave in the order of their numbers.
  private func live(
    _ shop: Shop, _ plan: FilePlan, _ shelf: inout EventShelf, _ folder: SimulationFolder,
    _ done: inout SimulationProgress, _ progress: (SimulationProgress) -> Void
  ) throws -> TruthTally {
    let users = try OutputFile(folder.workshop.appendingPathComponent("users.csv"))
    try users.write(PeopleBlock.userHeading)
    let delivery = DeliveryLine(specification: specification, files: plan)
    var tally = TruthTally(shop)
    let blocks = (specification.people + blockSize - 1) / blockSize
    for start in stride(from: 0, to: blocks, by: threads) {
      let wave = start..<min(start + threads, blocks)
      let made = try Self.concurrently(wave) { block in
        let first = block * blockSize
        return PeopleBlock(first..<min(first + blockSize, specification.people), of: shop, delivery: delivery)
      }
      for block in made {
        try users.write(block.users.bytes)
        try shelf.add(block.events)
        tally.add(block.tally)
      }
      done.people = min(wave.upperBound * blockSize, specification.people)
      progress(done)
    }
    try users.close()
    return tally
  }

  private func summary(
    _ outcome: SimulationSummary.Outcome, _ manifest: SimulationManifest, _ truth: SimulationTruth
  ) -> SimulationSummary {
    let names = manifest.files.map(\.name)
    let bytes = manifest.files.reduce(0) { $0 + $1.bytes }
    return SimulationSummary(outcome: outcome, files: names, bytes: bytes, truth: truth)
  }

  /// The results of work on each number, in their order; the first error in that order is thrown.
  @discardableResult
  private static func concurrently<Made: Sendable>(
    _ numbers: Range<Int>, _ work: @Sendable (Int) throws -> Made
  ) throws -> [Made] {
    guard numbers.count > 1 else { return try numbers.map(work) }
    let results = Mutex<[Result<Made, any Error>?]>(Array(repeating: nil, count: numbers.count))
    DispatchQueue.concurrentPerform(iterations: numbers.count) { index in
      let result = Result { try work(numbers.lowerBound + index) }
      results.withLock { $0[index] = result }
    }
    return try results.withLock { $0 }.compactMap { try $0?.get() }
  }
}

extension LogFormat {
  fileprivate func write(_ events: [ShopEvent], _ texts: LogTexts, to place: URL) throws {
    switch self {
    case .csv: try LogLines(.csv, of: texts).write(events, to: place)
    case .ndjson: try LogLines(.ndjson, of: texts).write(events, to: place)
    case .parquet: try ParquetLog(of: texts).write(events, to: place)
    }
  }
}
