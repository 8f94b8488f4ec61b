import Values

/// What happens to events on their way into the log.
struct DeliveryLine {
  let specification: ShopSpecification
  let files: FilePlan

  private static let purpose: UInt64 = 3
  private static let visit: UInt64 = 0

  /// One arrival of an event.
  struct Arrival {
    /// Microseconds after the event.
    var delay: Int64
    var isLate: Bool
  }

  /// Damages an event as the shop's dirt has it, and says when it arrives: once, or twice.
  ///
  /// Copies are alike in all that they say, since the sender repeats what it sent.
  func send(_ event: inout ShopEvent) -> (first: Arrival, second: Arrival?) {
    var random = SeededRandom(
      seed: specification.seed, UInt64(event.person), Self.visit, Self.purpose, UInt64(event.sequence))
    damage(&event, &random)
    let delivery = specification.delivery
    let first = arrival(delivery, &random)
    guard random.happens(delivery.duplicates) else { return (first, nil) }
    var second = arrival(delivery, &random)
    // The sender heard nothing for some seconds, and sent again.
    second.delay += first.delay + Int64(random.exponential(mean: 20) * 1000) * 1000
    return (first, second)
  }

  private func arrival(_ delivery: ShopSpecification.Delivery, _ random: inout SeededRandom) -> Arrival {
    guard random.happens(delivery.late) else { return Arrival(delay: 0, isLate: false) }
    return Arrival(delay: microseconds(days: random.exponential(mean: delivery.lateHours / 24)), isLate: true)
  }

  private func damage(_ event: inout ShopEvent, _ random: inout SeededRandom) {
    let dirt = specification.dirt
    func add(_ kind: EventDirt, _ rate: Double, when applies: Bool) {
      if random.happens(rate), applies { event.dirt.insert(kind) }
    }
    let hasVisit = event.visit > 0
    let hasPrice = event.product != ShopEvent.none
    add(.missingCountry, dirt.missingCountry, when: true)
    add(.wrongCaseCountry, dirt.wrongCaseCountry, when: !event.dirt.contains(.missingCountry))
    add(.missingReferrer, dirt.missingReferrer, when: hasVisit)
    add(.missingVersion, dirt.missingVersion, when: hasVisit)
    add(.missingPrice, dirt.missingPrice, when: hasPrice)
    add(.impossiblePrice, dirt.impossiblePrice, when: hasPrice && !event.dirt.contains(.missingPrice))
    add(.misspelt, dirt.misspeltEvent, when: event.kind == .productViewed)
  }
}

/// The files of a log and what time each covers.
struct FilePlan {
  let period: ShopSpecification.FilePeriod
  let first: Int64
  let count: Int
  /// Microseconds.
  private let length: Int64

  /// About how many events of a file are sorted in memory at most.
  private static let mostEvents = 1_500_000
  /// About how many events a person makes.
  private static let eventsPerPerson = 12

  init(_ specification: ShopSpecification) {
    let periods = ShopSpecification.FilePeriod.allCases
    let wanted = periods.firstIndex(of: specification.filePeriod) ?? 0
    let span = specification.end - specification.start
    func files(_ period: ShopSpecification.FilePeriod) -> Int {
      Int((span + period.microseconds - 1) / period.microseconds)
    }
    // Many people make large weeks: their log has a file a day, or an hour.
    let events = specification.people * Self.eventsPerPerson
    period =
      periods[wanted...].first { events / files($0) <= Self.mostEvents } ?? periods[periods.count - 1]
    first = specification.start
    length = period.microseconds
    count = files(period)
  }

  /// The file that holds what arrives at a time; what arrives after the last one's time is in the last one.
  func file(at time: Int64) -> Int { min(Int((time - first) / length), count - 1) }

  /// The name of a file without its extension, such as `events-2026-06-22`, or `events-2026-06-22T05`.
  func name(_ file: Int) -> String {
    let hours = (first + Int64(file) * length) / (Calendar.microsecondsPerDay / 24)
    let date = Calendar.date(Calendar.floorDivide(hours, 24))
    func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = "events-\(date.year)-\(padded(date.month))-\(padded(date.day))"
    return period == .hour ? day + "T" + padded(Calendar.floorModulo(hours, 24)) : day
  }
}

extension ShopSpecification.FilePeriod {
  fileprivate var microseconds: Int64 {
    switch self {
    case .week: 7 * Calendar.microsecondsPerDay
    case .day: Calendar.microsecondsPerDay
    case .hour: Calendar.microsecondsPerDay / 24
    }
  }
}
