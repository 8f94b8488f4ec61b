import Values

/// The rows of each event name side by side, a run for each name and within it the order of the log: what is read in
/// the place of all rows where few names matter.
///
/// Runs follow each other in the order of the names' codes; rows without a name are in none.
public struct EventRuns: @unchecked Sendable {
  /// Whose event it is, by the number of the entity.
  public let entities: UnsafePointer<UInt32>
  /// The row's number in the log, modulo 2^32: within an entity no two are equal.
  public let rows: UnsafePointer<UInt32>
  /// What the log's time column has in these rows.
  public let times: StoredColumn
  private let starts: UnsafePointer<UInt64>
  private let owner: AnyObject?

  /// More names than these are not worth a run each.
  static let mostNames = 1 << 16

  /// Runs over memory that `owner` keeps alive; `starts` has one more element than there are names.
  init(
    starts: UnsafePointer<UInt64>, entities: UnsafePointer<UInt32>, rows: UnsafePointer<UInt32>,
    times: StoredColumn, owner: AnyObject?
  ) {
    self.starts = starts
    self.entities = entities
    self.rows = rows
    self.times = times
    self.owner = owner
  }

  /// The places of the rows whose event name has a code.
  public func places(ofCode code: Int) -> Range<Int> { Int(starts[code])..<Int(starts[code + 1]) }

  /// The places, among those of one name, of some entities' rows.
  public func places(ofEntities range: Range<Int>, within run: Range<Int>) -> Range<Int> {
    let first = place(of: range.lowerBound, from: run.lowerBound, to: run.upperBound)
    return first..<place(of: range.upperBound, from: first, to: run.upperBound)
  }

  /// The first place, from one on, whose entity is not before another.
  private func place(of entity: Int, from first: Int, to last: Int) -> Int {
    var low = first
    var high = last
    while low < high {
      let middle = (low + high) / 2
      if entities[middle] < entity { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Calls with each row that has an event name, in the order of the log: its code, number and entity.
@inline(__always)
private func forEachNamedRow(_ log: EventLog, _ body: (_ code: Int, _ row: Int, _ entity: Int) -> Void) {
  guard let names = log.columns[log.eventPosition] else { return }
  for entities in log.entityRanges(rows: 1 << 14) {
    let first = Int(log.offsets[entities.lowerBound])
    let column = names.read(first..<Int(log.offsets[entities.upperBound]))
    guard case .texts(let codes, _) = column.values else { return }
    for entity in entities {
      for row in log.rows(ofEntity: entity) where !column.isNull(row - first) {
        body(Int(codes[row - first]), row, entity)
      }
    }
  }
}

extension EventLog {
  /// Whether the log's rows can be numbered in runs, and have few enough names.
  var canHaveRuns: Bool {
    guard let dictionary = columns[eventPosition]?.dictionary else { return false }
    return dictionary.count <= EventRuns.mostNames && entityCount < Int(UInt32.max)
  }

  /// Where each name's run starts, and after the last one the number of rows that have a name.
  private func runStarts() -> [UInt64] {
    var starts = [UInt64](repeating: 0, count: (columns[eventPosition]?.dictionary?.count ?? 0) + 1)
    forEachNamedRow(self) { code, _, _ in starts[code + 1] += 1 }
    for code in starts.indices.dropFirst() { starts[code] += starts[code - 1] }
    return starts
  }

  /// Reads the times of rows, from the first row to the last.
  typealias TimeReader = (Range<Int>) -> [Int64]

  /// Writes the log's runs into the folder of its store; nothing for a log that has none.
  ///
  /// Each part that is being written is in memory: four bytes a row, of times that are not stored as seconds
  /// eight.
  ///
  /// - Parameters:
  ///   - range: of the log's times.
  ///   - times: makes a reader of them.
  func writeRuns(
    to folder: String, threads: Int, _ range: StoreManifest.Range, times: @Sendable () -> TimeReader
  ) throws(StoreError) -> StoreManifest.Runs? {
    guard canHaveRuns else { return nil }
    let starts = runStarts()
    let path = "\(folder)/runs"
    let startsFile = try OutputFile(path: "\(path).starts", .hashed)
    try startsFile.write(starts)
    var column = StoreManifest.Column(
      name: roles.time, type: .timestamp, encoding: .integers64, nulls: 0, parts: [:])
    var parts = ["rows", "entities", "values"]
    if range.fitsSeconds {
      column.encoding = .seconds
      column.base = range.secondsBase
      if range.hasMicroseconds { parts.append("microseconds") }
    }
    let base = column.base
    let files = try concurrently(parts.count, threads: threads) { [parts] (index) throws(StoreError) in
      let path = "\(path).\(parts[index])"
      let second = Calendar.microsecondsPerSecond
      switch (parts[index], base) {
      case ("rows", _): return try write(path, starts) { row, _ in UInt32(truncatingIfNeeded: row) }
      case ("entities", _): return try write(path, starts) { _, entity in UInt32(truncatingIfNeeded: entity) }
      case ("microseconds", let base?):
        return try write(path, starts, times()) { UInt32(truncatingIfNeeded: ($0 &- base) % second) }
      case (_, let base?):
        return try write(path, starts, times()) { UInt32(truncatingIfNeeded: ($0 &- base) / second) }
      default: return try write(path, starts, times()) { $0 }
      }
    }
    var made = StoreManifest.Runs(times: column, parts: ["starts": try startsFile.finish()])
    for (part, file) in zip(parts, files) {
      if part == "rows" || part == "entities" {
        made.parts[part] = file
      } else {
        made.times.parts[part] = file
      }
    }
    return made
  }

  /// Writes what the rows of each run have of something.
  @inline(__always)
  private func write<Element: BitwiseCopyable>(
    _ path: String, _ starts: [UInt64], _ value: (_ row: Int, _ entity: Int) -> Element
  ) throws(StoreError) -> StoreManifest.File {
    let file = try OutputFile(path: path, .hashed)
    try file.write(inRuns(starts, value))
    return try file.finish()
  }

  /// Writes what is made of the times of each run's rows.
  @inline(__always)
  private func write<Element: BitwiseCopyable>(
    _ path: String, _ starts: [UInt64], _ times: TimeReader, _ value: (Int64) -> Element
  ) throws(StoreError) -> StoreManifest.File {
    let file = try OutputFile(path: path, .hashed)
    var known: (rows: Range<Int>, times: [Int64]) = (0..<0, [])
    try file.write(
      inRuns(starts) { row, entity in
        // Entities are read some at a time, and their rows in order: those of the next ones, to the last of them.
        if row >= known.rows.upperBound {
          let last = end(ofEntitiesFrom: entity, to: entityCount, rows: 1 << 14)
          known.rows = known.rows.upperBound..<Int(offsets[last])
          known.times = times(known.rows)
        }
        return value(known.times[row &- known.rows.lowerBound])
      })
    return try file.finish()
  }

  /// What the rows of each run have of something, run by run.
  @inline(__always)
  private func inRuns<Element: BitwiseCopyable>(
    _ starts: [UInt64], _ value: (_ row: Int, _ entity: Int) -> Element
  ) -> [Element] {
    var next = starts.map { Int($0) }
    let count = next.last ?? 0
    return [Element](unsafeUninitializedCapacity: count) { target, initialized in
      forEachNamedRow(self) { code, row, entity in
        target.initializeElement(at: next[code], to: value(row, entity))
        next[code] += 1
      }
      initialized = count
    }
  }

  /// The log's runs, in memory; nothing for a log that has none.
  func copiedRuns(in heap: Heap) -> EventRuns? {
    guard canHaveRuns, let times = columns[timePosition] else { return nil }
    let starts = runStarts()
    return EventRuns(
      starts: heap.copy(starts),
      entities: heap.copy(inRuns(starts) { _, entity in UInt32(truncatingIfNeeded: entity) }),
      rows: heap.copy(inRuns(starts) { row, _ in UInt32(truncatingIfNeeded: row) }),
      times: StoredColumn(
        copying: .integers(inRuns(starts) { row, _ in times.number(row) ?? 0 }, as: .timestamp), into: heap),
      owner: heap)
  }
}

extension EventRuns {
  /// The runs of a store, mapped from its files.
  init(mapping runs: StoreManifest.Runs, in folder: String) throws(StoreError) {
    let files = MappedFiles(runs.parts, of: "its runs", in: folder)
    let names = Int(runs.parts["starts"]?.bytes ?? 0) / MemoryLayout<UInt64>.stride - 1
    let starts = try files.map("starts", UInt64.self, count: names + 1)
    let count = Int(starts[names])
    self.init(
      starts: starts, entities: try files.map("entities", UInt32.self, count: count),
      rows: try files.map("rows", UInt32.self, count: count),
      times: try StoredColumn(mapping: runs.times, count: count, in: folder), owner: files)
  }
}
