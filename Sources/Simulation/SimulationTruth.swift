import Values

/// What is true of a simulated log, counted while it was made: what an analysis of the log should find.
public struct SimulationTruth: Hashable, Sendable, Codable {
  /// People with at least one event: all of them.
  public var people = 0
  /// Each begins with one `session_started`.
  public var visits = 0
  /// Lines of the log, copies included.
  public var rows = 0
  /// Lines that repeat an event that another line holds.
  public var duplicates = 0
  /// Lines that were sent late, in whatever file they are.
  public var late = 0
  /// Lines in a file of a later time than their event's.
  public var inLaterFile = 0
  /// Events as they happened, each once, by name.
  public var events: [String: Int] = [:]
  /// Events with something wrong, each once, by what it is.
  public var dirt: [String: Int] = [:]
  /// What purchases brought less what refunds took, in cents.
  public var netRevenueCents = 0
  /// People with at least one purchase.
  public var buyers = 0
  /// People who reached the buy page: on their first view of it, none had ever bought.
  public var eligible = 0
  /// Of the eligible, those without a purchase in the whole log.
  public var neverBought = 0
  /// The eligible by the country where they live.
  public var eligibleByCountry: [String: Int] = [:]
  /// The eligible by the platform that they use.
  public var eligibleByPlatform: [String: Int] = [:]
  /// First views of the buy page by week of the log, the first week first.
  public var eligibleByWeek: [Int] = []
  /// Nothing where the shop has no experiment.
  public var education: Education?
  /// What each figure means, by its name.
  public var meaning: [String: String] = [:]

  /// The truth about an experiment. A unit is a person at the first view of the buy page, never having bought,
  /// while the experiment runs; it is mature when its whole window lies within the log.
  public struct Education: Hashable, Sendable, Codable {
    /// Days after exposure in which a purchase counts.
    public var windowDays: Int
    /// In the specification's order.
    public var variants: [Variant]
    /// Mature units by country, by platform, by visits, and by all three: what each variant would have done.
    public var segments: [Segment]
    /// The share of mature units that would have bought, had all been given the best single variant.
    public var bestSingleValue: Double
    /// The same, had each been given the variant whose effect is largest for its country, platform and visits.
    public var bestTargetedValue: Double
  }

  /// An arm of the experiment.
  public struct Variant: Hashable, Sendable, Codable {
    /// As it stands in the log.
    public var name: String
    /// All that were exposed.
    public var units: Int
    /// Of the units, those whose whole window lies within the log.
    public var matureUnits: Int
    /// Of its own mature units, those that bought within the window.
    public var converted: Int
    /// Of the mature units of all variants, those that would have bought within the window under this one.
    public var wouldConvert: Int
    /// The true effect on the mature units of all variants: the difference of shares from the first variant.
    public var effect: Double
  }

  /// Mature units that have something in common.
  public struct Segment: Hashable, Sendable, Codable {
    /// Absent from a segment that does not distinguish them.
    public var country: String?
    /// Absent like `country`.
    public var platform: String?
    /// The visits at exposure, this one included, reach at least so many.
    public var visitsFrom: Int?
    /// Of all variants.
    public var matureUnits: Int
    /// By variant, in their order.
    public var wouldConvert: [Int]
    /// The variant whose effect is largest; only where country, platform and visits are known.
    public var bestVariant: String?
  }
}

/// The truth of some people, in numbers that add up.
struct TruthTally {
  var people = 0
  var visits = 0
  var rows = 0
  var duplicates = 0
  var late = 0
  var inLaterFile = 0
  var events = [Int](repeating: 0, count: EventKind.allCases.count)
  /// By bit of `EventDirt`.
  var dirt = [Int](repeating: 0, count: 7)
  var netRevenue = 0
  var buyers = 0
  var eligible = 0
  var neverBought = 0
  var eligibleByCountry: [Int]
  var eligibleByPlatform: [Int]
  var eligibleByWeek: [Int]
  /// By variant.
  var units: [Int]
  var matureUnits: [Int]
  var converted: [Int]
  /// Mature units by country, platform and visit step.
  var cellUnits: [Int]
  /// By cell and variant.
  var cellWouldConvert: [Int]

  init(_ shop: Shop) {
    let specification = shop.specification
    let variants = specification.education?.variants.count ?? 0
    let cells = specification.countries.count * specification.platforms.count * shop.visitSteps.count
    func zeros(_ count: Int) -> [Int] { [Int](repeating: 0, count: count) }
    eligibleByCountry = zeros(specification.countries.count)
    eligibleByPlatform = zeros(specification.platforms.count)
    eligibleByWeek = zeros((specification.dayCount + 6) / 7)
    units = zeros(variants)
    matureUnits = zeros(variants)
    converted = zeros(variants)
    cellUnits = zeros(variants > 0 ? cells : 0)
    cellWouldConvert = zeros(cells * variants)
  }

  mutating func add(_ other: TruthTally) {
    for path in Self.numbers { self[keyPath: path] += other[keyPath: path] }
    for path in Self.lists {
      for index in self[keyPath: path].indices { self[keyPath: path][index] += other[keyPath: path][index] }
    }
  }

  private static var numbers: [WritableKeyPath<TruthTally, Int>] {
    [
      \.people, \.visits, \.rows, \.duplicates, \.late, \.inLaterFile, \.netRevenue, \.buyers, \.eligible,
      \.neverBought,
    ]
  }

  private static var lists: [WritableKeyPath<TruthTally, [Int]>] {
    [
      \.events, \.dirt, \.eligibleByCountry, \.eligibleByPlatform, \.eligibleByWeek, \.units, \.matureUnits,
      \.converted, \.cellUnits, \.cellWouldConvert,
    ]
  }

  // MARK: Counting

  /// Counts what a person did.
  mutating func count(_ walk: PersonWalk, of person: Person, in shop: Shop) {
    people += 1
    visits += walk.visits
    if walk.firstPurchase != nil { buyers += 1 }
    guard let firstBuyPage = walk.firstBuyPage else { return }
    eligible += 1
    if walk.firstPurchase == nil { neverBought += 1 }
    eligibleByCountry[person.country] += 1
    eligibleByPlatform[person.platform] += 1
    eligibleByWeek[Int((firstBuyPage - shop.specification.start) / (7 * Calendar.microsecondsPerDay))] += 1
  }

  /// Counts an event as it happened.
  mutating func count(_ event: ShopEvent) {
    events[Int(event.kind.rawValue)] += 1
    if let revenue = event.revenue { netRevenue += Int(revenue) }
    guard !event.dirt.isEmpty else { return }
    for bit in dirt.indices where event.dirt.rawValue & (1 << UInt8(bit)) != 0 { dirt[bit] += 1 }
  }

  /// Counts a unit of the experiment, by what it did and what it would have done under each variant.
  mutating func count(
    _ exposure: Exposure, of person: Person, converted didConvert: Bool, wouldConvert: [Bool]?, in shop: Shop
  ) {
    units[exposure.variant] += 1
    guard let wouldConvert else { return }
    matureUnits[exposure.variant] += 1
    if didConvert { converted[exposure.variant] += 1 }
    let specification = shop.specification
    let cell =
      (person.country * specification.platforms.count + person.platform) * shop.visitSteps.count
      + shop.visitStep(exposure.visit)
    cellUnits[cell] += 1
    for (variant, would) in wouldConvert.enumerated() where would {
      cellWouldConvert[cell * wouldConvert.count + variant] += 1
    }
  }
}
