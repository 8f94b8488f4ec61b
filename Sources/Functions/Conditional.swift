import Values

/// Choices between values. A plan may evaluate their arguments only where they are needed; these kernels get
/// all.
enum Conditional {
  static let functions: [ScalarFunction] = [
    ScalarFunction(
      "if", .conditional, "The second value where the condition is true, else the third.",
      ScalarType.allCases.map { type in
        .init(
          [Parameter("condition", .boolean), Parameter("then", type), Parameter("otherwise", type)],
          result: type, sql: { "case when \($0[0]) then \($0[1]) else \($0[2]) end" }
        ) { operands, count, _ in
          let condition = Lane<UInt8>(operands[0])
          let choice = (0..<count).map { row -> Int32 in
            !operands[0].isNull(row) && condition[row] != 0 ? 0 : 1
          }
          return Column(choosing: choice, from: Array(operands.dropFirst()), count: count)
        }
      }, display: .argument(1),
      examples: [Example("if(2 > 1, 'yes', 'no')", "yes"), Example("if(null, 'yes', 'no')", "no")]),
    ScalarFunction(
      "coalesce", .conditional, "The first value that is not null.",
      ScalarType.allCases.map { type in
        .init([Parameter("x", type)], isVariadic: true, result: type, sql: { "coalesce(\($0.list))" }) {
          operands, count, _ in
          firstPresent(operands, count)
        }
      }, display: .argument(0), examples: [Example("coalesce(null, 2, 3)", "2")]),
    ScalarFunction(
      "ifnull", .conditional, "The first value, or the second where the first is null.",
      ScalarType.allCases.map { type in
        .init(
          [Parameter("x", type), Parameter("otherwise", type)], result: type, sql: { "coalesce(\($0.list))" }
        ) { operands, count, _ in
          firstPresent(operands, count)
        }
      }, display: .argument(0), examples: [Example("ifnull(null, 0)", "0")]),
    ScalarFunction(
      "nullif", .conditional, "The first value, or null where it equals the second.",
      ScalarType.allCases.map { type in
        .init(
          [Parameter("x", type), Parameter("y", type)], result: type, sql: { "nullif(\($0.list))" }
        ) { operands, count, context in
          let equal = try Comparison.equal.kernel(type)(operands, count, context)
          let lane = Lane<UInt8>(Operand(equal))
          let choice = (0..<count).map { row -> Int32 in !equal.isNull(row) && lane[row] != 0 ? -1 : 0 }
          return Column(choosing: choice, from: [operands[0]], count: count)
        }
      }, display: .argument(0), examples: [Example("nullif(0, 0)", ""), Example("nullif(5, 0)", "5")]),
  ]

  private static func firstPresent(_ operands: [Operand], _ count: Int) -> Column {
    if operands[0].column.validity == nil { return operands[0].expanded(to: count) }
    let choice = (0..<count).map { row in Int32(operands.firstIndex { !$0.isNull(row) } ?? -1) }
    return Column(choosing: choice, from: operands, count: count)
  }
}
