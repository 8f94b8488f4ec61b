import Values

/// Functions of dates, timestamps and durations. What belongs to the calendar follows the context's time
/// zone.
enum Time {
  static let functions: [ScalarFunction] = steps + calendarParts + clockParts + lengths + others

  /// A clock of the context's zone, for the times of the calendar.
  static func clock(_ context: EvaluationContext) -> LocalClock {
    LocalClock(context.timeZone, within: CalendarRange.times)
  }

  // MARK: Truncation, difference, addition

  private static let steps: [ScalarFunction] = [
    ScalarFunction(
      "date_trunc", .time,
      "The start of the unit that a moment lies in: a date for days, weeks (from Monday), "
        + "months, quarters and years, "
        + "and a timestamp for hours, minutes and seconds.",
      [
        .init(
          [TimeUnit.parameter(TimeUnit.calendar), Parameter("x", .date)], result: .date,
          sql: { sql in sql.unit(0).map { "date_trunc('\($0)', \(sql[1]))::date" } }
        ) { operands, count, _ in
          try truncatedToDays(operands, count) { CalendarRange.clamped(day: $0) }
        },
        .init(
          [TimeUnit.parameter(TimeUnit.calendar), Parameter("x", .timestamp)], result: .date,
          sql: { sql in sql.unit(0).map { "date_trunc('\($0)', \(sql.local(1)))::date" } }
        ) { operands, count, context in
          var clock = clock(context)
          return try truncatedToDays(operands, count) {
            clock.day($0)
          }
        },
        .init(
          [TimeUnit.parameter(TimeUnit.clock), Parameter("x", .timestamp)], result: .timestamp,
          sql: { sql in sql.unit(0)?.microseconds.map { sql.startOfClock(1, $0) } }
        ) { operands, count, context in
          guard let width = try TimeUnit(operands[0], of: TimeUnit.clock)?.microseconds else {
            return Column(repeating: .null, type: .timestamp, count: count)
          }
          var clock = clock(context)
          // By the offset in force at the moment itself: an hour that occurs twice is two hours.
          return map([operands[1]], count, as: .timestamp) { (time: Int64) -> Int64 in
            CalendarRange.clamped(time: time) - Calendar.floorModulo(clock.local(time), width)
          }
        },
      ],
      examples: [
        Example("date_trunc('week', date '2026-03-05')", "2026-03-02"),
        Example("date_trunc('month', timestamp '2026-03-05 10:20:30')", "2026-03-01"),
        Example("date_trunc('hour', timestamp '2026-03-05 10:20:30')", "2026-03-05T10:00:00Z"),
      ]),
    ScalarFunction(
      "date_diff", .time,
      "How many starts of the unit lie after the first moment and not after the second: from "
        + "January 31 to February 1 "
        + "it is one month. Negative when the second is earlier.",
      [
        .init(
          [TimeUnit.parameter(TimeUnit.calendar), Parameter("from", .date), Parameter("to", .date)],
          result: .integer,
          sql: { sql in sql.unit(0).map { SQLOperands.difference("\($0)", from: sql[1], to: sql[2]) } }
        ) { operands, count, _ in
          guard let unit = try TimeUnit(operands[0], of: TimeUnit.calendar) else {
            return Column(repeating: .null, type: .integer, count: count)
          }
          return zip(Array(operands.dropFirst()), count, as: .integer) { (a: Int64, b: Int64) -> Int64 in
            unit.ordinal(ofDay: CalendarRange.clamped(day: b))
              - unit.ordinal(ofDay: CalendarRange.clamped(day: a))
          }
        },
        .init(
          [
            TimeUnit.parameter(TimeUnit.allCases), Parameter("from", .timestamp), Parameter("to", .timestamp),
          ],
          result: .integer,
          sql: { sql in
            guard let unit = sql.unit(0) else { return nil }
            guard let width = unit.microseconds else {
              return SQLOperands.difference("\(unit)", from: sql.day(1), to: sql.day(2))
            }
            let ordinals = [1, 2].map { SQLPiece.floorDivide("(\(sql.startOfClock($0, width)))", width) }
            return "\(ordinals[1]) - \(ordinals[0])"
          }
        ) { operands, count, context in
          guard let unit = try TimeUnit(operands[0], of: TimeUnit.allCases) else {
            return Column(repeating: .null, type: .integer, count: count)
          }
          var clock = clock(context)
          func ordinal(_ time: Int64) -> Int64 {
            let local = clock.local(time)
            guard let width = unit.microseconds else {
              return unit.ordinal(ofDay: Calendar.floorDivide(local, Calendar.microsecondsPerDay))
            }
            // Hours and less are counted as they pass, so that a change of clocks adds or takes none.
            let start = CalendarRange.clamped(time: time) - Calendar.floorModulo(local, width)
            return Calendar.floorDivide(start, width)
          }
          return zip(Array(operands.dropFirst()), count, as: .integer) { (a: Int64, b: Int64) -> Int64 in
            ordinal(b) - ordinal(a)
          }
        },
      ],
      examples: [
        Example("date_diff('month', date '2026-01-31', date '2026-02-01')", "1"),
        Example("date_diff('day', timestamp '2026-03-02 01:00:00', timestamp '2026-03-01 23:00:00')", "-1"),
      ]),
    ScalarFunction(
      "date_add", .time,
      "The moment so many units later. Days and longer keep the local time of day; a day that a "
        + "month does not have "
        + "becomes its last.",
      [
        .init(
          [TimeUnit.parameter(TimeUnit.calendar), Parameter("count", .integer), Parameter("x", .date)],
          result: .date,
          sql: { sql in
            sql.unit(0).map { SQLPiece.checked(day: "(\(sql[2]) + \($0.interval(sql[1])))::date") }
          }
        ) { operands, count, _ in
          try moved(operands, count, as: .date) { unit, steps, day in
            unit.day(CalendarRange.clamped(day: day), plus: steps)
          }
        },
        .init(
          [TimeUnit.parameter(TimeUnit.allCases), Parameter("count", .integer), Parameter("x", .timestamp)],
          result: .timestamp,
          sql: { sql in
            guard let unit = sql.unit(0) else { return nil }
            guard let width = unit.microseconds else {
              let local = "(\(sql.local(2)) + \(unit.interval(sql[1])))"
              return SQLPiece.checked(time: SQLOperands.time(local: local, sql.timeZone))
            }
            return SQLPiece.checked(time: "(\(sql[2]) + \(sql[1]) * \(width))")
          }
        ) { operands, count, context in
          let zone = context.timeZone
          var clock = clock(context)
          return try moved(operands, count, as: .timestamp) { unit, steps, time in
            if let width = unit.microseconds {
              let (shift, overflow) = steps.multipliedReportingOverflow(by: width)
              return overflow
                ? .max : CalendarRange.clamped(time: time).addingReportingOverflow(shift).partialValue
            }
            let local = clock.local(time)
            let day = Calendar.floorDivide(local, Calendar.microsecondsPerDay)
            let moved = unit.day(day, plus: steps)
            guard CalendarRange.days.contains(moved) else { return .max }
            return zone.timestamp(local: local + (moved - day) * Calendar.microsecondsPerDay)
          }
        },
      ],
      examples: [
        Example("date_add('month', 1, date '2026-01-31')", "2026-02-28"),
        Example("date_add('hour', -2, timestamp '2026-03-01 01:00:00')", "2026-02-28T23:00:00Z"),
      ]),
  ]

  @inline(__always)
  private static func truncatedToDays(
    _ operands: [Operand], _ count: Int, day: (Int64) -> Int64
  ) throws -> Column {
    guard let unit = try TimeUnit(operands[0], of: TimeUnit.calendar) else {
      return Column(repeating: .null, type: .date, count: count)
    }
    let days = map([operands[1]], count, as: .date) { (x: Int64) -> Int64 in day(x) }
    if unit == .day { return days }
    // Neighbouring rows are often of one day.
    var last = Int64.min
    var start: Int64 = 0
    return map([Operand(days)], count, as: .date) { (day: Int64) -> Int64 in
      if day != last {
        last = day
        start = unit.start(ofDay: day)
      }
      return start
    }
  }

  /// More days or longer units than these lead out of the calendar from everywhere, and fewer do not
  /// overflow.
  private static let reach: ClosedRange<Int64> = -4_000_000...4_000_000

  private static func moved(
    _ operands: [Operand], _ count: Int, as type: ScalarType, _ move: (TimeUnit, Int64, Int64) -> Int64
  ) throws -> Column {
    let units = type == .date ? TimeUnit.calendar : TimeUnit.allCases
    guard let unit = try TimeUnit(operands[0], of: units) else {
      return Column(repeating: .null, type: type, count: count)
    }
    let (steps, moments) = (Lane<Int64>(operands[1]), Lane<Int64>(operands[2]))
    let range = type == .date ? CalendarRange.days : CalendarRange.times
    return try eachRow(Array(operands.dropFirst()), count, as: type) { row -> Int64? in
      if unit.microseconds != nil || reach.contains(steps[row]) {
        let result = move(unit, steps[row], moments[row])
        if range.contains(result) { return result }
      }
      let moment = ValueFormatter.machine(operands[2].scalar(row))
      throw CalendarRange.error("date_add('\(unit.rawValue)', \(steps[row]), \(moment))")
    }
  }

  // MARK: Parts

  private static let calendarParts: [ScalarFunction] = [
    dayPart("year", "The year.", "2026", display: .plain) { Calendar.date($0).year },
    dayPart("quarter", "The quarter of the year, 1 to 4.", "1") { (Calendar.date($0).month + 2) / 3 },
    dayPart("month", "The month of the year, 1 to 12.", "3") { Calendar.date($0).month },
    dayPart("day", "The day of the month, 1 to 31.", "5") { Calendar.date($0).day },
    dayPart("day_of_week", "The day of the ISO week, Monday 1 to Sunday 7.", "4") { Calendar.weekday($0) },
    dayPart("day_of_year", "The day of the year, 1 to 366.", "64") { day in
      day - TimeUnit.year.start(ofDay: day) + 1
    },
    dayPart("week_of_year", "The ISO week of the year, 1 to 53: week 1 has the year's first Thursday.", "10")
    { day in
      let thursday = Calendar.startOfWeek(day) + 3
      return (thursday - TimeUnit.year.start(ofDay: thursday)) / 7 + 1
    },
  ]

  /// What SQL calls a part, where it has another name for it.
  private static let sqlNames = [
    "day_of_week": "isodow", "day_of_year": "dayofyear", "week_of_year": "weekofyear",
  ]

  @inline(__always)
  private static func dayPart(
    _ name: String, _ summary: String, _ result: String, display: DisplayRule = .automatic,
    _ part: @escaping @Sendable (Int64) -> Int64
  ) -> ScalarFunction {
    ScalarFunction(
      name, .time, summary,
      [
        .init(
          [Parameter("x", .date)], result: .integer,
          sql: { "\(sqlNames[name] ?? name)(\($0[0]))" }
        ) { operands, count, _ in
          map(operands, count, as: .integer) { (day: Int64) -> Int64 in part(CalendarRange.clamped(day: day))
          }
        },
        .init(
          [Parameter("x", .timestamp)], result: .integer,
          sql: { "\(sqlNames[name] ?? name)(\($0.local(0)))" }
        ) { operands, count, context in
          var clock = clock(context)
          return map(operands, count, as: .integer) { (time: Int64) -> Int64 in
            part(clock.day(time))
          }
        },
      ], display: display, examples: [Example("\(name)(date '2026-03-05')", result)])
  }

  private static let clockParts: [ScalarFunction] = [
    clockPart("hour", "The hour of the day, 0 to 23.", "14") { operands, count, clock in
      ofDay(operands, count, clock) { $0 / 3_600_000_000 }
    },
    clockPart("minute", "The minute of the hour, 0 to 59.", "5") { operands, count, clock in
      ofDay(operands, count, clock) { $0 / 60_000_000 % 60 }
    },
    clockPart("second", "The whole second of the minute, 0 to 59.", "30") { operands, count, clock in
      ofDay(operands, count, clock) { $0 / 1_000_000 % 60 }
    },
  ]

  private static func clockPart(
    _ name: String, _ summary: String, _ result: String,
    _ parts: @escaping @Sendable ([Operand], Int, LocalClock) -> Column
  ) -> ScalarFunction {
    ScalarFunction(
      name, .time, summary,
      [
        .init(
          [Parameter("x", .timestamp)], result: .integer, sql: { "\(name)(\($0.local(0)))" }
        ) { operands, count, context in parts(operands, count, clock(context)) }
      ], examples: [Example("\(name)(timestamp '2026-03-05 14:05:30.5')", result)])
  }

  /// A part of the time of day, which is given in microseconds since midnight.
  @inline(__always)
  private static func ofDay(
    _ operands: [Operand], _ count: Int, _ clock: LocalClock, _ part: (Int64) -> Int64
  ) -> Column {
    var clock = clock
    return map(operands, count, as: .integer) { (time: Int64) -> Int64 in
      part(Calendar.floorModulo(clock.local(time), Calendar.microsecondsPerDay))
    }
  }

  // MARK: Lengths

  private static let lengths: [ScalarFunction] = [
    length("weeks", 604_800_000_000, Example("weeks(14 days)", "2")),
    length("days", 86_400_000_000, Example("days(36 hours)", "1.5")),
    length("hours", 3_600_000_000, Example("hours(90 minutes)", "1.5")),
    length("minutes", 60_000_000, Example("minutes(1 hour)", "60")),
    length("seconds", 1_000_000, Example("seconds(2 minutes)", "120")),
  ]

  private static func length(_ name: String, _ microseconds: Double, _ example: Example) -> ScalarFunction {
    ScalarFunction(
      name, .time, "How many \(name) a duration is, with decimals.",
      [
        .init(
          [Parameter("x", .duration)], result: .double, sql: { "\($0[0])::double / \(Int64(microseconds))" }
        ) { operands, count, _ in
          map(operands, count, as: .double) { (x: Int64) -> Double in Double(x) / microseconds }
        }
      ], examples: [example])
  }

  // MARK: Others

  private static let others: [ScalarFunction] = [
    ScalarFunction(
      "last_day", .time, "The last day of a moment's month.",
      [
        .init([Parameter("x", .date)], result: .date, sql: { "last_day(\($0[0]))" }) { operands, count, _ in
          map(operands, count, as: .date) { (day: Int64) -> Int64 in lastDay(CalendarRange.clamped(day: day))
          }
        },
        .init(
          [Parameter("x", .timestamp)], result: .date, sql: { "last_day(\($0.local(0)))" }
        ) { operands, count, context in
          var clock = clock(context)
          return map(operands, count, as: .date) { (time: Int64) -> Int64 in
            lastDay(clock.day(time))
          }
        },
      ], examples: [Example("last_day(date '2028-02-10')", "2028-02-29")]),
    ScalarFunction(
      "epoch", .time, "The seconds since 1970-01-01 00:00 UTC, with decimals.",
      [
        .init(
          [Parameter("x", .timestamp)], result: .double, sql: { "\($0[0])::double / 1000000" }
        ) { operands, count, _ in
          map(operands, count, as: .double) { (time: Int64) -> Double in Double(time) / 1e6 }
        }
      ], examples: [Example("epoch(cast('1970-01-01T00:01:00.5Z' as timestamp))", "60.5")]),
    ScalarFunction(
      "from_epoch", .time, "The timestamp so many seconds after 1970-01-01 00:00 UTC.",
      [
        .init(
          [Parameter("seconds", .integer)], result: .timestamp,
          sql: { SQLPiece.checked(time: "(\($0[0]) * 1000000)") }
        ) { operands, count, _ in
          let seconds = Lane<Int64>(operands[0])
          return try eachRow(operands, count, as: .timestamp) { row -> Int64? in
            let (time, overflow) = seconds[row].multipliedReportingOverflow(
              by: Calendar.microsecondsPerSecond)
            if !overflow, CalendarRange.times.contains(time) { return time }
            throw CalendarRange.error("from_epoch(\(seconds[row]))")
          }
        },
        .init(
          [Parameter("seconds", .double)], result: .timestamp,
          sql: { SQLPiece.checked(time: "round(nullif(\($0[0]), 'nan'::double) * 1e6)::bigint") }
        ) { operands, count, _ in
          let seconds = Lane<Double>(operands[0])
          return try eachRow(operands, count, as: .timestamp) { row -> Int64? in
            if seconds[row].isNaN { return nil }
            if let time = Int64(exactly: (seconds[row] * 1e6).rounded()), CalendarRange.times.contains(time) {
              return time
            }
            throw CalendarRange.error("from_epoch(\(seconds[row]))")
          }
        },
      ], examples: [Example("from_epoch(86400)", "1970-01-02T00:00:00Z")]),
    ScalarFunction(
      "format_date", .time,
      "A moment as a text by a pattern of `yyyy`, `MMM`, `MM`, `dd`, `d`, `EEE`, `HH`, `mm` and `ss`.",
      [ScalarType.date, .timestamp].map { type in
        .init([Parameter("x", type), Parameter("pattern", .text)], result: .text) {
          operands, count, context in
          let (moments, patterns) = (Lane<Int64>(operands[0]), TextLane(operands[1]))
          return try eachText(operands, count) { row, buffer in
            let moment = Scalar(integral: moments[row], as: type)
            let display = Display.date(pattern: patterns.text(row))
            buffer.append(
              contentsOf: ValueFormatter.text(moment, display, timeZone: context.timeZone).utf8)
            return true
          }
        }
      }, examples: [Example("format_date(date '2026-03-05', 'EEE d MMM yyyy')", "Thu 5 Mar 2026")]),
  ]

  private static func lastDay(_ day: Int64) -> Int64 {
    let first = TimeUnit.month.start(ofDay: day)
    return first + TimeUnit.daysInMonth(startingAt: first) - 1
  }
}
