import Foundation

/// Keeps events by the file that they belong to until that file is written: in memory while they are few, in
/// temporary files of raw events when there are more.
struct EventShelf {
  private let folder: URL
  private let capacity: Int
  private var shelves: [[ShopEvent]]
  private var held = 0
  /// By file, how many of its events wait on disk.
  private var stored: [Int]

  init(files: Int, capacity: Int, folder: URL) {
    self.folder = folder
    self.capacity = capacity
    shelves = Array(repeating: [], count: files)
    stored = Array(repeating: 0, count: files)
  }

  mutating func add(_ events: [ShopEvent]) throws {
    for event in events { shelves[Int(event.file)].append(event) }
    held += events.count
    if held > capacity { try store() }
  }

  /// The events of a file in their order; they are on disk no longer.
  func sortedEvents(ofFile file: Int) throws -> [ShopEvent] {
    var events = shelves[file]
    if stored[file] > 0 {
      let place = place(file)
      let data = try Data(contentsOf: place)
      try FileManager.default.removeItem(at: place)
      let count = data.count / MemoryLayout<ShopEvent>.stride
      events += [ShopEvent](unsafeUninitializedCapacity: count) { target, initialized in
        initialized = data.copyBytes(to: target) / MemoryLayout<ShopEvent>.stride
      }
    }
    events.sort(by: ShopEvent.precedes)
    return events
  }

  private mutating func store() throws {
    for file in shelves.indices where !shelves[file].isEmpty {
      let output = try OutputFile(place(file))
      try output.write(shelves[file].withUnsafeBytes { Array($0) })
      try output.close()
      stored[file] += shelves[file].count
      shelves[file].removeAll(keepingCapacity: true)
    }
    held = 0
  }

  private func place(_ file: Int) -> URL { folder.appendingPathComponent("waiting-\(file)") }
}
