import Testing
import Values

@testable import Functions

/// What holds for every kernel, on random columns.
struct KernelTests {
  @Test(arguments: Catalogue.scalars.map(\.name), RandomOperands.Temper.allCases)
  func batchesAreRowsOneByOne(name: String, temper: RandomOperands.Temper) throws {
    let function = try #require(Catalogue.scalar(name))
    let zone = try #require(TimeZoneRules(named: "Europe/Berlin"))
    let context = EvaluationContext(timeZone: zone)
    for (index, overload) in function.overloads.enumerated() {
      for round in 0..<12 {
        var random = RandomOperands(seed: UInt64(index * 100 + round), temper)
        let count = [0, 1, 7, 40][round % 4]
        var parameters = overload.parameters
        if overload.isVariadic, let last = parameters.last {
          parameters += [Parameter](repeating: last, count: round % 3)
        }
        let operands = parameters.map { random.operand($0, count: count) }
        let rows = (0..<count).map { row in
          Result {
            try overload.kernel(
              operands.map { Operand(constant: $0.scalar(row), type: $0.column.type) }, 1, context)
          }
        }
        let batch = Result { try overload.kernel(operands, count, context) }
        guard case .success(let column) = batch else {
          #expect(
            rows.contains { (try? $0.get()) == nil }, "\(name) of \(parameters.map(\.type)) refuses a batch")
          continue
        }
        #expect(column.count == count && column.type == overload.result, "\(name)")
        for row in 0..<count {
          guard let single = try? rows[row].get() else {
            Issue.record("\(name) of \(operands.map { $0.scalar(row) }) is refused alone")
            continue
          }
          #expect(
            same(single[0], column[row]),
            "\(name) of \(operands.map { $0.scalar(row) }): \(single[0]), \(column[row])")
          if !function.takesNull, operands.contains(where: { $0.isNull(row) }) {
            #expect(column.isNull(row), "\(name) of null")
          }
        }
      }
    }
  }

  // MARK: A naive oracle for the hot ones

  private func compare(
    _ name: String, _ a: ScalarType, _ b: ScalarType, _ oracle: (Scalar, Scalar) -> Scalar?
  ) throws {
    let kernel = try #require(ScalarFunction.kernel(name, a, b))
    for temper in RandomOperands.Temper.allCases {
      for seed in 0..<40 as Range<UInt64> {
        var random = RandomOperands(seed: seed, temper)
        let count = [0, 1, 100][Int(seed % 3)]
        let operands = [
          random.operand(Parameter("a", a), count: count), random.operand(Parameter("b", b), count: count),
        ]
        let expected = (0..<count).map { oracle(operands[0].scalar($0), operands[1].scalar($0)) }
        guard let column = try? kernel(operands, count, ExampleRunner.context) else {
          #expect(expected.contains { $0 == nil }, "\(name) refuses what it should not")
          continue
        }
        for row in 0..<count {
          let wanted = try #require(
            expected[row], "\(name) of \(operands.map { $0.scalar(row) }) is not refused")
          #expect(same(column[row], wanted), "\(name) of \(operands.map { $0.scalar(row) })")
        }
      }
    }
  }

  @Test func integerArithmetic() throws {
    func oracle(_ combine: @escaping (Int64, Int64) -> (Int64, Bool)) -> (Scalar, Scalar) -> Scalar? {
      { a, b in
        guard case .integer(let a) = a, case .integer(let b) = b else { return .null }
        let (value, overflow) = combine(a, b)
        return overflow ? nil : .integer(value)
      }
    }
    try compare("+", .integer, .integer, oracle { $0.addingReportingOverflow($1) })
    try compare("-", .integer, .integer, oracle { $0.subtractingReportingOverflow($1) })
    try compare("*", .integer, .integer, oracle { $0.multipliedReportingOverflow(by: $1) })
    try compare("%", .integer, .integer) { a, b in
      guard case .integer(let a) = a, case .integer(let b) = b, b != 0 else { return .null }
      return .integer(b == -1 ? 0 : a % b)
    }
  }

  @Test func doubleArithmetic() throws {
    func oracle(_ combine: @escaping (Double, Double) -> Double?) -> (Scalar, Scalar) -> Scalar? {
      { a, b in
        guard case .double(let a) = a, case .double(let b) = b else { return .null }
        return combine(a, b).map { .double($0) } ?? .null
      }
    }
    try compare("+", .double, .double, oracle { $0 + $1 })
    try compare("-", .double, .double, oracle { $0 - $1 })
    try compare("*", .double, .double, oracle { $0 * $1 })
    try compare("/", .double, .double, oracle { $1 == 0 ? nil : $0 / $1 })
  }

  @Test func threeValuedLogic() throws {
    let truths: [Scalar] = [.boolean(true), .boolean(false), .null]
    for a in truths {
      for b in truths {
        let known = [a, b].filter { $0 != .null }
        let and: Scalar =
          known.contains(.boolean(false)) ? .boolean(false) : known.count < 2 ? .null : .boolean(true)
        let or: Scalar =
          known.contains(.boolean(true)) ? .boolean(true) : known.count < 2 ? .null : .boolean(false)
        #expect(try ScalarFunction.value("and", (a, .boolean), (b, .boolean)) == and)
        #expect(try ScalarFunction.value("or", (a, .boolean), (b, .boolean)) == or)
      }
    }
  }

  @Test(arguments: ScalarType.allCases)
  func comparisonsFollowOneTotalOrder(type: ScalarType) throws {
    func order(_ a: Scalar, _ b: Scalar) -> Int {
      switch (a, b) {
      case (.text(let a), .text(let b)):
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
      case (.double(let a), .double(let b)):
        if a.isNaN || b.isNaN { return (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0) }
        return a < b ? -1 : a > b ? 1 : 0
      case (.boolean(let a), .boolean(let b)): return (a ? 1 : 0) - (b ? 1 : 0)
      default:
        let (a, b) = (a.integral ?? 0, b.integral ?? 0)
        return a < b ? -1 : a > b ? 1 : 0
      }
    }
    let tests: [(String, (Int) -> Bool)] = [
      ("=", { $0 == 0 }), ("<>", { $0 != 0 }), ("<", { $0 < 0 }), ("<=", { $0 <= 0 }), (">", { $0 > 0 }),
      (">=", { $0 >= 0 }),
    ]
    for (name, holds) in tests {
      try compare(name, type, type) { a, b in
        a == .null || b == .null ? .null : .boolean(holds(order(a, b)))
      }
    }
    try compare("is distinct from", type, type) { a, b in
      .boolean(a == .null || b == .null ? (a == .null) != (b == .null) : order(a, b) != 0)
    }
  }

  @Test func oneDictionaryComparesByCodes() throws {
    let dictionary = TextDictionary(["a", "b", "c"])
    let left = Operand(.texts([0, 1, 2], dictionary))
    let right = Operand(.texts([2, 1, 0], dictionary, validity: [1, 1, 0]))
    let less = try #require(ScalarFunction.kernel("<", .text, .text))
    #expect(
      try less([left, right], 3, ExampleRunner.context).scalars == [.boolean(true), .boolean(false), .null])
  }

  @Test func aSmallBatchDoesNotWalkALargeDictionary() throws {
    // Only texts that occur are looked at: the others do not convert, and are not complained about.
    var texts = [String](repeating: "?", count: 0)
    for index in 0..<100_000 { texts.append(index % 2 == 0 ? String(index) : "?\(index)") }
    let column = Column.texts([2, 99_998, 2, 0], TextDictionary(texts), validity: [1, 1, 1, 0])
    let kernel = try #require(ScalarFunction.kernel("integer", .text))
    let result = try kernel([Operand(column)], 4, ExampleRunner.context)
    #expect(result.scalars == [.integer(2), .integer(99_998), .integer(2), .null])
  }

  // MARK: Messages

  private func message(_ body: () throws -> Scalar?) -> String? {
    do { _ = try body(); return nil } catch { return (error as? EvaluationError)?.message }
  }

  @Test func overflowNamesBothOperands() {
    #expect(
      message { try ScalarFunction.value("+", (.integer(.max), .integer), (.integer(1), .integer)) }
        == "9223372036854775807 + 1 does not fit a 64-bit integer")
    #expect(
      message { try ScalarFunction.value("unary -", (.integer(.min), .integer)) }
        == "-(-9223372036854775808) does not fit a 64-bit integer")
    #expect(
      message { try ScalarFunction.value("+", (.date(2_932_896), .date), (.integer(1), .integer)) }
        == "9999-12-31 + 1 lies outside the years 1 to 9999")
    #expect(
      message { try ScalarFunction.value("integer", (.text("x1"), .text)) } == "'x1' is not an integer")
    #expect(
      message { try ScalarFunction.value("integer", (.double(1e300), .double)) }
        == "1e+300 does not fit a 64-bit integer")
    #expect(
      message {
        try ScalarFunction.value(
          "date", (.integer(2026), .integer), (.integer(2), .integer), (.integer(30), .integer))
      }
        == "date(2026, 2, 30) is not a day of the years 1 to 9999")
  }

  @Test func anOverflowBehindANullIsNone() throws {
    let plus = try #require(ScalarFunction.kernel("+", .integer, .integer))
    let a = Operand(.integers([.max, 1], validity: [0, 1]))
    let b = Operand(.integers([.max, 1]))
    #expect(try plus([a, b], 2, ExampleRunner.context).scalars == [.null, .integer(2)])
  }
}
