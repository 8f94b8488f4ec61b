import Values

/// Comparison operators, and the largest and smallest of some values.
///
/// Values of each type have one total order: false before true, texts by their UTF-8 bytes, NaN equal to
/// itself and above all numbers.
enum Comparison: String, CaseIterable {
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  static let functions: [ScalarFunction] =
    Comparison.allCases.map(\.function) + [distinct, notDistinct, extreme(.greatest), extreme(.least)]

  private var function: ScalarFunction {
    let (summary, example) =
      switch self {
      case .equal: ("Whether two values are equal.", Example("2 = 2.0", "true"))
      case .notEqual: ("Whether two values differ.", Example("'a' <> 'b'", "true"))
      case .less: ("Whether the first value comes before the second.", Example("'apple' < 'pear'", "true"))
      case .lessOrEqual:
        ("Whether the first value does not come after the second.", Example("2 <= 2", "true"))
      case .greater:
        ("Whether the first value comes after the second.", Example("1 hour > 90 minutes", "false"))
      case .greaterOrEqual:
        (
          "Whether the first value does not come before the second.",
          Example("date '2026-03-01' >= date '2026-02-28'", "true")
        )
      }
    return ScalarFunction(
      rawValue, .comparison, summary + " Null when one of them is.",
      ScalarType.allCases.map { type in
        .init(
          [Parameter("a", type), Parameter("b", type)], result: .boolean,
          sql: { "\($0[0]) \(rawValue) \($0[1])" }, kernel: kernel(type))
      }, examples: [example])
  }

  /// Compares operands of one type.
  func kernel(_ type: ScalarType) -> Kernel {
    switch type {
    case .boolean: { operands, count, _ in compare(operands, count, UInt8.self) }
    case .integer, .timestamp, .date, .duration:
      { operands, count, _ in compare(operands, count, Int64.self) }
    case .double: { operands, count, _ in compare(operands, count, Double.self) }
    case .text:
      { operands, count, context in
        if let column = compareWithConstant(operands, count) { return column }
        return try Comparison.textKernels[self, default: { _, _, _ in preconditionFailure("a comparison") }](
          operands, count, context)
      }
    }
  }

  @inline(__always)
  private func compare<T: Ordered>(_ operands: [Operand], _ count: Int, _ type: T.Type) -> Column {
    switch self {
    case .equal: zip(operands, count, as: .boolean) { (a: T, b: T) -> UInt8 in T.areEqual(a, b) ? 1 : 0 }
    case .notEqual: zip(operands, count, as: .boolean) { (a: T, b: T) -> UInt8 in T.areEqual(a, b) ? 0 : 1 }
    case .less: zip(operands, count, as: .boolean) { (a: T, b: T) -> UInt8 in T.precedes(a, b) ? 1 : 0 }
    case .lessOrEqual:
      zip(operands, count, as: .boolean) { (a: T, b: T) -> UInt8 in T.precedes(b, a) ? 0 : 1 }
    case .greater: zip(operands, count, as: .boolean) { (a: T, b: T) -> UInt8 in T.precedes(b, a) ? 1 : 0 }
    case .greaterOrEqual:
      zip(operands, count, as: .boolean) { (a: T, b: T) -> UInt8 in T.precedes(a, b) ? 0 : 1 }
    }
  }

  /// Whether the comparison holds for texts in this order, as `TextDictionary.compare` gives it.
  @inline(__always)
  private func holds(_ order: Int) -> Bool {
    switch self {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }

  private static let textKernels = Dictionary(
    uniqueKeysWithValues: allCases.map { comparison in
      (
        comparison,
        oncePerText { operands, count, _ in
          let (a, b) = (TextLane(operands[0]), TextLane(operands[1]))
          let isShared = a.dictionary === b.dictionary && a.dictionary.isSorted
          return try eachRow(operands, count, as: .boolean) { row -> UInt8? in
            let order =
              isShared
              ? Int(a.code(row)) - Int(b.code(row)) : TextDictionary.compare(a[row], b[row])
            return comparison.holds(order) ? 1 : 0
          }
        }
      )
    })

  /// A column of a sorted dictionary against a constant: one search, then codes alone.
  private func compareWithConstant(_ operands: [Operand], _ count: Int) -> Column? {
    guard operands[0].isConstant != operands[1].isConstant else { return nil }
    if operands[0].isConstant { return mirrored.compareWithConstant([operands[1], operands[0]], count) }
    guard case .texts(let codes, let dictionary) = operands[0].column.values, dictionary.isSorted,
      case .texts(let wanted, let constants) = operands[1].column.values, !operands[1].isNull(0)
    else { return nil }
    let (position, isPresent) = dictionary.position(of: constants.utf8(Int(wanted[0])))
    let first = UInt32(position)
    let next = first + (isPresent ? 1 : 0)
    let (low, high, inside): (UInt32, UInt32, UInt8) =
      switch self {
      case .equal: (first, next, 1)
      case .notEqual: (first, next, 0)
      case .less: (0, first, 1)
      case .lessOrEqual: (0, next, 1)
      case .greater: (0, next, 0)
      case .greaterOrEqual: (0, first, 0)
      }
    let width = high - low
    let outside = 1 - inside
    let values = codes.withUnsafeBufferPointer { codes in
      filled(count) { row -> UInt8 in codes[row] &- low < width ? inside : outside }
    }
    return .booleans(values, validity: operands[0].column.validity)
  }

  private var mirrored: Comparison {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

extension TextDictionary {
  /// The first code whose text does not come before the given one, and whether it is that one. Needs
  /// `isSorted`.
  fileprivate func position(of text: UnsafeBufferPointer<UInt8>) -> (code: Int, isPresent: Bool) {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if TextDictionary.compare(utf8(middle), text) < 0 { low = middle + 1 } else { high = middle }
    }
    return (low, low < count && TextDictionary.compare(utf8(low), text) == 0)
  }
}

/// A native value with the order of its type.
protocol Ordered: Native {
  static func precedes(_ a: Self, _ b: Self) -> Bool
  static func areEqual(_ a: Self, _ b: Self) -> Bool
}

extension UInt8: Ordered {
  @inline(__always) static func precedes(_ a: UInt8, _ b: UInt8) -> Bool { a < b }
  @inline(__always) static func areEqual(_ a: UInt8, _ b: UInt8) -> Bool { a == b }
}

extension Int64: Ordered {
  @inline(__always) static func precedes(_ a: Int64, _ b: Int64) -> Bool { a < b }
  @inline(__always) static func areEqual(_ a: Int64, _ b: Int64) -> Bool { a == b }
}

extension Double: Ordered {
  @inline(__always) static func precedes(_ a: Double, _ b: Double) -> Bool { a < b || (a == a && b != b) }
  @inline(__always) static func areEqual(_ a: Double, _ b: Double) -> Bool { a == b || (a != a && b != b) }
}

// MARK: Distinct

extension Comparison {
  private static let distinct = ScalarFunction(
    "is distinct from", .comparison, "Whether two values differ, where null is a value like others.",
    ScalarType.allCases.map { type in
      .init(
        [Parameter("a", type), Parameter("b", type)], result: .boolean,
        sql: { "\($0[0]) is distinct from \($0[1])" }
      ) { operands, count, context in
        try distinguished(operands, count, context, ifDistinct: 1)
      }
    }, examples: [Example("null is distinct from 1", "true"), Example("1 is distinct from 1", "false")])

  private static let notDistinct = ScalarFunction(
    "is not distinct from", .comparison, "Whether two values are equal, where null is a value like others.",
    ScalarType.allCases.map { type in
      .init(
        [Parameter("a", type), Parameter("b", type)], result: .boolean,
        sql: { "\($0[0]) is not distinct from \($0[1])" }
      ) { operands, count, context in
        try distinguished(operands, count, context, ifDistinct: 0)
      }
    },
    examples: [Example("null is not distinct from 1", "false"), Example("1 is not distinct from 1", "true")])

  private static func distinguished(
    _ operands: [Operand], _ count: Int, _ context: EvaluationContext, ifDistinct: UInt8
  ) throws -> Column {
    let different = try Comparison.notEqual.kernel(operands[0].column.type)(operands, count, context)
    guard case .booleans(var values) = different.values else {
      preconditionFailure("a comparison is a boolean")
    }
    for row in 0..<count {
      if different.isNull(row) { values[row] = operands[0].isNull(row) == operands[1].isNull(row) ? 0 : 1 }
      values[row] = values[row] == 0 ? 1 - ifDistinct : ifDistinct
    }
    return .booleans(values)
  }
}

// MARK: Largest and smallest

extension Comparison {
  private enum Extreme: String { case greatest, least }

  private static func extreme(_ extreme: Extreme) -> ScalarFunction {
    let word = extreme == .greatest ? "largest" : "smallest"
    let example =
      extreme == .greatest
      ? Example("greatest(3, null, 7, 5)", "7") : Example("least('pear', 'apple')", "apple")
    return ScalarFunction(
      extreme.rawValue, .comparison, "The \(word) of the values that are not null; null when all are.",
      ScalarType.allCases.map { type in
        .init(
          [Parameter("x", type)], isVariadic: true, result: type,
          sql: { "\(extreme.rawValue)(\($0.list))" }
        ) { operands, count, context in
          try pick(extreme, operands, count, context)
        }
      }, display: .argument(0), examples: [example])
  }

  private static func pick(
    _ extreme: Extreme, _ operands: [Operand], _ count: Int, _ context: EvaluationContext
  ) throws -> Column {
    let comparison: Comparison = extreme == .greatest ? .greater : .less
    let kernel = comparison.kernel(operands[0].column.type)
    var best = operands[0]
    for operand in operands.dropFirst() {
      let wins = try kernel([operand, best], count, context)
      guard case .booleans(let values) = wins.values else { preconditionFailure("a comparison is a boolean") }
      let choice = (0..<count).map { row -> Int32 in
        if operand.isNull(row) { return 0 }
        return best.isNull(row) || values[row] != 0 ? 1 : 0
      }
      best = Operand(Column(choosing: choice, from: [best, operand], count: count))
    }
    return best.expanded(to: count)
  }
}
