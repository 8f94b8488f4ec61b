import Values

/// The units that moments are cut, counted and moved by.
enum TimeUnit: String, CaseIterable {
  case second, minute, hour, day, week, month, quarter, year

  static let clock: [TimeUnit] = [.second, .minute, .hour]
  static let calendar: [TimeUnit] = [.day, .week, .month, .quarter, .year]

  /// The parameter for the word of one of these units.
  static func parameter(_ units: [TimeUnit]) -> Parameter {
    Parameter("unit", .text, .word(units.map(\.rawValue)))
  }

  /// The unit that a batch's constant operand names; nothing when it is null or the batch is empty.
  init?(_ operand: Operand, of allowed: [TimeUnit]) throws {
    guard operand.column.count > 0, case .text(let word) = operand.scalar(0) else { return nil }
    guard let unit = TimeUnit(rawValue: word.lowercased()), allowed.contains(unit) else {
      let words = allowed.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw EvaluationError("'\(word)' is not one of the units \(words)")
    }
    self = unit
  }

  /// Its length where it always has the same.
  var microseconds: Int64? {
    switch self {
    case .second: Calendar.microsecondsPerSecond
    case .minute: 60 * Calendar.microsecondsPerSecond
    case .hour: 3600 * Calendar.microsecondsPerSecond
    case .day, .week, .month, .quarter, .year: nil
    }
  }

  /// The first day of the unit that a day lies in.
  @inline(__always) func start(ofDay day: Int64) -> Int64 {
    if self == .week { return Calendar.startOfWeek(day) }
    if self == .day || microseconds != nil { return day }
    let date = Calendar.date(day)
    switch self {
    case .quarter: return Calendar.day(year: date.year, month: (date.month - 1) / 3 * 3 + 1, day: 1)
    case .year: return Calendar.day(year: date.year, month: 1, day: 1)
    default: return Calendar.day(year: date.year, month: date.month, day: 1)
    }
  }

  /// The number of the unit that a day lies in, on a line without gaps.
  func ordinal(ofDay day: Int64) -> Int64 {
    if self == .week { return Calendar.floorDivide(Calendar.startOfWeek(day) + 3, 7) }
    if self == .day || microseconds != nil { return day }
    let date = Calendar.date(day)
    switch self {
    case .quarter: return date.year * 4 + (date.month - 1) / 3
    case .year: return date.year
    default: return date.year * 12 + date.month - 1
    }
  }

  /// The day so many units later; a day that the month does not have becomes the month's last.
  func day(_ day: Int64, plus count: Int64) -> Int64 {
    switch self {
    case .week: return day + 7 * count
    case .month, .quarter, .year:
      let months = count * (self == .month ? 1 : self == .quarter ? 3 : 12)
      let date = Calendar.date(day)
      let first = Calendar.day(year: date.year, month: date.month + months, day: 1)
      return first + min(date.day, TimeUnit.daysInMonth(startingAt: first)) - 1
    case .second, .minute, .hour, .day: return day + count
    }
  }

  static func daysInMonth(startingAt first: Int64) -> Int64 {
    let date = Calendar.date(first)
    return Calendar.day(year: date.year, month: date.month + 1, day: 1) - first
  }
}
