/// How tightly an operator binds, from the weakest to the strongest.
enum Precedence: Int, Comparable {
  case or = 1
  case and, not, comparison, concatenation, additive, multiplicative, unary, postfix, primary

  /// Whether it binds weaker.
  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

  /// The level that binds next tighter.
  var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .primary }
}

extension BinaryOperator {
  /// How tightly it binds.
  var precedence: Precedence {
    switch self {
    case .or: .or
    case .and: .and
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: .comparison
    case .isDistinctFrom, .isNotDistinctFrom: .comparison
    case .concatenate: .concatenation
    case .add, .subtract: .additive
    case .multiply, .divide, .remainder: .multiplicative
    }
  }
}

extension Expression.Kind {
  /// How tightly the expression holds together when it is written without parentheses.
  var precedence: Precedence {
    switch self {
    case .binary(let binary, _, _, _): binary.precedence
    case .unary(.not, _): .not
    case .unary: .unary
    case .isNull, .isIn, .isBetween, .isLike: .comparison
    case .member, .rows: .postfix
    case .integer(let value): value < 0 ? .unary : .primary
    case .double(let value), .percentage(let value): value.sign == .minus ? .unary : .primary
    case .duration(let value): value < 0 ? .unary : .primary
    default: .primary
    }
  }

  /// Whether it is true or false by its form alone.
  var isCondition: Bool {
    switch self {
    case .boolean: true
    default: precedence <= .comparison
    }
  }
}
