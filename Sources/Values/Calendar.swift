/// Arithmetic on the proleptic Gregorian calendar, on days since 1970-01-01.
///
/// Source of the formulas: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2021).
public enum Calendar {
  /// How finely time is counted: everything between days is in microseconds.
  @inlinable public static var microsecondsPerSecond: Int64 { 1_000_000 }
  /// The length of a day without a clock change.
  @inlinable public static var microsecondsPerDay: Int64 { 86_400_000_000 }

  /// The day number of a date; months and days outside their range carry over.
  public static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
    let carried = floorDivide(month - 1, 12)
    let month = month - carried * 12
    let shifted = year + carried - (month <= 2 ? 1 : 0)
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The year, month (1 to 12) and day of the month (1 to 31) of a day number.
  public static func date(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
  }

  /// The ISO day of the week, Monday 1 to Sunday 7.
  @inlinable public static func weekday(_ day: Int64) -> Int64 { floorModulo(day + 3, 7) + 1 }

  /// The Monday of a day's ISO week.
  @inlinable public static func startOfWeek(_ day: Int64) -> Int64 { day - (weekday(day) - 1) }

  /// Division rounded towards negative infinity.
  @inlinable public static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    let quotient = a / b
    return (a % b != 0) && ((a < 0) != (b < 0)) ? quotient - 1 : quotient
  }

  /// The remainder of `floorDivide`; it has the divisor's sign.
  @inlinable public static func floorModulo(_ a: Int64, _ b: Int64) -> Int64 {
    let remainder = a % b
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
  }
}
