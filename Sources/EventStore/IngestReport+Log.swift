import Values

extension IngestReport {
  /// A report is read whenever a source is opened, and has no more names than someone may look at.
  private static let mostEvents = 1000

  /// Fills in what the log itself says: counts of events, the properties, and the range of time.
  mutating func describe(_ log: EventLog, _ manifest: StoreManifest) {
    properties = zip(log.schema, manifest.columns).map { field, column in
      Property(name: field.name, type: field.type, nulls: column?.nulls ?? 0)
    }
    guard let names = log.columns[log.eventPosition], let times = log.columns[log.timePosition] else {
      return
    }
    var counts = [Int](repeating: 0, count: names.dictionary?.count ?? 0)
    var nameless = 0
    for start in stride(from: 0, to: log.rowCount, by: 1 << 16) {
      let rows = start..<min(start + 1 << 16, log.rowCount)
      let column = names.read(rows)
      if case .texts(let codes, _) = column.values {
        for (row, code) in codes.enumerated() {
          if column.isNull(row) { nameless += 1 } else { counts[Int(code)] += 1 }
        }
      }
      if case .integers(let values) = times.read(rows).values, let first = values.min(),
        let last = values.max()
      {
        firstTime = min(firstTime ?? first, first)
        lastTime = max(lastTime ?? last, last)
      }
    }
    events = counts.enumerated().filter { $1 > 0 }
      .map { EventCount(event: names.dictionary?.text($0), count: $1) }
    if nameless > 0 { events.append(EventCount(event: nil, count: nameless)) }
    // The dictionary is sorted: the order of names stays where counts are equal.
    events = events.enumerated().sorted { a, b in
      (b.element.count, a.offset) < (a.element.count, b.offset)
    }.map(\.element)
    let others = events.count - IngestReport.mostEvents
    if others > 0 {
      events.removeLast(others)
      otherEvents = others
    }
  }
}
