import ADBC
import Foundation
import Testing
import Values

@testable import Throughline

/// Sources whose engine is DuckDB: the same report as the native engine's, from files and from a database.
@Suite struct DatabaseSourceTests {
  private static let document = """
    ---
    title: Shop
    source: shop
    ---

    ```query rows
    from events
    |> extend count(*) over prior as before, last(price) over prior as last_price
    |> order by ts desc
    ```

    ```query plans
    from events
    |> join users using (user_id)
    |> aggregate count(distinct user_id) as users, sum(price) as revenue, median(price) as median
       group by plan, date_trunc('week', ts) as week
    ```

    ```query steps
    from events
    |> funnel event = 'view' as viewed, event = 'buy' as bought within 1 day group by country
    ```

    ```query back
    from events
    |> retention start event = 'view', return event = 'buy' each day for 3
    ```

    ```query visits
    from events
    |> sessions gap 30 minutes
    |> aggregate count(*) as events group by session_id
    ```

    ```query chained
    from plans
    |> where users > least_users
    |> join steps on plan = country or users = entities
    |> select plan, week, step, entities
    ```

    ```sql own
    select country, count(*) as events, max(ts) as latest from events group by country order by country nulls last
    ```

    ```compute
    let least_users = min(plans.users) - 1
    ```

    """

  private static let rows = """
    ann,2026-03-01 23:50:00,view,DE,,1
    ann,2026-03-02 00:05:00,buy,,12.5,2
    ann,2026-03-02 00:05:00,buy,,12.5,2
    bob,2026-03-01 10:00:00,view,O'Neil,,3
    bob,2026-03-04 10:00:00,buy,日本,7.25,4
    eve,1969-12-31 23:00:00,buy,DE,-1,5
    """
  private static let users = "ann,paid\nbob,free\nzoe,free"

  private func folder(_ source: String) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "throughline-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    try write("user_id,ts,event,country,price,id\n" + Self.rows + "\n", "shop.csv")
    try write("user_id,plan\n" + Self.users + "\n", "users.csv")
    try write("timezone: Europe/Berlin\nsources:\n  shop:\n" + source, "throughline.yaml")
    try write(Self.document, "shop.md")
    return folder
  }

  private static let roles = "    entity: user_id\n    time: ts\n    event: event\n    id: id\n"
  private static let files =
    "    events: shop.csv\n\(roles)    dimensions: {users: {file: users.csv, key: user_id}}\n"

  private func rendered(_ folder: URL) throws -> String {
    let session = try Session(folder: folder, options: RunOptions(usesCache: false))
    let rendering = try session.render(folder.appending(path: "shop.md"), as: .md)
    #expect(rendering.diagnostics.map { $0.diagnostic.rendered(in: $0.source) } == [])
    return rendering.text
  }

  @Test func filesByDuckDB() throws {
    let native = try folder(Self.files)
    let duckDB = try folder("    engine: duckdb\n" + Self.files)
    defer { for folder in [native, duckDB] { try? FileManager.default.removeItem(at: folder) } }
    let expected = try rendered(native)
    #expect(expected.contains("| DE "))
    #expect(try rendered(duckDB) == expected)
  }

  @Test(arguments: [
    ("upper('Kreis, großer')", "upper('ß') is another text on this engine"),
    ("lower('ΑΣ ' || 'Ⅷ')", "lower('Ⅷ') is another text on this engine"),
    ("cast(event as integer)", "'view' is not an integer"),
  ])
  func `A text that is refused is named`(expression: String, message: String) throws {
    let folder = try folder("    engine: duckdb\n" + Self.files)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "refused.md")
    try Data(
      "```query refused\nfrom events\n|> where event = 'view'\n|> select \(expression) as x\n```\n".utf8
    )
    .write(to: file)
    let session = try Session(folder: folder, options: RunOptions(usesCache: false))
    let found = try session.render(file, as: .md).diagnostics.map(\.diagnostic.message)
    #expect(found == [message])
  }

  @Test func tableOfADatabase() throws {
    let native = try folder(Self.files)
    let table = """
          engine: duckdb
          uri: shop.duckdb
          events: 'odd "name.events'
      \(Self.roles)    dimensions: {users: {table: users, key: user_id}}

      """
    let duckDB = try folder(table)
    defer { for folder in [native, duckDB] { try? FileManager.default.removeItem(at: folder) } }
    let connection = try Database().connect()
    func path(_ name: String) -> String { SQLText.literal(duckDB.appending(path: name).path) }
    try connection.execute("attach \(path("shop.duckdb")) as target")
    try connection.execute("create schema target.\"odd \"\"name\"")
    try connection.execute(
      """
      create table target."odd ""name".events as select user_id, ts::timestamp as ts, event, country,
      price::decimal(9, 2) as price, id::utinyint as id from read_csv(\(path("shop.csv"))) order by random()
      """)
    try connection.execute("create table target.users as from read_csv(\(path("users.csv")))")
    try connection.execute("detach target")
    #expect(try rendered(duckDB) == rendered(native))
    let session = try Session(folder: duckDB)
    let text = try session.description(ofSource: "shop").get()
    #expect(text.contains("rows         5") && text.contains("engine       duckdb"))
    #expect(text.contains("duplicates   1 left out") && !text.contains("left out     "))
    #expect(text.contains("  events\n    3  buy\n    2  view\n  properties\n    user_id  text\n"))
    #expect(text.contains("    country  text, 20.0% missing\n    price    double, 40.0% missing\n"))
    let (explanation, _) = session.explanation(of: "from events |> limit 1", source: nil)
    #expect(explanation?.contains("select") ?? false)
  }

  @Test func columnsThatAreNotThereAndRowsThatAreLeftOut() throws {
    let folder = try folder("    engine: duckdb\n    uri: shop.duckdb\n    events: log\n" + Self.roles)
    defer { try? FileManager.default.removeItem(at: folder) }
    let connection = try Database().connect()
    try connection.execute("attach \(SQLText.literal(folder.appending(path: "shop.duckdb").path)) as target")
    func make(_ columns: String) throws {
      try connection.execute(
        "attach if not exists \(SQLText.literal(folder.appending(path: "shop.duckdb").path)) as target")
      try connection.execute("create or replace table target.log as \(columns)")
      try connection.execute("detach target")
    }
    func description() throws -> Result<String, SourceRefusal> {
      try Session(folder: folder).description(ofSource: "shop")
    }
    try make("select 'ann' as user, timestamp '2026-01-01' as tz, 'e' as event, 1 as id")
    var refusal = try #require(throws: SourceRefusal.self) { try description().get() }.located.diagnostic
    #expect(
      refusal.notes == [
        "no column 'user_id' for the entity of the log, no column 'ts' for the time of the log"
      ])
    #expect(refusal.hints.first == "did you mean 'tz' by 'ts'?")
    try make("select 'ann' as user_id, date '2026-01-01' as ts, 'e' as event, 1 as id")
    refusal = try #require(throws: SourceRefusal.self) { try description().get() }.located.diagnostic
    #expect(refusal.notes == ["the time 'ts' is of type date"])
    #expect(refusal.hints == ["name a view of the table, with '\"ts\"::timestamp as \"ts\"'"])
    try make(
      "select unnest(['ann', null, 'ben']) as user_id, unnest([null, timestamp '2026-01-01', timestamp '2026-01-01']) as ts, "
        + "null::varchar as event, 1 as id")
    let text = try description().get()
    #expect(text.contains("rows         1\n") && text.contains("left out     2 without an entity or a time"))
    #expect(text.contains("    1  (no name)"))
  }

  @Test(arguments: ["nowhere.duckdb", "shop.csv"]) func fileThatIsNoDatabase(uri: String) throws {
    let folder = try folder("    engine: duckdb\n    uri: \(uri)\n    events: events\n" + Self.roles)
    defer { try? FileManager.default.removeItem(at: folder) }
    let session = try Session(folder: folder, options: RunOptions(usesCache: false))
    let rendering = try session.render(folder.appending(path: "shop.md"), as: .md)
    #expect(rendering.outcome == .failed)
    #expect(rendering.diagnostics.contains { $0.diagnostic.id == "source" })
  }
}
