/// How the files of a log were read, as far as it says how files that are added to them are read.
struct LogOrigin: Codable, Hashable {
  /// The roles and the time zone, as they go into the fingerprint.
  var settings: [String]
  /// In the order of the log.
  var columns: [SourceColumn]
  /// The column of times in its role.
  var time: SourceColumn
}

/// Files that are added would make the columns of the others something else, or may.
struct TypesChange: Error {}

/// Why a log is not made of an earlier one and of files that were added: all are to be read together.
enum ContinuationObstacle: Error {
  /// See `TypesChange`.
  case typesChange
  /// The earlier log's files are not what was written.
  case damage

  /// Stands behind what is read.
  var message: String {
    switch self {
    case .typesChange: ", whose columns are no longer of the types that they were"
    case .damage: ", for what was made of them is damaged"
    }
  }
}

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

  /// The stores that hold its rows, in the order of their files: its own, or its segments.
  var segments: [StoreManifest.Segment] {
    let name = folder.split(separator: "/").last.map(String.init) ?? folder
    return manifest.segments ?? [StoreManifest.Segment(name: name, content: manifest.content)]
  }

  /// Whether the files that are copied hold what was written: the copies get checksums of their own, which would vouch
  /// for a damage.
  func isWhole(threads: Int) -> Bool {
    for segment in segments {
      let folder = StoreManifest.sibling(segment.name, of: folder)
      guard let files = try? StoreManifest.decoded(from: folder).ownFiles else { return false }
      let hashes = try? concurrently(files.count, threads: threads) { (index) throws(StoreError) in
        try FileRecord.contentHash(ofFile: "\(folder)/\(files[index].name)")
      }
      if hashes != files.map(\.hash) { return false }
    }
    return true
  }
}
