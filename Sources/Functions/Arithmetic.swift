import Values

/// Operators and functions of numbers.
enum Arithmetic {
  static let functions: [ScalarFunction] = operators + rounding + powers + parts

  // MARK: Operators

  private static let operators: [ScalarFunction] = [
    ScalarFunction(
      "+", .arithmetic, "The sum; a date moves by days, a timestamp or a date by a duration.",
      [
        wholes("+", .integer, .integer, .integer) { $0.addingReportingOverflow($1) },
        doubles("+") { $0 + $1 },
        moments("+", .timestamp, .duration, .timestamp) { $0.addingReportingOverflow($1) },
        moments("+", .duration, .timestamp, .timestamp) { $0.addingReportingOverflow($1) },
        days("+", .date, .integer) { $0.addingReportingOverflow($1) },
        days("+", .integer, .date) { $0.addingReportingOverflow($1) },
        moments("+", .date, .duration, .timestamp) { $0.addingReportingOverflow($1) },
        moments("+", .duration, .date, .timestamp) { $0.addingReportingOverflow($1) },
        wholes("+", .duration, .duration, .duration) { $0.addingReportingOverflow($1) },
      ], display: .argument(0),
      examples: [
        Example("2 + 3", "5"), Example("date '2026-02-27' + 2", "2026-03-01"),
        Example("timestamp '2026-03-01 23:30:00' + 1 hour", "2026-03-02T00:30:00Z"),
      ]),
    ScalarFunction(
      "-", .arithmetic, "The difference; of two dates in days, of two timestamps a duration.",
      [
        wholes("-", .integer, .integer, .integer) { $0.subtractingReportingOverflow($1) },
        doubles("-") { $0 - $1 },
        moments("-", .timestamp, .duration, .timestamp) { $0.subtractingReportingOverflow($1) },
        wholes("-", .timestamp, .timestamp, .duration) { $0.subtractingReportingOverflow($1) },
        days("-", .date, .integer) { $0.subtractingReportingOverflow($1) },
        wholes("-", .date, .date, .integer) { $0.subtractingReportingOverflow($1) },
        moments("-", .date, .duration, .timestamp) { $0.subtractingReportingOverflow($1) },
        wholes("-", .duration, .duration, .duration) { $0.subtractingReportingOverflow($1) },
      ], display: .argument(0),
      examples: [
        Example("2 - 3", "-1"), Example("date '2026-03-01' - date '2026-02-27'", "2"),
        Example("timestamp '2026-03-01 12:00:00' - timestamp '2026-03-01 10:30:00'", "PT1H30M"),
      ]),
    ScalarFunction(
      "*", .arithmetic, "The product; a duration can be multiplied by a number.",
      [
        wholes("*", .integer, .integer, .integer) { $0.multipliedReportingOverflow(by: $1) },
        doubles("*") { $0 * $1 },
        wholes("*", .duration, .integer, .duration) { $0.multipliedReportingOverflow(by: $1) },
        wholes("*", .integer, .duration, .duration) { $0.multipliedReportingOverflow(by: $1) },
        .init(
          operands(.duration, .double), result: .duration, sql: { rounded("\($0[0])::double * \($0[1])") }
        ) { operands, count, _ in
          let (a, b) = (Lane<Int64>(operands[0]), Lane<Double>(operands[1]))
          return try eachRow(operands, count, as: .duration) { row in
            try scaled(Double(a[row]) * b[row], "*", operands, row)
          }
        },
        .init(
          operands(.double, .duration), result: .duration, sql: { rounded("\($0[0]) * \($0[1])::double") }
        ) { operands, count, _ in
          let (a, b) = (Lane<Double>(operands[0]), Lane<Int64>(operands[1]))
          return try eachRow(operands, count, as: .duration) { row in
            try scaled(a[row] * Double(b[row]), "*", operands, row)
          }
        },
      ],
      examples: [Example("6 * 7", "42"), Example("1.5 * 2 hours", "PT3H")]),
    ScalarFunction(
      "/", .arithmetic,
      "The quotient, always a double, of durations too; a duration by a number is a duration. "
        + "Division by zero is null.",
      [
        .init(operands(.double, .double), result: .double, sql: { "\($0[0]) / nullif(\($0[1]), 0)" }) {
          operands, count, _ in quotient(operands, count)
        },
        .init(
          operands(.duration, .duration), result: .double,
          sql: { "\($0[0])::double / nullif(\($0[1]), 0)::double" }
        ) { operands, count, _ in
          let (a, b) = (Lane<Int64>(operands[0]), Lane<Int64>(operands[1]))
          return try eachRow(operands, count, as: .double) { row in
            b[row] == 0 ? nil : Double(a[row]) / Double(b[row])
          }
        },
        .init(
          operands(.duration, .double), result: .duration,
          sql: { rounded("\($0[0])::double / nullif(\($0[1]), 0)") }
        ) { operands, count, _ in
          let (a, b) = (Lane<Int64>(operands[0]), Lane<Double>(operands[1]))
          return try eachRow(operands, count, as: .duration) { row in
            b[row] == 0 ? nil : try scaled(Double(a[row]) / b[row], "/", operands, row)
          }
        },
      ],
      examples: [
        Example("7 / 2", "3.5"), Example("1 / 0", ""), Example("3 hours / 30 minutes", "6"),
        Example("3 hours / 2", "PT1H30M"),
      ]),
    remainder(named: "%", [Example("7 % 3", "1"), Example("-7 % 3", "-1"), Example("7 % 0", "")]),
    remainder(named: "mod", [Example("mod(7.5, 2)", "1.5")]),
    ScalarFunction(
      "unary -", .arithmetic, "The number or duration with the other sign.",
      [ScalarType.integer, .duration].map { type in
        .init([Parameter("x", type)], result: type, sql: { "-\($0[0])" }) { operands, count, _ in
          try negated(operands, count, type)
        }
      } + [double({ "-\($0[0])" }) { -$0 }], display: .argument(0),
      examples: [Example("-(2 + 3)", "-5")]),
  ]

  private static func remainder(named name: String, _ examples: [Example]) -> ScalarFunction {
    ScalarFunction(
      name, .arithmetic, "The remainder of a division, with the sign of the dividend. By zero it is null.",
      [
        .init(
          operands(.integer, .integer), result: .integer, sql: { "\($0[0]) % nullif(\($0[1]), 0)" }
        ) { operands, count, _ in
          let (a, b) = (Lane<Int64>(operands[0]), Lane<Int64>(operands[1]))
          return try eachRow(operands, count, as: .integer) { row in
            b[row] == 0 ? nil : a[row].remainderReportingOverflow(dividingBy: b[row]).partialValue
          }
        },
        .init(
          operands(.double, .double), result: .double, sql: { "\($0[0]) % nullif(\($0[1]), 0)" }
        ) { operands, count, _ in
          let (a, b) = (Lane<Double>(operands[0]), Lane<Double>(operands[1]))
          return try eachRow(operands, count, as: .double) { row in
            b[row] == 0 ? nil : a[row].truncatingRemainder(dividingBy: b[row])
          }
        },
      ], examples: examples)
  }
}

// MARK: Overloads

extension Arithmetic {
  private static func operands(_ left: ScalarType, _ right: ScalarType) -> [Parameter] {
    [Parameter("a", left), Parameter("b", right)]
  }

  static func text(_ operand: Operand, _ row: Int) -> String {
    ValueFormatter.machine(operand.scalar(row))
  }

  static func tooLarge(_ expression: String, _ type: ScalarType) -> EvaluationError {
    let rule = type == .duration ? "is longer than a duration can be" : "does not fit a 64-bit integer"
    return EvaluationError("\(expression) \(rule)")
  }

  /// Two doubles to one; `combine` is inlined into a loop here, one copy for each operator.
  @inline(__always)
  private static func doubles(
    _ symbol: String, _ combine: @escaping @Sendable (Double, Double) -> Double
  ) -> ScalarFunction.Overload {
    .init(operands(.double, .double), result: .double, sql: { "\($0[0]) \(symbol) \($0[1])" }) {
      operands, count, _ in
      zip(operands, count, as: .double) { (a: Double, b: Double) in combine(a, b) }
    }
  }

  /// Two whole numbers to one, with an error that names both where the result does not fit.
  @inline(__always)
  private static func wholes(
    _ symbol: String, _ left: ScalarType, _ right: ScalarType, _ result: ScalarType,
    _ combine: @escaping @Sendable (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) -> ScalarFunction.Overload {
    .init(operands(left, right), result: result, sql: { "\($0[0]) \(symbol) \($0[1])" }) {
      operands, count, _ in
      try checked(operands, count, as: result, combine) { row in
        tooLarge("\(text(operands[0], row)) \(symbol) \(text(operands[1], row))", result)
      }
    }
  }

  /// As `wholes`, for dates moved by days.
  @inline(__always)
  private static func days(
    _ symbol: String, _ left: ScalarType, _ right: ScalarType,
    _ combine: @escaping @Sendable (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) -> ScalarFunction.Overload {
    .init(
      operands(left, right), result: .date,
      sql: { sql in
        let sides = [left, right].enumerated().map { $1 == .date ? sql[$0] : "\(sql[$0])::integer" }
        return SQLPiece.checked(day: "(\(sides[0]) \(symbol) \(sides[1]))")
      }
    ) { operands, count, _ in
      try checked(operands, count, as: .date) { a, b in
        let (day, overflow) = combine(a, b)
        return (day, overflow || !CalendarRange.days.contains(day))
      } error: { row in
        CalendarRange.error("\(text(operands[0], row)) \(symbol) \(text(operands[1], row))")
      }
    }
  }

  /// As `wholes`, for moments moved by durations; a date stands for its start in the context's zone.
  @inline(__always)
  private static func moments(
    _ symbol: String, _ left: ScalarType, _ right: ScalarType, _ result: ScalarType,
    _ combine: @escaping @Sendable (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) -> ScalarFunction.Overload {
    .init(
      operands(left, right), result: result,
      sql: { sql in
        let sides = [left, right].enumerated().map { $1 == .date ? sql.startOfDay($0) : sql[$0] }
        return SQLPiece.checked(time: "(\(sides[0]) \(symbol) \(sides[1]))")
      }
    ) { operands, count, context in
      let moments = operands.map { $0.column.type == .date ? startOfDays($0, context.timeZone) : $0 }
      return try checked(moments, count, as: result) { a, b in
        let (time, overflow) = combine(a, b)
        return (time, overflow || !CalendarRange.times.contains(time))
      } error: { row in
        CalendarRange.error("\(text(operands[0], row)) \(symbol) \(text(operands[1], row))")
      }
    }
  }

  /// A number of microseconds as a whole one, half away from zero; null of NaN.
  private static func rounded(_ sql: String) -> String { "round(nullif(\(sql), 'nan'::double))::bigint" }

  private static func startOfDays(_ dates: Operand, _ zone: TimeZoneRules) -> Operand {
    guard case .integers(let days) = dates.column.values else { preconditionFailure("a date holds integers") }
    return Operand(
      .integers(days.map { zone.startOfDay($0) }, as: .timestamp, validity: dates.column.validity),
      isConstant: dates.isConstant)
  }

  /// Runs the whole batch without a branch, and looks for the place only when some row overflowed.
  @inline(__always)
  private static func checked(
    _ operands: [Operand], _ count: Int, as type: ScalarType,
    _ combine: (Int64, Int64) -> (partialValue: Int64, overflow: Bool), error: (Int) -> EvaluationError
  ) throws -> Column {
    var flags: UInt8 = 0
    let values: [Int64] = zipped(operands, count) { (a: Int64, b: Int64) in
      let (value, overflow) = combine(a, b)
      flags |= overflow ? 1 : 0
      return value
    }
    let validity = jointValidity(operands, count)
    if flags != 0 {
      let (a, b) = (Lane<Int64>(operands[0]), Lane<Int64>(operands[1]))
      for row in 0..<count where validity.map({ $0[row] != 0 }) ?? true && combine(a[row], b[row]).overflow {
        throw error(row)
      }
    }
    return .integers(values, as: type, validity: validity)
  }

  private static func quotient(_ operands: [Operand], _ count: Int) -> Column {
    let values: [Double] = zipped(operands, count) { (a: Double, b: Double) in a / b }
    let given = jointValidity(operands, count)
    let divisors = Double.values(of: operands[1].column)
    guard divisors.contains(0) else { return .doubles(values, validity: given) }
    var validity = given ?? [UInt8](repeating: 1, count: count)
    let step = operands[1].isConstant ? 0 : 1
    for row in 0..<count where divisors[row &* step] == 0 { validity[row] = 0 }
    return .doubles(values, validity: validity)
  }

  private static func negated(_ operands: [Operand], _ count: Int, _ type: ScalarType) throws -> Column {
    let x = Lane<Int64>(operands[0])
    return try eachRow(operands, count, as: type) { row -> Int64? in
      if x[row] == .min { throw tooLarge("-(\(text(operands[0], row)))", type) }
      return -x[row]
    }
  }

  /// A duration from microseconds as a double, rounded to a whole one; nothing from NaN.
  private static func scaled(
    _ microseconds: Double, _ symbol: String, _ operands: [Operand], _ row: Int
  ) throws -> Int64? {
    if microseconds.isNaN { return nil }
    guard let whole = Int64(exactly: microseconds.rounded()) else {
      throw tooLarge("\(text(operands[0], row)) \(symbol) \(text(operands[1], row))", .duration)
    }
    return whole
  }
}
