extension Expression.Kind {
  /// The expressions directly inside, in the order they are written in.
  public var children: [Expression] {
    switch self {
    case .error, .null, .boolean, .integer, .double, .percentage, .text, .duration, .typedText, .name: []
    case .member(let base, _): [base]
    case .rows(let base, let condition): [base, condition]
    case .unary(_, let operand): [operand]
    case .binary(_, _, let left, let right): [left, right]
    case .isNull(let operand, _): [operand]
    case .isIn(let operand, let items, _): [operand] + items
    case .isBetween(let operand, let low, let high, _): [operand, low, high]
    case .isLike(let operand, let pattern, _): [operand, pattern]
    case .conditional(let operand, let branches, let otherwise):
      (operand.map { [$0] } ?? []) + branches.flatMap { [$0.condition, $0.value] }
        + (otherwise.map { [$0] } ?? [])
    case .cast(let operand, _, _): [operand]
    case .call(let call): call.arguments.map(\.value) + (call.filter.map { [$0] } ?? [])
    }
  }
}
