import Values

/// What an online shop is like: who comes, how they browse and buy, and how their events are logged.
///
/// Shares and rates are in 0...1. A factor multiplies odds or a price. Everything is checked when it is read.
public struct ShopSpecification: Hashable, Sendable, Codable {
  /// The largest number of people that can be simulated.
  public static let mostPeople = 1_000_000_000

  /// What all random numbers come from.
  public var seed: UInt64
  /// How many people come to the shop over the whole time; at most `mostPeople`.
  public var people: Int
  /// The first day of the log, UTC; days since 1970-01-01.
  public var firstDay: Int64
  /// The last day of the log, which belongs to it.
  public var lastDay: Int64
  /// How much time one file of the log covers; less where there are very many people.
  public var filePeriod: FilePeriod
  /// When people come.
  var arrivals: Arrivals
  /// Where people live, in the description's order.
  var countries: [Country]
  /// What people use, in the description's order.
  var platforms: [Platform]
  /// What sends people, in the description's order.
  var channels: [Channel]
  /// What there is to buy.
  var catalogue: Catalogue
  /// How people come back.
  var visits: Visits
  /// What people do in a visit.
  var browsing: Browsing
  /// What people do with a cart.
  var buying: Buying
  /// What people ask.
  var support: Support
  /// The experiment, if there is one.
  var education: Education?
  /// How events reach the log.
  var delivery: Delivery
  /// What is wrong with events.
  var dirt: Dirt

  /// How much time a file of the log covers.
  public enum FilePeriod: String, Hashable, Sendable, Codable, CaseIterable { case week, day, hour }

  /// When people come for the first time.
  struct Arrivals: Hashable, Sendable, Codable {
    /// How much more people come each week than the week before, as a share.
    var weeklyGrowth: Double
    /// Seven weights, Monday first; they hold for later visits too.
    var weekdays: [Double]
    /// Twenty-four weights of the hours of local time.
    var hours: [Double]
  }

  /// Where a share of the people live.
  struct Country: Hashable, Sendable, Codable {
    /// As it stands in the log.
    var name: String
    /// Among all of its kind.
    var share: Double
    /// An IANA name.
    var timeZone: String
    /// Multiplies the odds of buying at the buy page.
    var buying: Double
    /// Multiplies the chance that a viewed product is put into the cart.
    var carting: Double
    /// Multiplies prices.
    var prices: Double
    /// The shares of the platforms, in their order.
    var platforms: [Double]
  }

  /// A platform that a share of the people use, always the same one.
  struct Platform: Hashable, Sendable, Codable {
    /// As it stands in the log.
    var name: String
    /// Among all of its kind.
    var share: Double
    /// Multiplies the odds of buying at the buy page.
    var buying: Double
    /// How long people take to install a new version, in days on average.
    var adoptionDays: Double
    /// In the order of their release.
    var versions: [Version]
  }

  /// A release of the shop for a platform.
  struct Version: Hashable, Sendable, Codable {
    /// As it stands in the log.
    var name: String
    /// Days since 1970-01-01.
    var released: Int64
  }

  /// What sends people to the shop.
  struct Channel: Hashable, Sendable, Codable {
    /// As it stands in the log.
    var name: String
    /// The share of first visits.
    var share: Double
    /// The share of later visits.
    var returning: Double
    /// Multiplies the odds of buying at the buy page.
    var buying: Double
    /// The campaigns that share this channel's visits equally; none where it has no campaigns.
    var campaigns: [String]
  }

  /// The products, and the words that they are searched by.
  struct Catalogue: Hashable, Sendable, Codable {
    /// How many there are.
    var products: Int
    /// In the description's order.
    var categories: [Category]
    /// What people search for, each as often as the other.
    var searchTerms: [String]
  }

  /// A kind of product and its prices.
  struct Category: Hashable, Sendable, Codable {
    /// As it stands in the log.
    var name: String
    /// Among all of its kind.
    var share: Double
    /// The median of its products' prices.
    var price: Double
    /// The standard deviation of the logarithm of its products' prices.
    var spread: Double
  }

  /// How people come back.
  struct Visits: Hashable, Sendable, Codable {
    /// The chance that a typical person comes back after the first visit.
    var returning: Double
    /// The standard deviation of people's log odds of coming back: what makes the tail heavy.
    var spread: Double
    /// Multiplies the odds of coming back after each visit.
    var decay: Double
    /// Multiplies the odds of coming back for who has bought.
    var customers: Double
    /// The median time until the next visit of who hardly comes back; times one less the chance of coming back.
    var gapDays: Double
    /// The standard deviation of the logarithm of that time.
    var gapSpread: Double
    /// The most visits of one person.
    var most: Int
  }

  /// What people do in a visit.
  struct Browsing: Hashable, Sendable, Codable {
    /// The share of visits that end with what they began with.
    var bounce: Double
    /// Products viewed in a visit that does not bounce, on average.
    var views: Double
    /// The chance of a search before a product is viewed.
    var search: Double
    /// The chance that a visit ends with signing up, for who has not.
    var signUp: Double
    /// The chance that a viewed product is put into the cart.
    var cart: Double
    /// The standard deviation of the logarithm of people's interest, which multiplies that chance.
    var spread: Double
  }

  /// What people do with a cart.
  struct Buying: Hashable, Sendable, Codable {
    /// The chance that who has put something into the cart goes on to the buy page.
    var checkout: Double
    /// The chance that who comes back with something in the cart goes to the buy page.
    var resume: Double
    /// The chance that a typical person buys at the buy page.
    var purchase: Double
    /// The standard deviation of people's log odds of buying.
    var spread: Double
    /// Multiplies the odds of buying for who has bought before.
    var customers: Double
    /// How many pieces beyond the first an order has, on average.
    var extraPieces: Double
    /// The chance that an order is sent back.
    var refunds: Double
    /// The average time until then, beyond a first day.
    var refundDays: Double
  }

  /// When people ask, and about what.
  struct Support: Hashable, Sendable, Codable {
    /// The chance that a purchase is followed by a question.
    var afterPurchase: Double
    /// The chance that a buy page that was left without buying is followed by a question.
    var afterLeaving: Double
    /// Each as often as the other.
    var topics: [String]
  }

  /// An experiment: who reaches the buy page without ever having bought is taught what the shop's product can do.
  struct Education: Hashable, Sendable, Codable {
    /// From this day on, UTC; days since 1970-01-01.
    var firstDay: Int64
    /// The seed of GrowthBook's hash.
    var hashSeed: String
    /// The days after the first view of the buy page in which a purchase counts.
    var windowDays: Int
    /// The first is the one that the others are compared with.
    var variants: [Variant]
  }

  /// One arm of the experiment.
  struct Variant: Hashable, Sendable, Codable {
    /// As it stands in the log.
    var name: String
    /// Among all of its kind.
    var share: Double
    /// What it does; nothing where nothing is shown.
    var effect: Effect?
  }

  /// By how much a treatment raises the chance of buying at the buy page, in shares of all who see it; the parts
  /// add up.
  struct Effect: Hashable, Sendable, Codable {
    /// For all alike.
    var everyone: Double
    /// By country, in their order.
    var countries: [Double]
    /// By platform, in their order.
    var platforms: [Double]
    /// By how many visits the person has made, this one included, ascending: the last that is reached counts.
    var visits: [VisitStep]
    /// By how much it raises the chance of a refund.
    var refunds: Double
  }

  /// A part of an effect that holds from a number of visits on.
  struct VisitStep: Hashable, Sendable, Codable {
    /// This visit included.
    var from: Int
    /// In shares of all who see the buy page.
    var effect: Double
  }

  /// How events reach the log.
  struct Delivery: Hashable, Sendable, Codable {
    /// The share of events that are delivered twice.
    var duplicates: Double
    /// The share of deliveries that are late.
    var late: Double
    /// How late those are, on average.
    var lateHours: Double
  }

  /// The shares of events with something wrong.
  struct Dirt: Hashable, Sendable, Codable {
    /// Of all events.
    var missingCountry: Double
    /// Of all events: in lower case where it is in upper case, or the other way round.
    var wrongCaseCountry: Double
    /// Of events in visits.
    var missingReferrer: Double
    /// Of events in visits.
    var missingVersion: Double
    /// Of events with a price.
    var missingPrice: Double
    /// Of events with a price: the price is below zero.
    var impossiblePrice: Double
    /// Of views of products: the event is named as an old release named it.
    var misspeltEvent: Double
  }
}

extension ShopSpecification.Effect {
  /// By how much it raises the chance of buying, for a country, a platform and so many visits.
  func purchase(country: Int, platform: Int, visits: Int) -> Double {
    everyone + countries[country] + platforms[platform]
      + (self.visits.last { $0.from <= visits }?.effect ?? 0)
  }
}

extension ShopSpecification {
  /// How many days the log covers.
  var dayCount: Int { Int(lastDay - firstDay + 1) }
  /// The first moment of the log, in microseconds since 1970.
  var start: Int64 { firstDay * Calendar.microsecondsPerDay }
  /// The first moment after the log, in microseconds since 1970.
  var end: Int64 { (lastDay + 1) * Calendar.microsecondsPerDay }
}
