import Values

/// Three-valued logic: null stands for a truth that is not known.
enum Logic {
  static let functions: [ScalarFunction] = [
    ScalarFunction(
      "and", .logic, "True when both are true, false when one is false, else null.",
      [
        .init(pair, result: .boolean, sql: { "\($0[0]) and \($0[1])" }) { operands, count, _ in
          connected(operands, count, decisive: 0)
        }
      ],
      examples: [Example("true and false", "false"), Example("false and null", "false")]),
    ScalarFunction(
      "or", .logic, "True when one is true, false when both are false, else null.",
      [
        .init(pair, result: .boolean, sql: { "\($0[0]) or \($0[1])" }) { operands, count, _ in
          connected(operands, count, decisive: 1)
        }
      ],
      examples: [Example("true or false", "true"), Example("true or null", "true")]),
    ScalarFunction(
      "not", .logic, "True of false and false of true; null of null.",
      [
        .init([Parameter("x", .boolean)], result: .boolean, sql: { "not \($0[0])" }) { operands, count, _ in
          map(operands, count, as: .boolean) { (x: UInt8) -> UInt8 in x ^ 1 }
        }
      ], examples: [Example("not true", "false")]),
    ScalarFunction(
      "is null", .logic, "Whether there is no value.",
      ScalarType.allCases.map { type in
        .init([Parameter("x", type)], result: .boolean, sql: { "\($0[0]) is null" }) { operands, count, _ in
          presence(operands[0], count, ofValue: 0)
        }
      }, examples: [Example("null is null", "true"), Example("0 is null", "false")]),
    ScalarFunction(
      "is not null", .logic, "Whether there is a value.",
      ScalarType.allCases.map { type in
        .init([Parameter("x", type)], result: .boolean, sql: { "\($0[0]) is not null" }) {
          operands, count, _ in
          presence(operands[0], count, ofValue: 1)
        }
      }, examples: [Example("'' is not null", "true")]),
  ]

  private static let pair = [Parameter("a", .boolean), Parameter("b", .boolean)]

  /// One side with the decisive value decides; without one, a null leaves it open.
  private static func connected(_ operands: [Operand], _ count: Int, decisive: UInt8) -> Column {
    guard operands.contains(where: { $0.column.validity != nil }) else {
      return decisive == 0
        ? zip(operands, count, as: .boolean) { (a: UInt8, b: UInt8) -> UInt8 in a & b }
        : zip(operands, count, as: .boolean) { (a: UInt8, b: UInt8) -> UInt8 in a | b }
    }
    let (a, b) = (Lane<UInt8>(operands[0]), Lane<UInt8>(operands[1]))
    var values = [UInt8](repeating: 0, count: count)
    var validity = [UInt8](repeating: 1, count: count)
    var hasNull = false
    for row in 0..<count {
      let (left, right) = (!operands[0].isNull(row), !operands[1].isNull(row))
      if left && a[row] == decisive || right && b[row] == decisive {
        values[row] = decisive
      } else if left && right {
        values[row] = 1 - decisive
      } else {
        validity[row] = 0
        hasNull = true
      }
    }
    return .booleans(values, validity: hasNull ? validity : nil)
  }

  private static func presence(_ operand: Operand, _ count: Int, ofValue present: UInt8) -> Column {
    guard let validity = operand.column.validity else {
      return .booleans([UInt8](repeating: present, count: count))
    }
    if operand.isConstant {
      return .booleans([UInt8](repeating: validity[0] != 0 ? present : 1 - present, count: count))
    }
    return .booleans(present == 1 ? validity : validity.map { 1 - $0 })
  }
}
