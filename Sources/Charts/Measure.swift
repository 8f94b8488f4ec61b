import Values

/// What the values of an axis are, which decides on its ticks and texts.
enum Measure {
  case number(Display)
  /// Microseconds.
  case duration
  /// Microseconds since 1970-01-01 00:00 UTC, shown in a zone. `shortest` is the finest step that makes
  /// sense; `weekday` is the day that weeks begin on, Monday 1 to Sunday 7.
  case time(TimeZoneRules, shortest: TimeStep, weekday: Int64)
  /// Positions in a list of names, which may be dates or numbers in their order.
  case category([String], isOrdered: Bool)

  var isCategory: Bool {
    if case .category = self { return true }
    return false
  }

  var isTime: Bool {
    if case .time = self { return true }
    return false
  }

  /// A value in words, as exact as a reader wants it.
  func text(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    switch self {
    case .number(let display): return NumberText.exact(value, display)
    case .duration: return TimeText.duration(value)
    case .time(let rules, _, _): return TimeText.moment(Int64(value), rules)
    case .category(let names, _):
      let index = Int(value.rounded())
      return names.indices.contains(index) ? names[index] : ChartText.missing
    }
  }
}

/// The range of some numbers, of which there may be none.
struct Span: Hashable, Sendable {
  private(set) var low = Double.infinity
  private(set) var high = -Double.infinity

  init() {}

  init(_ values: some Sequence<Double>) {
    for value in values { include(value) }
  }

  var isEmpty: Bool { low > high }

  /// Widens the range to a number; what is not finite is left out.
  mutating func include(_ value: Double) {
    guard value.isFinite else { return }
    low = min(low, value)
    high = max(high, value)
  }

  /// Widens the range to another one.
  mutating func include(_ other: Span) {
    include(other.low)
    include(other.high)
  }
}
