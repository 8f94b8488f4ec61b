/// How the files of a log were read, as far as it says how files that are added to them are read.
struct LogOrigin: Codable, Hashable {
  /// The roles and the time zone, as they go into the fingerprint.
  var settings: [String]
  /// In the order of the log.
  var columns: [SourceColumn]
  /// The column of times in its role.
  var time: SourceColumn
}

/// Files that are added would make the columns of the others something else, or may: all are to be read together.
struct TypesChange: Error {}

/// The store of a log that files are added to.
struct EarlierLog {
  let manifest: StoreManifest
  let origin: LogOrigin
  let folder: String

  /// The log in a store, if it holds one that can be continued.
  init?(_ manifest: StoreManifest, in folder: String) {
    guard let origin = manifest.origin, !origin.columns.isEmpty else { return nil }
    self.manifest = manifest
    self.origin = origin
    self.folder = folder
  }

  /// Whether the files that are copied hold what was written: the copies get checksums of their own, which would vouch
  /// for a damage.
  func isWhole(threads: Int) -> Bool {
    let (files, folder) = (manifest.ownFiles, folder)
    let hashes = try? concurrently(files.count, threads: threads) { (index) throws(StoreError) in
      try FileRecord.contentHash(ofFile: "\(folder)/\(files[index].name)")
    }
    return hashes == files.map(\.hash)
  }
}
