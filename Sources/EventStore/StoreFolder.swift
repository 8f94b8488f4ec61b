import Diagnostics
import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The folder that holds what was made of one source's files.
///
/// A store is a folder in it, named for what it holds and the fingerprint of what it was made from. It is made under
/// another name and renamed when all of it is on the disk, so that there is a whole one or none. Who opens one holds
/// a shared lock, who makes one an exclusive lock.
///
/// Where nothing can be written, as in a checkout that is read-only, a store that is there is used, and one that is not
/// is made elsewhere, for this run alone.
struct StoreFolder {
  let path: String
  /// Why nothing can be written here, if so.
  private let obstacle: String?

  /// - Parameter source: the source's name, whatever its characters.
  init(_ directory: String, source: String) {
    path = "\(directory)/\(StoreFolder.fileName(source))"
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      obstacle = access(path, W_OK) == 0 ? nil : String(cString: strerror(errno))
    } catch {
      obstacle = error.systemReason
    }
  }

  /// Letters, digits, `-` and `_` as they are, all else by its hexadecimal bytes.
  static func fileName(_ name: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)
    return name.utf8.map { byte in
      plain.contains(byte)
        ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  /// What is in the store of a fingerprint, which is made first where there is none, or a damaged one.
  ///
  /// - Parameters:
  ///   - kind: what the store holds; others of the kind are removed when a new one is there.
  ///   - make: fills an empty folder and says with what; the stores of the kind that there are may help.
  ///   - open: reads a store; the files may go as soon as it has returned.
  func store<Content>(
    _ kind: String, fingerprint: String, notice: (StoreNotice) -> Void,
    make: (_ folder: String, _ earlier: [(manifest: StoreManifest, folder: String)]) throws(StoreError) ->
      StoreManifest,
    open: (_ manifest: StoreManifest, _ folder: String) throws(StoreError) -> Content
  ) throws(StoreError) -> Content {
    let folder = "\(path)/\(kind)-\(fingerprint)"
    if let obstacle {
      // Who cannot write cannot lock, and needs not: nobody makes a store here.
      if case .success(let manifest?) = readManifest(folder) { return try open(manifest, folder) }
      return try StoreFolder.temporary(insteadOf: path, obstacle, notice) { (elsewhere) throws(StoreError) in
        try elsewhere.store(kind, fingerprint: fingerprint, notice: notice, make: make, open: open)
      }
    }
    if entries().contains(where: StoreFolder.isLeftover),
      let alone = try? FolderLock(path, .exclusiveNow, notice)
    {
      sweep()
      alone.release()
    }
    let shared = try FolderLock(path, .shared, notice)
    if case .success(let manifest?) = readManifest(folder) { return try open(manifest, folder) }
    shared.release()

    let exclusive = try FolderLock(path, .exclusive, notice)
    defer { exclusive.release() }
    switch readManifest(folder) {
    case .success(let manifest?): return try open(manifest, folder)
    case .success(nil): break
    case .failure(let damage):
      notice(StoreNotice(.warning, "the store '\(folder)' is damaged: \(damage.message); it is made again"))
    }
    sweep()
    let fresh = "\(path)/\(StoreFolder.freshPrefix)\(kind)"
    try StoreFolder.make(fresh)
    do {
      let manifest = try make(fresh, earlier(kind))
      try manifest.write(to: fresh)
      let segments = manifest.segments?.map(\.name) ?? []
      // A segment that was made with it comes first: without it the store is not whole.
      if let added = segments.last { try publish("\(fresh)/\(added)", as: "\(path)/\(added)") }
      try publish(fresh, as: folder)
      removeStores(kind, but: segments + ["\(kind)-\(fingerprint)"])
    } catch {
      remove(fresh)
      throw error
    }
    switch readManifest(folder) {
    case .success(let manifest?): return try open(manifest, folder)
    case .success(nil), .failure: throw StoreError("the store '\(folder)' cannot be read back")
    }
  }

  /// Calls with a folder that goes when the call returns; what is mapped from its files by then stays.
  private static func temporary<Content>(
    insteadOf path: String, _ obstacle: String, _ notice: (StoreNotice) -> Void,
    _ body: (StoreFolder) throws(StoreError) -> Content
  ) throws(StoreError) -> Content {
    let remedy = ["let '\(path)' be written, or TMPDIR name a folder that can be"]
    var template = Array((NSTemporaryDirectory() + "/throughline-XXXXXX").utf8CString)
    guard let made = mkdtemp(&template) else {
      throw StoreError("the folder '\(path)' for event stores cannot be written: \(obstacle)", hints: remedy)
    }
    let directory = String(cString: made)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    notice(
      StoreNotice(
        .warning,
        "the folder '\(path)' cannot be written (\(obstacle)): what is read is kept for this run alone"))
    return try body(StoreFolder(directory, source: "source"))
  }

  /// Removes the stores of a kind but some: each at once, and such as lie in segments before these.
  private func removeStores(_ kind: String, but kept: [String]) {
    let names = entries().filter { $0.hasPrefix(kind + "-") && !kept.contains($0) }
    let lying = names.filter { (try? StoreManifest.decoded(from: "\(path)/\($0)"))?.segments != nil }
    for name in lying + names.filter({ !lying.contains($0) }) {
      if rename("\(path)/\(name)", "\(path)/.old") != 0 { remove("\(path)/\(name)") }
      remove("\(path)/.old")
    }
  }

  /// The name of the store of rows that were added to another one's: it says what they were added to, for that is where
  /// their places are.
  static func segmentName(_ fingerprint: String, behind earlier: String) -> String {
    "log-\(fingerprint)\(segmentMark)\(earlier.prefix(16))"
  }

  private static let segmentMark = "-behind-"

  /// The whole stores of a kind; none of segments.
  private func earlier(_ kind: String) -> [(manifest: StoreManifest, folder: String)] {
    let names = entries().filter { $0.hasPrefix(kind + "-") && !$0.contains(StoreFolder.segmentMark) }
    return names.sorted().compactMap { name in
      let folder = "\(path)/\(name)"
      guard case .success(let manifest?) = readManifest(folder) else { return nil }
      return (manifest, folder)
    }
  }

  private func readManifest(_ folder: String) -> Result<StoreManifest?, StoreDamage> {
    do { return .success(try StoreManifest.read(from: folder)) } catch { return .failure(error) }
  }

  /// Puts a whole store in its place, once all of it is on the disk.
  private func publish(_ fresh: String, as folder: String) throws(StoreError) {
    try StoreFolder.sync(contentsOf: fresh)
    if FileManager.default.fileExists(atPath: folder) {
      guard rename(folder, "\(path)/.old") == 0 else { throw FileRecord.refusal("replace", folder) }
    }
    guard rename(fresh, folder) == 0 else { throw FileRecord.refusal("write", folder) }
    try StoreFolder.sync(path)
    remove("\(path)/.old")
  }

  /// What the names of folders begin with that are being made.
  static let freshPrefix = ".new-"

  private static func isLeftover(_ name: String) -> Bool { name.hasPrefix(freshPrefix) || name == ".old" }

  /// Waits until a folder and its files are on the disk.
  static func sync(contentsOf folder: String) throws(StoreError) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      try sync("\(folder)/\(name)")
    }
    try sync(folder)
  }

  /// Waits until a file, or what a folder says of its files, is on the disk.
  static func sync(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileRecord.refusal("write", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileRecord.refusal("write", path) }
  }

  /// Removes what a process left that was killed while it made a store.
  private func sweep() {
    for name in entries() where StoreFolder.isLeftover(name) { remove("\(path)/\(name)") }
  }

  private func entries() -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

  private func remove(_ path: String) { StoreFolder.remove(path) }

  /// Makes a folder within one that is there.
  static func make(_ path: String) throws(StoreError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    } catch {
      throw StoreError("the folder '\(path)' cannot be made: \(error.systemReason)")
    }
  }

  /// Removes a file or folder, if it is there.
  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  /// Removes what is in a folder.
  static func clear(_ folder: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      remove("\(folder)/\(name)")
    }
  }
}

/// A lock of a folder, which the system releases when the process ends, however it ends.
final class FolderLock {
  /// Beside whom a lock is held.
  enum Mode {
    case shared, exclusive
    /// Had at once or not at all.
    case sharedNow, exclusiveNow

    fileprivate var operation: Int32 {
      switch self {
      case .shared, .sharedNow: LOCK_SH
      case .exclusive, .exclusiveNow: LOCK_EX
      }
    }

    fileprivate var waits: Bool { self == .shared || self == .exclusive }
  }

  private var descriptor: Int32

  /// Waits until the lock can be had.
  init(_ folder: String, _ mode: Mode, _ notice: (StoreNotice) -> Void) throws(StoreError) {
    let path = "\(folder)/lock"
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileRecord.refusal("write", path) }
    if flock(descriptor, mode.operation | LOCK_NB) == 0 { return }
    guard mode.waits else { throw FileRecord.refusal("lock", path) }
    notice(StoreNotice(.progress, "another process makes the store; waiting for it"))
    while flock(descriptor, mode.operation) != 0 {
      guard errno == EINTR else { throw FileRecord.refusal("lock", path) }
    }
  }

  /// Lets others have it.
  func release() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
  }

  deinit { release() }
}
