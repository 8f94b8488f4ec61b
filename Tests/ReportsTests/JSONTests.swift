import Foundation
import TestSupport
import Testing
import Values

@testable import Reports

@Suite struct JSONTests {
  private func values(_ values: [NamedValue]) throws -> [String: Any] {
    var builder = DocumentBuilder()
    builder.block(.compute, code: "let a = 1")
    let json = Report(builder, results: [.values(values)]).json()
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    return try #require(object?["values"] as? [String: Any])
  }

  @Test func scalarsArePlain() throws {
    let read = try values([
      NamedValue("n", .scalar(.integer(9_007_199_254_740_992))), NamedValue("big", .scalar(.integer(.min))),
      NamedValue("x", .scalar(.double(0.1))), NamedValue("nan", .scalar(.double(.nan))),
      NamedValue("inf", .scalar(.double(-.infinity))), NamedValue("none", .scalar(.null)),
      NamedValue("yes", .scalar(.boolean(true))), NamedValue("day", .scalar(.date(20_458))),
      NamedValue("quote", .scalar(.text("\"\\\n\u{0}\u{2028}<"))),
    ])
    #expect(read["n"] as? Int64 == 9_007_199_254_740_992)
    #expect(read["big"] as? String == "-9223372036854775808")
    #expect(read["x"] as? Double == 0.1)
    #expect(read["nan"] as? String == "NaN")
    #expect(read["inf"] as? String == "-Infinity")
    #expect(read["none"] is NSNull)
    #expect(read["yes"] as? Bool == true)
    #expect(read["day"] as? String == "2026-01-05")
    #expect(read["quote"] as? String == "\"\\\n\u{0}\u{2028}<")
  }

  @Test func tablesHaveSchemaAndRows() throws {
    let table = Table(
      [Field("n", .integer), Field("t", .timestamp)], rows: [[.integer(1), .timestamp(0)], [.null, .null]])
    let read = try values([NamedValue("t", .table(table)), NamedValue("e", .table(Table([], rows: [])))])
    let first = try #require(read["t"] as? [String: Any])
    #expect(
      first["schema"] as? [[String: String]] == [
        ["name": "n", "type": "integer"], ["name": "t", "type": "timestamp"],
      ])
    let rows = try #require(first["rows"] as? [[Any]])
    #expect(rows.count == 2 && rows[0][0] as? Int == 1 && rows[0][1] as? String == "1970-01-01T00:00:00Z")
    #expect(rows[1].allSatisfy { $0 is NSNull })
  }

  @Test func recordsAndColumnsAndFiguresAreRead() throws {
    let record = Record(
      kind: "k",
      members: [.init("total", .scalar(.integer(1))), .init("inner", .record(Record(kind: "", members: [])))])
    let read = try values([
      NamedValue("r", .record(record)), NamedValue("c", .column(Column(.double, [.double(.nan), .null]))),
      NamedValue("f", .figure(Figure(layers: [Layer(.line)], title: "T"))),
    ])
    #expect((read["r"] as? [String: Any])?["total"] as? Int == 1)
    #expect(((read["c"] as? [String: Any])?["values"] as? [Any])?.count == 2)
    #expect((read["f"] as? [String: Any])?["title"] as? String == "T")
  }

  @Test func theOrderIsTheDocuments() {
    var builder = DocumentBuilder()
    builder.block(.compute, code: "let z = 1\nlet a = 2")
    let json = Report(
      builder,
      results: [.values([NamedValue("z", .scalar(.integer(1))), NamedValue("a", .scalar(.integer(2)))])]
    ).json()
    #expect(json.contains("\"values\": {\"z\": 1, \"a\": 2}"))
  }

  @Test func theSampleIsWellFormed() throws {
    let object =
      try JSONSerialization.jsonObject(with: Data(SampleReport.report.json().utf8)) as? [String: Any]
    #expect((object?["decisions"] as? [[String: Any]])?.first?["chosen"] as? Int == 0)
    #expect((object?["diagnostics"] as? [[String: Any]])?.first?["id"] as? String == "no-column")
  }
}
