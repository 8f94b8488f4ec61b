import Values

/// Writes a function in SQL, in DuckDB's words; nothing where SQL has not the very answer that the kernel gives.
///
/// In SQL timestamps and durations are 64-bit microseconds, dates are dates.
public typealias SQLTemplate = @Sendable (_ operands: SQLOperands) -> String?

/// Writes an aggregate in SQL; nothing where SQL has not its very answer. Each aggregate of SQL that it is made of
/// goes through `SQLAggregation.call`, which adds what the query says of the rows.
public typealias SQLAggregateTemplate =
  @Sendable (_ operands: SQLOperands, _ rows: SQLAggregation) -> String?

/// The arguments of a function, as texts that can stand as operands in SQL.
public struct SQLOperands: Sendable {
  private let texts: [String]
  private let constants: [Scalar?]
  /// What calendar functions follow.
  public let timeZone: TimeZoneRules

  /// One text for each argument, and its value where it is a constant.
  public init(_ texts: [String], constants: [Scalar?], timeZone: TimeZoneRules) {
    precondition(texts.count == constants.count, "each argument may be a constant")
    self.texts = texts
    self.constants = constants
    self.timeZone = timeZone
  }

  /// The SQL of an argument, which has its parentheses where it needs some.
  public subscript(_ position: Int) -> String { texts[position] }

  /// How many arguments there are: a variadic function has as many as are written.
  public var count: Int { texts.count }

  /// All arguments with commas between them.
  public var list: String { texts.joined(separator: ", ") }

  /// The value of an argument that is a constant and not null.
  public func constant(_ position: Int) -> Scalar? { constants[position].flatMap { $0 == .null ? nil : $0 } }

  /// The value of an argument that is a constant text.
  public func text(_ position: Int) -> String? {
    if case .text(let text)? = constant(position) { text } else { nil }
  }

  /// The value of an argument that is a constant integer.
  public func integer(_ position: Int) -> Int64? {
    if case .integer(let value)? = constant(position) { value } else { nil }
  }
}

/// Which rows an aggregate of SQL is over.
public struct SQLAggregation: Sendable {
  private let isDistinct: Bool
  private let filter: String?
  private let window: String?
  /// The column that says which place among the rows a row has.
  public let order: String

  /// A filter, and the window of a windowed aggregate, as texts of SQL.
  public init(isDistinct: Bool, filter: String?, window: String?, order: String) {
    self.isDistinct = isDistinct
    self.filter = filter
    self.window = window
    self.order = order
  }

  /// Whether equal arguments count once.
  public var takesEach: Bool { !isDistinct }

  /// A call of an aggregate of SQL over the rows that the query says, and of these the ones for which a further
  /// condition is true.
  public func call(_ name: String, _ arguments: String, where condition: String? = nil) -> String {
    let conditions = [filter, condition].compactMap(\.self).map { "(\($0))" }
    let taken = conditions.isEmpty ? "" : " filter (where \(conditions.joined(separator: " and ")))"
    return "\(name)(\(isDistinct ? "distinct " : "")\(arguments))\(taken)"
      + (window.map { " over \($0)" } ?? "")
  }

  /// The same for an aggregate whose result does not depend on how often a value occurs.
  public func anyCall(_ name: String, _ arguments: String, where condition: String? = nil) -> String {
    SQLAggregation(isDistinct: false, filter: filter, window: window, order: order)
      .call(name, arguments, where: condition)
  }
}

/// Pieces of SQL that several templates are made of.
enum SQLPiece {
  /// A refusal of the values of a row.
  static func error(_ message: String) -> String { "error(\(SQLText.literal(message)))" }

  /// A refusal that names the text which is refused, of which SQL is given.
  static func error(_ start: String, naming text: String, _ end: String) -> String {
    "error(\(SQLText.literal(start)) || left(\(text), 100) || \(SQLText.literal(end)))"
  }

  /// A time, refused where it lies outside of what functions compute with. What is checked occurs once, so that nested
  /// checks stay short: unsigned numbers refuse what is below zero.
  static func checked(time: String) -> String {
    let (first, last) = (CalendarRange.times.lowerBound, CalendarRange.times.upperBound)
    return "(\(last) - (\(last - first)::ubigint - (\(time) - \(first))::ubigint)::bigint)"
  }

  /// A date, refused where it lies outside of the calendar.
  static func checked(day: String) -> String {
    let days = CalendarRange.days.upperBound - CalendarRange.days.lowerBound
    return
      "(date '9999-12-31' - (\(days)::uinteger - (\(day) - date '0001-01-01')::uinteger)::integer)"
  }

  /// The remainder of a division by a positive number, which is not below zero.
  static func floorModulo(_ value: String, _ width: Int64) -> String {
    "((\(value) % \(width) + \(width)) % \(width))"
  }

  /// The whole part of a division by a positive number, rounded down.
  static func floorDivide(_ value: String, _ width: Int64) -> String {
    "((\(value) - \(floorModulo(value, width))) // \(width))"
  }
}

extension SQLOperands {
  private var zone: String { SQLText.literal(timeZone.name) }

  /// The local time of an argument that is a timestamp.
  func local(_ position: Int) -> String { SQLOperands.local(self[position], timeZone) }

  /// The local day of an argument that is a timestamp.
  func day(_ position: Int) -> String { "\(local(position))::date" }

  /// The local time of a time.
  public static func local(_ time: String, _ zone: TimeZoneRules) -> String {
    zone.isUTC
      ? "make_timestamp(\(time))" : "timezone(\(SQLText.literal(zone.name)), make_timestamptz(\(time)))"
  }

  /// The time of a local time. One that occurs twice is the earlier: the offset of the day before leads to it.
  public static func time(local: String, _ zone: TimeZoneRules) -> String {
    if zone.isUTC { return "epoch_us(\(local))" }
    let name = SQLText.literal(zone.name)
    let dayBefore = "(\(local) - interval 1 day)"
    let offset = "(timezone(\(name), timezone('UTC', \(dayBefore))) - \(dayBefore))"
    let early = "timezone('UTC', \(local) - \(offset))"
    return
      "epoch_us(case when timezone(\(name), \(early)) = \(local) then \(early) else timezone(\(name), \(local)) end)"
  }

  /// How many starts of a calendar unit lie between two days. SQL would count weeks from Thursday.
  public static func difference(_ unit: String, from first: String, to last: String) -> String {
    guard unit == "week" else { return "date_diff('\(unit)', \(first), \(last))" }
    let mondays = [last, first].map { "date_trunc('week', \($0))::date" }
    return "(\(mondays[0]) - \(mondays[1])) // 7"
  }

  /// The first moment of a date.
  func startOfDay(_ position: Int) -> String {
    SQLOperands.time(local: "(\(self[position])::timestamp)", timeZone)
  }

  /// The unit that a constant names.
  func unit(_ position: Int) -> TimeUnit? { text(position).flatMap { TimeUnit(rawValue: $0.lowercased()) } }

  /// The start of the hour, minute or second, of a length in microseconds, that an argument lies in.
  func startOfClock(_ position: Int, _ width: Int64) -> String {
    "\(self[position]) - \(SQLPiece.floorModulo("epoch_us(\(local(position)))", width))"
  }
}

extension TimeUnit {
  /// So many calendar units, for SQL to add.
  func interval(_ count: String) -> String {
    switch self {
    case .month: "to_months(\(count)::integer)"
    case .quarter: "to_months((\(count) * 3)::integer)"
    case .year: "to_years(\(count)::integer)"
    case .week: "to_days((\(count) * 7)::integer)"
    case .second, .minute, .hour, .day: "to_days(\(count)::integer)"
    }
  }
}
