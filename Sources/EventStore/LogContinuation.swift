import Values

/// A log that goes on where an earlier one ends: rows that were read behind it, which belong between its own.
struct LogContinuation {
  private let earlier: EarlierLog
  /// The earlier log's segments, and last the rows that were added.
  private let logs: [EventLog]
  private let earlierRows: [RowNumbers]
  private let entities: SegmentTexts

  /// More segments than these are put together, and so are such as have more than a share of the first one's rows: then
  /// putting columns together when they are read is dearer than doing it for all. So are those of very many columns,
  /// each of which has files to map.
  private static let (mostSegments, leastShare, mostColumns) = (9, 4, 2000)

  /// - Parameters:
  ///   - added: the rows, each of which is there once.
  ///   - folder: where files may lie that are gone when this returns.
  init(_ earlier: EarlierLog, _ added: EventLog, in folder: String) throws(StoreError) {
    self.earlier = earlier
    let known = try LogSegments.mapped(earlier.segments, beside: earlier.folder)
    logs = known.logs + [added]
    earlierRows = known.placed
    var texts: [TextDictionary] = []
    for log in logs {
      texts.append(try EntityTexts.texts(of: log.entities, at: "\(folder)/segment-entities"))
    }
    entities = SegmentTexts(texts)
    try StoreError.requireNumbers(forRows: rowCount)
  }

  private var added: EventLog { logs[logs.count - 1] }

  private var rowCount: Int { logs.reduce(0) { $0 + $1.rowCount } }

  /// Whether the log is one that lies in segments.
  var hasSegments: Bool {
    logs.count <= LogContinuation.mostSegments
      && logs.count * added.columns.count <= LogContinuation.mostColumns
      && (rowCount - logs[0].rowCount) * LogContinuation.leastShare <= logs[0].rowCount
  }

  /// The added rows whose events the earlier log has.
  func repeatedRows() -> DuplicateFilter {
    var filter = DuplicateFilter()
    guard let search = RepeatedRows(of: added) else { return filter }
    for (segment, log) in logs.dropLast().enumerated() {
      search.find(
        in: log, entities: (entities.ranks(ofSegment: segment), entities.ranks(ofSegment: logs.count - 1)),
        &filter)
    }
    return filter
  }

  /// Where rows are in the log.
  struct Places {
    /// Where each entity's begin, and at the end how many rows there are.
    var starts: [UInt64]
    /// The numbers of the added rows, in their order.
    var rows: [UInt32]
  }

  /// Where the rows are: those of equal entity and time in the order of the segments.
  func places() -> Places {
    var starts = [UInt64](repeating: 0, count: entities.merged.count + 1)
    for (segment, log) in logs.enumerated() {
      for (entity, place) in entities.ranks(ofSegment: segment).enumerated() {
        starts[Int(place) + 1] += UInt64(log.rows(ofEntity: entity).count)
      }
    }
    for place in starts.indices.dropFirst() { starts[place] += starts[place - 1] }
    var others = logs.dropLast().enumerated().map { RowsBefore($1, places: entities.ranks(ofSegment: $0)) }
    var rows: [UInt32] = []
    rows.reserveCapacity(added.rowCount)
    let times = added.columns[added.timePosition]
    for (entity, place) in entities.ranks(ofSegment: logs.count - 1).enumerated() {
      let first = Int(starts[Int(place)])
      for segment in others.indices { others[segment].move(to: place) }
      for (index, row) in added.rows(ofEntity: entity).enumerated() {
        let time = times?.number(row) ?? 0
        var number = first + index
        for segment in others.indices { number += others[segment].count(upTo: time) }
        rows.append(UInt32(truncatingIfNeeded: number))
      }
    }
    return Places(starts: starts, rows: rows)
  }

  /// Counts the rows of a segment that come before rows of one entity after another, by time.
  private struct RowsBefore {
    private let log: EventLog
    private let times: StoredColumn?
    private let places: ArraySlice<UInt32>
    private var next: Int
    private var rows = 0..<0
    /// Behind the last of the rows that was found to come before.
    private var end = 0

    /// - Parameter places: of the segment's entities among all, ascending.
    init(_ log: EventLog, places: ArraySlice<UInt32>) {
      self.log = log
      self.places = places
      times = log.columns[log.timePosition]
      next = places.startIndex
    }

    /// Turns to the entity with a place, which is behind those before.
    mutating func move(to place: UInt32) {
      while next < places.endIndex, places[next] < place { next += 1 }
      let isThere = next < places.endIndex && places[next] == place
      rows = isThere ? log.rows(ofEntity: next - places.startIndex) : 0..<0
      end = rows.lowerBound
    }

    /// How many of the entity's rows are not later than a time, which is not before those asked for earlier.
    mutating func count(upTo time: Int64) -> Int {
      func isLater(_ row: Int) -> Bool { (times?.number(row) ?? 0) > time }
      // Most often the added rows are later than all.
      if end < rows.upperBound, !isLater(rows.upperBound - 1) { end = rows.upperBound }
      var last = rows.upperBound
      while end < last {
        let middle = (end + last) / 2
        if isLater(middle) { last = middle } else { end = middle + 1 }
      }
      return end - rows.lowerBound
    }
  }

  /// The log's manifest, but for the columns' files.
  ///
  /// - Parameters:
  ///   - rows: of the store of the added rows.
  ///   - origin: how files that are added next are read.
  ///   - report: on all rows that were read.
  ///   - folder: to which the files are written.
  func manifest(
    of rows: StoreManifest, _ places: Places, origin: LogOrigin, report: IngestReport, to folder: String
  ) throws(StoreError) -> StoreManifest {
    let field = added.schema[added.entityPosition]
    let offsets = try OutputFile(path: "\(folder)/offsets", .hashed)
    try offsets.write(places.starts)
    var report = report
    report.add(earlier.manifest.report)
    report.problems.sort { ($0.file, $0.reason) < ($1.file, $1.reason) }
    report.rowsKept = rowCount
    report.entities = entities.merged.count
    let names = SegmentTexts(logs.map { $0.columns[$0.eventPosition]?.dictionary })
    var manifest = StoreManifest(
      fingerprint: rows.fingerprint, roles: added.roles, rowCount: rowCount,
      entityCount: entities.merged.count,
      entities: try EntityTexts.write(entities.merged, as: field, to: "\(folder)/entities"),
      offsets: try offsets.finish(), columns: columns(rows, names), origin: origin, report: report)
    var counts = EventCounts(names: names.merged.count)
    for (segment, log) in logs.enumerated() { counts.add(log.eventCounts(), names.ranks(ofSegment: segment)) }
    let times = [earlier.manifest.report.times, added.timeRange()].compactMap { $0 }
    let first = times.map(\.lowerBound).min()
    let last = times.map(\.upperBound).max()
    manifest.report.describe(manifest, names.merged.dictionary(), counts, (first, last))
    return manifest
  }

  /// What is known of the log's columns before they are put together.
  private func columns(_ rows: StoreManifest, _ names: SegmentTexts) -> [StoreManifest.Column?] {
    let known = earlier.manifest.columns
    return rows.columns.enumerated().map { position, own in
      guard var column = own else { return nil }
      let before = position < known.count ? known[position] : nil
      column.nulls += before?.nulls ?? earlier.manifest.rowCount
      if let range = before?.range { column.range?.formUnion(range) }
      (column.encoding, column.base, column.texts, column.parts) = (nil, nil, nil, [:])
      let isSparse = Presence.isWorthIt(rows: rowCount, nulls: column.nulls)
      column.valuesByName =
        isSparse && names.merged.count <= EventRuns.mostNames ? valuesByName(position, names) : nil
      return column
    }
  }

  /// How many values of a column events of each name have; nothing where events without a name have one.
  private func valuesByName(_ position: Int, _ names: SegmentTexts) -> [Int: Int]? {
    var counts: [Int: Int] = [:]
    for (segment, log) in logs.enumerated() where position < log.columns.count {
      guard let column = log.columns[position],
        let own = log.valuesByName[position] ?? log.countedByName(column)
      else { return nil }
      let ranks = names.ranks(ofSegment: segment)
      for (code, count) in own { counts[Int(ranks[ranks.startIndex + code]), default: 0] += count }
    }
    return counts
  }

  /// The log as it lies in its segments.
  func segments(_ places: Places) -> LogSegments {
    let heap = Heap()
    let rows = UnsafeBufferPointer(start: heap.copy(places.rows), count: places.rows.count)
    return LogSegments(logs, placed: earlierRows + [RowNumbers(rows, owner: heap)])
  }
}
