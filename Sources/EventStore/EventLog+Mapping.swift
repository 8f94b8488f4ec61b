import Values

extension EventLog {
  /// The log in a store's folder, mapped from its files.
  ///
  /// - Parameter threads: how many may be at work at once where segments are put together.
  convenience init(mapping manifest: StoreManifest, in folder: String, threads: Int = 1) throws(StoreError) {
    guard let roles = manifest.roles, let entityCount = manifest.entityCount,
      let entities = manifest.entities, let offsets = manifest.offsets
    else { throw StoreError("the store in '\(folder)' does not hold a log") }
    let files = MappedFiles(["offsets": offsets], of: "its entities", in: folder)
    let schema = manifest.columns.map { Field($0?.name ?? entities.name, $0?.type ?? entities.type) }
    let columns: [Lazy<StoredColumn>?]
    let runs: KnownRuns
    if let segments = manifest.segments {
      let mapped = try LogSegments.mapped(segments, beside: folder)
      let log = LogSegments(mapped.logs, placed: mapped.placed)
      columns = manifest.columns.enumerated().map { position, column in
        column.map { log.column($0, at: position, of: manifest, in: folder) }
      }
      runs = EventLog.runs(of: manifest, log, in: folder, threads: threads)
    } else {
      let stored = try manifest.columns.map { (column) throws(StoreError) in
        try column.map { (column) throws(StoreError) in
          try StoredColumn(mapping: column, count: manifest.rowCount, in: folder)
        }
      }
      columns = stored.map { $0.map { Lazy($0) } }
      runs = .made(try EventRuns.mapped(manifest, in: folder))
    }
    self.init(
      schema: Schema(schema), roles: roles, rowCount: manifest.rowCount, entityCount: entityCount,
      fingerprint: manifest.fingerprint,
      offsets: try files.map("offsets", UInt64.self, count: entityCount + 1),
      entities: try StoredColumn(mapping: entities, count: entityCount, in: folder),
      columns: StoredColumns(columns), runs: runs, valuesByName: manifest.columns.map { $0?.valuesByName },
      times: manifest.report.times, owner: files)
  }

  /// The runs of a log that lies in segments: those that were left in its store, else such as are made when they are
  /// first asked for.
  private static func runs(
    of manifest: StoreManifest, _ segments: LogSegments, in folder: String, threads: Int
  ) -> KnownRuns {
    let supplement = Supplement(store: folder, fingerprint: manifest.fingerprint, name: "runs")
    if let known = supplement.content(EventRuns.mapped) { return .made(known) }
    return .unmade { log in
      guard log.canHaveRuns else { return nil }
      let made = try? supplement.made(
        { (fresh) throws(StoreError) in
          var made = StoreManifest(
            fingerprint: manifest.fingerprint, rowCount: 0, columns: [], report: IngestReport())
          if let times = manifest.columns[log.timePosition] {
            // The column itself need not be put together for it.
            made.runs = try log.writeRuns(to: fresh, threads: threads, times.range ?? StoreManifest.Range()) {
              var reader = segments.reader(times, at: log.timePosition).rows
              return { reader.next($0).values.integers ?? [] }
            }
          }
          return made
        }, EventRuns.mapped)
      return made.flatMap { $0 } ?? log.copiedRuns(in: Heap())
    }
  }
}

extension EventRuns {
  /// The runs in a store's folder, if it has some.
  fileprivate static func mapped(_ manifest: StoreManifest, in folder: String) throws(StoreError)
    -> EventRuns?
  {
    try manifest.runs.map { (runs) throws(StoreError) in try EventRuns(mapping: runs, in: folder) }
  }
}

extension LogSegments {
  /// The logs in folders that lie beside another one, and where the rows of all but the first have theirs.
  static func mapped(
    _ segments: [StoreManifest.Segment], beside folder: String
  ) throws(StoreError) -> (logs: [EventLog], placed: [RowNumbers]) {
    var logs: [EventLog] = []
    var placed: [RowNumbers] = []
    for segment in segments {
      let store = StoreManifest.sibling(segment.name, of: folder)
      // Who has read the log's manifest has seen that its segments are whole.
      guard let manifest = try? StoreManifest.decoded(from: store) else {
        throw StoreError("the store '\(store)' cannot be read")
      }
      logs.append(try EventLog(mapping: manifest, in: store))
      guard logs.count > 1 else { continue }
      guard let rows = manifest.rows else {
        throw StoreError("the store '\(store)' has no places of its rows")
      }
      let files = MappedFiles(["rows": rows], of: "its rows", in: store)
      let numbers = try files.map("rows", UInt32.self, count: manifest.rowCount)
      placed.append(RowNumbers(UnsafeBufferPointer(start: numbers, count: manifest.rowCount), owner: files))
    }
    return (logs, placed)
  }

  /// A column of the log that lies in these segments: what was left in the log's store, else one that is put together when
  /// it is first asked for.
  fileprivate func column(
    _ column: StoreManifest.Column, at position: Int, of manifest: StoreManifest, in folder: String
  ) -> Lazy<StoredColumn> {
    let supplement = Supplement(store: folder, fingerprint: manifest.fingerprint, name: "column\(position)")
    @Sendable func open(_ made: StoreManifest, _ folder: String) throws(StoreError) -> StoredColumn {
      guard let column = made.columns.first?.flatMap({ $0 }) else {
        throw StoreError("the store in '\(folder)' does not hold a column")
      }
      return try StoredColumn(mapping: column, count: made.rowCount, in: folder)
    }
    if let known = supplement.content(open) { return Lazy(known) }
    let (count, fingerprint) = (manifest.rowCount, manifest.fingerprint)
    return Lazy {
      let made = try? supplement.made(
        { (fresh) throws(StoreError) in
          StoreManifest(
            fingerprint: fingerprint, rowCount: count,
            columns: [try self.write(column, at: position, to: "\(fresh)/column\(position)")],
            report: IngestReport())
        }, open)
      return made ?? self.copied(column, at: position)
    }
  }
}
