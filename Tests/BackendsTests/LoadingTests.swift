import Backends
import Planning
import Testing
import Values

@Suite struct LoadingTests {
  /// A timestamp, a date and a duration beyond what DuckDB's own types hold come back as they are.
  @Test func valuesComeBackAsTheyAre() throws {
    let schema = [
      Field("a", .text), Field("A b", .timestamp), Field("#", .duration), Field("", .date),
      Field("x", .double),
      Field("y\0", .boolean),
    ]
    let columns = [
      Column(.text, [.text("'\"\0日本 '' --"), .null]),
      Column(.timestamp, [.timestamp(.min), .timestamp(.max)]),
      Column(.duration, [.duration(.max), .null]), Column(.date, [.null, .date(-800_000)]),
      Column(.double, [.double(.nan), .double(-.infinity)]), Column(.boolean, [.boolean(true), .null]),
    ]
    let table = Table(schema: schema, columns: columns)
    let database = try DuckDB()
    try database.load(table, as: "t")
    let found = try database.table(of: .relation("t", schema), timeZone: .utc)
    #expect(found.count == 2)
    for (column, expected) in zip(found.columns, columns) {
      #expect(column.type == expected.type)
      #expect("\(column.scalars)" == "\(expected.scalars)")
    }
  }
}
