import Values

/// How a person who is eligible is treated by the experiment.
enum Treatment: Equatable {
  /// As the hash says.
  case assigned
  /// As someone given the variant would be: for what would have happened.
  case forced(Int)
}

/// The first view of the buy page by who has never bought, while the experiment runs.
struct Exposure {
  let time: Int64
  let visit: Int
  let variant: Int
}

/// What one person does, from the first visit to the last.
///
/// Each visit draws from streams of its own, and what is decided at the buy page from another than what is looked
/// at. So up to the first exposure two treatments of a person give the same events, and after it the same
/// numbers decide: they differ by what the treatment does.
struct PersonWalk {
  let shop: Shop
  private let specification: ShopSpecification
  private(set) var events: [ShopEvent] = []
  private(set) var exposure: Exposure?
  private(set) var firstPurchase: Int64?
  private(set) var firstBuyPage: Int64?
  private(set) var signUp: Int64?
  private(set) var visits = 0

  private var person: Person
  private var treatment = Treatment.assigned
  private var orders = 0
  private var cart: (product: Int, quantity: Int)?
  private var channel = UInt8.max
  private var campaign = UInt8.max
  private var version: UInt8 = 0

  /// What streams of random numbers are for.
  private enum Purpose {
    static let looking: UInt64 = 0
    static let deciding: UInt64 = 1
    static let returning: UInt64 = 2
  }

  private static let mostEvents = 60_000
  private static let mostViews = 50
  private static let second: Int64 = 1_000_000
  /// A visit ends when nothing happens for half an hour; pauses within stay below, gaps between stay above.
  private static let longestPause = 20 * 60.0
  private static let shortestGap: Int64 = 45 * 60 * second

  init(shop: Shop) {
    self.shop = shop
    specification = shop.specification
    person = Person(0, of: shop)
  }

  /// Whether the first purchase came within the window after the exposure.
  var converted: Bool {
    guard let exposure, let firstPurchase, let education = specification.education else { return false }
    return firstPurchase - exposure.time < Int64(education.windowDays) * Calendar.microsecondsPerDay
  }

  /// Goes through all visits of a person and leaves the events in the order in which they happened.
  mutating func run(_ person: Person, _ treatment: Treatment) {
    self.person = person
    self.treatment = treatment
    events.removeAll(keepingCapacity: true)
    exposure = nil
    firstPurchase = nil
    firstBuyPage = nil
    signUp = nil
    visits = 0
    orders = 0
    cart = nil
    var start = person.arrival
    var returning = person.returningOdds
    let most = specification.visits.most
    while start < specification.end, visits < most, events.count < Self.mostEvents {
      visits += 1
      let end = visit(startingAt: start)
      var random = stream(Purpose.returning)
      let odds = returning * (orders > 0 ? specification.visits.customers : 1)
      guard random.happens(probability(odds)) else { break }
      returning *= specification.visits.decay
      start = nextVisit(after: end, readiness: probability(returning), &random)
    }
  }

  private func stream(_ purpose: UInt64) -> SeededRandom {
    SeededRandom(seed: specification.seed, UInt64(person.number), UInt64(visits), purpose)
  }

  private func nextVisit(after end: Int64, readiness: Double, _ random: inout SeededRandom) -> Int64 {
    let visits = specification.visits
    // Who is readier to come back comes sooner: that makes the tail of visits heavy, and interest that fades slow.
    let median = visits.gapDays * (1 - readiness)
    let gap = microseconds(days: random.logNormal(median: median, spread: visits.gapSpread))
    var day = shop.zones[person.country].day(end + gap)
    if !random.happens(shop.weekdayChances[Int(Calendar.weekday(day)) - 1]) { day += 1 }
    let planned = shop.moment(onDay: day, country: person.country, &random)
    let earliest = end + Self.shortestGap + microseconds(days: random.exponential(mean: 0.02))
    return max(planned, earliest)
  }

  // MARK: A visit

  private mutating func visit(startingAt start: Int64) -> Int64 {
    let browsing = specification.browsing
    let buying = specification.buying
    var random = stream(Purpose.looking)
    var deciding = stream(Purpose.deciding)
    var time = start
    arrive(&random)
    version = shop.version(platform: person.platform, time: start, lag: person.versionLag)
    log(.sessionStarted, at: time)

    let resumes = random.happens(buying.resume)
    if cart != nil, resumes { buyPage(&time, &random, &deciding) }

    let bounces = random.happens(browsing.bounce)
    let extra = random.geometric(mean: browsing.views - 1)
    let lands = random.happens(0.6)
    let views = bounces ? (lands ? 1 : 0) : min(1 + extra, Self.mostViews)
    var filled = false
    for _ in 0..<views {
      if random.happens(browsing.search) {
        time += pause(&random)
        let term = Int(random.uniform() * Double(specification.catalogue.searchTerms.count))
        log(.search, at: time) { $0.text = UInt16(term) }
      }
      time += pause(&random)
      let product = shop.popularity.position(random.uniform())
      log(.productViewed, at: time) { [cents = price(product)] in
        $0.product = UInt16(product)
        $0.cents = cents
      }
      if random.happens(browsing.cart * person.interest) {
        time += pause(&random)
        let quantity = min(1 + random.geometric(mean: buying.extraPieces), 99)
        log(.cartAdded, at: time) { [cents = price(product)] in
          $0.product = UInt16(product)
          $0.cents = cents
          $0.quantity = UInt8(quantity)
        }
        cart = (product, quantity)
        filled = true
      }
    }
    let goesOn = random.happens(buying.checkout)
    if filled, goesOn { buyPage(&time, &random, &deciding) }

    let signsUp = random.happens(browsing.signUp)
    if signsUp { register(at: time + 20 * Self.second) }
    return time
  }

  private mutating func arrive(_ random: inout SeededRandom) {
    let place = random.uniform()
    let number = random.uniform()
    if visits == 1 {
      channel = UInt8(person.channel)
      campaign = person.campaign
    } else {
      let position = shop.returningChannels.position(place)
      channel = UInt8(position)
      campaign = shop.campaign(channel: position, number)
    }
  }

  private mutating func register(at time: Int64) {
    guard signUp == nil, time < specification.end else { return }
    signUp = time
    log(.signedUp, at: time)
  }

  // MARK: The buy page

  private mutating func buyPage(
    _ time: inout Int64, _ random: inout SeededRandom, _ deciding: inout SeededRandom
  ) {
    guard let cart else { return }
    time += pause(&random)
    guard time < specification.end else { return }
    let variant = orders == 0 ? exposed(at: time) : nil
    let item = (product: UInt16(cart.product), cents: price(cart.product), quantity: UInt8(cart.quantity))
    log(.buyPageViewed, at: time) { [orders] in
      $0.product = item.product
      $0.cents = item.cents
      $0.quantity = item.quantity
      $0.priorOrders = UInt16(min(orders, Int(UInt16.max)))
      $0.variant = variant.map { UInt8($0) } ?? .max
    }
    if firstBuyPage == nil { firstBuyPage = time }
    let effect = variant.flatMap { specification.education?.variants[$0].effect }
    if let variant, effect != nil {
      log(.educationShown, at: time + 2 * Self.second) { $0.variant = UInt8(variant) }
    }
    let odds = person.buyingOdds * (orders > 0 ? specification.buying.customers : 1)
    let raise = effect?.purchase(country: person.country, platform: person.platform, visits: visits) ?? 0
    let chance = probability(odds) + raise
    let buys = deciding.happens(chance)
    let thinking = Int64(min(deciding.logNormal(median: 90, spread: 0.6), 900) * 1000) * 1000
    time += max(thinking, 10 * Self.second)
    guard buys else {
      askAfterLeaving(at: time, &deciding)
      return
    }
    guard time < specification.end else { return }
    register(at: time - 3 * Self.second)
    log(.purchase, at: time) { [orders] in
      $0.product = item.product
      $0.cents = item.cents
      $0.quantity = item.quantity
      $0.priorOrders = UInt16(min(orders, Int(UInt16.max)))
    }
    orders += 1
    if firstPurchase == nil { firstPurchase = time }
    self.cart = nil
    followUp(boughtAt: time, item, refundRaise: effect?.refunds ?? 0, &deciding)
  }

  /// The variant of who is eligible, once the experiment runs.
  private mutating func exposed(at time: Int64) -> Int? {
    guard let education = specification.education,
      time >= education.firstDay * Calendar.microsecondsPerDay
    else { return nil }
    if let exposure { return exposure.variant }
    let variant = variant(education)
    exposure = Exposure(time: time, visit: visits, variant: variant)
    return variant
  }

  private func variant(_ education: ShopSpecification.Education) -> Int {
    if case .forced(let variant) = treatment { return variant }
    let name = Person.name(Person.identifier(person.number, seed: specification.seed))
    let place = GrowthBookHash.place(of: name, seed: education.hashSeed)
    // The weights add up to one but for rounding, so that only a place in the last gap has no slot.
    return GrowthBookHash.variation(at: place, weights: education.variants.map(\.share))
      ?? education.variants.count - 1
  }

  private mutating func followUp(
    boughtAt time: Int64, _ item: (product: UInt16, cents: Int32, quantity: UInt8), refundRaise: Double,
    _ deciding: inout SeededRandom
  ) {
    let refunded = deciding.happens(specification.buying.refunds + refundRaise)
    let refundDays = 1 + deciding.exponential(mean: specification.buying.refundDays)
    let asks = deciding.happens(specification.support.afterPurchase)
    let questionDays = deciding.exponential(mean: 3)
    let topic = deciding.uniform()
    if refunded {
      logOutside(.refunded, at: time + microseconds(days: refundDays)) {
        $0.product = item.product
        $0.cents = item.cents
        $0.quantity = item.quantity
      }
    }
    if asks { ask(at: time + microseconds(days: questionDays), topic) }
  }

  private mutating func askAfterLeaving(at time: Int64, _ deciding: inout SeededRandom) {
    let asks = deciding.happens(specification.support.afterLeaving)
    let delay = deciding.exponential(mean: 0.2)
    let topic = deciding.uniform()
    if asks { ask(at: time + microseconds(days: delay), topic) }
  }

  private mutating func ask(at time: Int64, _ number: Double) {
    let topic = Int(number * Double(specification.support.topics.count))
    logOutside(.supportContacted, at: time) { $0.text = UInt16(topic) }
  }

  // MARK: Logging

  private func price(_ product: Int) -> Int32 { shop.cents(product: product, country: person.country) }

  private func pause(_ random: inout SeededRandom) -> Int64 {
    let seconds = min(max(random.logNormal(median: 35, spread: 1), 1), Self.longestPause)
    return Int64(seconds * 1000) * 1000
  }

  private mutating func log(_ kind: EventKind, at time: Int64, _ detail: (inout ShopEvent) -> Void = { _ in })
  {
    append(kind, at: time, visit: visits, channel: channel, campaign: campaign, detail)
  }

  /// Logs what the shop's staff or the post does, in no visit.
  private mutating func logOutside(_ kind: EventKind, at time: Int64, _ detail: (inout ShopEvent) -> Void) {
    append(kind, at: time, visit: 0, channel: .max, campaign: .max, detail)
  }

  private mutating func append(
    _ kind: EventKind, at time: Int64, visit: Int, channel: UInt8, campaign: UInt8,
    _ detail: (inout ShopEvent) -> Void
  ) {
    guard time < specification.end else { return }
    var event = ShopEvent(
      time: time, person: UInt32(person.number), sequence: UInt16(events.count), visit: UInt16(visit),
      kind: kind, country: UInt8(person.country), platform: UInt8(person.platform), version: version,
      channel: channel, campaign: campaign)
    detail(&event)
    events.append(event)
  }
}
