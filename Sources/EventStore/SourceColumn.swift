import ADBC
import Values

/// A column as the files have it, and how it is read into a log.
struct SourceColumn: Hashable, Codable {
  let name: String
  /// The database's name of the type in the files.
  let sourceType: String
  let type: ScalarType
  /// The SQL of its value, of a type that arrives as `type`.
  let expression: String
  /// Where a value may not be what it should be: what that is, and why.
  let expected: String?
  /// Where texts decided what it is.
  private(set) var facts: TextFacts?

  /// A column of texts that are taken for what they are.
  init(_ name: String, _ facts: TextFacts) {
    self.init(name, textOf: facts.type)
    self.facts = facts
  }

  /// A column that files of types have, such as Parquet.
  init(_ name: String, sourceType: String) {
    self.name = name
    self.sourceType = sourceType
    let quoted = SQLText.identifier(name)
    let finite = SourceColumn.finite
    switch sourceType {
    case "BOOLEAN": (type, expression) = (.boolean, quoted)
    case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER":
      (type, expression) = (.integer, quoted)
    case "FLOAT", "DOUBLE": (type, expression) = (.double, quoted)
    case "VARCHAR": (type, expression) = (.text, quoted)
    case "DATE": (type, expression) = (.date, finite(quoted))
    case "TIMESTAMP WITH TIME ZONE": (type, expression) = (.timestamp, finite(quoted))
    case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS":
      (type, expression) = (.timestamp, finite("\(quoted)::timestamptz"))
    case "TIMESTAMP_NS": (type, expression) = (.timestamp, finite("\(quoted)::timestamp::timestamptz"))
    case "TIME", "TIME_NS": (type, expression) = (.duration, quoted)
    case _ where sourceType.hasPrefix("DECIMAL"):
      let isWhole = sourceType.hasSuffix(",0)") && sourceType.count <= "DECIMAL(18,0)".count
      (type, expression) = isWhole ? (.integer, "\(quoted)::bigint") : (.double, "\(quoted)::double")
    case _ where sourceType.hasPrefix("STRUCT") || sourceType.hasPrefix("MAP") || sourceType.hasSuffix("]"):
      (type, expression) = (.text, "to_json(\(quoted))::varchar")
    default: (type, expression) = (.text, "\(quoted)::varchar")
    }
    expected = SourceColumn.finiteValue(of: type)
  }

  /// SQL: a time or date, or null where it is infinite: it lies in no year, and what is counted from it is wrong.
  private static func finite(_ value: String) -> String { "case when isfinite(\(value)) then \(value) end" }

  private static func finiteValue(of type: ScalarType) -> String? {
    switch type {
    case .timestamp: "a finite time, as the others are"
    case .date: "a finite date, as the others are"
    default: nil
    }
  }

  /// Whether two columns of typed files hold the same type, and are read in the same way.
  func isRead(like other: SourceColumn) -> Bool {
    sourceType == other.sourceType && type == other.type && facts == nil && other.facts == nil
  }

  /// Whether the values are times that are read from texts.
  var isTimeAsText: Bool { sourceType == "VARCHAR" && type == .timestamp }

  /// A column of times without a zone, which are in UTC.
  init(utc name: String) {
    self.name = name
    (sourceType, type) = ("TIMESTAMP", .timestamp)
    expression = SourceColumn.finite(SQLText.identifier(name))
    expected = SourceColumn.finiteValue(of: .timestamp)
  }

  /// A column of 128-bit or unsigned 64-bit integers, all of which fit 64 bits or not.
  init(_ name: String, sourceType: String, fits: Bool) {
    self.name = name
    self.sourceType = sourceType
    expected = nil
    type = fits ? .integer : .text
    expression = "\(SQLText.identifier(name))::\(fits ? "bigint" : "varchar")"
  }

  /// A column of texts that stand for values of a type: what is not of that type becomes null.
  init(_ name: String, textOf type: ScalarType) {
    self.name = name
    self.type = type
    sourceType = "VARCHAR"
    expression = SourceColumn.reading(SQLText.identifier(name), as: type)
    expected = SourceColumn.form(of: type).map { "\($0), as the others are" }
  }

  /// A column that is of a type because the project file says so: what is not of that type becomes null.
  init(_ natural: SourceColumn, declared type: ScalarType) {
    name = natural.name
    self.type = type
    sourceType = natural.sourceType
    guard type != natural.type else {
      expression = natural.expression
      expected = natural.expected
      return
    }
    expected = SourceColumn.form(of: type).map { "\($0), as 'types' says" }
    let text = natural.type == .text ? natural.expression : "(\(natural.expression))::varchar"
    let number = natural.type == .integer ? natural.expression : SourceColumn.reading(text, as: .integer)
    let value = SourceColumn.reading(text, as: type)
    switch type {
    case .integer: expression = number
    case .timestamp where natural.type != .date:
      expression = "coalesce(\(value), \(SourceColumn.time(of: number)))"
    case .date where natural.type != .timestamp:
      expression = "coalesce(\(value), (\(SourceColumn.time(of: number)))::date)"
    case .boolean, .double, .text, .timestamp, .date, .duration: expression = value
    }
  }

  /// SQL: a value as the file gives it; null where there is none. An empty text is none where texts stand for something
  /// else, as an empty field is none.
  var given: String {
    let quoted = SQLText.identifier(name)
    return sourceType == "VARCHAR" ? "nullif(\(quoted), '')" : quoted
  }

  /// SQL: the time that a number of seconds, milliseconds or microseconds since 1970 stands for by its size; null where
  /// it is of no such size.
  private static func time(of number: String) -> String {
    let cases = timeUnits.map {
      "when \(number) between \($0.numbers.lowerBound) and \($0.numbers.upperBound) "
        + "then make_timestamptz((\(number)) * \($0.microseconds)::bigint)"
    }
    return "case \(cases.joined(separator: " ")) end"
  }

  /// What numbers of seconds, milliseconds and microseconds since 1970 are: from 1973 to 2286 the three never have the
  /// same number of digits.
  private static let timeUnits: [(numbers: ClosedRange<Int64>, microseconds: Int64)] = [
    (100_000_000...9_999_999_999, 1_000_000),
    (100_000_000_000...9_999_999_999_999, 1_000),
    (100_000_000_000_000...9_999_999_999_999_999, 1),
  ]

  /// SQL: a text as a value of a type; null where it is none.
  private static func reading(_ text: String, as type: ScalarType) -> String {
    switch type {
    case .boolean: "try_cast(\(text) as boolean)"
    // The database rounds what is not whole, and takes 1_2, 0x1 and 0b1 for numbers as well.
    case .integer:
      "case when regexp_full_match(\(text), '\\s*[+-]?[0-9]+([.]0*)?\\s*') then try_cast(\(text) as bigint) end"
    case .double: "case when \(isNumber(text)) then try_cast(\(text) as double) end"
    case .timestamp: finite(time(text))
    case .date: finite("try_cast(\(text) as date)")
    case .text, .duration: text
    }
  }

  /// SQL: whether a text is a number, as people and programs write it, that is not too large for one.
  static func isNumber(_ text: String) -> String {
    "(isfinite(try_cast(\(text) as double)) and not contains(\(text), '_'))"
  }

  /// SQL: a text as a time, which is the source's where it has no offset. Names of zones are none that we read but UTC:
  /// once the database has met one it takes it for that of the times behind it, too.
  private static func time(_ text: String) -> String {
    let utc = "regexp_replace(\(text), ' ?(UTC|GMT)$', 'Z')"
    return "case when not regexp_matches(\(text), '[A-Za-z]{2}') then try_cast(\(text) as timestamptz) "
      + "when regexp_full_match(\(text), '[^A-Za-z]+T?[^A-Za-z]*(UTC|GMT)') then try_cast(\(utc) as timestamptz) end"
  }

  /// What a text has to be that stands for a value of a type.
  private static func form(of type: ScalarType) -> String? {
    switch type {
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .double: "a number"
    case .timestamp: "a time"
    case .date: "a date"
    case .text, .duration: nil
    }
  }

  /// A text that is made of other columns.
  init(_ name: String, made expression: String) {
    self.name = name
    (sourceType, type, self.expression, expected) = ("VARCHAR", .text, expression, nil)
  }

  /// The same column with another expression and type, where a role asks for it.
  private init(_ column: SourceColumn, as type: ScalarType, _ expression: String) {
    name = column.name
    sourceType = column.sourceType
    expected = nil
    self.type = type
    self.expression = expression
  }

  /// The column as the time of events: a timestamp, or null where there is none.
  ///
  /// - Parameter range: the least and greatest value of a column of integers, which say whether it counts seconds,
  ///   milliseconds or microseconds since 1970.
  func time(range: (Int64, Int64)?) throws(StoreError) -> SourceColumn {
    let quoted = SQLText.identifier(name)
    func finite(_ value: String) -> SourceColumn {
      SourceColumn(self, as: .timestamp, SourceColumn.finite(value))
    }
    switch type {
    case .timestamp: return SourceColumn(self, as: .timestamp, expression)
    case .date: return finite("(\(expression))::timestamptz")
    case .text where sourceType == "VARCHAR": return finite(SourceColumn.time(quoted))
    case .integer:
      guard let range else { return SourceColumn(self, as: .timestamp, "null::timestamptz") }
      for (numbers, microseconds) in SourceColumn.timeUnits
      where numbers.contains(range.0) && numbers.contains(range.1) {
        return SourceColumn(
          self, as: .timestamp, "make_timestamptz(try_cast(\(quoted) as bigint) * \(microseconds)::bigint)")
      }
      throw StoreError(
        "the time column '\(name)' holds integers from \(range.0) to \(range.1), which are not all seconds, "
          + "milliseconds or microseconds since 1970 of a time between 1973 and 2286",
        hints: ["write times as timestamps, or as text like 2026-01-31T12:00:00Z"])
    default:
      throw StoreError(
        "the time column '\(name)' is of type \(sourceType.lowercased())",
        hints: ["write times as timestamps, or as text like 2026-01-31T12:00:00Z"])
    }
  }

  /// The column as the entity of events, or what tells it: a text or an integer.
  func identifying(_ role: String) throws(StoreError) -> SourceColumn {
    switch type {
    case .text
    where sourceType.hasPrefix("STRUCT") || sourceType.hasPrefix("MAP") || sourceType.hasSuffix("]"): break
    case .text, .integer: return self
    case .boolean, .double, .timestamp, .date, .duration: break
    }
    throw StoreError(
      "the \(role) column '\(name)' is of type \(sourceType == "VARCHAR" ? type.rawValue : sourceType.lowercased())",
      hints: [
        role == "entity"
          ? "entities are identified by texts or whole numbers"
          : "\(role)s are identified by texts or whole numbers"
      ])
  }

  /// The column as the name of events: a text.
  func event() throws(StoreError) -> SourceColumn {
    if type == .text, !sourceType.hasPrefix("STRUCT"), !sourceType.hasPrefix("MAP"),
      !sourceType.hasSuffix("]")
    {
      return self
    }
    if sourceType == "VARCHAR" { return SourceColumn(name, textOf: .text) }
    throw StoreError(
      "the event column '\(name)' is of type \(sourceType.lowercased())", hints: ["events are named by texts"]
    )
  }
}
