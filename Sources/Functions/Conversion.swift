import Values

/// Conversions between types: what `cast(x as type)` means is the function named after the type, and
/// `try_cast` the one with `try_` before it. Integers become doubles and dates timestamps by the same
/// entries, unasked.
enum Conversion {
  static let functions: [ScalarFunction] =
    Outcome.allCases.flatMap { outcome in ScalarType.allCases.map { function($0, outcome) } }

  /// What becomes of a value that does not convert.
  private enum Outcome: CaseIterable { case error, null }

  private static func function(_ type: ScalarType, _ outcome: Outcome) -> ScalarFunction {
    let (summary, example) = description(type)
    let parts = type == .date ? [datePartsOverload(outcome)] : []
    return ScalarFunction(
      outcome == .error ? type.rawValue : "try_\(type.rawValue)", .conversion,
      summary + (outcome == .error ? "" : " Null where that is not possible."),
      ScalarType.allCases.compactMap { overload($0, type, outcome) } + parts,
      examples: outcome == .error
        ? [example]
        : [Example("try_\(type)('\(type == .text ? "x" : "?")')", type == .text ? "x" : "")])
  }

  private static func description(_ type: ScalarType) -> (String, Example) {
    switch type {
    case .boolean:
      (
        "True or false from a text, or from a number that is not zero.",
        Example("cast('yes' as boolean)", "true")
      )
    case .integer:
      (
        "A whole number; doubles are rounded, a half away from zero, and true is 1.",
        Example("cast('42' as integer)", "42")
      )
    case .double: ("A number with decimals.", Example("cast('2.5' as double)", "2.5"))
    case .text:
      (
        "A text from which the value can be read back; timestamps are written in UTC.",
        Example("cast(date '2026-03-01' as text)", "2026-03-01")
      )
    case .timestamp:
      (
        "A moment: a date's start, or a text's local time unless it has an offset.",
        Example("cast('2026-03-01T12:30:00+02:00' as timestamp)", "2026-03-01T10:30:00Z")
      )
    case .date:
      (
        "A day: the local one of a timestamp, or from year, month and day.",
        Example("date(2026, 3, 1)", "2026-03-01")
      )
    case .duration:
      (
        "A length of time from a text such as `1 day 2 hours` or `PT30M`.",
        Example("cast('1 day 2 hours' as duration)", "P1DT2H")
      )
    }
  }

  /// The conversion from one type to another, where there is one.
  private static func overload(
    _ source: ScalarType, _ target: ScalarType, _ outcome: Outcome
  ) -> ScalarFunction.Overload? {
    guard let kernel = source == target ? unchanged : kernel(source, target, outcome) else { return nil }
    return .init([Parameter("x", source)], result: target, sql: sql(source, target, outcome), kernel: kernel)
  }

  /// Numbers with decimals and durations are written by rules of our own, and times and durations read by such: they
  /// have none.
  private static func sql(_ source: ScalarType, _ target: ScalarType, _ outcome: Outcome) -> SQLTemplate? {
    switch (source, target) {
    case _ where source == target: { $0[0] }
    case (.boolean, .integer): { "\($0[0])::bigint" }
    case (.boolean, .double), (.integer, .double): { "\($0[0])::double" }
    case (.integer, .boolean): { "\($0[0]) <> 0" }
    case (.double, .integer):
      { "\(outcome == .error ? "cast" : "try_cast")(round(\($0[0])) as bigint)" }
    case (.date, .timestamp): { $0.startOfDay(0) }
    case (.timestamp, .date): { $0.day(0) }
    case (.boolean, .text), (.integer, .text), (.date, .text): { "\($0[0])::varchar" }
    case (.timestamp, .text):
      {
        let fraction = "rtrim(rtrim(strftime(make_timestamp(\($0[0])), '.%f'), '0'), '.')"
        return "strftime(make_timestamp(\($0[0])), '%Y-%m-%dT%H:%M:%S') || \(fraction) || 'Z'"
      }
    case (.text, .boolean), (.text, .integer), (.text, .double), (.text, .date):
      { sql in
        let value = readingSQL("trim(\(sql[0]), \(SQLText.literal("\t\n\u{B}\u{C}\r ")))", as: target)
        if outcome == .null { return value }
        let refusal = SQLPiece.error("'", naming: sql[0], "' is not \(target.article) \(target.rawValue)")
        return "case when \(sql[0]) is not null then coalesce(\(value), \(refusal)) end"
      }
    default: nil
    }
  }

  /// A text read as `Reading` does; null where it is no value.
  private static func readingSQL(_ text: String, as type: ScalarType) -> String {
    switch type {
    case .boolean:
      return "case when lower(\(text)) in ('true', 't', 'yes', '1') then true "
        + "when lower(\(text)) in ('false', 'f', 'no', '0') then false end"
    case .integer:
      return "case when regexp_full_match(\(text), '[+-]?[0-9]+') then try_cast(\(text) as bigint) end"
    case .double:
      let form = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"
      return "case when regexp_full_match(lower(\(text)), 'nan|[+-]?inf(inity)?') "
        + "or regexp_full_match(\(text), '\(form)') and isfinite(try_cast(\(text) as double)) "
        + "then try_cast(\(text) as double) end"
    default:
      return
        "case when regexp_full_match(\(text), '[0-9]{4}-[0-9]{2}-[0-9]{2}') and left(\(text), 4) <> '0000' "
        + "then try_cast(\(text) as date) end"
    }
  }

  private static let unchanged: Kernel = { operands, count, _ in operands[0].expanded(to: count) }

  private static func kernel(_ source: ScalarType, _ target: ScalarType, _ outcome: Outcome) -> Kernel? {
    switch (source, target) {
    case (.text, _): reading(target, outcome)
    case (_, .text): writing
    case (.boolean, .integer):
      { operands, count, _ in
        map(operands, count, as: .integer) { (x: UInt8) -> Int64 in Int64(x) }
      }
    case (.boolean, .double):
      { operands, count, _ in
        map(operands, count, as: .double) { (x: UInt8) -> Double in Double(x) }
      }
    case (.integer, .boolean):
      { operands, count, _ in
        map(operands, count, as: .boolean) { (x: Int64) -> UInt8 in x == 0 ? 0 : 1 }
      }
    case (.integer, .double):
      { operands, count, _ in
        map(operands, count, as: .double) { (x: Int64) -> Double in Double(x) }
      }
    case (.double, .integer): { operands, count, _ in try rounded(operands, count, outcome) }
    case (.date, .timestamp):
      { operands, count, context in
        let zone = context.timeZone
        return map(operands, count, as: .timestamp) { (day: Int64) -> Int64 in zone.startOfDay(day) }
      }
    case (.timestamp, .date):
      { operands, count, context in
        var clock = Time.clock(context)
        return map(operands, count, as: .date) { (time: Int64) -> Int64 in clock.day(time) }
      }
    default: nil
    }
  }

  private static func rounded(_ operands: [Operand], _ count: Int, _ outcome: Outcome) throws -> Column {
    let x = Lane<Double>(operands[0])
    return try eachRow(operands, count, as: .integer) { row -> Int64? in
      if let whole = Int64(exactly: x[row].rounded()) { return whole }
      if outcome == .null { return nil }
      throw EvaluationError("\(ValueFormatter.machine(.double(x[row]))) does not fit a 64-bit integer")
    }
  }

  private static let writing: Kernel = { operands, count, _ in
    let column = operands[0].column
    return try eachText(operands, count) { row, buffer in
      buffer.append(contentsOf: ValueFormatter.machine(operands[0].scalar(row)).utf8)
      return true
    }
  }

  private static func reading(_ type: ScalarType, _ outcome: Outcome) -> Kernel {
    oncePerText { operands, count, context in
      let texts = TextLane(operands[0])
      func value<T>(_ row: Int, _ read: (String) -> T?) throws -> T? {
        let text = texts.text(row)
        if let value = read(text) { return value }
        if outcome == .null { return nil }
        throw refusal(text, type)
      }
      switch type {
      case .boolean:
        return try eachRow(operands, count, as: type) { row -> UInt8? in
          try value(row) { Reading.boolean($0).map { $0 ? 1 : 0 } }
        }
      case .integer: return try eachRow(operands, count, as: type) { try value($0, Reading.integer) }
      case .double: return try eachRow(operands, count, as: type) { try value($0, Reading.double) }
      case .date: return try eachRow(operands, count, as: type) { try value($0, Reading.date) }
      case .duration: return try eachRow(operands, count, as: type) { try value($0, Reading.duration) }
      case .timestamp:
        return try eachRow(operands, count, as: type) { row -> Int64? in
          try value(row) { Reading.timestamp($0, in: context.timeZone) }
        }
      case .text: return operands[0].expanded(to: count)
      }
    }
  }

  private static func refusal(_ text: String, _ type: ScalarType) -> EvaluationError {
    let shown = text.count > 100 ? text.prefix(100) + "…" : text[...]
    return EvaluationError(
      "'\(shown)' is not \(type.article) \(type)",
      hints: [
        "\(type.article) \(type) is written like '\(type.example)'",
        "try_cast gives null where a value does not convert",
      ])
  }

  private static func datePartsOverload(_ outcome: Outcome) -> ScalarFunction.Overload {
    .init(
      [Parameter("year", .integer), Parameter("month", .integer), Parameter("day", .integer)], result: .date,
      sql: { outcome == .error ? SQLPiece.checked(day: "make_date(\($0.list))") : nil }
    ) { operands, count, _ in
      let (year, month, day) = (
        Lane<Int64>(operands[0]), Lane<Int64>(operands[1]), Lane<Int64>(operands[2])
      )
      return try eachRow(operands, count, as: .date) { row -> Int64? in
        if let number = Reading.day(year: year[row], month: month[row], day: day[row]) { return number }
        if outcome == .null { return nil }
        throw EvaluationError(
          "date(\(year[row]), \(month[row]), \(day[row])) is not a day of the years 1 to 9999")
      }
    }
  }
}
