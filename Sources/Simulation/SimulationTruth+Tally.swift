extension SimulationTruth {
  /// The truth in words and numbers, from a tally.
  init(_ tally: TruthTally, of shop: Shop) {
    let specification = shop.specification
    people = tally.people
    visits = tally.visits
    rows = tally.rows
    duplicates = tally.duplicates
    late = tally.late
    inLaterFile = tally.inLaterFile
    events = named(EventKind.allCases.map(\.name), tally.events)
    dirt = named(Self.dirtNames, tally.dirt)
    netRevenueCents = tally.netRevenue
    buyers = tally.buyers
    eligible = tally.eligible
    neverBought = tally.neverBought
    eligibleByCountry = named(specification.countries.map(\.name), tally.eligibleByCountry)
    eligibleByPlatform = named(specification.platforms.map(\.name), tally.eligibleByPlatform)
    eligibleByWeek = tally.eligibleByWeek
    education = specification.education.map { Education($0, tally, shop) }
    meaning = Self.meanings
  }

  /// By bit of `EventDirt`.
  private static let dirtNames = [
    "missing_country", "wrong_case_country", "missing_referrer", "missing_version", "missing_price",
    "impossible_price", "misspelt_event",
  ]

  private static let meanings = [
    "people": "people with at least one event",
    "visits": "visits, each one session_started event",
    "rows": "lines of the log, copies included",
    "duplicates": "lines that repeat an event that another line holds: same event_id",
    "late": "lines that were sent late, in whatever file they are",
    "in_later_file": "lines in a file of a later time than their event's",
    "events": "events as they happened, each once, by their proper name",
    "dirt": "events with something wrong, each once, by what is wrong",
    "net_revenue_cents": "revenue of purchases less that of refunds, in hundredths",
    "buyers": "people with at least one purchase",
    "eligible": "people who reached the buy page; at the first view of it none had bought",
    "never_bought": "of the eligible, those without a purchase in the whole log",
    "eligible_by_country": "the eligible by the country where they live",
    "eligible_by_platform": "the eligible by the platform that they use",
    "eligible_by_week": "first views of the buy page by week of the log, the first week first",
    "education.window_days": "days after exposure in which a purchase counts",
    "education.variants.units":
      "people of the variant whose first view of the buy page without a purchase, in the experiment, is logged",
    "education.variants.mature_units": "of the units, those whose whole window lies within the log",
    "education.variants.converted": "of its own mature units, those with a purchase within the window",
    "education.variants.would_convert":
      "of the mature units of all variants, those that would have bought within the window under this one",
    "education.variants.effect":
      "would_convert as a share of all mature units, less that of the first variant: the true effect",
    "education.segments":
      "mature units of all variants, and by variant how many would have bought; a key that is absent is summed over",
    "education.best_single_value": "the largest share that would have bought, had all had one variant",
    "education.best_targeted_value":
      "the same, had each had the variant whose effect is largest for its country, platform and visits",
    "education.segments.best_variant": "the variant whose effect is largest, as specified",
  ]
}

extension SimulationTruth.Education {
  fileprivate init(_ education: ShopSpecification.Education, _ tally: TruthTally, _ shop: Shop) {
    let count = education.variants.count
    let mature = tally.matureUnits.reduce(0, +)
    let would = (0..<count).map { variant in
      stride(from: variant, to: tally.cellWouldConvert.count, by: count)
        .reduce(0) { $0 + tally.cellWouldConvert[$1] }
    }
    func share(_ number: Int) -> Double { mature == 0 ? 0 : Double(number) / Double(mature) }
    windowDays = education.windowDays
    variants = education.variants.enumerated().map { index, variant in
      SimulationTruth.Variant(
        name: variant.name, units: tally.units[index], matureUnits: tally.matureUnits[index],
        converted: tally.converted[index], wouldConvert: would[index],
        effect: share(would[index]) - share(would[0]))
    }
    bestSingleValue = share(would.max() ?? 0)
    let best = tally.cellUnits.indices.reduce(0) { sum, cell in
      sum + tally.cellWouldConvert[cell * count + Self.best(education, cell, shop)]
    }
    bestTargetedValue = share(best)
    segments = Self.segments(education, tally, shop)
  }

  /// The variant of the largest effect in a cell; the first of equals.
  private static func best(_ education: ShopSpecification.Education, _ cell: Int, _ shop: Shop) -> Int {
    let place = Place(cell, shop)
    let effects = education.variants.map { variant in
      variant.effect?.purchase(
        country: place.country, platform: place.platform, visits: shop.visitSteps[place.step]) ?? 0
    }
    return effects.indices.max { effects[$0] < effects[$1] || (effects[$0] == effects[$1] && $0 > $1) } ?? 0
  }

  /// What a cell of the tally stands for.
  private struct Place {
    let country: Int
    let platform: Int
    let step: Int

    init(_ cell: Int, _ shop: Shop) {
      let steps = shop.visitSteps.count
      let platforms = shop.specification.platforms.count
      step = cell % steps
      platform = cell / steps % platforms
      country = cell / steps / platforms
    }
  }

  private static func segments(
    _ education: ShopSpecification.Education, _ tally: TruthTally, _ shop: Shop
  ) -> [SimulationTruth.Segment] {
    let specification = shop.specification
    let variants = education.variants.count
    let steps = shop.visitSteps
    let platforms = specification.platforms
    func segment(country: Int? = nil, platform: Int? = nil, step: Int? = nil) -> SimulationTruth.Segment? {
      var units = 0
      var would = [Int](repeating: 0, count: variants)
      for cell in tally.cellUnits.indices {
        let place = Place(cell, shop)
        if place.country != country ?? place.country || place.platform != platform ?? place.platform
          || place.step != step ?? place.step
        {
          continue
        }
        units += tally.cellUnits[cell]
        for variant in 0..<variants { would[variant] += tally.cellWouldConvert[cell * variants + variant] }
      }
      guard units > 0 else { return nil }
      return SimulationTruth.Segment(
        country: country.map { specification.countries[$0].name },
        platform: platform.map { platforms[$0].name }, visitsFrom: step.map { steps[$0] },
        matureUnits: units, wouldConvert: would)
    }
    let countries = specification.countries.indices
    let single =
      countries.map { segment(country: $0) } + platforms.indices.map { segment(platform: $0) }
      + steps.indices.map { segment(step: $0) }
    let crossed = tally.cellUnits.indices.map { cell in
      let place = Place(cell, shop)
      var crossing = segment(country: place.country, platform: place.platform, step: place.step)
      crossing?.bestVariant = education.variants[best(education, cell, shop)].name
      return crossing
    }
    return (single + crossed).compactMap { $0 }
  }
}

/// Numbers under their names; those of a name that stands twice are added.
private func named(_ names: [String], _ numbers: [Int]) -> [String: Int] {
  Dictionary(zip(names, numbers), uniquingKeysWith: +)
}
