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
  /// - Parameter notice: told which files are read.
  func makeLog(
    _ source: SourceDescription, _ resources: EventStore.Resources, from earlier: EarlierLog?,
    in folder: String, notice: (StoreNotice) -> Void
  ) throws(StoreError) -> StoreManifest {
    var reason = ""
    if let earlier, let added = added(to: earlier), earlier.isWhole(threads: resources.threads) {
      let count = earlier.manifest.report.files.count
      notice(
        StoreNotice(
          .progress,
          "reading \(added.summary) of '\(source.name)', added to \(count == 1 ? "1 file" : "\(count) files")"
        ))
      if let manifest = try added.makeLog(source, resources, behind: earlier, in: folder) { return manifest }
      reason = ", whose columns are no longer of the types that they were"
    }
    notice(StoreNotice(.progress, "reading \(summary) of '\(source.name)'\(reason)"))
    guard let manifest = try makeLog(source, resources, behind: nil, in: folder) else {
      preconditionFailure("what is read from the first file on decides its own types")
    }
    return manifest
  }

  /// The log of an earlier one and of these files; nothing where all have to be read together.
  private func makeLog(
    _ source: SourceDescription, _ resources: EventStore.Resources, behind earlier: EarlierLog?,
    in folder: String
  ) throws(StoreError) -> StoreManifest? {
    try reading(source, source.types, resources, after: earlier?.origin, in: folder) {
      (reading, connection) in
      let query = try LogQuery(reading, source.roles, source.types, connection)
      let origin = query.origin(settings)
      if let earlier, origin.time != earlier.origin.time { throw TypesChange() }
      var builder = try LogBuilder(query, behind: earlier, into: folder, resources)
      if let rows = query.rows { try builder.append(try connection.query(rows)) }
      var report = IngestReport(files: entries, problems: reading.problems)
      report.rowsRead = try query.rowCount(connection)
      if report.rowsRead + (earlier?.manifest.rowCount ?? 0) != builder.rowCount {
        report.problems += try query.refusedRows(connection)
      }
      report.problems += try query.lostValues(connection)
      if let earlier { report.add(earlier.manifest.report) }
      report.problems.sort { ($0.file, $0.reason) < ($1.file, $1.reason) }
      var manifest = try builder.finish(fingerprint: fingerprint, origin: origin, report: report)
      let log = try EventLog(mapping: manifest, in: folder)
      manifest.report.describe(log, manifest)
      manifest.runs = try log.writeRuns(to: folder, threads: resources.threads)
      if manifest.runs != nil {
        for (index, column) in log.columns.enumerated() {
          manifest.columns[index]?.valuesByName = column.flatMap { log.countedByName($0) }
        }
      }
      return manifest
    }
  }

  func makeDimension(
    _ dimension: SourceDescription.Dimension, _ source: SourceDescription,
    _ resources: EventStore.Resources, in folder: String
  ) throws(StoreError) -> StoreManifest {
    let made = try reading(source, dimension.types, resources, after: nil, in: folder) {
      (reading, connection) in
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
  private func reading(
    _ source: SourceDescription, _ types: DeclaredTypes, _ resources: EventStore.Resources,
    after origin: LogOrigin?, in folder: String, _ body: (Reading, Connection) throws -> StoreManifest
  ) throws(StoreError) -> StoreManifest? {
    let scratch = "\(folder)/scratch"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    do {
      try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    } catch {
      throw StoreError("the folder '\(scratch)' cannot be made: \(error.systemReason)")
    }
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
