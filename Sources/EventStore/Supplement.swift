import Foundation

/// A store within a store: what was made of its content when that was first asked for.
struct Supplement: Sendable {
  /// The folder of the store that it belongs to.
  let store: String
  /// That store's.
  let fingerprint: String
  let name: String

  private var folder: String { "\(store)/\(name)" }

  /// What is in it; nothing where there is none, or a damaged one.
  func content<Content>(_ open: (StoreManifest, _ folder: String) throws(StoreError) -> Content) -> Content? {
    guard let manifest = try? StoreManifest.read(from: folder), manifest.fingerprint == fingerprint else {
      return nil
    }
    return try? open(manifest, folder)
  }

  /// Makes it, and leaves it in the store for those who come later, where that is still there.
  ///
  /// - Parameters:
  ///   - make: fills an empty folder and says with what.
  ///   - open: maps what is in the folder, which may go as soon as it has returned.
  func made<Content>(
    _ make: (_ folder: String) throws(StoreError) -> StoreManifest,
    _ open: (StoreManifest, _ folder: String) throws(StoreError) -> Content
  ) throws(StoreError) -> Content {
    // Who removes what others left holds the lock alone.
    let lock = try FolderLock(StoreManifest.sibling(".", of: store), .sharedNow) { _ in }
    defer { lock.release() }
    let fresh = StoreManifest.sibling("\(StoreFolder.freshPrefix)\(UUID().uuidString)", of: store)
    try StoreFolder.make(fresh)
    defer { StoreFolder.remove(fresh) }
    let manifest = try make(fresh)
    let content = try open(manifest, fresh)
    try manifest.write(to: fresh)
    try StoreFolder.sync(contentsOf: fresh)
    // One that is there is damaged, or was made by another process meanwhile; who has mapped it keeps it, and if two
    // take each other's away, the next one makes it again.
    StoreFolder.remove(folder)
    if rename(fresh, folder) == 0 { try? StoreFolder.sync(store) }
    return content
  }
}
