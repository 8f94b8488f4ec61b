/// The kinds of events that the shop logs.
enum EventKind: UInt8, CaseIterable {
  case sessionStarted, signedUp, search, productViewed, cartAdded, buyPageViewed, educationShown, purchase
  case refunded, supportContacted

  /// As it stands in the log.
  var name: String {
    switch self {
    case .sessionStarted: "session_started"
    case .signedUp: "signed_up"
    case .search: "search"
    case .productViewed: "product_viewed"
    case .cartAdded: "cart_added"
    case .buyPageViewed: "buy_page_viewed"
    case .educationShown: "education_shown"
    case .purchase: "purchase"
    case .refunded: "refunded"
    case .supportContacted: "support_contacted"
    }
  }
}

/// What is wrong with one event of the log.
struct EventDirt: OptionSet, BitwiseCopyable {
  let rawValue: UInt8

  static let missingCountry = EventDirt(rawValue: 1)
  static let wrongCaseCountry = EventDirt(rawValue: 2)
  static let missingReferrer = EventDirt(rawValue: 4)
  static let missingVersion = EventDirt(rawValue: 8)
  static let missingPrice = EventDirt(rawValue: 16)
  static let impossiblePrice = EventDirt(rawValue: 32)
  static let misspelt = EventDirt(rawValue: 64)
}

/// One event in few bytes, so that a block of people fits into memory and may wait on disk: texts are positions in
/// the lists of the specification.
struct ShopEvent: BitwiseCopyable {
  /// Stands for a text or product that is not there.
  static let none = UInt16.max

  /// Microseconds since 1970.
  var time: Int64
  var person: UInt32
  /// The event's number among the person's.
  var sequence: UInt16
  /// From 1; 0 outside visits.
  var visit: UInt16
  /// A price of one piece, in cents.
  var cents: Int32 = 0
  var product: UInt16 = ShopEvent.none
  /// A search term or a topic of a question, by the kind of event.
  var text: UInt16 = ShopEvent.none
  var priorOrders: UInt16 = 0
  var kind: EventKind
  var country: UInt8
  var platform: UInt8
  var version: UInt8
  /// 255 outside visits.
  var channel: UInt8
  /// 255 for none.
  var campaign: UInt8
  var quantity: UInt8 = 0
  /// 255 for none.
  var variant: UInt8 = .max
  var dirt: EventDirt = []
  /// The file that it arrives in.
  var file: UInt16 = 0

  /// The order of events in a file: by time, then by person, then as they happened.
  static func precedes(_ a: ShopEvent, _ b: ShopEvent) -> Bool {
    if a.time != b.time { return a.time < b.time }
    if a.person != b.person { return a.person < b.person }
    return a.sequence < b.sequence
  }
}
