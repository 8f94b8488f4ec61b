import Values

/// What the people of a range of numbers leave behind: events on their way to files, lines about the people, and
/// what is true of them.
struct PeopleBlock {
  private(set) var events: [ShopEvent] = []
  private(set) var users = LineBuffer(capacity: 0)
  private(set) var tally: TruthTally

  static let userHeading = Array(
    "user_id,country,platform,acquisition_channel,acquisition_campaign,first_seen,signup_date\n".utf8)

  init(_ numbers: Range<Int>, of shop: Shop, delivery: DeliveryLine) {
    tally = TruthTally(shop)
    var walk = PersonWalk(shop: shop)
    events.reserveCapacity(numbers.count * 16)
    for number in numbers {
      let person = Person(number, of: shop)
      walk.run(person, .assigned)
      tally.count(walk, of: person, in: shop)
      deliver(walk.events, delivery)
      describe(person, signUp: walk.signUp, in: shop)
      if let exposure = walk.exposure { compare(exposure, of: person, &walk, in: shop) }
    }
  }

  private mutating func deliver(_ happened: [ShopEvent], _ delivery: DeliveryLine) {
    for var event in happened {
      let sent = delivery.send(&event)
      tally.count(event)
      arrive(event, sent.first, delivery)
      guard let second = sent.second else { continue }
      tally.duplicates += 1
      arrive(event, second, delivery)
    }
  }

  private mutating func arrive(
    _ event: ShopEvent, _ arrival: DeliveryLine.Arrival, _ delivery: DeliveryLine
  ) {
    var event = event
    let file = delivery.files.file(at: event.time + arrival.delay)
    tally.rows += 1
    if arrival.isLate { tally.late += 1 }
    if file > delivery.files.file(at: event.time) { tally.inLaterFile += 1 }
    event.file = UInt16(file)
    events.append(event)
  }

  /// Finds out what would have become of a unit under the other variants.
  private mutating func compare(
    _ exposure: Exposure, of person: Person, _ walk: inout PersonWalk, in shop: Shop
  ) {
    guard let education = shop.specification.education else { return }
    let didConvert = walk.converted
    let window = Int64(education.windowDays) * Calendar.microsecondsPerDay
    var wouldConvert: [Bool]?
    if exposure.time + window <= shop.specification.end {
      wouldConvert = education.variants.indices.map { variant in
        if variant == exposure.variant { return didConvert }
        walk.run(person, .forced(variant))
        return walk.converted
      }
    }
    tally.count(exposure, of: person, converted: didConvert, wouldConvert: wouldConvert, in: shop)
  }

  private mutating func describe(_ person: Person, signUp: Int64?, in shop: Shop) {
    let specification = shop.specification
    let channel = specification.channels[person.channel]
    let texts = [
      Person.name(Person.identifier(person.number, seed: specification.seed)),
      specification.countries[person.country].name, specification.platforms[person.platform].name,
      channel.name, person.campaign == .max ? nil : channel.campaigns[Int(person.campaign)],
    ]
    for text in texts {
      if let text { users.append(LineFormat.csv.written(text)) }
      users.append(44)
    }
    users.appendDate(Calendar.floorDivide(person.arrival, Calendar.microsecondsPerDay))
    users.append(44)
    if let signUp { users.appendDate(Calendar.floorDivide(signUp, Calendar.microsecondsPerDay)) }
    users.append(10)
  }
}
