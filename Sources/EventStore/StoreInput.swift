import ADBC
import Diagnostics
import Foundation
import Values

/// The files that a store is made from, at the moment of their hashing.
struct StoreInput {
  let files: SourceFiles
  let fingerprint: String
  /// What else the fingerprint depends on.
  private let settings: [String]
  private let entries: [IngestReport.File]
  private let records: [FileRecord]

  /// The event files of a source.
  init(_ files: SourceFiles, _ source: SourceDescription, _ hashes: inout HashCache) throws(StoreError) {
    let roles = source.roles
    let settings = [roles.entity, roles.time, roles.event, roles.id ?? "", roles.id == nil ? "" : "id"]
    let identity = roles.identity.map {
      ["identity", $0.device, $0.user, $0.backfill ? "backfill" : "no backfill"]
    }
    try self.init(
      files, ["log", source.timeZone] + settings + (identity ?? []) + source.types.settings, &hashes)
  }

  /// The file of a dimension.
  init(
    _ dimension: SourceDescription.Dimension, _ source: SourceDescription, _ hashes: inout HashCache
  ) throws(StoreError) {
    let files = try SourceFiles(matching: [dimension.file], in: source.folder)
    try self.init(
      files, ["table of facts", source.timeZone, dimension.key] + dimension.types.settings, &hashes)
  }

  private init(
    _ files: SourceFiles, _ settings: [String], _ hashes: inout HashCache
  ) throws(StoreError) {
    let hash = ContentHash()
    hash.update(field: "throughline store \(StoreManifest.currentFormat)")
    for setting in settings { hash.update(field: setting) }
    var entries: [IngestReport.File] = []
    var records: [FileRecord] = []
    for file in files.files {
      let record = try FileRecord(path: file.path)
      let content = try hashes.hash(of: file)
      hash.update(field: file.name)
      hash.update(field: content)
      entries.append(IngestReport.File(name: file.name, bytes: record.size, hash: content))
      records.append(record)
    }
    self.files = files
    self.entries = entries
    self.records = records
    self.settings = settings
    fingerprint = hash.hex()
  }

  private init(
    files: SourceFiles, fingerprint: String, settings: [String], entries: [IngestReport.File],
    records: [FileRecord]
  ) {
    self.files = files
    self.fingerprint = fingerprint
    self.settings = settings
    self.entries = entries
    self.records = records
  }

  /// `3 files, 12 MB`.
  var summary: String {
    let bytes = entries.reduce(0) { $0 + $1.bytes }
    let size = bytes < 1_000_000 ? "\((bytes + 999) / 1_000) kB" : "\((bytes + 500_000) / 1_000_000) MB"
    return entries.count == 1 ? "'\(entries[0].name)', \(size)" : "\(entries.count) files, \(size)"
  }

  /// Throws where a file is no longer the one that was hashed.
  func requireUnchanged() throws(StoreError) {
    for (file, record) in zip(files.files, records) where try FileRecord(path: file.path) != record {
      throw StoreError(
        "'\(file.name)' changed while it was read", hints: ["run again when nothing writes to it"])
    }
  }

  /// The files behind those of an earlier log, if there are some and nothing else is different.
  ///
  /// Rows of one entity and time, and events delivered twice, go by the order of the files: files that come between
  /// those that were read, or before them, are read together with them. So are all where the entity is made of a
  /// device and a user, for a sign-in in a new file says whose the old rows are.
  private func added(to earlier: EarlierLog) -> StoreInput? {
    let known = earlier.manifest.report.files
    guard earlier.manifest.roles?.identity == nil, earlier.origin.settings == settings,
      entries.count > known.count,
      Array(entries.prefix(known.count)) == known
    else { return nil }
    return StoreInput(
      files: files.dropFirst(known.count), fingerprint: fingerprint, settings: settings,
      entries: Array(entries.dropFirst(known.count)), records: Array(records.dropFirst(known.count)))
  }

  /// Makes the files' log, of an earlier one and the files that were added where that gives the same.
  ///
  /// - Parameters:
  ///   - earlier: stores of the source's log that are there.
  ///   - notice: told which files are read.
  func makeLog(
    _ source: SourceDescription, _ resources: EventStore.Resources, from earlier: [EarlierLog],
    in folder: String, notice: (StoreNotice) -> Void
  ) throws(StoreError) -> StoreManifest {
    var reason = ""
    let continued = earlier.compactMap { log in added(to: log).map { (log: log, added: $0) } }
    if let most = continued.min(by: { $0.added.entries.count < $1.added.entries.count }) {
      let count = most.log.manifest.report.files.count
      let files = count == 1 ? "1 file" : "\(count) files"
      notice(StoreNotice(.progress, "reading \(most.added.summary) of '\(source.name)', added to \(files)"))
      switch try most.added.continueLog(most.log, source, resources, in: folder) {
      case .success(let manifest): return manifest
      case .failure(let obstacle): reason = obstacle.message
      }
    }
    notice(StoreNotice(.progress, "reading \(summary) of '\(source.name)'\(reason)"))
    guard var (log, _) = try makeRows(source, resources, after: nil, in: folder) else {
      preconditionFailure("what is read from the first file on decides its own types")
    }
    try log.complete(in: folder, threads: resources.threads)
    return log
  }

  /// The log of an earlier one and of these files.
  private func continueLog(
    _ earlier: EarlierLog, _ source: SourceDescription, _ resources: EventStore.Resources, in folder: String
  ) throws(StoreError) -> Result<StoreManifest, ContinuationObstacle> {
    let name = StoreFolder.segmentName(fingerprint, behind: earlier.manifest.fingerprint)
    let store = "\(folder)/\(name)"
    try StoreFolder.make(store)
    guard let made = try makeRows(source, resources, after: earlier.origin, in: store) else {
      StoreFolder.clear(folder)
      return .failure(.typesChange)
    }
    var (added, report) = (made.manifest, made.manifest.report)
    (added.origin, added.report) = (nil, IngestReport())
    let read = try EventLog(mapping: added, in: store)
    var continuation = try LogContinuation(earlier, read, in: folder)
    let repeated = continuation.repeatedRows()
    if repeated.count > 0 {
      report.duplicates += repeated.count
      added = try read.written(without: repeated.dropped, added, to: store)
      continuation = try LogContinuation(earlier, try EventLog(mapping: added, in: store), in: folder)
    }
    let places = continuation.places()
    var manifest = try continuation.manifest(
      of: added, places, origin: made.origin, report: report, to: folder)
    if continuation.hasSegments {
      let numbers = try OutputFile(path: "\(store)/rows", .hashed)
      try numbers.write(places.rows)
      added.rows = try numbers.finish()
      try added.write(to: store)
      manifest.segments = earlier.segments + [StoreManifest.Segment(name: name, content: added.content)]
      return .success(manifest)
    }
    guard earlier.isWhole(threads: resources.threads) else {
      StoreFolder.clear(folder)
      return .failure(.damage)
    }
    let segments = continuation.segments(places)
    manifest.columns = try concurrently(manifest.columns.count, threads: resources.threads) {
      [columns = manifest.columns] (position) throws(StoreError) in
      try columns[position].map { (column) throws(StoreError) in
        try segments.write(column, at: position, to: "\(folder)/column\(position)")
      }
    }
    StoreFolder.remove(store)
    try manifest.complete(in: folder, threads: resources.threads)
    return .success(manifest)
  }

  /// The rows of the files as a log of their own, and how those of files behind them are to be read; nothing where
  /// the files before these have to be read with them.
  ///
  /// - Parameter origin: how those were read.
  private func makeRows(
    _ source: SourceDescription, _ resources: EventStore.Resources, after origin: LogOrigin?,
    in folder: String
  ) throws(StoreError) -> (manifest: StoreManifest, origin: LogOrigin)? {
    try reading(source, source.types, resources, after: origin, in: folder) { (reading, connection) in
      if [source.roles.entity, source.roles.time].contains(where: reading.lacks) { throw TypesChange() }
      let query = try LogQuery(reading, source.roles, source.types, connection)
      let found = query.origin(settings)
      if let origin, found.time != origin.time { throw TypesChange() }
      var builder = try LogBuilder(query, into: folder, resources)
      if let rows = query.rows { try builder.append(try connection.query(rows)) }
      var report = IngestReport(files: entries, problems: reading.problems)
      report.rowsRead = try query.rowCount(connection)
      if report.rowsRead != builder.rowCount { report.problems += try query.refusedRows(connection) }
      report.problems += try query.lostValues(connection)
      report.problems.sort { ($0.file, $0.reason) < ($1.file, $1.reason) }
      return (try builder.finish(fingerprint: fingerprint, origin: found, report: report), found)
    }
  }

  func makeDimension(
    _ dimension: SourceDescription.Dimension, _ source: SourceDescription,
    _ resources: EventStore.Resources, in folder: String
  ) throws(StoreError) -> StoreManifest {
    let made = try reading(source, dimension.types, resources, after: nil, in: folder) {
      (reading, connection) -> StoreManifest in
      let schema = reading.columns.map { Field($0.name, $0.type) }
      var missing = MissingColumns(among: schema.map(\.name))
      if schema.position(of: dimension.key) == nil {
        missing.add(dimension.key, for: "the key of '\(files.files[0].name)'")
      }
      dimension.types.note(&missing, among: reading.columns)
      guard missing.isEmpty else { throw StoreError(missing) }
      let values = reading.columns.map(\.expression).joined(separator: ", ")
      let stream = try connection.query(
        "select \(values) from \(reading.relation) order by \(reading.sequence)")
      var intakes: [ColumnIntake] = []
      for (index, field) in schema.enumerated() {
        intakes.append(try ColumnIntake(field, path: "\(folder)/column\(index)"))
      }
      var count = 0
      while let batch = try stream.nextBatch() {
        for (index, intake) in intakes.enumerated() { try intake.append(index, of: batch) }
        count += batch.count
      }
      let rows = (0..<UInt32(count)).map { $0 }
      var columns: [StoreManifest.Column?] = []
      for intake in intakes {
        let texts = try intake.write(try intake.mergeTexts())
        columns.append(try intake.finish(rows, texts))
      }
      let problems = reading.problems + (try reading.lostValues(of: reading.columns, connection))
      let report = IngestReport(files: entries, rowsRead: count, rowsKept: count, problems: problems)
      return StoreManifest(fingerprint: fingerprint, rowCount: count, columns: columns, report: report)
    }
    guard let made else { preconditionFailure("a dimension is read from its first file on") }
    return made
  }

  /// Calls with the files made readable, and a connection to read them through; nothing where types change.
  private func reading<Made>(
    _ source: SourceDescription, _ types: DeclaredTypes, _ resources: EventStore.Resources,
    after origin: LogOrigin?, in folder: String, _ body: (Reading, Connection) throws -> Made
  ) throws(StoreError) -> Made? {
    let scratch = "\(folder)/scratch"
    defer { StoreFolder.remove(scratch) }
    try StoreFolder.make(scratch)
    do {
      let database = try Database(
        settings: Database.Settings(
          threads: resources.threads, memoryLimit: resources.memoryLimit, temporaryFolder: scratch,
          timeZone: source.timeZone))
      let connection = try database.connect()
      do {
        let reading = try Reading(
          files, after: origin, types, timeZone: source.timeZone, scratch: scratch, through: connection)
        return try body(reading, connection)
      } catch let error as DatabaseError {
        throw Reading.culprit(error, among: files, connection)
      }
    } catch is TypesChange {
      return nil
    } catch let error as StoreError {
      throw error
    } catch let error as DatabaseError {
      throw StoreError(error.message, hints: error.hints)
    } catch {
      preconditionFailure("only the store and the database refuse")
    }
  }
}
