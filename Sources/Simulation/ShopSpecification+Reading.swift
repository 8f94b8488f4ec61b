import Diagnostics
import Values

/// The making of believable event logs.
public enum Simulation {
  /// Reads the description of a shop; nothing, and why, when there is a mistake in it.
  public static func read(_ yaml: SourceText) -> (ShopSpecification?, [Diagnostic]) {
    var reader = DescriptionReader(yaml)
    let specification = ShopSpecification(&reader)
    return (reader.hasErrors ? nil : specification, reader.diagnostics)
  }
}

extension ShopSpecification {
  fileprivate init?(_ reader: inout DescriptionReader) {
    let keys = [
      "seed", "people", "starts", "ends", "files", "arrivals", "countries", "platforms", "channels",
      "catalogue",
      "visits", "browsing", "buying", "support", "education", "delivery", "dirt",
    ]
    guard let top = reader.top(keys: keys) else { return nil }
    seed = UInt64(reader.integer("seed", of: top, in: 0...Int.max))
    people = reader.integer("people", of: top, in: 0...Self.mostPeople)
    let first = reader.day("starts", of: top)
    let last = reader.day("ends", of: top)
    firstDay = first ?? 0
    lastDay = last ?? 0
    if let first, let last, !(0..<1100).contains(last - first) {
      reader.report(
        "shop-value", "a log ends on or after the day it starts, and covers at most 1100 days",
        at: reader.valueRange("ends", of: top),
        label: last < first ? "before 'starts'" : "\(last - first + 1) days")
    }
    let period = top.entry("files") == nil ? "week" : reader.text("files", of: top)
    filePeriod = FilePeriod(rawValue: period) ?? .week
    if FilePeriod(rawValue: period) == nil {
      reader.report(
        "shop-value", "a file covers a 'week', a 'day' or an 'hour'", at: reader.valueRange("files", of: top),
        label: "is '\(period)'")
    }
    arrivals = Arrivals(&reader, top)
    let platforms = Platform.all(&reader, top)
    self.platforms = platforms
    countries = Country.all(&reader, top, platforms: platforms)
    channels = Channel.all(&reader, top)
    catalogue = Catalogue(&reader, top)
    visits = Visits(&reader, top)
    browsing = Browsing(&reader, top)
    buying = Buying(&reader, top)
    support = Support(&reader, top)
    education = nil
    delivery = Delivery(&reader, top)
    dirt = Dirt(&reader, top)
    education = Education(&reader, top, shop: self)
  }
}

/// What multiplies odds or prices.
private let factors = 0.0...1000.0
private let days = 0.0...1000.0
private let spreads = 0.0...5.0

extension ShopSpecification.Arrivals {
  fileprivate init(_ reader: inout DescriptionReader, _ top: DescriptionSection) {
    let section = reader.section("arrivals", of: top, keys: ["growth", "weekdays", "hours"])
    weeklyGrowth = reader.number("growth", of: section, in: -0.5...0.5)
    weekdays = reader.numbers("weekdays", of: section, count: 7, in: 0...1000)
    hours = reader.numbers("hours", of: section, count: 24, in: 0...1000)
    for (name, weights) in [("weekdays", weekdays), ("hours", hours)] where weights.allSatisfy({ $0 == 0 }) {
      reader.report(
        "shop-value", "one of the weights is above 0", at: section.entry(name)?.range, label: "all are 0")
    }
  }
}

extension ShopSpecification.Platform {
  fileprivate static func all(_ reader: inout DescriptionReader, _ top: DescriptionSection) -> [Self] {
    let mistakes = reader.diagnostics.count
    let home = reader.named("platforms", of: top, count: 1...16, what: "platforms")
    let platforms = home.entries.map { entry in
      let section = reader.section(entry, of: home, keys: ["share", "buying", "adoption_days", "versions"])
      let releases = reader.named("versions", of: section, count: 1...100, what: "versions")
      let versions = releases.entries.compactMap { release in
        reader.day(release.node, named: "\(releases.path).\(release.name)")
          .map { ShopSpecification.Version(name: release.name, released: $0) }
      }
      return Self(
        name: entry.name, share: reader.share("share", of: section),
        buying: reader.number("buying", of: section, in: factors, default: 1),
        adoptionDays: reader.number("adoption_days", of: section, in: days, default: 0),
        versions: versions.sorted { ($0.released, $0.name) < ($1.released, $1.name) })
    }
    reader.check(sum: platforms.map(\.share), of: "shares of the platforms", at: home.range, since: mistakes)
    return platforms
  }
}

extension ShopSpecification.Country {
  fileprivate static func all(
    _ reader: inout DescriptionReader, _ top: DescriptionSection, platforms: [ShopSpecification.Platform]
  ) -> [Self] {
    let mistakes = reader.diagnostics.count
    let home = reader.named("countries", of: top, count: 1...100, what: "countries")
    let countries = home.entries.map { entry in
      let section = reader.section(
        entry, of: home, keys: ["share", "timezone", "buying", "carting", "prices", "platforms"])
      let zone = reader.text("timezone", of: section)
      if !zone.isEmpty, TimeZoneRules(named: zone) == nil {
        reader.report(
          "shop-value", "no time zone named '\(zone)'", at: reader.valueRange("timezone", of: section),
          label: "not an IANA name", hints: ["a time zone is named like 'Europe/Berlin'"])
      }
      var shares = platforms.map(\.share)
      let mistakes = reader.diagnostics.count
      if let mix = reader.optionalSection("platforms", of: section, keys: platforms.map(\.name)) {
        shares = platforms.map { reader.share($0.name, of: mix, default: 0) }
        reader.check(sum: shares, of: "shares of the platforms", at: mix.range, since: mistakes)
      }
      return Self(
        name: entry.name, share: reader.share("share", of: section), timeZone: zone,
        buying: reader.number("buying", of: section, in: factors, default: 1),
        carting: reader.number("carting", of: section, in: factors, default: 1),
        prices: reader.number("prices", of: section, in: 0.001...factors.upperBound, default: 1),
        platforms: shares)
    }
    reader.check(sum: countries.map(\.share), of: "shares of the countries", at: home.range, since: mistakes)
    return countries
  }
}

extension ShopSpecification.Channel {
  fileprivate static func all(_ reader: inout DescriptionReader, _ top: DescriptionSection) -> [Self] {
    let mistakes = reader.diagnostics.count
    let home = reader.named("channels", of: top, count: 1...64, what: "channels")
    let channels = home.entries.map { entry in
      let section = reader.section(entry, of: home, keys: ["share", "returning", "buying", "campaigns"])
      return Self(
        name: entry.name, share: reader.share("share", of: section),
        returning: reader.share("returning", of: section),
        buying: reader.number("buying", of: section, in: factors, default: 1),
        campaigns: reader.texts("campaigns", of: section, count: 0...64, isOptional: true))
    }
    reader.check(sum: channels.map(\.share), of: "shares of the channels", at: home.range, since: mistakes)
    reader.check(
      sum: channels.map(\.returning), of: "returning shares of the channels", at: home.range, since: mistakes)
    return channels
  }
}

extension ShopSpecification.Catalogue {
  fileprivate init(_ reader: inout DescriptionReader, _ top: DescriptionSection) {
    let section = reader.section("catalogue", of: top, keys: ["products", "categories", "search_terms"])
    products = reader.integer("products", of: section, in: 1...50_000)
    let mistakes = reader.diagnostics.count
    let home = reader.named("categories", of: section, count: 1...200, what: "categories")
    categories = home.entries.map { entry in
      let section = reader.section(entry, of: home, keys: ["share", "price", "spread"])
      return ShopSpecification.Category(
        name: entry.name, share: reader.share("share", of: section),
        price: reader.number("price", of: section, in: 0.01...100_000),
        spread: reader.number("spread", of: section, in: 0...2))
    }
    reader.check(
      sum: categories.map(\.share), of: "shares of the categories", at: home.range, since: mistakes)
    searchTerms = reader.texts("search_terms", of: section, count: 1...1000)
  }
}

extension ShopSpecification.Visits {
  fileprivate init(_ reader: inout DescriptionReader, _ top: DescriptionSection) {
    let section = reader.section(
      "visits", of: top,
      keys: ["returning", "spread", "decay", "customers", "gap_days", "gap_spread", "most"])
    returning = reader.number("returning", of: section, in: 0...0.999)
    spread = reader.number("spread", of: section, in: spreads)
    decay = reader.number("decay", of: section, in: 0...1)
    customers = reader.number("customers", of: section, in: factors, default: 1)
    gapDays = reader.number("gap_days", of: section, in: 0.01...days.upperBound)
    gapSpread = reader.number("gap_spread", of: section, in: spreads)
    most = reader.integer("most", of: section, in: 1...1000)
  }
}

extension ShopSpecification.Browsing {
  fileprivate init(_ reader: inout DescriptionReader, _ top: DescriptionSection) {
    let section = reader.section(
      "browsing", of: top, keys: ["bounce", "views", "search", "sign_up", "cart", "spread"])
    bounce = reader.share("bounce", of: section)
    views = reader.number("views", of: section, in: 1...20)
    search = reader.share("search", of: section)
    signUp = reader.share("sign_up", of: section)
    cart = reader.share("cart", of: section)
    spread = reader.number("spread", of: section, in: spreads)
  }
}

extension ShopSpecification.Buying {
  fileprivate init(_ reader: inout DescriptionReader, _ top: DescriptionSection) {
    let section = reader.section(
      "buying", of: top,
      keys: [
        "checkout", "resume", "purchase", "spread", "customers", "extra_pieces", "refunds", "refund_days",
      ])
    checkout = reader.share("checkout", of: section)
    resume = reader.share("resume", of: section)
    purchase = reader.number("purchase", of: section, in: 0...0.999)
    spread = reader.number("spread", of: section, in: spreads)
    customers = reader.number("customers", of: section, in: factors, default: 1)
    extraPieces = reader.number("extra_pieces", of: section, in: 0...10)
    refunds = reader.share("refunds", of: section)
    refundDays = reader.number("refund_days", of: section, in: days)
  }
}

extension ShopSpecification.Support {
  fileprivate init(_ reader: inout DescriptionReader, _ top: DescriptionSection) {
    let section = reader.section("support", of: top, keys: ["after_purchase", "after_leaving", "topics"])
    afterPurchase = reader.share("after_purchase", of: section)
    afterLeaving = reader.share("after_leaving", of: section)
    topics = reader.texts("topics", of: section, count: 1...100)
  }
}

extension ShopSpecification.Delivery {
  fileprivate init(_ reader: inout DescriptionReader, _ top: DescriptionSection) {
    let keys = ["duplicates", "late", "late_hours"]
    let section = reader.optionalSection("delivery", of: top, keys: keys)
    duplicates = section.map { reader.share("duplicates", of: $0, default: 0) } ?? 0
    late = section.map { reader.share("late", of: $0, default: 0) } ?? 0
    lateHours = section.map { reader.number("late_hours", of: $0, in: 0...1000, default: 24) } ?? 24
  }
}

extension ShopSpecification.Dirt {
  fileprivate init(_ reader: inout DescriptionReader, _ top: DescriptionSection) {
    let keys = [
      "missing_country", "wrong_case_country", "missing_referrer", "missing_version", "missing_price",
      "impossible_price", "misspelt_event",
    ]
    let section = reader.optionalSection("dirt", of: top, keys: keys)
    let rates = keys.map { key in section.map { reader.share(key, of: $0, default: 0) } ?? 0 }
    missingCountry = rates[0]
    wrongCaseCountry = rates[1]
    missingReferrer = rates[2]
    missingVersion = rates[3]
    missingPrice = rates[4]
    impossiblePrice = rates[5]
    misspeltEvent = rates[6]
  }
}

extension ShopSpecification.Education {
  fileprivate init?(_ reader: inout DescriptionReader, _ top: DescriptionSection, shop: ShopSpecification) {
    guard
      let section = reader.optionalSection(
        "education", of: top, keys: ["starts", "hash", "window_days", "variants"])
    else { return nil }
    firstDay = reader.day("starts", of: section) ?? 0
    hashSeed = reader.text("hash", of: section)
    windowDays = reader.integer("window_days", of: section, in: 1...365)
    let mistakes = reader.diagnostics.count
    let home = reader.named("variants", of: section, count: 2...16, what: "variants")
    variants = home.entries.map { entry in
      let variant = reader.section(entry, of: home, keys: ["share", "effect"])
      return ShopSpecification.Variant(
        name: entry.name, share: reader.share("share", of: variant),
        effect: ShopSpecification.Effect(&reader, variant, shop: shop))
    }
    reader.check(sum: variants.map(\.share), of: "shares of the variants", at: home.range, since: mistakes)
  }
}

extension ShopSpecification.Effect {
  fileprivate init?(_ reader: inout DescriptionReader, _ variant: DescriptionSection, shop: ShopSpecification)
  {
    guard
      let section = reader.optionalSection(
        "effect", of: variant, keys: ["everyone", "countries", "platforms", "visits", "refunds"])
    else { return nil }
    let effects = -1.0...1.0
    everyone = reader.number("everyone", of: section, in: effects, default: 0)
    refunds = reader.number("refunds", of: section, in: effects, default: 0)
    let byCountry = reader.optionalSection("countries", of: section, keys: shop.countries.map(\.name))
    countries = shop.countries.map { country in
      byCountry.map { reader.number(country.name, of: $0, in: effects, default: 0) } ?? 0
    }
    let byPlatform = reader.optionalSection("platforms", of: section, keys: shop.platforms.map(\.name))
    platforms = shop.platforms.map { platform in
      byPlatform.map { reader.number(platform.name, of: $0, in: effects, default: 0) } ?? 0
    }
    visits = []
    guard section.entry("visits") != nil else { return }
    let steps = reader.named("visits", of: section, count: 1...16, what: "steps")
    for step in steps.entries {
      guard let from = Int(step.name), (1...1000).contains(from) else {
        reader.report(
          "shop-value", "a step starts at a number of visits from 1 to 1000", at: step.range,
          label: "not such a number")
        continue
      }
      if let effect = reader.number(step.node, named: "\(steps.path).\(step.name)", in: effects) {
        visits.append(ShopSpecification.VisitStep(from: from, effect: effect))
      }
    }
    visits.sort { ($0.from, $0.effect) < ($1.from, $1.effect) }
  }
}
