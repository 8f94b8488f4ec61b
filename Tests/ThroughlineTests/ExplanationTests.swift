import Foundation
import Testing
import Throughline

/// What `explain` says of the rows that are read: those of the events that can matter, told from their names and from
/// properties that few of them have.
@Suite struct ExplanationTests {
  /// A hundred views; two purchases with a price, one refund with a reason, and a gift that has both.
  private static func folder(nameless: Bool = false, engine: String = "native") throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "throughline-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let views = (0..<100).map { "u\($0 % 7),2026-03-01 10:00:\(10 + $0 % 50),view,DE,,\n" }.joined()
    let others = """
      u1,2026-03-01 11:00:00,buy,DE,12.5,
      u2,2026-03-01 11:00:00,buy,FR,7,
      u2,2026-03-01 12:00:00,refund,FR,,broken
      u3,2026-03-01 12:00:00,gift,DE,5,thanks
      u4,2026-03-01 13:00:00,,DE,\(nameless ? "3" : ""),

      """
    try Data(("user,ts,event,country,price,reason\n" + views + others).utf8)
      .write(to: folder.appending(path: "shop.csv"))
    let source = """
      sources:
        shop: {engine: \(engine), events: shop.csv, entity: user, time: ts, event: event}

      """
    try Data(source.utf8).write(to: folder.appending(path: "throughline.yaml"))
    return folder
  }

  /// The line of a query's explanation that says what is read.
  private func leaf(_ steps: String, in folder: URL) throws -> String {
    let (text, diagnostics) = try Session(folder: folder).explanation(of: "from events \(steps)", source: nil)
    #expect(diagnostics.map(\.diagnostic.message) == [])
    let line = try #require(text).split(separator: "\n").first { $0.contains(" of shop") }
    return try #require(line).trimmingCharacters(in: [" ", "└", "─", "├", "│"])
  }

  private static let size = "  -- 105 rows of 7 entities, read once, in parallel by entity"

  @Test(arguments: [
    ("|> where price > 6", "events 'buy', 'gift' of shop"),
    ("|> where price > 6 and reason is not null", "events 'gift' of shop"),
    ("|> where price > 6 or reason = 'broken'", "events 'buy', 'gift', 'refund' of shop"),
    ("|> where price > 6 and event in ('view', 'buy')", "events 'buy' of shop"),
    ("|> extend price * 2 as twice |> where twice between 10 and 20", "events 'buy', 'gift' of shop"),
    ("|> where round(price) in (5, 7)", "events 'buy', 'gift' of shop"),
    ("|> aggregate count(*) filter (where reason = 'broken') as n", "events 'gift', 'refund' of shop"),
    ("|> where reason = 'broken' and price > 6 and event = 'view'", "no events of shop"),
    // Rows without a value can matter, and so can those of any name.
    ("|> where price is null", "events of shop"),
    ("|> where coalesce(price, 0) = 0", "events of shop"),
    ("|> where price > 6 or country = 'DE'", "events of shop"),
    ("|> where country = 'FR'", "events of shop"),
    ("|> where case when price > 6 then true else country = 'DE' end", "events of shop"),
    ("|> where (price in (6, null)) is null", "events of shop"),
  ])
  func `A condition on a rare property says which events are read`(steps: String, expected: String) throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try leaf(steps, in: folder).hasPrefix(expected))
  }

  @Test func `What is read is said with its size`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try leaf("|> where price > 6", in: folder) == "events 'buy', 'gift' of shop" + Self.size)
  }

  @Test func `Events without a name may have any value`() throws {
    let folder = try Self.folder(nameless: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try leaf("|> where price > 6", in: folder).hasPrefix("events of shop"))
    #expect(try leaf("|> where reason = 'broken'", in: folder).hasPrefix("events 'gift', 'refund' of shop"))
  }

  @Test func `A database reads all rows`() throws {
    let folder = try Self.folder(engine: "duckdb")
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try leaf("|> where price > 6", in: folder).hasPrefix("events of shop"))
  }

  @Test func `What is left out changes no result`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (table, _) = try Session(folder: folder).query(
      "from events |> where price > 6 or reason = 'thanks' |> select user, price |> order by user",
      source: nil)
    let rows = try #require(table)
    #expect(rows.columns[0].scalars == [.text("u1"), .text("u2"), .text("u3")])
    #expect(rows.columns[1].scalars == [.double(12.5), .double(7), .double(5)])
  }
}
