import Diagnostics

/// A unit of exact length, as durations are written in.
public enum DurationUnit: String, Hashable, Sendable, CaseIterable {
  case microsecond, millisecond, second, minute, hour, day, week

  /// Singular or plural, in any case.
  static func named(_ word: String) -> DurationUnit? {
    let folded = word.lowercased()
    return DurationUnit(rawValue: folded)
      ?? (folded.hasSuffix("s") ? DurationUnit(rawValue: String(folded.dropLast())) : nil)
  }

  /// What people write elsewhere, with the word for it here.
  static let abbreviations = [
    "us": "microseconds", "µs": "microseconds", "ms": "milliseconds", "s": "seconds", "sec": "seconds",
    "secs": "seconds", "m": "minutes", "min": "minutes", "mins": "minutes", "h": "hours", "hr": "hours",
    "hrs": "hours", "d": "days", "w": "weeks", "wk": "weeks",
  ]

  /// Units whose length depends on the calendar, with a remedy.
  static let inexact = [
    "month": "30 days", "months": "30 days", "quarter": "91 days", "quarters": "91 days", "year": "365 days",
    "years": "365 days",
  ]

  /// The unit that a word behind a number was meant as, where it is no unit and no word of the language.
  static func nearest(to word: Token) -> String? {
    if let unit = abbreviations[word.folded] { return unit }
    guard word.folded.count >= 3, !Keywords.all.contains(word.folded) else { return nil }
    return NearestName.of(word.text, among: allCases.map(\.plural))
  }

  /// The word for more than one.
  var plural: String { rawValue + "s" }

  /// Its exact length.
  var microseconds: Int64 {
    switch self {
    case .microsecond: 1
    case .millisecond: 1_000
    case .second: 1_000_000
    case .minute: 60_000_000
    case .hour: 3_600_000_000
    case .day: 86_400_000_000
    case .week: 604_800_000_000
    }
  }

  /// So many of the unit, to the nearest microsecond; nothing when it is no number or longer than 292
  /// thousand years.
  func duration(_ number: String) -> Int64? {
    if let whole = Int64(number) {
      let (product, overflows) = whole.multipliedReportingOverflow(by: microseconds)
      return overflows ? nil : product
    }
    guard let value = Double(number) else { return nil }
    return Int64(exactly: (value * Double(microseconds)).rounded())
  }

  /// A duration in microseconds as it is written in the largest unit that needs no fraction, weeks aside: `14 days`,
  /// `90 minutes`.
  public static func written(_ duration: Int64) -> String {
    let units: [DurationUnit] = [.day, .hour, .minute, .second, .millisecond, .microsecond]
    guard duration != 0, let unit = units.first(where: { duration % $0.microseconds == 0 }) else {
      return "0 seconds"
    }
    let count = duration / unit.microseconds
    return "\(count) \(count == 1 ? unit.rawValue : unit.plural)"
  }
}
