import Foundation
import Simulation
import Testing

/// A simulated log comes with what is true of it: queries have to find just that.
@Suite(.timeLimit(.minutes(5))) struct TruthTests {
  /// A project of a simulated shop, and the truth about it.
  private struct Shop {
    let folder: WorkFolder
    let truth: SimulationTruth
  }

  private static let description = URL(filePath: #filePath).appending(path: "../../../analyses/shop.yaml")
    .standardizedFileURL

  private func shop(_ format: String) async throws -> Shop {
    let folder = try WorkFolder()
    try folder.write(
      "throughline.yaml",
      """
      sources:
        shop:
          events: data/shop/events-*.\(format)
          entity: user_id
          time: ts
          event: event
          id: event_id
          dimensions:
            users: {file: data/shop/users.csv, key: user_id}

      """)
    try folder.write("shop.yaml", try Data(contentsOf: Self.description))
    let run = try await Command.run(
      "simulate", "shop.yaml", "--people", "3000", "--seed", "7", "--format", format, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return Shop(
      folder: folder,
      truth: try decoder.decode(SimulationTruth.self, from: try folder.data("data/shop/truth.json")))
  }

  /// The rows of a query's result, without the header.
  private func rows(_ query: String, _ shop: Shop) async throws -> [[String]] {
    let run = try await Command.run("query", query, "--format", "csv", in: shop.folder)
    #expect(run.status == 0, "\(run.errors)")
    return run.output.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private func counts(_ query: String, _ shop: Shop) async throws -> [String: Int] {
    Dictionary(uniqueKeysWithValues: try await rows(query, shop).map { ($0[0], Int($0[1]) ?? -1) })
  }

  @Test(arguments: ["parquet", "csv", "ndjson"])
  func `Queries find what is true of a simulated shop`(_ format: String) async throws {
    let shop = try await shop(format)
    let truth = shop.truth
    #expect(truth.people == 3000 && truth.duplicates > 100)

    let total = try await rows(
      "from events |> aggregate count(*) as n, count(distinct user_id) as people, count(distinct event_id) as ids",
      shop)
    let kept = truth.rows - truth.duplicates
    #expect(total == [["\(kept)", "\(truth.people)", "\(kept)"]])

    var events = try await counts("from events |> aggregate count(*) as n group by event", shop)
    #expect(events["Product_Viewed"] == truth.dirt["misspelt_event"])
    events["product_viewed", default: 0] += events.removeValue(forKey: "Product_Viewed") ?? 0
    #expect(events == truth.events)

    let revenue = try await rows("from events |> aggregate round(sum(revenue) * 100) as cents", shop)
    #expect(revenue == [["\(truth.netRevenueCents)"]])

    let eligible = """
      from events
      |> where event = 'buy_page_viewed' and count_if(event = 'purchase') over prior = 0
      |> join users using (user_id)
      |> aggregate count(distinct user_id) as n group by
      """
    #expect(
      try await counts(eligible + " users.country", shop) == truth.eligibleByCountry.filter { $0.value > 0 })
    #expect(
      try await counts(eligible + " users.platform", shop)
        == truth.eligibleByPlatform.filter { $0.value > 0 })
    try await checkExperiment(shop)
  }

  /// Units of the experiment by variant, and those whose 14 days are over and who bought in them.
  private func checkExperiment(_ shop: Shop) async throws {
    let education = try #require(shop.truth.education)
    let exposed = """
      from events
      |> extend count_if(event = 'purchase') over (later \(education.windowDays) days) > 0 as converted
      |> where event = 'buy_page_viewed' and education_variant is not null
               and count_if(event = 'buy_page_viewed' and education_variant is not null) over prior = 0
      |> aggregate count(*) as units,
                   count_if(ts + \(education.windowDays) days <= timestamp '2026-06-29') as mature,
                   count_if(converted and ts + \(education.windowDays) days <= timestamp '2026-06-29') as bought
         group by education_variant
      """
    let found = Dictionary(
      uniqueKeysWithValues: try await rows(exposed, shop).map { ($0[0], $0.dropFirst()) })
    #expect(found.count == education.variants.count)
    for variant in education.variants {
      #expect(
        found[variant.name].map(Array.init)
          == ["\(variant.units)", "\(variant.matureUnits)", "\(variant.converted)"], "\(variant.name)")
    }
  }

  @Test func `A simulation that is there is left as it is`() async throws {
    let shop = try await shop("csv")
    let before = try shop.folder.files()
    let log = try shop.folder.data("data/shop/truth.json")
    let again = try await Command.run(
      "simulate", "shop.yaml", "--people", "3000", "--seed", "7", "--format", "csv", in: shop.folder)
    #expect(again.status == 0)
    #expect(try shop.folder.files() == before)
    #expect(try shop.folder.data("data/shop/truth.json") == log)
    let mistaken = try await Command.shell(
      "echo 'people: many' > bad.yaml; $throughline simulate bad.yaml", in: shop.folder)
    #expect(mistaken.status == 1)
    #expect(mistaken.errors.contains("bad.yaml:1"))
    let place = try await Command.run("simulate", "shop.yaml", "--out", "shop.yaml/x", in: shop.folder)
    #expect(place.status == 1)
    #expect(place.errors.contains("error: ") && !place.errors.contains("Domain"))
  }
}
