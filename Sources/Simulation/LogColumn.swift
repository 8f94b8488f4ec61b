import Values

/// The columns of the log, in their order.
enum LogColumn: String, CaseIterable {
  case eventID = "event_id"
  case userID = "user_id"
  case time = "ts"
  case event
  case sessionNumber = "session_number"
  case country
  case platform
  case appVersion = "app_version"
  case referrer
  case campaign
  case product
  case category
  case price
  case quantity
  case revenue
  case priorOrders = "prior_orders"
  case educationVariant = "education_variant"
  case searchTerm = "search_term"
  case topic

  var type: ScalarType {
    switch self {
    case .time: .timestamp
    case .sessionNumber, .quantity, .priorOrders: .integer
    case .price, .revenue: .double
    case .eventID, .userID, .event, .country, .platform, .appVersion, .referrer, .campaign, .product,
      .category,
      .educationVariant, .searchTerm, .topic:
      .text
    }
  }
}

/// One value of the log before it is written in a format.
enum LogCell {
  case null
  /// A position in the log's texts.
  case text(Int)
  /// `e` and sixteen hexadecimal digits.
  case eventID(UInt64)
  /// `u` and eight hexadecimal digits.
  case userID(UInt32)
  /// Microseconds since 1970, shown to the millisecond.
  case time(Int64)
  case integer(Int64)
  /// Hundredths.
  case money(Int64)
}

/// The texts of a log, each once, and the cells of its events.
struct LogTexts {
  let texts: [String]
  private let seed: UInt64
  private let categoryOfProduct: [Int]
  private let misspelt: Int
  private let countries: Int
  private let wrongCaseCountries: Int
  private let platforms: Int
  /// By platform.
  private let versions: [Int]
  private let channels: Int
  /// By channel.
  private let campaigns: [Int]
  private let variants: Int
  private let products: Int
  private let categories: Int
  private let searchTerms: Int
  private let topics: Int

  init(_ shop: Shop) {
    let specification = shop.specification
    var texts: [String] = []
    func add(_ group: some Sequence<String>) -> Int {
      let start = texts.count
      texts += group
      return start
    }
    _ = add(EventKind.allCases.map(\.name))
    misspelt = add(["Product_Viewed"])
    countries = add(specification.countries.map(\.name))
    wrongCaseCountries = add(
      specification.countries.map { country in
        let lower = country.name.lowercased()
        return lower == country.name ? country.name.uppercased() : lower
      })
    platforms = add(specification.platforms.map(\.name))
    versions = specification.platforms.map { add($0.versions.map(\.name)) }
    channels = add(specification.channels.map(\.name))
    campaigns = specification.channels.map { add($0.campaigns) }
    variants = add(specification.education?.variants.map(\.name) ?? [])
    products = add(
      shop.products.indices.map { product in
        let digits = String(product + 1)
        return "p" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
      })
    categories = add(specification.catalogue.categories.map(\.name))
    searchTerms = add(specification.catalogue.searchTerms)
    topics = add(specification.support.topics)
    self.texts = texts
    seed = specification.seed
    categoryOfProduct = shop.products.map(\.category)
  }

  /// What an event says in a column.
  func cell(_ column: LogColumn, of event: ShopEvent) -> LogCell {
    switch column {
    case .eventID:
      // A bijection of (person, sequence) for one seed: no two events share it.
      let number = UInt64(event.person) << 16 | UInt64(event.sequence)
      return .eventID(SeededRandom.mixed(number ^ SeededRandom.mixed(seed &+ 1)))
    case .userID: return .userID(Person.identifier(Int(event.person), seed: seed))
    case .time: return .time(event.time)
    case .event: return .text(event.dirt.contains(.misspelt) ? misspelt : Int(event.kind.rawValue))
    case .sessionNumber: return event.visit == 0 ? .null : .integer(Int64(event.visit))
    case .country:
      if event.dirt.contains(.missingCountry) { return .null }
      let start = event.dirt.contains(.wrongCaseCountry) ? wrongCaseCountries : countries
      return .text(start + Int(event.country))
    case .platform: return event.visit == 0 ? .null : .text(platforms + Int(event.platform))
    case .appVersion:
      if event.visit == 0 || event.dirt.contains(.missingVersion) { return .null }
      return .text(versions[Int(event.platform)] + Int(event.version))
    case .referrer:
      if event.channel == .max || event.dirt.contains(.missingReferrer) { return .null }
      return .text(channels + Int(event.channel))
    case .campaign:
      if event.campaign == .max { return .null }
      return .text(campaigns[Int(event.channel)] + Int(event.campaign))
    case .product: return event.product == ShopEvent.none ? .null : .text(products + Int(event.product))
    case .category:
      if event.product == ShopEvent.none { return .null }
      return .text(categories + categoryOfProduct[Int(event.product)])
    case .price:
      if event.product == ShopEvent.none || event.dirt.contains(.missingPrice) { return .null }
      return .money(event.dirt.contains(.impossiblePrice) ? -Int64(event.cents) : Int64(event.cents))
    case .quantity: return event.quantity == 0 ? .null : .integer(Int64(event.quantity))
    case .revenue: return event.revenue.map { .money($0) } ?? .null
    case .priorOrders:
      let counts = event.kind == .buyPageViewed || event.kind == .purchase
      return counts ? .integer(Int64(event.priorOrders)) : .null
    case .educationVariant: return event.variant == .max ? .null : .text(variants + Int(event.variant))
    case .searchTerm: return event.kind == .search ? .text(searchTerms + Int(event.text)) : .null
    case .topic: return event.kind == .supportContacted ? .text(topics + Int(event.text)) : .null
    }
  }
}

extension ShopEvent {
  /// What a purchase brings and a refund takes, in cents; nothing for other events.
  var revenue: Int64? {
    switch kind {
    case .purchase: Int64(cents) * Int64(quantity)
    case .refunded: -Int64(cents) * Int64(quantity)
    case .sessionStarted, .signedUp, .search, .productViewed, .cartAdded, .buyPageViewed, .educationShown,
      .supportContacted:
      nil
    }
  }
}
