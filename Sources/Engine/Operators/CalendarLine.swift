import Planning
import Values

/// Calendar periods of one kind, numbered on a line without gaps.
enum CalendarLine {
  case days
  /// From Monday to Sunday.
  case weeks
  /// So many months each, the first of a year beginning with January.
  case months(Int64)

  init(_ unit: CalendarUnit) {
    switch unit {
    case .day: self = .days
    case .week: self = .weeks
    case .month: self = .months(1)
    }
  }

  /// The number of the period that a day lies in.
  func ordinal(_ day: Int64) -> Int64 {
    switch self {
    case .days: return day
    case .weeks: return Calendar.floorDivide(day + 3, 7)
    case .months(let count):
      let date = Calendar.date(day)
      return Calendar.floorDivide(date.year * 12 + date.month - 1, count)
    }
  }

  /// The first day of a period.
  func firstDay(_ ordinal: Int64) -> Int64 {
    switch self {
    case .days: ordinal
    case .weeks: ordinal * 7 - 3
    case .months(let count): Calendar.day(year: 0, month: ordinal * count + 1, day: 1)
    }
  }
}
