import ADBC
import Foundation
import Testing
import Values

@testable import Simulation

@Suite struct FormatTests {
  @Test func `Texts are quoted where CSV must and escaped where JSON must`() {
    func csv(_ text: String) -> String { String(decoding: LineFormat.csv.written(text), as: UTF8.self) }
    func json(_ text: String) -> String { String(decoding: LineFormat.ndjson.written(text), as: UTF8.self) }
    #expect(csv("desk") == "desk")
    #expect(csv("desk, 120 cm") == "\"desk, 120 cm\"")
    #expect(csv("27\" arm") == "\"27\"\" arm\"")
    #expect(csv("a\nb") == "\"a\nb\"")
    #expect(csv(" a") == "\" a\"")
    #expect(csv("") == "\"\"")
    #expect(csv("étagère") == "étagère")
    #expect(json("27\" \\ \n\r\t\u{1}\u{1F} ランプ") == #""27\" \\ \n\r\t\u0001\u001f ランプ""#)
  }

  @Test func `Numbers and times are written in full`() {
    func written(_ write: (inout LineBuffer) -> Void) -> String {
      var buffer = LineBuffer(capacity: 0)
      write(&buffer)
      return String(decoding: buffer.bytes, as: UTF8.self)
    }
    #expect(written { $0.appendDecimal(0) } == "0")
    #expect(written { $0.appendDecimal(-1090) } == "-1090")
    #expect(written { $0.appendDecimal(.max) } == "9223372036854775807")
    #expect(written { $0.appendDecimal(.min) } == "-9223372036854775808")
    #expect(written { $0.appendMoney(5) } == "0.05")
    #expect(written { $0.appendMoney(-12_340) } == "-123.40")
    #expect(written { $0.appendTime(0) } == "1970-01-01T00:00:00.000Z")
    #expect(written { $0.appendTime(1_782_691_199_057_000) } == "2026-06-28T23:59:59.057Z")
  }

  @Test func `All formats say the same`() throws {
    var shop = try Fixture.shop(people: 200)
    // Texts that no format can write without care.
    shop.catalogue.searchTerms += ["a\"b,c", "two\nlines", " blank ", "\\back\\", "tab\t\u{7}", "🦊", "null"]
    let csv = try Fixture.withFolder { folder in
      _ = try Simulator(shop).run(into: folder, format: .csv)
      return try Fixture.log(folder).flatMap(\.records)
    }
    let json = try Fixture.withFolder { folder in
      _ = try Simulator(shop).run(into: folder, format: .ndjson)
      return try Fixture.contents(folder).filter { $0.key.hasSuffix(".ndjson") }.sorted { $0.key < $1.key }
        .flatMap { try $0.value.split(separator: 10).map(FormatTests.record) }
    }
    let parquet = try Fixture.withFolder { folder in
      _ = try Simulator(shop).run(into: folder, format: .parquet)
      return try Fixture.contents(folder).keys.filter { $0.hasSuffix(".parquet") }.sorted()
        .flatMap { try FormatTests.records(parquet: folder.appending(path: $0)) }
    }
    #expect(csv.count > 1000)
    #expect(csv.contains { $0["search_term"] == "two\nlines" })
    #expect(json == csv)
    #expect(parquet == csv)
  }

  @Test func `Parquet of equal events has equal bytes`() throws {
    let shop = try Fixture.shop(people: 60)
    func made() throws -> [String: Data] {
      try Fixture.withFolder { folder in
        _ = try Simulator(shop).run(into: folder, format: .parquet)
        return try Fixture.contents(folder)
      }
    }
    #expect(try made() == made())
  }

  @Test func `Parquet without events keeps its columns and their types`() throws {
    try Fixture.withFolder { folder in
      _ = try Simulator(try Fixture.shop(people: 0)).run(into: folder, format: .parquet)
      let file = folder.appending(path: "events-2025-12-29.parquet")
      let table = try Database().connect().table("select * from read_parquet(\(SQLText.literal(file.path)))")
      #expect(table.count == 0)
      #expect(table.schema.map(\.name) == LogColumn.allCases.map(\.rawValue))
      #expect(table.schema.map(\.type) == LogColumn.allCases.map(\.type))
    }
  }

  /// A line of JSON as texts as CSV has them.
  private static func record(_ line: Data) throws -> [String: String] {
    let object = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
    #expect(object.count == LogColumn.allCases.count)
    var record: [String: String] = [:]
    for column in LogColumn.allCases {
      switch object[column.rawValue] {
      case let text as String: record[column.rawValue] = text
      case let number as NSNumber:
        record[column.rawValue] =
          column.type == .double ? FormatTests.money(number.doubleValue) : String(number.int64Value)
      default: break
      }
    }
    return record
  }

  private static func records(parquet file: URL) throws -> [[String: String]] {
    let table = try Database().connect().table("select * from read_parquet(\(SQLText.literal(file.path)))")
    #expect(table.schema.map(\.type) == LogColumn.allCases.map(\.type))
    return (0..<table.count).map { row in
      var record: [String: String] = [:]
      for (field, value) in zip(table.schema, table.row(row)) {
        switch value {
        case .text(let text): record[field.name] = text
        case .integer(let number): record[field.name] = String(number)
        case .double(let number): record[field.name] = money(number)
        case .timestamp(let time):
          var buffer = LineBuffer(capacity: 0)
          buffer.appendTime(time)
          record[field.name] = String(decoding: buffer.bytes, as: UTF8.self)
        case .null, .boolean, .date, .duration: break
        }
      }
      return record
    }
  }

  private static func money(_ value: Double) -> String {
    var buffer = LineBuffer(capacity: 0)
    buffer.appendMoney(Int64((value * 100).rounded()))
    return String(decoding: buffer.bytes, as: UTF8.self)
  }
}
