import Functions
import Planning
import Values

extension Lowering {
  /// A statement that is longer says nothing to a reader, and may come from one who wants to see what happens.
  private static let longest = 200_000

  /// An expression over columns that are written in a way.
  func sql(_ expression: Expr, _ columns: [String]) throws(SQLRefusal) -> String {
    let text = try written(expression, columns)
    guard text.utf8.count <= Lowering.longest else {
      throw SQLRefusal("an expression is too long as SQL", hints: ["compute its parts in steps of their own"])
    }
    return text
  }

  func sql(_ expressions: [Expr], _ columns: [String]) throws(SQLRefusal) -> [String] {
    var texts: [String] = []
    for expression in expressions { texts.append(try sql(expression, columns)) }
    return texts
  }

  /// An expression that can stand as an operand.
  func operand(_ expression: Expr, _ columns: [String]) throws(SQLRefusal) -> String {
    Lowering.operand(try sql(expression, columns))
  }

  private func written(_ expression: Expr, _ columns: [String]) throws(SQLRefusal) -> String {
    switch expression {
    case .column(let position, _): return columns[position]
    case .literal(let scalar, let type): return Lowering.literal(scalar, type)
    case .call(let name, let overload, let arguments, let type):
      guard let template = Catalogue.scalar(name)?.overloads[overload].sql else {
        throw .missing("'\(name)'\(Lowering.types(arguments))")
      }
      if let text = template(try operands(arguments, columns)) { return text }
      // What wants to know a constant is null where that is null.
      guard arguments.contains(where: { constant($0) == .null }) else {
        throw .missing("'\(name)'\(Lowering.types(arguments))")
      }
      return Lowering.literal(.null, type)
    case .conditional(let branches, let otherwise, _):
      var text = "case"
      for branch in branches {
        text += " when \(try sql(branch.condition, columns)) then \(try sql(branch.value, columns))"
      }
      if let otherwise { text += " else \(try sql(otherwise, columns))" }
      return text + " end"
    case .coalesce(let values, _):
      return "coalesce(\(try sql(values, columns).joined(separator: ", ")))"
    case .isIn(let value, let options, let orNull):
      let operand = try operand(value, columns)
      if options.isEmpty {
        return orNull ? "null::boolean" : "case when \(operand) is not null then false end"
      }
      let list = options.map { Lowering.literal($0, value.type) } + (orNull ? ["null"] : [])
      return "\(operand) in (\(list.joined(separator: ", ")))"
    }
  }

  private func operands(_ arguments: [Expr], _ columns: [String]) throws(SQLRefusal) -> SQLOperands {
    var texts: [String] = []
    for argument in arguments { texts.append(try operand(argument, columns)) }
    return SQLOperands(texts, constants: arguments.map { constant($0) }, timeZone: timeZone)
  }

  /// The value of an expression that is the same for all rows, where it has one.
  private func constant(_ expression: Expr) -> Scalar? {
    switch expression {
    case .literal(let scalar, _): return scalar
    case .call(let name, let overload, let arguments, _):
      let values = arguments.compactMap { constant($0) }
      guard values.count == arguments.count, let kernel = Catalogue.scalar(name)?.overloads[overload].kernel
      else { return nil }
      let operands = zip(values, arguments).map { Operand(constant: $0, type: $1.type) }
      return try? kernel(operands, 1, EvaluationContext(timeZone: timeZone))[0]
    case .column, .conditional, .coalesce, .isIn: return nil
    }
  }

  /// ` of text, integer`, to tell one overload of a function from another.
  private static func types(_ arguments: [Expr]) -> String {
    arguments.isEmpty ? "" : " of \(arguments.map(\.type.rawValue).joined(separator: ", "))"
  }

  // MARK: Aggregates

  /// An aggregate, of groups or over a window.
  func sql(
    _ call: AggregateCall, _ columns: [String], order: String = Lowering.order, window: String? = nil
  ) throws(SQLRefusal) -> String {
    var filter: String?
    if let condition = call.filter { filter = try sql(condition, columns) }
    let rows = SQLAggregation(isDistinct: call.isDistinct, filter: filter, window: window, order: order)
    guard let template = Catalogue.aggregate(call.function)?.overloads[call.overload].sql,
      let text = template(try operands(call.arguments, columns), rows)
    else {
      let distinct = call.isDistinct ? " of distinct values" : ""
      throw .missing("'\(call.function)'\(distinct)\(call.isDistinct ? "" : Lowering.types(call.arguments))")
    }
    return text
  }

  // MARK: Literals

  /// A value of a type.
  static func literal(_ scalar: Scalar, _ type: ScalarType) -> String {
    switch scalar {
    case .null: "null::\(type.sqlName)"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value), .duration(let value):
      value < 0 ? "(\(value))::bigint" : "\(value)::bigint"
    case .double(let value): literal(value)
    case .text(let text): SQLText.literal(text)
    case .timestamp(let time): literal(time: time)
    case .date(let day): literal(day: day)
    }
  }

  private static func literal(_ value: Double) -> String {
    if value.isNaN { return "'nan'::double" }
    guard value.isFinite else { return value < 0 ? "'-infinity'::double" : "'infinity'::double" }
    // With an exponent, SQL reads a double and not a decimal.
    let text = value.description
    let number = text.contains("e") ? text : text + "e0"
    return value.sign == .minus ? "(\(number))" : number
  }

  private static func literal(time: Int64) -> String {
    let day = Calendar.floorDivide(time, Calendar.microsecondsPerDay)
    guard let date = text(day: day) else { return literal(.integer(time), .integer) }
    let clock = Calendar.floorModulo(time, Calendar.microsecondsPerDay)
    let seconds = clock / Calendar.microsecondsPerSecond
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    let fraction = clock % Calendar.microsecondsPerSecond
    let decimals = fraction == 0 ? "" : ".\(padded(fraction, 6))"
    return "epoch_us(timestamp '\(date) \(parts.joined(separator: ":"))\(decimals)')"
  }

  private static func literal(day: Int64) -> String {
    text(day: day).map { "date '\($0)'" } ?? "(date '1970-01-01' + (\(day))::integer)"
  }

  /// A date of the years 1 to 9999.
  private static func text(day: Int64) -> String? {
    guard (-719_162...2_932_896).contains(day) else { return nil }
    let date = Calendar.date(day)
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
  }

  private static func padded(_ value: Int64, _ digits: Int) -> String {
    String(repeating: "0", count: max(0, digits - "\(value)".count)) + "\(value)"
  }

  // MARK: Operands

  /// A text in parentheses, unless it is one word or one call already.
  static func operand(_ text: String) -> String { isOperand(text) ? text : "(\(text))" }

  private static func isOperand(_ text: String) -> Bool {
    var depth = 0
    var quote: UInt8?
    let bytes = Array(text.utf8)
    for (place, byte) in bytes.enumerated() {
      if let open = quote {
        if byte == open { quote = nil }
        continue
      }
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"):
        depth -= 1
        // A call ends with its parenthesis.
        if depth == 0, place + 1 < bytes.count, bytes[place + 1] != UInt8(ascii: ":") { return false }
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: ":"):
        continue
      default: if depth == 0 { return false }
      }
    }
    return true
  }
}
