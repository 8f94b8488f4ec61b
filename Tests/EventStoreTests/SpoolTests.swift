import ADBC
import Foundation
import TestSupport
import Testing
import Values

@testable import EventStore

/// Columns on their way into a store: as narrow as what came so far, and whole whatever comes then.
@Suite struct SpoolTests {
  /// Rows of which later ones need more bytes than earlier ones, with nulls among them.
  private static let batches: [[Int64?]] = [
    [0, 1, -1], [127, nil, -128], [], [128], [nil, -40_000, 3], [1 << 40, .min, .max, nil], [5],
  ]

  @Test(arguments: 1...7) func `Integers come back at whatever width they came`(count: Int) throws {
    let bench = try Workbench()
    let spool = try ColumnSpool(Field("n", .integer), path: bench.path("column"))
    var values: [Int64?] = []
    for batch in Self.batches.prefix(count) {
      values += batch
      let validity = batch.contains(nil) ? batch.map { UInt8($0 == nil ? 0 : 1) } : nil
      try spool.append(
        CodedColumn(values: .integers(batch.map { $0 ?? 77 }), validity: validity), count: batch.count)
    }
    let rows = values.indices.reversed().map { UInt32($0) }
    let column = try StoredColumn(
      mapping: try spool.finish(rows, nil), count: rows.count, in: bench.folder + "/data")
    for (place, value) in values.reversed().enumerated() {
      #expect(column.read(place..<place + 1)[0] == value.map { .integer($0) } ?? .null)
    }
  }

  @Test(arguments: [1, 256, 257, 65_536, 65_537]) func `Texts come back however many there are`(count: Int)
    throws
  {
    let bench = try Workbench()
    let path = bench.path("column")
    let spool = try ColumnSpool(Field("t", .text), path: path)
    var interner = TextInterner()
    for start in stride(from: 0, to: count, by: 200) {
      // The number backwards: the order of texts is not the order in which they come.
      let codes = (start..<min(start + 200, count)).map { number in
        Array(String(String(number).reversed()).utf8).withUnsafeBufferPointer { interner.code(for: $0) }
      }
      try spool.append(CodedColumn(values: .codes(codes)), count: codes.count)
    }
    let names = interner.dictionary()
    let texts = try MergedTexts([TextRun(sorting: names)]).written(to: path)
    let rows = (0..<UInt32(count)).map { $0 }
    let column = try StoredColumn(
      mapping: try spool.finish(rows, texts), count: count, in: bench.folder + "/data")
    let dictionary = try #require(column.dictionary)
    #expect(dictionary.isSorted && dictionary.count == names.count)
    guard case .texts(let codes, _) = column.read(0..<count).values else {
      Issue.record("a column of texts has codes")
      return
    }
    #expect(codes.indices.allSatisfy { dictionary.text(Int(codes[$0])) == names.text($0) })
  }

  @Test func `A store is the same for any number of threads, and leaves nothing else behind`() throws {
    var stores: [[String: Data]] = []
    for threads in [1, 2, 8] {
      let bench = try Workbench()
      for part in 0..<2 {
        // More rows than are taken in at once, with repeats, ties and nulls.
        try bench.copy(
          """
          select 'u' || (i * 7919 % 1013) as "user", make_timestamptz(1767225600000000 + i * 31 % 5003 * 1000001) as ts, \
          'e' || (i % 5) as event, 'i' || (i % 90007) as id, case when i % 3 > 0 then i % 70000 end as n, \
          i % 11 / 4 as price, i % 2 = 0 as flag from range(\(part * 100_000), \(part * 100_000 + 100_000)) r(i)
          """, to: "\(part).parquet")
      }
      let opened = try bench.open("*.parquet", id: "id", threads: threads)
      #expect(opened.report.rowsRead == 200_000)
      #expect(opened.report.rowsKept + opened.report.duplicates == 200_000)
      stores.append(try bench.storeFiles())
      let store = try bench.store()
      let manifest = try #require(try StoreManifest.read(from: store))
      #expect(Set(manifest.files.map(\.name)) == Set(stores[0].keys))
    }
    #expect(stores[0] == stores[1] && stores[1] == stores[2])
  }

  @Test(arguments: ["'a' || i % 3", "i % 3"]) func `The id of an event may be its entity`(user: String) throws
  {
    let bench = try Workbench()
    try bench.copy(
      "select \(user) as \"user\", make_timestamptz(1767225600000000 + i) as ts, 'e' || (i % 2) as event "
        + "from range(12) r(i)", to: "0.parquet")
    let opened = try bench.open("*.parquet", id: "user")
    // Three entities with two events each; the earliest of equal ones stays.
    #expect(opened.report.duplicates == 6)
    #expect(opened.log.rowCount == 6)
  }
}
