import Functions
import Planning
import Values

/// Expressions of every type over a schema, of the functions of the catalogue that have SQL.
struct RandomExpressions {
  var data: RandomData
  /// Choices have expressions of their own; the spread of seconds since 1970 is rounded away on each engine.
  private static let choices: Set = ["if", "ifnull", "coalesce", "epoch"]
  private static let scalars = Catalogue.scalars.filter { function in
    !choices.contains(function.name) && function.overloads.contains { $0.sql != nil }
  }
  private static let aggregates = Catalogue.aggregates.filter { $0.overloads.contains { $0.sql != nil } }

  /// Functions by the type of their result: names once, however many overloads there are.
  private static let byResult: [ScalarType: [(ScalarFunction, [Int])]] = {
    var result: [ScalarType: [(ScalarFunction, [Int])]] = [:]
    for type in ScalarType.allCases {
      result[type] = scalars.compactMap { function in
        let fitting = function.overloads.indices.filter {
          function.overloads[$0].result == type && function.overloads[$0].sql != nil
        }
        return fitting.isEmpty ? nil : (function, fitting)
      }
    }
    return result
  }()

  /// Arguments that make sense where any value would mostly be refused, by function and parameter.
  private static let constants: [String: [Scalar]] = [
    "repeat count": [0, 1, 3].map { .integer($0) }, "lpad length": [-1, 0, 2, 5].map { .integer($0) },
    "rpad length": [-1, 0, 2, 5].map { .integer($0) }, "lpad fill": [.text("x"), .text("日a")],
    "rpad fill": [.text("."), .text("ab")], "round digits": [-2, -1, 0, 1, 2].map { .integer($0) },
    "split_part separator": [.text("a"), .text(" "), .text("日")],
    "split_part position": [-2, -1, 1, 2, 3].map { .integer($0) },
    "substr count": [0, 1, 3].map { .integer($0) }, "substring count": [0, 2].map { .integer($0) },
    "like pattern": ["%", "_", "%a%", "", "D_", "it's", "\\%%", "%\\", "日%", "_b"].map { .text($0) },
    "regexp_matches pattern": ["^[A-Z]", "a|b", "", "(?i)de", "\\s", "^.$", "日"].map { .text($0) },
    "regexp_extract pattern": ["[a-z]+", "(.)(.)", "", "^.", "[0-9]"].map { .text($0) },
    "regexp_extract group": [.integer(0), .integer(1)],
    "regexp_replace pattern": ["[a-z]", "", "s+", "a*"].map { .text($0) },
    "regexp_replace replacement": [.text("-"), .text("")],
    "date_add count": [-13, -1, 0, 1, 2, 25].map { .integer($0) },
    "date year": [.integer(2026), .integer(1969)], "date month": [.integer(1), .integer(12)],
    "date day": [.integer(1), .integer(28)],
    "from_epoch seconds": [.integer(-1), .integer(1_774_650_123), .double(0.25), .double(-1.5e9)],
    "quantile share": [0, 0.1, 0.5, 0.75, 1].map { .double($0) },
    "string_agg separator": [.text(", "), .text("")],
    "power exponent": [-1, 0, 0.5, 2].map { .double($0) }, "exp x": [0, 1, -2].map { .double($0) },
  ]

  init(_ data: RandomData) { self.data = data }

  mutating func literal(_ type: ScalarType) -> Expr {
    .literal(data.dice.chance(8) ? .null : data.scalar(type), type)
  }

  mutating func expression(_ type: ScalarType, _ schema: Schema, depth: Int) -> Expr {
    let columns = schema.indices.filter { schema[$0].type == type }
    if depth <= 0 || data.dice.chance(30) {
      if !columns.isEmpty, data.dice.chance(80) { return .column(data.dice.pick(columns), type) }
      return literal(type)
    }
    switch data.dice.below(20) {
    case 0...1:
      let branches = (0...data.dice.below(2)).map { _ in
        Expr.Branch(
          condition: expression(.boolean, schema, depth: depth - 1),
          value: expression(type, schema, depth: depth - 1))
      }
      let otherwise = data.dice.chance(60) ? expression(type, schema, depth: depth - 1) : nil
      return .conditional(branches, otherwise: otherwise, type)
    case 2:
      return .coalesce((0...data.dice.below(3)).map { _ in expression(type, schema, depth: depth - 1) }, type)
    case 3...5 where type == .boolean:
      let of = data.dice.pick(ScalarType.allCases)
      let options = (0..<data.dice.below(4)).map { _ in data.scalar(of) }
      return .isIn(expression(of, schema, depth: depth - 1), options, orNull: data.dice.chance(15))
    default: return call(type, schema, depth: depth)
    }
  }

  private mutating func call(_ type: ScalarType, _ schema: Schema, depth: Int) -> Expr {
    guard let functions = RandomExpressions.byResult[type], !functions.isEmpty else { return literal(type) }
    let (function, fitting) = data.dice.pick(functions)
    let index = data.dice.pick(fitting)
    let overload = function.overloads[index]
    var parameters = overload.parameters
    if overload.isVariadic, let last = parameters.last {
      parameters += [Parameter](repeating: last, count: data.dice.below(3))
    }
    let arguments = arguments(parameters, of: function.name, schema, depth: depth)
    return .call(function.name, overload: index, arguments, type)
  }

  private mutating func arguments(
    _ parameters: [Parameter], of function: String, _ schema: Schema, depth: Int
  ) -> [Expr] {
    parameters.map { parameter in
      if case .word(let words) = parameter.demand { return .literal(.text(data.dice.pick(words)), .text) }
      let known = RandomExpressions.constants["\(function) \(parameter.name)"]?.filter {
        $0.type == parameter.type
      }
      if let known, !known.isEmpty { return .literal(data.dice.pick(known), parameter.type) }
      if function == "bucket", parameter.name == "width" {
        let width: [ScalarType: Scalar] = [
          .integer: .integer(3), .duration: .duration(3_600_000_000), .double: .double(0.5),
        ]
        return .literal(width[parameter.type] ?? .null, parameter.type)
      }
      if parameter.demand == .constant { return .literal(data.scalar(parameter.type), parameter.type) }
      return expression(parameter.type, schema, depth: depth - 1)
    }
  }

  mutating func aggregate(_ name: String, _ schema: Schema) -> AggregateCall {
    let function = data.dice.pick(RandomExpressions.aggregates)
    let index = data.dice.pick(function.overloads.indices.filter { function.overloads[$0].sql != nil })
    let overload = function.overloads[index]
    let isDistinct = !overload.parameters.isEmpty && data.dice.chance(15)
    return AggregateCall(
      field: Field(name, overload.result), function: function.name, overload: index,
      arguments: arguments(overload.parameters, of: function.name, schema, depth: data.dice.below(3)),
      isDistinct: isDistinct, filter: data.dice.chance(20) ? expression(.boolean, schema, depth: 2) : nil)
  }
}
