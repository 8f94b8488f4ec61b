import Foundation
import Testing
import Values

@testable import Simulation

/// Holds the truth against a count of the files that knows nothing of how they were made.
@Suite struct TruthTests {
  /// A log of some thousand people, read back.
  struct Log {
    let shop: ShopSpecification
    let truth: SimulationTruth
    /// Lines as they are, with the file they are in.
    var rows: [(file: String, record: [String: String])] = []
    /// Each event once.
    var events: [[String: String]] = []
    let users: [String: [String: String]]

    init(people: Int, _ change: (inout ShopSpecification) -> Void = { _ in }) throws {
      var shop = try Fixture.shop(people: people)
      change(&shop)
      self.shop = shop
      (truth, users, rows) = try Fixture.withFolder { folder in
        let summary = try Simulator(shop).run(into: folder, format: .csv)
        let users = Fixture.records(try Data(contentsOf: folder.appending(path: "users.csv")))
        let rows = try Fixture.log(folder).flatMap { file in file.records.map { (file.file, $0) } }
        return (
          summary.truth,
          Dictionary(uniqueKeysWithValues: try users.map { (try #require($0["user_id"]), $0) }), rows
        )
      }
      var seen: Set<String> = []
      events = rows.map(\.record).filter { seen.insert($0["event_id"] ?? "").inserted }
    }

    /// Events of each person in order of time.
    func histories() throws -> [String: [(time: Int64, record: [String: String])]] {
      let timed = try events.map { (time: try Fixture.time($0["ts"]), record: $0) }
      return Dictionary(grouping: timed) { $0.record["user_id"] ?? "" }
        .mapValues { $0.sorted { $0.time < $1.time } }
    }
  }

  static let log = Result { try Log(people: 4000) }

  @Test func `Lines, copies and kinds of events are as counted`() throws {
    let log = try Self.log.get()
    #expect(log.truth.rows == log.rows.count)
    #expect(log.truth.duplicates == log.rows.count - log.events.count)
    #expect(log.truth.people == log.users.count)
    #expect(log.truth.people == Set(log.events.map { $0["user_id"] }).count)
    var kinds: [String: Int] = [:]
    for event in log.events { kinds[event["event"] ?? "", default: 0] += 1 }
    #expect(kinds["Product_Viewed"] == log.truth.dirt["misspelt_event"])
    kinds["product_viewed", default: 0] += kinds.removeValue(forKey: "Product_Viewed") ?? 0
    #expect(kinds == log.truth.events)
    #expect(log.truth.visits == kinds["session_started"])
    let revenue = log.events.compactMap { $0["revenue"].flatMap(Double.init) }.reduce(0, +)
    #expect(abs(revenue - Double(log.truth.netRevenueCents) / 100) < 1e-6)
  }

  @Test func `What is wrong is as counted`() throws {
    let log = try Self.log.get()
    func count(_ holds: ([String: String]) -> Bool) -> Int { log.events.filter(holds).count }
    let withPrice: Set = [
      "product_viewed", "Product_Viewed", "cart_added", "buy_page_viewed", "purchase", "refunded",
    ]
    let dirt = log.truth.dirt
    #expect(dirt["missing_country"] == count { $0["country"] == nil })
    #expect(dirt["wrong_case_country"] == count { $0["country"].map { $0 != $0.uppercased() } ?? false })
    #expect(dirt["missing_referrer"] == count { $0["session_number"] != nil && $0["referrer"] == nil })
    #expect(dirt["missing_version"] == count { $0["session_number"] != nil && $0["app_version"] == nil })
    #expect(dirt["missing_price"] == count { withPrice.contains($0["event"] ?? "") && $0["price"] == nil })
    #expect(dirt["impossible_price"] == count { $0["price"]?.hasPrefix("-") ?? false })
    #expect(dirt.count == 7)
  }

  @Test func `Files hold times in order, and what came late later`() throws {
    let log = try Self.log.get()
    var later = 0
    var last: (file: String, time: String)?
    for row in log.rows {
      let time = try #require(row.record["ts"])
      if let last, last.file == row.file { #expect(last.time <= time) }
      last = (row.file, time)
      let day = Values.Calendar.floorDivide(try Fixture.time(time), Values.Calendar.microsecondsPerDay)
      let week = log.shop.firstDay + (day - log.shop.firstDay) / 7 * 7
      let date = Values.Calendar.date(week)
      let own =
        "events-\(date.year)-\(date.month < 10 ? "0" : "")\(date.month)-\(date.day < 10 ? "0" : "")\(date.day).csv"
      #expect(own <= row.file)
      if own < row.file { later += 1 }
    }
    #expect(later == log.truth.inLaterFile)
    #expect(later > 0)
    #expect(log.truth.late >= later - log.truth.duplicates)
  }

  @Test func `The eligible and the buyers are as counted`() throws {
    let log = try Self.log.get()
    var eligible = 0
    var never = 0
    var buyers = 0
    var byCountry: [String: Int] = [:]
    var byPlatform: [String: Int] = [:]
    var byWeek = [Int](repeating: 0, count: 26)
    for (user, history) in try log.histories() {
      let firstPurchase = history.first { $0.record["event"] == "purchase" }?.time
      if firstPurchase != nil { buyers += 1 }
      guard let view = history.first(where: { $0.record["event"] == "buy_page_viewed" }) else { continue }
      #expect(view.record["prior_orders"] == "0")
      if let firstPurchase { #expect(view.time < firstPurchase) }
      eligible += 1
      if firstPurchase == nil { never += 1 }
      let person = try #require(log.users[user])
      byCountry[person["country"] ?? "", default: 0] += 1
      byPlatform[person["platform"] ?? "", default: 0] += 1
      byWeek[Int((view.time - log.shop.start) / (7 * Values.Calendar.microsecondsPerDay))] += 1
    }
    #expect(eligible == log.truth.eligible)
    #expect(never == log.truth.neverBought)
    #expect(buyers == log.truth.buyers)
    #expect(byCountry == log.truth.eligibleByCountry.filter { $0.value > 0 })
    #expect(byPlatform == log.truth.eligibleByPlatform.filter { $0.value > 0 })
    #expect(byWeek == log.truth.eligibleByWeek)
  }

  @Test func `The experiment's units and conversions are as counted`() throws {
    let log = try Self.log.get()
    let truth = try #require(log.truth.education)
    let design = try #require(log.shop.education)
    let start = design.firstDay * Values.Calendar.microsecondsPerDay
    let window = Int64(design.windowDays) * Values.Calendar.microsecondsPerDay
    var counts = Dictionary(
      uniqueKeysWithValues: truth.variants.map { ($0.name, (units: 0, mature: 0, converted: 0)) })
    for (user, history) in try log.histories() {
      var orders = 0
      var exposure: (time: Int64, variant: String)?
      var conversion: Int64?
      for event in history {
        let variant = event.record["education_variant"]
        switch event.record["event"] {
        case "buy_page_viewed":
          #expect((orders == 0 && event.time >= start) == (variant != nil))
          if let variant, exposure == nil { exposure = (event.time, variant) }
          #expect(variant == nil || variant == exposure?.variant)
        case "education_shown":
          #expect(variant == exposure?.variant)
          #expect(variant != "control")
        case "purchase":
          orders += 1
          conversion = conversion ?? event.time
        default: #expect(variant == nil)
        }
      }
      guard let exposure else { continue }
      let place = GrowthBookHash.place(of: user, seed: design.hashSeed)
      let assigned = GrowthBookHash.variation(at: place, weights: design.variants.map(\.share))
      #expect(assigned.map { design.variants[$0].name } == exposure.variant)
      counts[exposure.variant]?.units += 1
      guard exposure.time + window <= log.shop.end else { continue }
      counts[exposure.variant]?.mature += 1
      if let conversion, conversion - exposure.time < window { counts[exposure.variant]?.converted += 1 }
    }
    for variant in truth.variants {
      let count = try #require(counts[variant.name])
      #expect(count == (variant.units, variant.matureUnits, variant.converted))
      #expect(variant.units > 20)
    }
  }

  @Test func `Segments add up to the whole`() throws {
    let truth = try #require(try Self.log.get().truth.education)
    let mature = truth.variants.reduce(0) { $0 + $1.matureUnits }
    func sum(_ holds: (SimulationTruth.Segment) -> Bool) -> (Int, [Int]) {
      truth.segments.filter(holds).reduce((0, [0, 0, 0])) { sum, segment in
        (sum.0 + segment.matureUnits, zip(sum.1, segment.wouldConvert).map(+))
      }
    }
    let whole = (mature, truth.variants.map(\.wouldConvert))
    #expect(sum { $0.country != nil && $0.platform == nil } == whole)
    #expect(sum { $0.platform != nil && $0.country == nil } == whole)
    #expect(sum { $0.visitsFrom != nil && $0.country == nil } == whole)
    #expect(sum { $0.bestVariant != nil } == whole)
  }

  @Test func `A treatment that does nothing has no effect at all`() throws {
    let log = try Log(people: 3000) { shop in
      guard var education = shop.education else { return }
      for index in education.variants.indices where education.variants[index].effect != nil {
        education.variants[index].effect = ShopSpecification.Effect(
          everyone: 0, countries: shop.countries.map { _ in 0 }, platforms: shop.platforms.map { _ in 0 },
          visits: [], refunds: 0)
      }
      shop.education = education
    }
    let truth = try #require(log.truth.education)
    // The same random numbers decide under each variant, so nothing is left to chance.
    #expect(truth.variants.map(\.effect) == [0, 0, 0])
    #expect(truth.variants[0].wouldConvert > 20)
    // What each group did of its own adds up to what all would have done: nobody was changed.
    #expect(truth.variants.reduce(0) { $0 + $1.converted } == truth.variants[0].wouldConvert)
  }

  @Test func `Treatments that decide everything leave nothing to chance`() throws {
    let log = try Log(people: 1500) { shop in
      guard var education = shop.education else { return }
      for (index, everyone) in [(1, 1.0), (2, -1.0)] {
        education.variants[index].effect = ShopSpecification.Effect(
          everyone: everyone, countries: shop.countries.map { _ in 0 },
          platforms: shop.platforms.map { _ in 0 },
          visits: [], refunds: 0)
      }
      shop.education = education
    }
    let truth = try #require(log.truth.education)
    let mature = truth.variants.reduce(0) { $0 + $1.matureUnits }
    #expect(mature > 30)
    #expect(truth.variants[1].converted == truth.variants[1].matureUnits)
    #expect(truth.variants[1].wouldConvert == mature)
    #expect(truth.variants[2].wouldConvert == 0)
    #expect(truth.bestSingleValue == 1)
    #expect(truth.bestTargetedValue == 1)
    #expect(truth.segments.compactMap(\.bestVariant).allSatisfy { $0 == "text" })
  }

  @Test func `A shop without an experiment has no variants`() throws {
    let log = try Log(people: 500) { $0.education = nil }
    #expect(log.truth.education == nil)
    #expect(log.events.allSatisfy { $0["education_variant"] == nil && $0["event"] != "education_shown" })
    #expect(log.truth.eligible > 0)
  }

  @Test func `Rates are near those described`() throws {
    let log = try Self.log.get()
    /// Five standard errors of a share.
    func near(_ count: Int, of all: Int, _ rate: Double) -> Bool {
      abs(Double(count) - Double(all) * rate) <= 5 * (Double(all) * rate * (1 - rate)).squareRoot() + 1
    }
    let shop = log.shop
    let truth = log.truth
    #expect(near(truth.duplicates, of: log.events.count, shop.delivery.duplicates))
    #expect(near(truth.late, of: truth.rows, shop.delivery.late))
    #expect(near(truth.dirt["missing_country"] ?? 0, of: log.events.count, shop.dirt.missingCountry))
    #expect(
      near(
        truth.dirt["misspelt_event"] ?? 0, of: truth.events["product_viewed"] ?? 0, shop.dirt.misspeltEvent))
    #expect(near(truth.events["search"] ?? 0, of: truth.events["product_viewed"] ?? 0, shop.browsing.search))
    for country in shop.countries {
      let people = log.users.values.filter { $0["country"] == country.name }
      #expect(near(people.count, of: truth.people, country.share))
      for (platform, share) in zip(shop.platforms, country.platforms) {
        #expect(near(people.filter { $0["platform"] == platform.name }.count, of: people.count, share))
      }
    }
    for channel in shop.channels {
      let count = log.users.values.filter { $0["acquisition_channel"] == channel.name }.count
      #expect(near(count, of: truth.people, channel.share))
    }
    let education = try #require(shop.education)
    let units = truth.education?.variants.map(\.units) ?? []
    for (variant, count) in zip(education.variants, units) {
      #expect(near(count, of: units.reduce(0, +), variant.share))
    }
  }

  @Test func `Visits are half an hour apart, and pauses within are shorter`() throws {
    for (_, history) in try Self.log.get().histories() {
      var last: (time: Int64, visit: Int)?
      for event in history {
        guard let visit = event.record["session_number"].flatMap({ Int($0) }) else { continue }
        if let last {
          let gap = event.time - last.time
          #expect((visit == last.visit) == (gap < 30 * 60 * 1_000_000))
          #expect(
            visit == last.visit || (visit == last.visit + 1 && event.record["event"] == "session_started"))
        } else {
          #expect(visit == 1)
        }
        last = (event.time, visit)
      }
    }
  }
}
