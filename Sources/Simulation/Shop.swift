import Values

/// A specification with all that is worked out from it once: what the walk through a person's visits looks up.
struct Shop: Sendable {
  let specification: ShopSpecification
  let zones: [TimeZoneRules]
  let countries: WeightedChoice
  /// By country.
  let platforms: [WeightedChoice]
  let arrivingChannels: WeightedChoice
  let returningChannels: WeightedChoice
  /// First visits by day of the log.
  let arrivalDays: WeightedChoice
  let hours: WeightedChoice
  let products: [Product]
  /// Products by how much they are looked at.
  let popularity: WeightedChoice
  /// The chances that a returning visit takes place on a weekday as planned, Monday first.
  let weekdayChances: [Double]
  /// Where the visit steps of all effects start, ascending, from 1.
  let visitSteps: [Int]

  struct Product {
    let category: Int
    /// The price of one piece at price level 1.
    let price: Double
  }

  /// Streams of random numbers that belong to no person.
  private enum Stream {
    static let catalogue = UInt64.max
  }

  init(_ specification: ShopSpecification) {
    self.specification = specification
    zones = specification.countries.map { TimeZoneRules(named: $0.timeZone) ?? .utc }
    countries = WeightedChoice(specification.countries.map(\.share))
    platforms = specification.countries.map { WeightedChoice($0.platforms) }
    arrivingChannels = WeightedChoice(specification.channels.map(\.share))
    returningChannels = WeightedChoice(specification.channels.map(\.returning))
    let arrivals = specification.arrivals
    let weekly = Elementary.log(1 + arrivals.weeklyGrowth)
    arrivalDays = WeightedChoice(
      (0..<specification.dayCount).map { day in
        let weekday = Int(Calendar.weekday(specification.firstDay + Int64(day))) - 1
        // A day of no weight keeps a trace of one, so that a log of that day alone has its people.
        return Elementary.exp(weekly * Double(day) / 7) * max(arrivals.weekdays[weekday], 1e-12)
      })
    hours = WeightedChoice(arrivals.hours)
    let busiest = arrivals.weekdays.max() ?? 1
    weekdayChances = arrivals.weekdays.map { $0 / busiest }
    let catalogue = specification.catalogue
    let categories = WeightedChoice(catalogue.categories.map(\.share))
    let seed = specification.seed
    products = (0..<catalogue.products).map { index in
      var random = SeededRandom(seed: seed, Stream.catalogue, UInt64(index))
      let category = categories.position(random.uniform())
      let described = catalogue.categories[category]
      return Product(
        category: category, price: random.logNormal(median: described.price, spread: described.spread))
    }
    // The n-th product is looked at in proportion to 1 / (n + 10): a few are seen by many, most by some.
    popularity = WeightedChoice((0..<catalogue.products).map { 1 / Double($0 + 10) })
    let steps = (specification.education?.variants ?? []).flatMap { $0.effect?.visits.map(\.from) ?? [] }
    visitSteps = Set(steps + [1]).sorted()
  }

  /// The price of one piece in a country, in cents, as prices look: ending in 95 below 100, whole above.
  func cents(product: Int, country: Int) -> Int32 {
    let price = products[product].price * specification.countries[country].prices
    let shown = price < 100 ? max(1, price.rounded()) * 100 - 5 : price.rounded() * 100
    return Int32(min(shown, 100_000_000))
  }

  /// Which visit step a number of visits has reached.
  func visitStep(_ visit: Int) -> Int { (visitSteps.lastIndex { $0 <= visit }) ?? 0 }

  /// The newest version that is out, for someone who takes so many microseconds to install one.
  func version(platform: Int, time: Int64, lag: Int64) -> UInt8 {
    let versions = specification.platforms[platform].versions
    let day = Calendar.floorDivide(time - lag, Calendar.microsecondsPerDay)
    return UInt8(max(0, versions.lastIndex { $0.released <= day } ?? 0))
  }
}
