import Foundation
import Testing

/// The same document and data give the same bytes, wherever, whenever and however they are rendered.
@Suite(.timeLimit(.minutes(5))) struct DeterminismTests {
  /// A document with groups of several keys, texts, times, sums of doubles, windows and charts.
  private static let document = """
    ```query by_user {caption: "By user"}
    from events
    |> join users using (user_id)
    |> aggregate count(*) as n, sum(price) as total, avg(price) as mean, stddev(price) as spread,
                 min(ts) as first, string_agg(event, ', ') as events
       group by users.country, user_id
    ```

    ```query before
    from events
    |> where count_if(event = 'viewed') over prior > 0
    |> aggregate count(*) as n, median(price) as middle group by date_trunc('week', ts) as week, event
    ```

    ```query steps
    from events
    |> funnel event = 'viewed' as viewed, event = 'bought' as bought within 7 days
    ```

    ```query back
    from events
    |> retention start event = 'viewed', return event = 'bought' each week for 4
    ```

    ```chart weeks {caption: "By week"}
    line(before, x => week, y => n, color => event)
    ```

    ```chart cohorts {caption: "By cohort"}
    plot(back)
    ```

    ```compute
    let total = sum(by_user.total)
    let design = sample_size(baseline => 10%, lift => 5%, power => 80%, alpha => 5%)
    ```

    In total `= total`, of `= count(by_user)` people; `= design.total` are needed.
    """

  private static let log: String = {
    var log = "event_id,ts,event,user_id,price\n"
    for number in 0..<3000 {
      let day = 1 + number % 28
      let price = Double(number * 7919 % 1009) / 7
      log += "\(number),2026-03-\(day < 10 ? "0" : "")\(day)T\(10 + number % 13):17:00Z,"
      log += "\(number % 5 < 2 ? "bought" : "viewed"),\(["ana", "bob", "cat"][number % 3])"
      log += ",\(number % 11 == 0 ? "" : "\(price)")\n"
    }
    return log
  }()

  private func project(_ name: String) throws -> WorkFolder {
    let folder = try WorkFolder.shop(name)
    try folder.write("data/events.csv", Self.log)
    try folder.document("a.md", Self.document)
    return folder
  }

  private func rendered(
    _ folder: WorkFolder, _ format: String, threads: Int, _ environment: [String: String] = [:]
  ) async throws -> String {
    let run = try await Command.run(
      "render", "a.md", "--format", format, "--out", "-", "--threads", "\(threads)", in: folder,
      environment: environment)
    #expect(run.status == 0, "\(run.errors)")
    return run.output
  }

  @Test(arguments: ["html", "md", "json"])
  func `Folder, threads, time zone, locale and cache change no byte`(_ format: String) async throws {
    let first = try project("project")
    let report = try await rendered(first, format, threads: 2)
    #expect(report.count > 1000)
    // From the cache, and then without it.
    #expect(try await rendered(first, format, threads: 2) == report)
    let environments: [[String: String]] = [
      [:], ["TZ": "Pacific/Auckland", "LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8"],
      ["TZ": "America/New_York", "LANG": "C", "LC_ALL": "C"], ["TZ": "", "LANG": "tr_TR.UTF-8"],
    ]
    for (number, environment) in environments.enumerated() {
      let other = try project("an other folder, ünïcode \(number)")
      #expect(try await rendered(other, format, threads: [1, 8, 2, 3][number], environment) == report)
    }
  }

  @Test(arguments: ["html", "md", "json"])
  func `Reports name no place of this machine`(_ format: String) async throws {
    let folder = try project("project")
    let report = try await rendered(folder, format, threads: 1)
    #expect(!report.contains(folder.url.path))
    #expect(!report.contains(NSTemporaryDirectory()))
    #expect(!report.contains(NSHomeDirectory() + "/"))
  }

  @Test func `Where a command is run from changes no byte`() async throws {
    let folder = try project("project")
    let report = try await rendered(folder, "html", threads: 1)
    let script = """
      cd data && $throughline render ../a.md --out - && cd / && $throughline render "$PLACE/a.md" --out -
      """
    let run = try await Command.shell(script, in: folder, environment: ["PLACE": folder.url.path])
    #expect(run.output == report + report)
  }
}
