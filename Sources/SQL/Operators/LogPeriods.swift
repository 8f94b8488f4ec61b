import Functions
import Planning
import Values

/// Calendar periods of one kind as SQL: days are dates, and periods integers on a line without gaps.
struct CalendarLine {
  let unit: CalendarUnit
  let timeZone: TimeZoneRules

  /// The local day of a time.
  func day(_ time: String) -> String { "\(SQLOperands.local(Lowering.clamped(time), timeZone))::date" }

  /// The number of the period that a day lies in.
  func number(_ day: String) -> String {
    switch unit {
    case .day: "(\(day) - date '1970-01-01')"
    // Both are Mondays.
    case .week: "((date_trunc('week', \(day))::date - date '1969-12-29') // 7)"
    case .month: "(year(\(day)) * 12 + month(\(day)) - 1)"
    }
  }

  /// The first day of a period.
  func firstDay(_ number: String) -> String {
    switch unit {
    case .day: "(date '1970-01-01' + (\(number))::integer)"
    case .week: "(date '1969-12-29' + ((\(number)) * 7)::integer)"
    case .month: "make_date((\(number)) // 12, (\(number)) % 12 + 1, 1)"
    }
  }
}

extension Lowering {
  /// A time within the years 1 to 9999: one that lies outside counts as the nearest inside.
  static func clamped(_ time: String) -> String {
    let (first, last) = (-62_135_510_400_000_000, 253_402_214_399_999_999)
    return "least(greatest(\(time), \(first)), \(last))"
  }

  /// A relation of the periods of a log, from the one in which the data begins to the one in which it ends: `p`, its
  /// number; `first_day`; `next_day`, the first one behind it; `data_day`, on which the data begins; `is_ended`; and
  /// `is_shown`, which is false before the range that is looked at.
  mutating func periods(
    _ line: CalendarLine, of input: Plan, from: Int64?
  ) throws(SQLRefusal) -> String {
    let bound = input.timeBound(in: timeZone)
    let ends = try dataEnds(input)
    let first = bound.from.map { "greatest(first, \($0))" } ?? "first"
    // The moment at which filters end the data does not belong to it any more.
    let last = bound.end.map { "least(last, \(max($0, .min + 1) - 1))" } ?? "last"
    let known = bound.end.map { "least(last, \($0))" } ?? "last"
    let span = add(
      "data_span",
      """
      select \(line.day("first")) as first, \(line.day("last")) as last, \(line.day("known")) as known
        from (
          select \(first) as first, \(last) as last, \(known) as known from \(ends) where last is not null
        )
        where first <= last
      """)
    let numbers = ["first", "last", "known"].map { line.number($0) }
    let shown = from.map { "p >= \(line.number(line.day("\($0)")))" } ?? "true"
    return add(
      "periods",
      """
      select p, \(line.firstDay("p")) as first_day, \(line.firstDay("p + 1")) as next_day, first as data_day,
        p < known as is_ended, \(shown) as is_shown
        from (
          select unnest(range(\(numbers[0]), \(numbers[1]) + 1)) as p, first, \(numbers[2]) as known from \(span)
        )
      """)
  }

  /// The first and the last time of the source that the rows of a log come from, both null where it has none.
  mutating func dataEnds(_ input: Plan) throws(SQLRefusal) -> String {
    guard let events = input.eventsLeaf, let log = events.log else {
      preconditionFailure("a log comes from events")
    }
    let source = try rows(events)
    let time = source.columns[log.time]
    return add("data_ends", "select min(\(time)) as first, max(\(time)) as last\n  from \(source.name)")
  }
}

extension Plan {
  /// The log that the rows stream from.
  fileprivate var eventsLeaf: Plan? {
    if case .events = self { return self }
    return inputs.first?.eventsLeaf
  }
}
