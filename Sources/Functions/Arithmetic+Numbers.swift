import Values

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Functions of numbers: rounding, roots and powers, signs.
extension Arithmetic {
  // MARK: Rounding

  static let rounding: [ScalarFunction] = [
    whole("floor", "The largest whole number that is not larger.", [Example("floor(-2.5)", "-3")]) {
      $0.rounded(.down)
    },
    whole("ceil", "The smallest whole number that is not smaller.", [Example("ceil(2.1)", "3")]) {
      $0.rounded(.up)
    },
    whole("trunc", "The number without its decimals.", [Example("trunc(-2.9)", "-2")]) {
      $0.rounded(.towardZero)
    },
    ScalarFunction(
      "round", .arithmetic,
      "The nearest number with so many decimals, by default none; a half is rounded away from zero. "
        + "Negative decimals round to tens, hundreds and so on.",
      [
        .init([Parameter("x", .integer)], result: .integer, sql: { $0[0] }) { operands, count, _ in
          operands[0].expanded(to: count)
        },
        double({ "round(\($0[0]))" }) { $0.rounded() },
        .init(
          [Parameter("x", .integer), Parameter("digits", .integer)], result: .integer,
          sql: { sql in
            guard let digits = sql.integer(1) else { return nil }
            if digits >= 0 { return sql[0] }
            return digits < -18 ? "\(sql[0]) * 0" : "round(\(sql[0])::hugeint, \(digits))::bigint"
          }
        ) { operands, count, _ in
          let (x, digits) = (Lane<Int64>(operands[0]), Lane<Int64>(operands[1]))
          return try eachRow(operands, count, as: .integer) { row in
            try rounded(x[row], digits: digits[row])
          }
        },
        .init(
          [Parameter("x", .double), Parameter("digits", .integer)], result: .double,
          sql: { sql in
            // Beyond, numbers round to themselves or to zero.
            guard let digits = sql.integer(1), (-300...300).contains(digits) else { return nil }
            let scale = pow(10, Double(abs(digits)))
            let shifted = "(\(sql[0]) \(digits >= 0 ? "*" : "/") \(scale)::double)"
            return "case when abs(\(shifted)) < 4503599627370496 then round(\(shifted)) "
              + "\(digits >= 0 ? "/" : "*") \(scale)::double else \(sql[0]) end"
          }
        ) { operands, count, _ in
          let (x, digits) = (Lane<Double>(operands[0]), Lane<Int64>(operands[1]))
          return try eachRow(operands, count, as: .double) { row in rounded(x[row], digits: digits[row]) }
        },
      ], display: .argument(0),
      examples: [
        Example("round(2.567, 1)", "2.6"), Example("round(-2.5)", "-3"), Example("round(1250, -2)", "1300"),
      ]),
    ScalarFunction(
      "bucket", .arithmetic,
      "The start of the interval of the given width, counted from zero, that a value lies in.",
      [ScalarType.integer, .duration].map { type in
        .init(
          [Parameter("x", type), Parameter("width", type)], result: type,
          sql: { sql in
            guard let width = sql.constant(1)?.integral, width > 0, width < 1 << 61 else { return nil }
            return "\(sql[0]) - \(SQLPiece.floorModulo(sql[0], width))"
          }
        ) { operands, count, _ in
          let (x, width) = (Lane<Int64>(operands[0]), Lane<Int64>(operands[1]))
          return try eachRow(operands, count, as: type) { row -> Int64? in
            guard width[row] > 0 else { throw widthError(operands[1].scalar(row)) }
            let rest = x[row] % width[row]
            let (start, overflow) = x[row].subtractingReportingOverflow(rest < 0 ? rest + width[row] : rest)
            return overflow ? nil : start
          }
        }
      } + [
        .init(
          [Parameter("x", .double), Parameter("width", .double)], result: .double,
          sql: { sql in
            guard case .double(let width)? = sql.constant(1), width > 0 else { return nil }
            return "floor(\(sql[0]) / \(sql[1])) * \(sql[1])"
          }
        ) { operands, count, _ in
          let (x, width) = (Lane<Double>(operands[0]), Lane<Double>(operands[1]))
          return try eachRow(operands, count, as: .double) { row -> Double? in
            guard width[row] > 0 else { throw widthError(operands[1].scalar(row)) }
            return (x[row] / width[row]).rounded(.down) * width[row]
          }
        }
      ], display: .argument(0),
      examples: [Example("bucket(47, 10)", "40"), Example("bucket(-1, 10)", "-10")]),
  ]

  private static func widthError(_ width: Scalar) -> EvaluationError {
    EvaluationError("the width of a bucket is above zero, not \(ValueFormatter.machine(width))")
  }

  /// A double rounded half away from zero at a decimal place; unchanged where it has no digits beyond.
  private static func rounded(_ x: Double, digits: Int64) -> Double {
    guard digits <= 300 else { return x }
    guard digits >= -308 else { return x.isFinite ? 0 : x }
    let scale = pow(10, Double(abs(digits)))
    let shifted = digits >= 0 ? x * scale : x / scale
    guard abs(shifted) < 4_503_599_627_370_496 else { return x }
    return digits >= 0 ? shifted.rounded() / scale : shifted.rounded() * scale
  }

  private static func rounded(_ x: Int64, digits: Int64) throws -> Int64 {
    guard digits < 0 else { return x }
    guard digits >= -18 else { return 0 }
    var scale: Int64 = 1
    for _ in digits..<0 { scale *= 10 }
    let rest = x % scale
    let step: Int64 = rest.magnitude * 2 >= scale.magnitude ? (x < 0 ? -scale : scale) : 0
    let (result, overflow) = (x - rest).addingReportingOverflow(step)
    if overflow { throw EvaluationError("round(\(x), \(digits)) does not fit a 64-bit integer") }
    return result
  }

  // MARK: Roots, powers, logarithms

  static let powers: [ScalarFunction] = [
    real(
      "sqrt", "The square root; null of a negative number.", [Example("sqrt(2.25)", "1.5")],
      sql: { "case when \($0[0]) >= 0 then sqrt(\($0[0])) end" }
    ) {
      $0 < 0 ? nil : $0.squareRoot()
    },
    real("exp", "e to the power of a number.", [Example("exp(0)", "1")], sql: { "exp(\($0[0]))" }) {
      exp($0)
    },
    real(
      "ln", "The natural logarithm; null unless the number is above zero.", [Example("ln(1)", "0")],
      sql: { "case when \($0[0]) > 0 then ln(\($0[0])) end" }
    ) {
      $0 <= 0 ? nil : log($0)
    },
    real(
      "log10", "The logarithm to base 10; null unless the number is above zero.",
      [Example("log10(1000)", "3")], sql: { "case when \($0[0]) > 0 then log10(\($0[0])) end" }
    ) {
      $0 <= 0 ? nil : log10($0)
    },
    real(
      "log2", "The logarithm to base 2; null unless the number is above zero.", [Example("log2(8)", "3")],
      sql: { "case when \($0[0]) > 0 then log2(\($0[0])) end" }
    ) {
      $0 <= 0 ? nil : log2($0)
    },
    ScalarFunction(
      "log", .arithmetic, "The logarithm to a base; null unless both are above zero and the base is not 1.",
      [
        .init(
          [Parameter("base", .double), Parameter("x", .double)], result: .double,
          sql: { sql in
            let isDefined = "\(sql[0]) > 0 and \(sql[0]) <> 1 and \(sql[1]) > 0"
            return "case when \(isDefined) then log2(\(sql[1])) / log2(\(sql[0])) end"
          }
        ) { operands, count, _ in
          let (base, x) = (Lane<Double>(operands[0]), Lane<Double>(operands[1]))
          return try eachRow(operands, count, as: .double) { row in
            base[row] <= 0 || base[row] == 1 || x[row] <= 0 ? nil : log2(x[row]) / log2(base[row])
          }
        }
      ], examples: [Example("log(2, 8)", "3")]),
    ScalarFunction(
      "power", .arithmetic,
      "A number to the power of another; null where that is not a real number, as for `power(0, -1)`.",
      [
        .init(
          [Parameter("x", .double), Parameter("exponent", .double)], result: .double,
          sql: { sql in
            let result = "pow(\(sql[0]), \(sql[1]))"
            let isNone = "isnan(\(result)) and not isnan(\(sql[0])) and not isnan(\(sql[1]))"
            return "case when \(sql[0]) = 0 and \(sql[1]) < 0 or \(isNone) then null else \(result) end"
          }
        ) { operands, count, _ in
          let (x, exponent) = (Lane<Double>(operands[0]), Lane<Double>(operands[1]))
          return try eachRow(operands, count, as: .double) { row -> Double? in
            if x[row] == 0, exponent[row] < 0 { return nil }
            let result = pow(x[row], exponent[row])
            return result.isNaN && !x[row].isNaN && !exponent[row].isNaN ? nil : result
          }
        }
      ], examples: [Example("power(2, 10)", "1024"), Example("power(-8, 0.5)", "")]),
    ScalarFunction(
      "pi", .arithmetic, "The ratio of a circle's circumference to its diameter.",
      [
        .init([], result: .double, sql: { _ in "pi()" }) { _, count, _ in
          Column(repeating: .double(.pi), type: .double, count: count)
        }
      ],
      examples: [Example("round(pi(), 4)", "3.1416")]),
  ]

  // MARK: Sign and kind

  static let parts: [ScalarFunction] = [
    ScalarFunction(
      "abs", .arithmetic, "The number or duration without its sign.",
      [ScalarType.integer, .duration].map { type in
        .init([Parameter("x", type)], result: type, sql: { "abs(\($0[0]))" }) { operands, count, _ in
          let x = Lane<Int64>(operands[0])
          return try eachRow(operands, count, as: type) { row -> Int64? in
            if x[row] == .min { throw tooLarge("abs(\(text(operands[0], row)))", type) }
            return abs(x[row])
          }
        }
      } + [double({ "abs(\($0[0]))" }) { abs($0) }], display: .argument(0),
      examples: [Example("abs(-3)", "3")]),
    ScalarFunction(
      "sign", .arithmetic, "-1, 0 or 1 as the number or duration is below, at or above zero; null of NaN.",
      [ScalarType.integer, .duration].map { type in
        .init([Parameter("x", type)], result: .integer, sql: { "sign(\($0[0]))::bigint" }) {
          operands, count, _ in
          map(operands, count, as: .integer) { (x: Int64) in x.signum() }
        }
      } + [
        .init(
          [Parameter("x", .double)], result: .integer,
          sql: { "sign(nullif(\($0[0]), 'nan'::double))::bigint" }
        ) { operands, count, _ in
          let x = Lane<Double>(operands[0])
          return try eachRow(operands, count, as: .integer) { row -> Int64? in
            x[row].isNaN ? nil : x[row] > 0 ? 1 : x[row] < 0 ? -1 : 0
          }
        }
      ], examples: [Example("sign(-2.5)", "-1")]),
    ScalarFunction(
      "isnan", .arithmetic, "Whether a double is not a number.",
      [
        .init([Parameter("x", .double)], result: .boolean, sql: { "isnan(\($0[0]))" }) { operands, count, _ in
          map(operands, count, as: .boolean) { (x: Double) -> UInt8 in x.isNaN ? 1 : 0 }
        }
      ], examples: [Example("isnan(1.5)", "false"), Example("isnan(cast('NaN' as double))", "true")]),
  ]

  // MARK: Overloads

  @inline(__always)
  static func double(
    _ sql: @escaping SQLTemplate, _ transform: @escaping @Sendable (Double) -> Double
  ) -> ScalarFunction.Overload {
    .init([Parameter("x", .double)], result: .double, sql: sql) { operands, count, _ in
      map(operands, count, as: .double) { (x: Double) in transform(x) }
    }
  }

  /// A function that gives a whole number of a double, and an integer as it is.
  @inline(__always)
  private static func whole(
    _ name: String, _ summary: String, _ examples: [Example],
    _ transform: @escaping @Sendable (Double) -> Double
  ) -> ScalarFunction {
    ScalarFunction(
      name, .arithmetic, summary,
      [
        .init([Parameter("x", .integer)], result: .integer, sql: { $0[0] }) { operands, count, _ in
          operands[0].expanded(to: count)
        },
        double({ "\(name)(\($0[0]))" }, transform),
      ], display: .argument(0), examples: examples)
  }

  /// A function of a double that has no value outside its domain.
  @inline(__always)
  private static func real(
    _ name: String, _ summary: String, _ examples: [Example], sql: @escaping SQLTemplate,
    _ transform: @escaping @Sendable (Double) -> Double?
  ) -> ScalarFunction {
    ScalarFunction(
      name, .arithmetic, summary,
      [
        .init([Parameter("x", .double)], result: .double, sql: sql) { operands, count, _ in
          let x = Lane<Double>(operands[0])
          return try eachRow(operands, count, as: .double) { row in transform(x[row]) }
        }
      ], examples: examples)
  }
}
