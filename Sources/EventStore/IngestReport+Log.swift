import Values

extension IngestReport {
  /// A report is read whenever a source is opened, and has no more names than someone may look at.
  private static let mostEvents = 1000

  /// Fills in what a log itself says: counts of events, the properties, and the range of time.
  ///
  /// - Parameters:
  ///   - names: of events, in order.
  ///   - times: of the first and the last event; nothing for an empty log.
  mutating func describe(
    _ manifest: StoreManifest, _ names: TextDictionary?, _ counts: EventCounts, _ times: (Int64?, Int64?)
  ) {
    properties = manifest.columns.compactMap { column in
      (column ?? manifest.entities).map { Property(name: $0.name, type: $0.type, nulls: $0.nulls) }
    }
    (firstTime, lastTime) = times
    events = counts.byCode.enumerated().filter { $1 > 0 }
      .map { EventCount(event: names?.text($0), count: $1) }
    if counts.nameless > 0 { events.append(EventCount(event: nil, count: counts.nameless)) }
    // The dictionary is sorted: the order of names stays where counts are equal.
    events = events.enumerated().sorted { a, b in
      (b.element.count, a.offset) < (a.element.count, b.offset)
    }.map(\.element)
    let others = events.count - IngestReport.mostEvents
    otherEvents = others > 0 ? others : nil
    events.removeLast(max(0, others))
  }
}

/// How many events of each name there are.
struct EventCounts {
  /// By the names' codes.
  private(set) var byCode: [Int]
  /// Events without a name.
  private(set) var nameless = 0

  /// - Parameter names: how many there are.
  init(names: Int) { byCode = [Int](repeating: 0, count: names) }

  /// Adds the events of a segment of a log.
  ///
  /// - Parameter ranks: by the segment's codes, those of the log.
  mutating func add(_ segment: EventCounts, _ ranks: ArraySlice<UInt32>) {
    nameless += segment.nameless
    for (count, code) in zip(segment.byCode, ranks) { byCode[Int(code)] += count }
  }

  fileprivate mutating func add(code: Int, count: Int = 1) { byCode[code] += count }
  fileprivate mutating func add(nameless count: Int) { nameless += count }
}

extension EventLog {
  /// Counts the events of each name: where there are runs by their lengths.
  func eventCounts() -> EventCounts {
    guard let names = columns[eventPosition] else { return EventCounts(names: 0) }
    let nameCount = names.dictionary?.count ?? 0
    var counts = EventCounts(names: nameCount)
    if let runs {
      var named = 0
      for code in 0..<nameCount {
        counts.add(code: code, count: runs.places(ofCode: code).count)
        named += runs.places(ofCode: code).count
      }
      counts.add(nameless: rowCount - named)
      return counts
    }
    for start in stride(from: 0, to: rowCount, by: 1 << 16) {
      let column = names.read(start..<min(start + 1 << 16, rowCount))
      guard case .texts(let codes, _) = column.values else { continue }
      for (row, code) in codes.enumerated() {
        if column.isNull(row) { counts.add(nameless: 1) } else { counts.add(code: Int(code)) }
      }
    }
    return counts
  }

  /// The times of the first and the last event, as the rows have them; nothing for an empty log.
  func timeRange() -> ClosedRange<Int64>? {
    var range: ClosedRange<Int64>?
    for start in stride(from: 0, to: rowCount, by: 1 << 16) {
      guard
        case .integers(let values)? = columns[timePosition]?.read(start..<min(start + 1 << 16, rowCount))
          .values,
        let first = values.min(), let last = values.max()
      else { continue }
      range = min(range?.lowerBound ?? first, first)...max(range?.upperBound ?? last, last)
    }
    return range
  }
}
