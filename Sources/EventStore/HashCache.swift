import Foundation

/// Remembers the hashes of files, so that one that did not change is not read again.
///
/// A remembered hash counts only where the file's record is the same in every part and was taken at least two
/// seconds after the file's last change: a file that is changed within the resolution of the file system's clock,
/// or replaced by one of the same size and time of modification, is always read again.
struct HashCache {
  private struct Entry: Codable {
    var record: FileRecord
    var hash: String
    /// When the hash was begun, nanoseconds since 1970.
    var taken: Int64
  }

  private static let settled: Int64 = 2_000_000_000

  private let path: String
  private var entries: [String: Entry]
  private var used: Set<String> = []
  private var isChanged = false

  /// The cache in a file; empty where there is none or it is not readable.
  init(path: String) {
    self.path = path
    let data = FileManager.default.contents(atPath: path)
    entries = data.flatMap { try? JSONDecoder().decode([String: Entry].self, from: $0) } ?? [:]
  }

  /// The hash of a file's content.
  mutating func hash(of file: SourceFile) throws(StoreError) -> String {
    let record = try FileRecord(path: file.path)
    used.insert(file.name)
    if let known = entries[file.name], known.record == record,
      known.taken - max(record.changed, record.modified) >= HashCache.settled
    {
      return known.hash
    }
    let taken = HashCache.now()
    let hash = try FileRecord.contentHash(ofFile: file.path)
    guard try FileRecord(path: file.path) == record else {
      throw StoreError(
        "'\(file.name)' changed while it was read", hints: ["run again when nothing writes to it"])
    }
    entries[file.name] = Entry(record: record, hash: hash, taken: taken)
    isChanged = true
    return hash
  }

  /// Writes what was learnt; that this may fail costs time later, and nothing else.
  func save() {
    guard isChanged || used.count < entries.count else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(entries.filter { used.contains($0.key) }) else { return }
    try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
