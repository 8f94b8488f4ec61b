import ADBC
import Foundation
import Values

/// Writes events as Parquet, which is DuckDB's work.
struct ParquetLog {
  let log: LogTexts
  private let dictionary: TextDictionary

  /// How many events are handed over at a time.
  private static let batch = 100_000

  init(of log: LogTexts) {
    self.log = log
    dictionary = TextDictionary(log.texts)
  }

  /// Writes a new file; its rows are the events in their order.
  func write(_ events: [ShopEvent], to place: URL) throws(DatabaseError) {
    // One thread: the same events give the same bytes.
    let connection = try Database(settings: .init(threads: 1)).connect()
    // An empty batch too: it makes the table.
    for start in stride(from: 0, to: max(events.count, 1), by: Self.batch) {
      let batch = table(events[start..<min(start + Self.batch, events.count)])
      try connection.ingest(batch, into: "log", start == 0 ? .create : .append)
    }
    try connection.execute(
      "copy log to \(SQLText.literal(place.path)) (format parquet, compression zstd)")
  }

  private func table(_ events: ArraySlice<ShopEvent>) -> Table {
    let columns = LogColumn.allCases.map { column(events, $0) }
    return Table(
      schema: LogColumn.allCases.map { Field($0.rawValue, $0.type) }, columns: columns, count: events.count)
  }

  private func column(_ events: ArraySlice<ShopEvent>, _ column: LogColumn) -> Column {
    let cells = events.lazy.map { log.cell(column, of: $0) }
    switch column.type {
    case .text: return text(cells)
    case .double:
      return numbers(cells, null: 0) { cell in
        guard case .money(let cents) = cell else { return nil }
        return Double(cents) / 100
      } column: {
        .doubles($0, validity: $1)
      }
    case .integer, .timestamp, .date, .duration, .boolean:
      return numbers(cells, null: 0) { cell -> Int64? in
        switch cell {
        case .integer(let value), .time(let value): value
        case .null, .text, .eventID, .userID, .money: nil
        }
      } column: {
        .integers($0, as: column.type, validity: $1)
      }
    }
  }

  private func numbers<Number>(
    _ cells: some Sequence<LogCell>, null: Number, _ number: (LogCell) -> Number?,
    column: ([Number], [UInt8]?) -> Column
  ) -> Column {
    var values: [Number] = []
    var validity: [UInt8] = []
    for cell in cells {
      let value = number(cell)
      values.append(value ?? null)
      validity.append(value == nil ? 0 : 1)
    }
    return column(values, validity.contains(0) ? validity : nil)
  }

  private func text(_ cells: some Sequence<LogCell>) -> Column {
    var codes: [UInt32] = []
    var validity: [UInt8] = []
    // Identifiers are not among the log's texts: a column of them has a dictionary of its own.
    var identifiers = LineBuffer(capacity: 0)
    var offsets: [UInt64] = [0]
    for cell in cells {
      var code: UInt32?
      switch cell {
      case .text(let position): code = UInt32(position)
      case .eventID, .userID:
        code = UInt32(offsets.count - 1)
        identifiers.append(identifier: cell)
        offsets.append(UInt64(identifiers.count))
      case .null, .time, .integer, .money: break
      }
      codes.append(code ?? 0)
      validity.append(code == nil ? 0 : 1)
    }
    let texts = offsets.count > 1 ? TextDictionary(offsets: offsets, utf8: identifiers.bytes) : dictionary
    return .texts(codes, texts, validity: validity.contains(0) ? validity : nil)
  }
}
