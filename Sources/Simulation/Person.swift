import Values

/// One person: what they are like, before they do anything.
struct Person {
  let number: Int
  let country: Int
  let platform: Int
  let channel: Int
  let campaign: UInt8
  /// The start of the first visit, in microseconds since 1970.
  let arrival: Int64
  /// Multiplies the chance that a viewed product is put into the cart.
  let interest: Double
  /// The odds of buying at the buy page, without treatment and before the first purchase.
  let buyingOdds: Double
  /// The odds of coming back after the first visit.
  let returningOdds: Double
  /// How long the person takes to install a new version, in microseconds.
  let versionLag: Int64

  /// The person of a number; depends on the shop's seed and the number alone.
  init(_ number: Int, of shop: Shop) {
    let specification = shop.specification
    var random = SeededRandom(seed: specification.seed, UInt64(number))
    self.number = number
    country = shop.countries.position(random.uniform())
    platform = shop.platforms[country].position(random.uniform())
    channel = shop.arrivingChannels.position(random.uniform())
    campaign = shop.campaign(channel: channel, random.uniform())
    let day = specification.firstDay + Int64(shop.arrivalDays.position(random.uniform()))
    let moment = shop.moment(onDay: day, country: country, &random)
    // A local day begins before the log or ends after it: what lies after it takes the place of what lies before.
    let span = specification.end - specification.start
    arrival = specification.start + Calendar.floorModulo(moment - specification.start, span)
    let browsing = specification.browsing
    interest =
      random.logNormal(
        median: Elementary.exp(-browsing.spread * browsing.spread / 2), spread: browsing.spread)
      * specification.countries[country].carting
    let buying = specification.buying
    buyingOdds =
      random.logNormal(median: odds(buying.purchase), spread: buying.spread)
      * specification.countries[country].buying * specification.platforms[platform].buying
      * specification.channels[channel].buying
    let visits = specification.visits
    returningOdds = random.logNormal(median: odds(visits.returning), spread: visits.spread)
    versionLag = microseconds(
      days: random.exponential(mean: specification.platforms[platform].adoptionDays))
  }

  /// How the shop calls the person: `u` and eight hexadecimal digits.
  static func identifier(_ number: Int, seed: UInt64) -> UInt32 {
    // A bijection of 32 bits, so that no two people share a name.
    var bits = UInt32(truncatingIfNeeded: number) ^ UInt32(truncatingIfNeeded: SeededRandom.mixed(seed))
    bits = (bits ^ (bits >> 16)) &* 0x7FEB_352D
    bits = (bits ^ (bits >> 15)) &* 0x846C_A68B
    return bits ^ (bits >> 16)
  }

  /// The identifier as it stands in the log.
  static func name(_ identifier: UInt32) -> String {
    let digits = String(identifier, radix: 16)
    return "u" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}

extension Shop {
  /// One of a channel's campaigns, 255 where it has none, for a number in 0..<1.
  func campaign(channel: Int, _ number: Double) -> UInt8 {
    let count = specification.channels[channel].campaigns.count
    return count == 0 ? .max : UInt8(Int(number * Double(count)))
  }

  /// A moment on a local day, by the hours' weights; whole milliseconds.
  func moment(onDay day: Int64, country: Int, _ random: inout SeededRandom) -> Int64 {
    let hour = hours.position(random.uniform())
    let milliseconds = Int64((Double(hour) + random.uniform()) * 3_600_000)
    return zones[country].timestamp(local: day * Calendar.microsecondsPerDay + milliseconds * 1000)
  }
}

/// The odds of a probability below 1.
func odds(_ probability: Double) -> Double { probability / (1 - probability) }

/// The probability of odds; certain for what is beyond all numbers.
func probability(_ odds: Double) -> Double { odds.isFinite ? odds / (1 + odds) : 1 }

/// Days as whole milliseconds, in microseconds; at most a hundred years.
func microseconds(days: Double) -> Int64 { Int64(min(max(days, 0), 36_500) * 86_400_000) * 1000 }
